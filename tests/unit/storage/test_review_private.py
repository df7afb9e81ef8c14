"""Looking through a library leaves nothing of it in the system's folder for temporary files."""

from typing import Any

import apsw
import pytest
from unit.storage.album import found, keep

from pickabook_desktop.domain.review import View
from pickabook_desktop.storage.library import Library

NAME = "watching"
SYSTEMS = apsw.vfs_names()[0]


class _File(apsw.VFSFile):
    def __init__(self, name: Any, flags: list[int], written: list[bytes]) -> None:
        self._written = written
        self._is_temporary = not flags[0] & (apsw.SQLITE_OPEN_MAIN_DB | apsw.SQLITE_OPEN_WAL)
        super().__init__(SYSTEMS, name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802 SQLite's name
        if self._is_temporary:
            self._written.append(data)
        super().xWrite(data, offset)


class _Vfs(apsw.VFS):
    def __init__(self, written: list[bytes]) -> None:
        self._written = written
        super().__init__(NAME, SYSTEMS, makedefault=True)

    def xOpen(self, name: Any, flags: list[int]) -> _File:  # noqa: N802 SQLite's name
        return _File(name, flags, self._written)


@pytest.mark.parametrize("sort", ["time", "child", "book"])
def test_no_name_is_written_outside_the_library(library: Library, sort: str) -> None:
    for seed in range(40):
        long = f"Quintessa {seed} " + "x" * 200_000
        keep(library, "moon", seed=seed, child=long, book=long)
    library.close()
    written: list[bytes] = []
    vfs = _Vfs(written)
    try:
        view = View(sort=sort, grouping="child")  # type: ignore[arg-type] one of the keys
        assert library.review.show(view).count == 40
        assert len(library.review.facets("child")) == 40
        assert len(found(library, "moon")) == 40
        library.close()
    finally:
        vfs.unregister()
    assert written == []
