"""How a picture is kept so that it survives whatever happens.

That is done in this order: its row among the ``pending`` ones; temporary file, fsync, rename,
fsync of the folder; its row among the pictures, fsync of the row; only then :meth:`Keeping.add`
returns. From the file on, all happens inside one write transaction, which SQLite takes from a
process that dies. So whoever holds it knows that what is still pending was cut short, and finishes
it: a whole file gets its row, a part of one goes.
"""

import msgspec

from pickabook_desktop.domain.request import GenerationRequest
from pickabook_desktop.domain.result import DrawnPicture
from pickabook_desktop.storage.atomic import make_folder, write_atomic
from pickabook_desktop.storage.files import sha256_of
from pickabook_desktop.storage.holdings import Holdings
from pickabook_desktop.storage.ids import IdMaker
from pickabook_desktop.storage.rows import PictureRow, row_of
from pickabook_desktop.storage.unfinished import insert, recover, remove_doomed


class Keeping:
    """Any thread may call any method, and several processes may keep pictures at once."""

    def __init__(self, holdings: Holdings) -> None:
        self._holdings = holdings
        self._ids = IdMaker()
        self._recovered = False

    def add(
        self, drawn: DrawnPicture, request: GenerationRequest, engine_version: str, wished_id: str
    ) -> PictureRow | None:
        """Keep a picture as its bytes came, under ``wished_id`` where that is not empty; None where
        there is a picture of that id already. Raises StorageError.
        """
        while row := self._announce(drawn, request, engine_version, wished_id):
            if self._keep(row, drawn.data):
                return row
        return None

    def _announce(
        self, drawn: DrawnPicture, request: GenerationRequest, engine_version: str, wished_id: str
    ) -> PictureRow | None:
        """Say which file is about to be made; what was cut short before is finished first. None
        where there is a picture of the id that is wished for.

        Need not be durable: the row of the picture is, and takes this with it.
        """
        holdings = self._holdings
        files = holdings.files
        with holdings.database.writing(durable=False) as connection:
            if not self._recovered or wished_id:
                recover(connection, files)
                remove_doomed(connection, files, holdings.thumbnails, holdings.backups)
            known = connection.execute("SELECT id FROM pictures WHERE id=?", (wished_id,))
            if list(known):
                return None
            picture_id = wished_id or self._ids.next()
            path = files.path_for(picture_id, drawn.media_type)
            digest = sha256_of(drawn.data)
            row = row_of(picture_id, path, digest, drawn, request, engine_version)
            picture = msgspec.json.encode(row).decode()
            connection.execute("INSERT INTO pending VALUES (?, ?)", (path, picture))
        self._recovered = True
        return row

    def _keep(self, row: PictureRow, data: bytes) -> bool:
        """Make the file and the row; false where another program has just taken what was announced
        for something cut short.
        """
        file = self._holdings.folder / row.path
        with self._holdings.database.writing() as connection:
            announced = connection.execute(
                "DELETE FROM pending WHERE path=? RETURNING path", (row.path,)
            )
            if not list(announced):
                return False
            # A failure from here on leaves the picture pending.
            self._recovered = False
            make_folder(file.parent, private=True)
            write_atomic(file, data, private=True)
            with self._holdings.files.removed_on_failure(row.path):
                insert(connection, row)
        self._recovered = True
        return True
