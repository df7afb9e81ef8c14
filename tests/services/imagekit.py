"""ImageKit as far as the store uses it, on a real socket.

Follows the published interface (imagekit.io/docs/api-reference): it refuses what ImageKit refuses,
and what it documents nowhere. Pictures are shown under ``/demo``, private ones only when signed.
"""

import base64
import hashlib
import hmac
import itertools
import json
import re
import threading
import time
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from services.wire import Answer, Exchange, Part, WireServer

KEY = "private_q3vX7tYb2mWk9RzL4cNd8fHs"
ACCOUNT = "demo"
NEVER = 9999999999
SUPPORT = "For support kindly contact us at support@imagekit.io ."

_SWITCHES = (
    *("isPrivateFile", "useUniqueFileName", "overwriteFile", "overwriteAITags", "overwriteTags"),
    *("overwriteCustomMetadata", "isPublished"),
)
_TEXTS = (
    *("fileName", "folder", "tags", "responseFields", "customMetadata", "customCoordinates"),
    *("webhookUrl", "extensions", "transformation", "checks", "description"),
)
_RESPONSE_FIELDS = (
    *("tags", "customCoordinates", "isPrivateFile", "embeddedMetadata", "isPublished"),
    *("customMetadata", "metadata", "selectedFieldsSchema"),
)
_CHANGES = re.compile(r"(?:w-\d+|h-\d+|q-\d{1,3}|f-(?:auto|jpg|png|webp|avif))")


@dataclass
class Kept:
    """A file in the media library."""

    file_id: str
    path: str
    data: bytes
    private: bool = False
    tags: tuple[str, ...] = ()
    metadata: dict[str, object] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


class RefusalError(Exception):
    """What is answered with a failure."""

    def __init__(self, status: int, message: str, help_text: str = SUPPORT) -> None:
        super().__init__(message)
        self.answer = Answer.of_json({"message": message, "help": help_text}, status)


WRONG_KEY = RefusalError(403, "Your account cannot be authenticated.").answer
DISABLED = RefusalError(403, "Your account has been disabled.").answer
FULL = RefusalError(403, "Your account has exceeded its media library storage limit.").answer
TOO_LARGE = RefusalError(400, "Your file size exceeds the limit of 25 MB on your plan.").answer
PORTAL = Answer(body=b"<html>Sign in to this network</html>", content_type="text/html")


def throttled(milliseconds: int) -> Answer:
    return Answer.of_json(
        {"message": "Too many requests.", "help": SUPPORT},
        429,
        headers={
            "X-RateLimit-Limit": "40",
            "X-RateLimit-Reset": str(milliseconds),
            "X-RateLimit-Interval": "1000",
        },
    )


