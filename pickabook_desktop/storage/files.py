"""The picture files of a library: ``pictures/YYYY/MM/<id>.<ending>``."""

import contextlib
from collections.abc import Generator
from pathlib import Path

from pickabook_desktop.domain.errors import StorageError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.storage.atomic import TEMPORARY, write_error
from pickabook_desktop.storage.ids import created_at
from pickabook_desktop.storage.own_names import ENDINGS, PICTURES, is_of_picture

__all__ = ["ENDINGS", "Files", "sha256_of"]


class Files:
    """All paths are relative to the library's folder, with forward slashes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path_for(self, picture_id: str, media_type: str) -> str:
        """Where a picture goes; ``media_type`` is one of ``ENDINGS``."""
        month = created_at(picture_id).strftime("%Y/%m")
        return f"{PICTURES}/{month}/{picture_id}.{ENDINGS[media_type]}"

    def all(self) -> set[str]:
        """Every file with a name as this program gives them, leftover temporary ones included."""
        root = self._folder / PICTURES
        return {
            file.relative_to(self._folder).as_posix()
            for file in root.glob("[0-9][0-9][0-9][0-9]/[0-9][0-9]/*")
            if is_of_picture(file.name) and file.is_file()
        }

    def read(self, file: Path) -> bytes:
        """The bytes of a picture's file; raises StorageError."""
        try:
            return file.read_bytes()
        except FileNotFoundError as error:
            raise StorageError(
                tr("The picture file {path} is gone.", path=file),
                tr("Draw the page again, or put a backup of the file in its place."),
            ) from error
        except OSError as error:
            raise StorageError(
                tr("The picture {path} could not be read: {reason}.", path=file, reason=error),
                tr("Check the disk, then try again."),
            ) from error

    @contextlib.contextmanager
    def removed_on_failure(self, path: str) -> Generator[None]:
        """Delete the file if what is done meanwhile fails."""
        try:
            yield
        except BaseException:
            with contextlib.suppress(OSError):
                (self._folder / path).unlink(missing_ok=True)
            raise

    def remove_unfinished(self, path: str) -> None:
        """Delete what a killed program has written so far of the file that was to be ``path``."""
        file = self._folder / path
        for part in file.parent.glob(f".{file.name}.*{TEMPORARY}"):
            with contextlib.suppress(OSError):
                part.unlink()

    def digest(self, path: str) -> str | None:
        """SHA-256 of a file in hexadecimal; None where there is none, empty where unreadable."""
        import hashlib

        try:
            with (self._folder / path).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError:
            return None
        except OSError:
            return ""

    def remove(self, path: str) -> None:
        """Delete a file; nothing where it is gone already. Raises StorageError."""
        file = self._folder / path
        try:
            file.unlink(missing_ok=True)
        except OSError as error:
            raise write_error(file, error) from error


def id_in(path: str) -> str:
    """The identifier in the name of one of :meth:`Files.all`."""
    return path.rpartition("/")[2].lstrip(".").partition(".")[0]


def sha256_of(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    import hashlib

    return hashlib.sha256(data).hexdigest()
