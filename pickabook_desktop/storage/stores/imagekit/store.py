"""The store behind the port: what is asked of ImageKit, and what its answers mean."""

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, cast

from pickabook_desktop.domain.errors import PickaBookError, StorageError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.ports import Cancellation, StoreServices
from pickabook_desktop.domain.stored import LinkWish, StoredPicture, StoreInfo, UploadOrder
from pickabook_desktop.storage.stores.imagekit import links
from pickabook_desktop.storage.stores.imagekit.calls import called, key_of
from pickabook_desktop.storage.stores.imagekit.failures import too_large, unreadable
from pickabook_desktop.storage.stores.imagekit.fields import fitting
from pickabook_desktop.storage.stores.imagekit.options import (
    ID,
    MAX_MB,
    Options,
    max_bytes,
    read,
    specs,
)
from pickabook_desktop.storage.stores.naming import safe_folder

if TYPE_CHECKING:
    from imagekitio import AsyncImageKit

_UNSAFE_NAME = re.compile(r"[^A-Za-z0-9.-]+")


class ImageKitStore:
    """Keeps pictures in the media library of the person's own account."""

    def __init__(self, services: StoreServices) -> None:
        self._setting = services.setting
        self._secrets = services.secrets
        # The account's fields, and a hash of whose they are.
        self._fields: tuple[bytes, tuple[object, ...]] = (b"", ())

    @property
    def info(self) -> StoreInfo:
        try:
            most = max_bytes(self._setting(f"{ID}.max_mb").strip())
        except PickaBookError:
            most = max_bytes(str(MAX_MB))
        return StoreInfo(
            id=ID,
            title=tr("ImageKit"),
            summary=tr("Keeps copies in your account at ImageKit.io and gives links to them."),
            needs_network=True,
            needs_key=True,
            key=ID,
            recipient=tr("ImageKit.io"),
            max_bytes=most,
            signs_links=True,
            transforms=True,
            options=specs(),
        )

    def unavailable(self) -> str:
        try:
            read(self._setting)
        except PickaBookError as error:
            return str(error)
        if self._secrets.known(ID) is False:
            return tr("It needs your private key. Add it in the settings, under Keys.")
        return ""

    def check(self, cancellation: Cancellation) -> str:
        options = read(self._setting)

        async def ask(client: "AsyncImageKit") -> object:
            return await client.assets.list(limit=1)

        found = called(
            ask, options.api, key_of(self._secrets, cancellation), options.connection, cancellation
        )
        if not isinstance(found, list):
            raise unreadable()
        if options.private:
            return tr("ImageKit accepts the key. New pictures will be private.")
        return tr("ImageKit accepts the key. New pictures will be public.")

    def upload(self, order: UploadOrder, cancellation: Cancellation) -> StoredPicture:
        options = read(self._setting)
        if len(order.data) > options.max_bytes:
            raise too_large(len(order.data), options.max_bytes)
        key = key_of(self._secrets, cancellation)
        metadata = self._metadata(order.facts, options, key, cancellation)
        try:
            return self._sent(order, metadata, options, key, cancellation)
        except StorageError as error:
            if not metadata or not _about_metadata(error):
                raise
        # A refusal has stored nothing. The fields may have changed since they were read.
        self._fields = (b"", ())
        changed = self._metadata(order.facts, options, key, cancellation)
        if changed and changed != metadata:
            try:
                return self._sent(order, changed, options, key, cancellation)
            except StorageError as error:
                if not _about_metadata(error):
                    raise
        return self._sent(order, {}, options, key, cancellation)

    def find(self, order: UploadOrder, cancellation: Cancellation) -> StoredPicture | None:
        options = read(self._setting)
        name, folder = _name(order), safe_folder(order.folder)

        async def ask(client: "AsyncImageKit") -> object:
            return await client.assets.list(
                path=f"/{folder}", search_query=f'name = "{name}"', limit=10
            )

        found = called(
            ask, options.api, key_of(self._secrets, cancellation), options.connection, cancellation
        )
        if not isinstance(found, list):
            raise unreadable()
        path = f"/{folder}/{name}".replace("//", "/")
        for item in cast("list[Any]", found):
            exact = getattr(item, "file_path", None) == path
            if exact and (not order.data or getattr(item, "size", None) == len(order.data)):
                return _stored(item, options.private)
        return None

    def delete(self, remote_id: str, cancellation: Cancellation) -> None:
        options = read(self._setting)
        if not remote_id:
            return

        async def ask(client: "AsyncImageKit") -> None:
            from imagekitio import NotFoundError

            try:
                answer = await client.files.with_raw_response.delete(remote_id)
            except NotFoundError as error:
                # ImageKit says so in JSON; another server's page would mean another thing.
                if not isinstance(error.body, dict):
                    raise
            else:
                if answer.status_code != 204:
                    raise unreadable()

        called(
            ask, options.api, key_of(self._secrets, cancellation), options.connection, cancellation
        )

    def link(self, stored: StoredPicture, wish: LinkWish) -> str:
        key = key_of(self._secrets) if links.needs_key(stored, wish) else ""
        return links.link(stored, wish, read(self._setting).endpoint, key)

    def _sent(
        self,
        order: UploadOrder,
        metadata: dict[str, object],
        options: Options,
        key: str,
        cancellation: Cancellation,
    ) -> StoredPicture:
        name = _name(order)

        async def ask(client: "AsyncImageKit") -> object:
            from imagekitio import omit

            return await client.files.upload(
                file=(name, order.data, order.media_type),
                file_name=name,
                folder=f"/{safe_folder(order.folder)}",
                tags=list(order.tags) or omit,
                is_private_file=options.private,
                # The name is the content's: a second try replaces the first by the same.
                use_unique_file_name=False,
                overwrite_file=True,
                # What somebody has added there meanwhile stays.
                overwrite_ai_tags=False,
                overwrite_tags=False,
                overwrite_custom_metadata=False,
                custom_metadata=metadata or omit,
                response_fields=["tags", "isPrivateFile", "customMetadata"],
            )

        answer = called(
            ask, options.uploads, key, options.connection, cancellation, size=len(order.data)
        )
        return _stored(answer, options.private)

    def _metadata(
        self, facts: Mapping[str, str], options: Options, key: str, cancellation: Cancellation
    ) -> dict[str, object]:
        """The facts for which the account has fields."""
        if not facts:
            return {}
        account = hashlib.sha256(f"{options.api} {key}".encode()).digest()
        read_for, fields = self._fields
        if read_for != account:
            try:
                fields = _account_fields(options, key, cancellation)
            except StorageError:
                return {}  # it is the picture that matters
            self._fields = (account, fields)
        return fitting(facts, fields)


