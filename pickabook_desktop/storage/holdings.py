"""What a library in a folder consists of."""

from pathlib import Path

from pickabook_desktop.storage.backups import Backups
from pickabook_desktop.storage.files import Files
from pickabook_desktop.storage.library_file import library_database
from pickabook_desktop.storage.presence import Presence
from pickabook_desktop.storage.thumbnails import ThumbnailStore


class Holdings:
    """The parts of the library in ``folder``: its list and copies of that, the files and thumbnails
    of its pictures, and who else uses it. Making this opens nothing.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = library_database(folder)
        self.backups = Backups(folder)
        self.files = Files(folder)
        self.thumbnails = ThumbnailStore(folder / "thumbnails.db")
        self.presence = Presence(folder / ".alive")

    def unlisted(self) -> set[str]:
        """The paths of files of pictures, also of half written ones, that no row knows."""
        listed = {str(row[0]) for row in self.database.rows("SELECT path FROM pictures")}
        return self.files.all() - listed

    def close(self) -> None:
        """Let go of all files; a later call opens them again."""
        self.presence.close()
        self.database.close()
        self.thumbnails.close()
