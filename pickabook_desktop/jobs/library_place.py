"""Whether the folder that a person has chosen for the library is there."""

from pickabook_desktop.domain.errors import NotConfiguredError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.storage.library import Library
from pickabook_desktop.storage.settings import Settings

LIBRARY_KEY = "library.dir"


def check_library_place(library: Library, settings: Settings) -> None:
    """Raise NotConfiguredError where the settings name a folder that is not there, as on a disk
    that is away. It was there when it was chosen, so an empty library must not be begun in it.
    """
    folder = library.folder
    if settings.text(LIBRARY_KEY) and not folder.is_dir():
        raise NotConfiguredError(
            tr("The library’s folder {folder} is not there.", folder=folder),
            tr("Connect the disk that it is on, or choose another folder in the settings."),
        )