def _about_metadata(error: StorageError) -> bool:
    return error.code == "400" and "metadata" in error.message.lower()


def _account_fields(options: Options, key: str, cancellation: Cancellation) -> tuple[object, ...]:
    async def ask(client: "AsyncImageKit") -> object:
        return await client.custom_metadata_fields.list()

    answer = called(ask, options.api, key, options.connection, cancellation)
    return tuple(cast("list[object]", answer)) if isinstance(answer, list) else ()


def _name(order: UploadOrder) -> str:
    """The name as ImageKit would write it, so that it is found again by it."""
    return _UNSAFE_NAME.sub("_", PurePosixPath(order.name.replace("\\", "/")).name)


def _stored(answer: Any, private: bool) -> StoredPicture:
    """From a file as ImageKit describes it; raises StorageError for anything else."""
    file_id = getattr(answer, "file_id", None)
    url = getattr(answer, "url", None)
    if not (isinstance(file_id, str) and file_id and isinstance(url, str) and url):
        raise unreadable()
    said = getattr(answer, "is_private_file", None)
    return StoredPicture(
        store_id=ID,
        remote_id=file_id,
        url=url,
        path=str(getattr(answer, "file_path", None) or ""),
        private=said if isinstance(said, bool) else private,
        bytes=int(getattr(answer, "size", None) or 0),
        stored_on=datetime.now(UTC).isoformat(timespec="seconds"),
    )
