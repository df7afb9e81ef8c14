"""Puts the parts together, for the window and the command line alike. Knows no Qt."""

from collections.abc import Mapping
from pathlib import Path

from pickabook_desktop.domain.i18n import bind_catalogue
from pickabook_desktop.domain.ports import EngineServices
from pickabook_desktop.jobs.pixels import LazyPainter, LazySeenPhotos, storybook_painter
from pickabook_desktop.jobs.studio import Studio
from pickabook_desktop.providers.registry import EngineRegistry
from pickabook_desktop.storage.catalogue import read_catalogue
from pickabook_desktop.storage.library import Library
from pickabook_desktop.storage.places import Places
from pickabook_desktop.storage.settings import Settings

__all__ = ["Studio", "assemble"]


def assemble(places: Places | None = None, overrides: Mapping[str, str] | None = None) -> Studio:
    """Everything for one run. ``overrides`` are settings for this run, such as ``library.dir``.

    Opens no file but the settings and the catalogue's, and imports nothing that knows pixels.
    Raises InputError for an override that is none.
    """
    places = places or Places.of_system()
    bind_catalogue(places.translations)
    settings = Settings(places.settings_file, overrides)
    catalogue = read_catalogue(places.template_folders, places.style_folders)
    faces = LazySeenPhotos(places.face_models)
    painter = LazyPainter(
        lambda: storybook_painter(faces, catalogue.template_dir, places.resources)
    )
    services = EngineServices(
        templates=catalogue.templates,
        styles=catalogue.styles,
        painter=painter,
        setting=settings.text,
        cache_dir=places.cache,
    )
    return Studio(
        places=places,
        settings=settings,
        catalogue=catalogue,
        engines=EngineRegistry(services),
        library=Library(Path(settings.text("library.dir") or places.library).expanduser()),
        faces=faces,
    )