class FakeImageKit:
    """A media library with one account, served while it is entered.

    ``fields`` are the account's metadata fields, name to schema. ``lost_answers`` says how many of
    the next uploads are stored and then answered with 500.
    """

    def __init__(self, *, key: str = KEY, tls: bool = False) -> None:
        self.key = key
        self.files: dict[str, Kept] = {}
        self.fields: dict[str, dict[str, Any]] = {}
        self.lost_answers = 0
        self.server = WireServer(self.answer, tls=tls)
        self._ids = itertools.count(1)
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        return self.server.url

    @property
    def endpoint(self) -> str:
        return f"{self.url}/{ACCOUNT}"

    @property
    def uploads(self) -> list[Exchange]:
        return [each for each in self.server.exchanges if each.path == "/api/v1/files/upload"]

    def __enter__(self) -> Self:
        self.server.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.server.__exit__(kind, error, trace)

    def answer(self, exchange: Exchange) -> Answer:
        try:
            with self._lock:
                return self._answer(exchange)
        except RefusalError as refused:
            return refused.answer

    def _answer(self, exchange: Exchange) -> Answer:
        path = exchange.path
        if exchange.method == "GET" and path.startswith(f"/{ACCOUNT}/"):
            return self._shown(exchange)
        self._check_key(exchange)
        routes = {
            ("POST", "/api/v1/files/upload"): self._upload,
            ("GET", "/v1/files"): self._listed,
            ("GET", "/v1/customMetadataFields"): self._field_list,
        }
        if (exchange.method, path) in routes:
            return routes[exchange.method, path](exchange)
        if exchange.method == "DELETE" and path.startswith("/v1/files/"):
            return self._delete(path.removeprefix("/v1/files/"))
        raise RefusalError(404, f"There is nothing at {path}.")

    def _check_key(self, exchange: Exchange) -> None:
        kind, _, code = exchange.headers.get("authorization", "").partition(" ")
        if kind != "Basic":
            raise RefusalError(401, "Please provide a valid private key for authentication.")
        name, colon, _password = base64.b64decode(code).decode().partition(":")
        if not colon or name != self.key:
            raise RefusalError(403, "Your account cannot be authenticated.")

    def _upload(self, exchange: Exchange) -> Answer:
        form = _form(exchange)
        file, values = form.pop("file"), {name: part.text for name, part in form.items()}
        _check_values(values)
        metadata = self._checked_metadata(values.get("customMetadata", ""))
        path = _path(values)
        kept = self.files.get(path)
        if values.get("useUniqueFileName", "true") == "true":
            stem, dot, ending = path.rpartition(".")
            path, kept = f"{stem}_{next(self._ids)}{dot}{ending}", None
        elif kept is not None and values.get("overwriteFile", "true") == "false":
            raise RefusalError(
                400, "A file with the same name already exists at the exact location."
            )
        self.files[path] = kept = Kept(
            file_id=kept.file_id if kept else f"{next(self._ids):024x}",
            path=path,
            data=file.data,
            private=values.get("isPrivateFile") == "true",
            tags=tuple(filter(None, values.get("tags", "").split(","))),
            metadata=metadata,
        )
        if self.lost_answers:
            self.lost_answers -= 1
            raise RefusalError(500, "Something went wrong.")
        return Answer.of_json(self._told(kept, values.get("responseFields", "").split(",")))

    def _checked_metadata(self, text: str) -> dict[str, object]:
        values: dict[str, object] = json.loads(text) if text else {}
        for name, value in values.items():
            if name not in self.fields:
                raise RefusalError(
                    400, f"Invalid custom metadata: the field {name} does not exist."
                )
            kinds = {"Text": str, "Number": (int, float), "Boolean": bool, "SingleSelect": str}
            schema = self.fields[name]
            if not isinstance(value, kinds[schema["type"]]):
                raise RefusalError(400, f"Invalid value in customMetadata for {name}.")
            if value not in schema.get("selectOptions", [value]):
                raise RefusalError(400, f"Invalid value in customMetadata for {name}.")
        return values

    def _told(self, kept: Kept, extra: list[str]) -> dict[str, Any]:
        told: dict[str, Any] = {
            "fileId": kept.file_id,
            "name": kept.name,
            "url": f"{self.endpoint}{kept.path}",
            "thumbnailUrl": f"{self.endpoint}/tr:n-ik_ml_thumbnail{kept.path}",
            "filePath": kept.path,
            "fileType": "image",
            "size": len(kept.data),
            "versionInfo": {"id": kept.file_id, "name": "Version 1"},
        }
        more = {
            "tags": list(kept.tags) or None,
            "isPrivateFile": kept.private,
            "customMetadata": kept.metadata,
        }
        return told | {name: more[name] for name in extra if name in more}

    def _listed(self, exchange: Exchange) -> Answer:
        query = {name: values[-1] for name, values in exchange.query.items()}
        known = {"path", "searchQuery", "type", "fileType", "limit", "skip", "sort"}
        if unknown := query.keys() - known:
            raise RefusalError(400, f"Your request contains unknown parameters: {sorted(unknown)}.")
        if "searchQuery" in query and query.keys() & {"type", "tags", "name"}:
            # Documented as ignored then, so that whoever sends them means something else.
            raise RefusalError(400, "searchQuery does not go with other filters.")
        limit = int(query.get("limit", "1000"))
        if not 1 <= limit <= 1000:
            raise RefusalError(400, "The limit must be from 1 to 1000.")
        found = [*self.files.values()]
        if "path" in query:
            folder = f"/{query['path'].strip('/')}".rstrip("/")
            found = [kept for kept in found if kept.path.rpartition("/")[0] == folder]
        if "searchQuery" in query:
            name = re.fullmatch(r'\s*name\s*=\s*"([^"]*)"\s*', query["searchQuery"])
            if name is None:
                raise RefusalError(400, "The search query cannot be parsed.")
            found = [kept for kept in found if kept.name == name[1]]
        extra = ["tags", "isPrivateFile", "customMetadata"]
        told = [{"type": "file", **self._told(kept, extra)} for kept in found[:limit]]
        return Answer.of_json(told)

    def _delete(self, file_id: str) -> Answer:
        for path, kept in self.files.items():
            if kept.file_id == file_id:
                del self.files[path]
                return Answer(status=204)
        raise RefusalError(404, "The requested file does not exist.")

    def _field_list(self, exchange: Exchange) -> Answer:
        told = [
            {"id": f"f{number}", "name": name, "label": name, "schema": schema}
            for number, (name, schema) in enumerate(self.fields.items())
        ]
        return Answer.of_json(told)

    def _shown(self, exchange: Exchange) -> Answer:
        kept = self.files.get(exchange.path.removeprefix(f"/{ACCOUNT}"))
        if kept is None:
            return Answer(status=404, body=b"not found", content_type="text/plain")
        changes = ",".join(exchange.query.get("tr", []))
        if changes and not all(_CHANGES.fullmatch(change) for change in changes.split(",")):
            return Answer(status=400, body=b"bad transformation", content_type="text/plain")
        signed = "ik-s" in exchange.query
        if (signed or kept.private) and not self._is_signed(exchange):
            return Answer(status=401, body=b"unauthorized", content_type="text/plain")
        return Answer(body=kept.data, content_type="image/png")

    def _is_signed(self, exchange: Exchange) -> bool:
        """HMAC-SHA1 of the address without its endpoint and signature, and of the time."""
        parts = urlsplit(exchange.target)
        said = [pair for pair in parts.query.split("&") if not pair.startswith(("ik-s=", "ik-t="))]
        until = int(exchange.query.get("ik-t", [str(NEVER)])[0])
        address = parts.path.removeprefix(f"/{ACCOUNT}/") + (f"?{'&'.join(said)}" if said else "")
        right = hmac.new(self.key.encode(), f"{address}{until}".encode(), hashlib.sha1).hexdigest()
        given = exchange.query.get("ik-s", [""])[0]
        return hmac.compare_digest(right, given) and until > time.time()


