"""The whole program without its faces: what the window and the command line work with."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from pickabook_desktop.domain.capabilities import EngineState
from pickabook_desktop.domain.photo import PhotoReport
from pickabook_desktop.domain.ports import Engine
from pickabook_desktop.domain.request import GenerationRequest
from pickabook_desktop.domain.result import KeptPicture
from pickabook_desktop.domain.template import Style, Template
from pickabook_desktop.jobs.lanes import Job
from pickabook_desktop.jobs.pixels import LazySeenPhotos
from pickabook_desktop.storage.catalogue import Catalogue
from pickabook_desktop.storage.library import Library
from pickabook_desktop.storage.places import Places
from pickabook_desktop.storage.settings import Settings


class Engines(Protocol):
    """The engines that are installed."""

    def states(self) -> tuple[EngineState, ...]:
        """Every engine, also those that cannot be used now."""
        ...

    def built_in(self) -> tuple[EngineState, ...]:
        """Those that come with the program; quicker than all."""
        ...

    def get(self, engine_id: str) -> Engine:
        """The engine; raises InputError where there is none, NotConfiguredError where it cannot
        be loaded.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class Studio:
    """Made by :func:`pickabook_desktop.assembly.assemble`. Making one reads no pixels; the modules
    of jobs are imported with the first of each, for no start waits for them.
    """

    places: Places
    settings: Settings
    catalogue: Catalogue
    engines: Engines
    library: Library
    faces: LazySeenPhotos

    @property
    def templates(self) -> Mapping[str, Template]:
        return self.catalogue.templates

    @property
    def styles(self) -> Mapping[str, Style]:
        return self.catalogue.styles

    def template_dir(self, template_id: str) -> Path:
        """The folder of a template; raises TemplateError."""
        return self.catalogue.template_dir(template_id)

    def style_dir(self, style_id: str) -> Path:
        """The folder of a style; raises TemplateError."""
        return self.catalogue.style_dir(style_id)

    def photo_report(self, path: Path) -> PhotoReport:
        """What the coach says of a photo; raises PhotoError."""
        from pickabook_desktop.jobs import inspect

        return inspect.photo_report(path, self.faces)

    def inspect_job(self, path: Path) -> Job:
        """Look at a photo; ends with ``Done(value=InspectedPhoto)``."""
        from pickabook_desktop.jobs import inspect

        return inspect.inspect_job(path, self.faces)

    def generate_job(self, request: GenerationRequest) -> Job:
        """Draw and keep all pictures of ``request``; ends with ``Succeeded``."""
        from pickabook_desktop.jobs import generate

        return generate.generate_job(
            request, self.engines.get, self.library, names=self.exports_names
        )

    def export_job(self, picture: KeptPicture, target: Path, *, quality: int | None = None) -> Job:
        """Write a kept picture to a file in the format its ending names; ends with
        ``Done(value=Path)``. The setting ``export.metadata`` says whether it tells its origin,
        ``export.names`` whether the child's name with it.
        """
        from pickabook_desktop.jobs import export

        return export.export_job(
            picture,
            target,
            keep_metadata=self.exports_metadata,
            quality=quality,
            library=self.library.folder,
            names=self.exports_names,
        )

    @property
    def exports_metadata(self) -> bool:
        """Whether copies of pictures say how they came to be."""
        return self.settings.switched_on("export.metadata", default=True)

    @property
    def exports_names(self) -> bool:
        """Whether what pictures say of how they came to be has the child's name."""
        return self.settings.switched_on("export.names", default=False)

    def preview_job(self, request: GenerationRequest) -> Job:
        """Draw one small picture and keep nothing; ends with ``Done(value=DrawnPicture)``."""
        from pickabook_desktop.jobs import preview

        return preview.preview_job(request, self.engines.get)
