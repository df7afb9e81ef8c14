"""Puts the parts together, for the window and the command line alike. Knows no Qt."""

from collections.abc import Mapping
from pathlib import Path

from pickabook_desktop.domain.i18n import bind_catalogue
from pickabook_desktop.domain.ports import EngineServices, StoreServices
from pickabook_desktop.jobs.engines import EngineRegistry
from pickabook_desktop.jobs.keys import Keys
from pickabook_desktop.jobs.permission import CONSENT_DAYS_KEY, Permission, consent_days
from pickabook_desktop.jobs.pixels import (
    LazyPainter,
    LazyReferences,
    LazySeenPhotos,
    reference_maker,
    storybook_painter,
)
from pickabook_desktop.jobs.stores import StoreRegistry
from pickabook_desktop.jobs.studio import Studio
from pickabook_desktop.storage.catalogue import Catalogue, read_catalogue
from pickabook_desktop.storage.children import Children
from pickabook_desktop.storage.consents import Consents
from pickabook_desktop.storage.ledger import Ledger, parse_limit
from pickabook_desktop.storage.library import Library
from pickabook_desktop.storage.places import Places
from pickabook_desktop.storage.records import records_database
from pickabook_desktop.storage.settings import Settings

__all__ = ["Studio", "assemble"]


def assemble(places: Places | None = None, overrides: Mapping[str, str] | None = None) -> Studio:
    """Everything for one run. ``overrides`` are settings for this run, such as ``library.dir``.

    Opens no file but the settings and the catalogue's, and imports nothing that knows pixels,
    networks or the keyring. Raises InputError for an override that is none.
    """
    places = places or Places.of_system()
    bind_catalogue(places.translations)
    settings = Settings(places.settings_file, overrides)
    catalogue = read_catalogue(
        places.template_folders, places.style_folders, places.catalogue_memory
    )
    keys = Keys()
    records = records_database(places.data)
    ledger = Ledger(records, lambda: parse_limit(settings.text("spending.monthly_limit")))
    consents, children = Consents(records), Children(records)
    permission = Permission(
        consents, children, lambda: consent_days(settings.text(CONSENT_DAYS_KEY))
    )
    faces = LazySeenPhotos(places.face_models)
    services = _engine_services(places, settings, catalogue, faces, keys, ledger, permission)
    return Studio(
        places=places,
        settings=settings,
        catalogue=catalogue,
        engines=EngineRegistry(services),
        library=Library(Path(settings.text("library.dir") or places.library).expanduser()),
        faces=faces,
        keys=keys,
        ledger=ledger,
        consents=consents,
        children=children,
        permission=permission,
        stores=StoreRegistry(
            StoreServices(setting=settings.text, secrets=keys, data_dir=places.data)
        ),
        records=records,
    )


def _engine_services(
    places: Places,
    settings: Settings,
    catalogue: Catalogue,
    faces: LazySeenPhotos,
    keys: Keys,
    ledger: Ledger,
    permission: Permission,
) -> EngineServices:
    pixels = (faces, catalogue.template_dir, places.resources)
    return EngineServices(
        templates=catalogue.templates,
        styles=catalogue.styles,
        painter=LazyPainter(lambda: storybook_painter(*pixels)),
        setting=settings.text,
        cache_dir=places.cache,
        references=LazyReferences(lambda: reference_maker(*pixels)),
        secrets=keys,
        meter=ledger,
        allow=permission.check,
        model_lists=places.models,
    )