def _form(exchange: Exchange) -> dict[str, Part]:
    try:
        parts = exchange.form()
    except ValueError as error:
        raise RefusalError(400, "Your request is not multipart/form-data.") from error
    form = {part.name: part for part in parts}
    if len(form) < len(parts):
        raise RefusalError(400, "Your request contains a parameter twice.")
    if unknown := form.keys() - {"file", *_SWITCHES, *_TEXTS}:
        raise RefusalError(400, f"Your request contains unknown parameters: {sorted(unknown)}.")
    if "file" not in form or not form["file"].data:
        raise RefusalError(400, "Missing file parameter for upload")
    if "fileName" not in form:
        raise RefusalError(400, "Missing fileName parameter for upload")
    return form


def _check_values(values: dict[str, str]) -> None:
    for name in _SWITCHES:
        if values.get(name, "true") not in ("true", "false"):
            raise RefusalError(400, f"Invalid value for {name}: it must be true or false.")
    tags = values.get("tags", "")
    if "%" in tags or len(tags.replace(",", "")) > 500:
        raise RefusalError(400, "Invalid tags.")
    wished = [name for name in values.get("responseFields", "").split(",") if name]
    if not set(wished) <= set(_RESPONSE_FIELDS):
        raise RefusalError(400, "Invalid responseFields.")
    if not re.fullmatch(r"[A-Za-z0-9/_-]*", values.get("folder", "")):
        raise RefusalError(400, "Invalid folder: it has characters that are not allowed.")


def _path(values: dict[str, str]) -> str:
    folder = values.get("folder", "/").strip("/")
    name = re.sub(r"[^A-Za-z0-9.-]", "_", values["fileName"])
    return f"/{folder}/{name}" if folder else f"/{name}"
