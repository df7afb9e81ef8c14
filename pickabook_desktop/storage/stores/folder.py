"""A folder on this machine, or one that some other program keeps in step with a server.

A drive that is not connected may leave an empty folder behind, or none. So the folder has a mark
from its first use on, and this machine remembers that it has: without the mark it is not there.
"""

import contextlib
import hashlib
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from pickabook_desktop.domain.capabilities import OptionSpec
from pickabook_desktop.domain.errors import (
    NOT_CONNECTED,
    NotConfiguredError,
    PickaBookError,
    StorageError,
    UnreachableError,
)
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.ports import Cancellation, StoreServices
from pickabook_desktop.domain.stored import LinkWish, StoredPicture, StoreInfo, UploadOrder
from pickabook_desktop.storage.atomic import make_folder, write_atomic, write_error
from pickabook_desktop.storage.places import writable
from pickabook_desktop.storage.stores.naming import check_pattern, folder_option, safe_folder

ID = "folder"
PROBE = ".pickabook-check"
MARK = ".pickabook-copies"
# Hashes of the folders that have been used, a line each, in the program's own folder.
KNOWN = "folders-for-copies.txt"


def create(services: StoreServices) -> "FolderStore":
    return FolderStore(services)


class FolderStore:
    """Copies into the folder that the setting ``folder.dir`` names."""

    def __init__(self, services: StoreServices) -> None:
        self._setting = services.setting
        self._known = services.data_dir / KNOWN

    @property
    def info(self) -> StoreInfo:
        return StoreInfo(
            id=ID,
            title=tr("Folder"),
            summary=tr("Copies into a folder of yours, on this machine or on a drive."),
            options=_options(),
        )

    def unavailable(self) -> str:
        try:
            root = self._root()
            check_pattern(self._setting(f"{ID}.folder"))
        except PickaBookError as error:
            return str(error)
        if not writable(root):
            return tr("The folder {folder} cannot be written to. Choose another one.", folder=root)
        return ""

    def check(self, cancellation: Cancellation) -> str:
        cancellation.raise_if_cancelled()
        root = self._root()
        if not root.is_dir():
            if self._is_known(root) or not root.parent.is_dir():
                raise _away(root)
            make_folder(root)
        self._mark(root)
        probe = root / PROBE
        try:
            write_atomic(probe, b"", sync_name=False)
            free = shutil.disk_usage(root).free
        except OSError as error:
            raise write_error(probe, error) from error
        finally:
            with contextlib.suppress(OSError):
                probe.unlink(missing_ok=True)
        return tr(
            "Pictures can be put into {folder}; {free} GB are free.",
            folder=root,
            free=f"{free / 1e9:.1f}",
        )

    def upload(self, order: UploadOrder, cancellation: Cancellation) -> StoredPicture:
        cancellation.raise_if_cancelled()
        target = self._file(_remote_id(order))
        self._present_root()
        if not _holds(target, order):
            make_folder(target.parent)
            write_atomic(target, order.data)
        return self._stored(order, target)

    def find(self, order: UploadOrder, cancellation: Cancellation) -> StoredPicture | None:
        cancellation.raise_if_cancelled()
        target = self._file(_remote_id(order))
        self._present_root()
        return self._stored(order, target) if _holds(target, order) else None

    def delete(self, remote_id: str, cancellation: Cancellation) -> None:
        cancellation.raise_if_cancelled()
        file = self._file(remote_id)
        self._present_root()
        try:
            file.unlink(missing_ok=True)
        except NotADirectoryError:
            return
        except OSError as error:
            raise write_error(file, error) from error

    def link(self, stored: StoredPicture, wish: LinkWish) -> str:
        return self._file(stored.remote_id).as_uri()

    def _stored(self, order: UploadOrder, file: Path) -> StoredPicture:
        return StoredPicture(
            store_id=ID,
            remote_id=_remote_id(order),
            url=file.as_uri(),
            path=str(file),
            bytes=len(order.data),
            stored_on=datetime.now(UTC).isoformat(timespec="seconds"),
        )

    def _root(self) -> Path:
        text = self._setting(f"{ID}.dir").strip()
        if not text:
            raise NotConfiguredError(
                tr("No folder is chosen for copies."),
                tr("Choose one."),
                remedies=("settings",),
            )
        root = Path(text).expanduser()
        if not root.is_absolute():
            raise NotConfiguredError(
                tr("The folder for copies, {folder}, is not a whole path.", folder=text),
                tr("Choose the folder again."),
                remedies=("settings",),
            )
        return root

    def _present_root(self) -> None:
        """Raise UnreachableError where the folder, or the drive that it is on, is not there."""
        root = self._root()
        if not (root / MARK).is_file() and (self._is_known(root) or not root.is_dir()):
            raise _away(root)
        self._mark(root)

    def _mark(self, root: Path) -> None:
        """Have the folder known from now on, here and by its mark."""
        if not (root / MARK).is_file():
            write_atomic(root / MARK, b"")
        if not self._is_known(root):
            known = self._known.read_bytes() if self._known.is_file() else b""
            make_folder(self._known.parent, private=True)
            write_atomic(self._known, known + _hash(root) + b"\n")

    def _is_known(self, root: Path) -> bool:
        try:
            return _hash(root) in self._known.read_bytes().splitlines()
        except OSError:
            return False

    def _file(self, remote_id: str) -> Path:
        """The file of that id; raises StorageError for one outside the folder."""
        root = self._root()
        parts = PurePosixPath(remote_id).parts
        file = root.joinpath(*parts)
        outside = not parts or ".." in parts or "\\" in remote_id or file.anchor != root.anchor
        if outside or not file.parent.resolve().is_relative_to(root.resolve()):
            raise StorageError(
                tr("“{name}” is not in the folder for copies.", name=remote_id),
                tr("Remove the file by hand, if it is yours."),
            )
        return file


def _away(root: Path) -> UnreachableError:
    return UnreachableError(
        tr("The folder {folder} is not there now.", folder=root),
        tr("Connect the drive. If the folder is a new one, make it and test it in the settings."),
        retryable=True,
        code=NOT_CONNECTED,
        remedies=("retry", "settings"),
    )


def _hash(root: Path) -> bytes:
    return hashlib.sha256(os.fsencode(root)).hexdigest().encode()


def _options() -> tuple[OptionSpec, ...]:
    return (
        OptionSpec(
            id="dir",
            title=tr("Folder for copies"),
            kind="folder",
            scope="connection",
            help=tr("Pictures are copied there; the library keeps its own."),
        ),
        folder_option(tr("Folders inside"), "{year}-{month}"),
    )


def _remote_id(order: UploadOrder) -> str:
    folder = safe_folder(order.folder)
    name = PurePosixPath(order.name.replace("\\", "/")).name
    return f"{folder}/{name}" if folder else name


def _holds(file: Path, order: UploadOrder) -> bool:
    """Whether ``file`` has exactly the content of ``order``."""
    try:
        if order.data and file.stat().st_size != len(order.data):
            return False
        with file.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest() == order.sha256
    except OSError:
        return False
