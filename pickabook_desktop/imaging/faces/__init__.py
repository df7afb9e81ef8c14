"""Finding faces: where they are, their mesh, their irises, and what belongs to the person."""

from pickabook_desktop.imaging.faces.finder import FaceFinder
from pickabook_desktop.imaging.faces.found import FaceMesh, FoundFaces

__all__ = ["FaceFinder", "FaceMesh", "FoundFaces"]
