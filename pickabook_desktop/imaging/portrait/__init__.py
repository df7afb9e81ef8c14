"""From a photo with a face mesh to a head ready to be drawn."""

from pickabook_desktop.imaging.portrait.model import Fit, Portrait, Study
from pickabook_desktop.imaging.portrait.prepare import prepare

__all__ = ["Fit", "Portrait", "Study", "prepare"]
