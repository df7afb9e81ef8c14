"""The batches and files of Gemini's REST interface, as Google documents them
(ai.google.dev/api/batch-api, /api/files): given to :class:`GeminiServer` as ``also``.
"""

import json
import re
import threading
from typing import Any

from services.gemini import (
    KEY,
    MODELS,
    TurnedDownError,
    bad,
    check_request,
    drawn,
    failed,
    no_such_model,
    wrong_key,
)
from services.wire import Answer, Exchange

LARGEST_INLINE = 20_000_000
# What one page of a test is to cost and costs with the cheapest model, and one that is refused:
# 1290 tokens sent at 1.5 dollars a million, and 1120 of a picture at 30, at half the price.
ESTIMATE, EACH = 0.0168, 0.0177675
REFUSED = 0.0009675
_TYPE = "type.googleapis.com/google.ai.generativelanguage.v1main.GenerateContentBatch"


class GeminiBatches:
    """Takes batches and leaves them waiting until a test says how they end.

    ``batches`` are the operations by name, ``requests`` what was asked for in each, ``files`` the
    contents of files by name, ``titles`` what those are called that were uploaded. What was deleted
    is gone from them. Lists come in pages of two, however long they were asked for.
    """

    def __init__(self, key: str = KEY) -> None:
        self.key = key
        self.batches: dict[str, dict[str, Any]] = {}
        self.requests: dict[str, list[dict[str, Any]]] = {}
        self.files: dict[str, bytes] = {}
        self.titles: dict[str, str] = {}
        self.submitted = 0
        self._lock = threading.Lock()
        self._numbers = iter(range(1, 1000))

    def __call__(self, exchange: Exchange) -> Answer | None:
        """The answer, or None for what is no business of this half."""
        for method, pattern, answer in (
            ("POST", r"/v1beta/models/([\w.-]+):batchGenerateContent", self._create),
            ("GET", r"/v1beta/(batches)", self._list),
            ("GET", r"/v1beta/(files)", self._list_files),
            ("GET", r"/v1beta/(batches/\w+)", self._get),
            ("POST", r"/v1beta/(batches/\w+):cancel", self._cancel),
            ("DELETE", r"/v1beta/(batches/\w+)", self._delete),
            ("POST", r"/upload/v1beta/(files)", self._begin_upload),
            ("GET", r"/v1beta/(files/[\w-]+):download", self._download),
            ("DELETE", r"/v1beta/(files/[\w-]+)", self._delete_file),
        ):
            found = re.fullmatch(pattern, exchange.path)
            if method == exchange.method and found:
                try:
                    self._check_key(exchange)
                    with self._lock:
                        return answer(exchange, found[1])
                except TurnedDownError as refusal:
                    return refusal.answer
        found = re.fullmatch(r"/upload-here/([\w-]+)", exchange.path)
        return self._take_upload(exchange, f"files/{found[1]}") if found else None

    @property
    def only(self) -> str:
        """The name of the one batch there is."""
        (name,) = self.batches
        return name

    def run(self, name: str = "", done: int = 0) -> None:
        """The service is at it."""
        self._set(name or self.only, "RUNNING", done, 0)

    def finish(
        self,
        *answers: Answer,
        name: str = "",
        state: str = "SUCCEEDED",
        keys: bool = True,
        as_file: bool = False,
        mixed: bool = False,
    ) -> None:
        """All is drawn; ``answers`` stand in the place of the first pictures, errors as well.

        Without ``keys`` the service says nothing of which answer is to which request; ``mixed``
        puts the last one first.
        """
        name = name or self.only
        items = self._items(name, answers)
        for item, request in zip(items, self.requests[name], strict=True):
            label = request.get("metadata", {}).get("key") or request.get("key")
            if keys:
                item |= {"key": label} if as_file else {"metadata": {"key": label}}
        if mixed:
            items = [*items[1:], items[0]]
        good = sum("response" in item for item in items)
        self._set(name, state, good, len(items) - good)
        operation = self.batches[name]
        if as_file:
            result = f"files/batch-{name.removeprefix('batches/')}"
            self.files[result] = b"".join(json.dumps(item).encode() + b"\n" for item in items)
            output: dict[str, Any] = {"responsesFile": result}
        else:
            output = {"inlinedResponses": {"inlinedResponses": items}}
        operation["metadata"]["output"] = output
        operation["response"] = {"@type": f"{_TYPE}Output", **output}
        operation["done"] = True

    def _items(self, name: str, answers: tuple[Answer, ...]) -> list[dict[str, Any]]:
        """What is said of each request, in their order."""
        model = self.batches[name]["metadata"]["model"].removeprefix("models/")
        items: list[dict[str, Any]] = []
        for index, request in enumerate(self.requests[name]):
            said = answers[index] if index < len(answers) else drawn(model, request["request"])
            body = json.loads(said.body)
            items.append(
                {"error": {"code": 3, "message": body["error"]["message"]}}
                if "error" in body
                else {"response": body}
            )
        return items

    def fail(self, state: str = "FAILED", message: str = "", name: str = "") -> None:
        """Nothing comes of it: ``FAILED``, ``EXPIRED`` or ``CANCELLED``."""
        name = name or self.only
        self._set(name, state, 0, len(self.requests[name]))
        self.batches[name]["done"] = True
        if message:
            self.batches[name]["error"] = {"code": 13, "message": message}

    def _set(self, name: str, state: str, good: int, failed_count: int) -> None:
        total = len(self.requests[name])
        metadata = self.batches[name]["metadata"]
        metadata["state"] = f"BATCH_STATE_{state}"
        # Counts are 64 bits wide, so they come as text; those of nothing are left out.
        counts = {
            "requestCount": total,
            "successfulRequestCount": good,
            "failedRequestCount": failed_count,
            "pendingRequestCount": total - good - failed_count,
        }
        metadata["batchStats"] = {key: str(count) for key, count in counts.items() if count}

    def _check_key(self, exchange: Exchange) -> None:
        if "key" in exchange.query or self.key in exchange.target:
            raise TurnedDownError(bad("The key belongs into a header here."))
        if exchange.headers.get("x-goog-api-key", "") != self.key:
            raise TurnedDownError(wrong_key())

    def _create(self, exchange: Exchange, model: str) -> Answer:
        if model not in MODELS:
            return no_such_model(model)
        batch = exchange.json()["batch"]
        _only(exchange.json(), {"batch"})
        _only(batch, {"displayName", "inputConfig", "priority"})
        if not batch.get("displayName"):
            return bad("batch.display_name is required")
        source = batch["inputConfig"]
        _only(source, {"requests", "fileName"})
        if len(source) != 1:
            return bad("Exactly one source must be set.")
        if "fileName" in source:
            if source["fileName"] not in self.files:
                return failed(404, "NOT_FOUND", "No such file.")
            lines = self.files[source["fileName"]].splitlines()
            requests = [json.loads(line) for line in lines]
        else:
            if len(exchange.body) > LARGEST_INLINE:
                return failed(400, "INVALID_ARGUMENT", "Request payload size exceeds the limit.")
            _only(source["requests"], {"requests"})
            requests = source["requests"]["requests"]
        if not requests:
            return bad("A batch needs requests.")
        for request in requests:
            _only(request, {"request", "metadata", "key"})
            request["request"] = _camel(request["request"])
            check_request(request["request"], model, *MODELS[model])
        return self._taken(model, batch, requests)

    def _taken(self, model: str, batch: dict[str, Any], requests: list[Any]) -> Answer:
        name = f"batches/b{next(self._numbers)}"
        self.submitted += 1
        self.requests[name] = requests
        metadata: dict[str, Any] = {
            "@type": _TYPE,
            "model": f"models/{model}",
            "displayName": batch["displayName"],
            "createTime": "2026-11-22T10:00:00.123456789Z",
            "updateTime": "2026-11-22T10:00:00.123456789Z",
            "name": name,
        }
        if "fileName" in batch["inputConfig"]:
            metadata["inputConfig"] = batch["inputConfig"]
        self.batches[name] = {"name": name, "metadata": metadata}
        self._set(name, "PENDING", 0, 0)
        return Answer.of_json(self.batches[name])

    def _get(self, exchange: Exchange, name: str) -> Answer:
        if name not in self.batches:
            return failed(404, "NOT_FOUND", "Requested entity was not found.")
        return Answer.of_json(self.batches[name])

    def _list(self, exchange: Exchange, _place: str) -> Answer:
        return _page(exchange, "operations", [*self.batches.values()])

    def _list_files(self, exchange: Exchange, _place: str) -> Answer:
        known = ({"name": name, "displayName": self.titles.get(name, "")} for name in self.files)
        return _page(exchange, "files", [*known])

    def _cancel(self, exchange: Exchange, name: str) -> Answer:
        if name not in self.batches:
            return failed(404, "NOT_FOUND", "Requested entity was not found.")
        if self.batches[name].get("done"):
            return failed(400, "FAILED_PRECONDITION", "The batch has ended.")
        self.fail("CANCELLED", name=name)
        return Answer.of_json({})

    def _delete(self, exchange: Exchange, name: str) -> Answer:
        if self.batches.pop(name, None) is None:
            return failed(404, "NOT_FOUND", "Requested entity was not found.")
        return Answer.of_json({})

    def _begin_upload(self, exchange: Exchange, _place: str) -> Answer:
        headers = exchange.headers
        if headers.get("x-goog-upload-protocol") != "resumable":
            return bad("Only resumable uploads here.")
        if headers.get("x-goog-upload-command") != "start":
            return bad("An upload begins with start.")
        _only(exchange.json(), {"file"})
        name = f"in{next(self._numbers)}"
        self.titles[f"files/{name}"] = _camel(exchange.json()["file"]).get("displayName", "")
        host = headers["host"]
        return Answer.of_json(
            {},
            headers={
                "X-Goog-Upload-URL": f"http://{host}/upload-here/{name}",
                "X-Goog-Upload-Status": "active",
            },
        )

    def _take_upload(self, exchange: Exchange, name: str) -> Answer:
        so_far = self.files.get(name, b"")
        if int(exchange.headers["x-goog-upload-offset"]) != len(so_far):
            return bad("The upload goes on elsewhere.")
        self.files[name] = so_far + exchange.body
        last = "finalize" in exchange.headers["x-goog-upload-command"]
        status = {"X-Goog-Upload-Status": "final" if last else "active"}
        file = {"name": name, "sizeBytes": str(len(self.files[name])), "mimeType": "x"}
        return Answer.of_json({"file": file} if last else {}, headers=status)

    def _download(self, exchange: Exchange, name: str) -> Answer:
        if name not in self.files or exchange.query.get("alt") != ["media"]:
            return failed(404, "NOT_FOUND", "Requested entity was not found.")
        return Answer(body=self.files[name], content_type="application/octet-stream")

    def _delete_file(self, exchange: Exchange, name: str) -> Answer:
        if self.files.pop(name, None) is None:
            said = "You do not have permission to access the file, or it may not exist."
            return failed(403, "PERMISSION_DENIED", said)
        return Answer.of_json({})


def _page(exchange: Exchange, what: str, entries: list[dict[str, Any]]) -> Answer:
    if unknown := exchange.query.keys() - {"pageSize", "pageToken"}:
        return bad(f"Unknown names: {sorted(unknown)}")
    start = int(exchange.query.get("pageToken", ["0"])[0])
    size = min(2, int(exchange.query.get("pageSize", ["2"])[0]))
    page: dict[str, Any] = {what: entries[start : start + size]} if entries else {}
    if start + size < len(entries):
        page["nextPageToken"] = str(start + size)
    return Answer.of_json(page)


def _only(value: dict[str, Any], known: set[str]) -> None:
    for name in value:
        if name not in known:
            raise TurnedDownError(bad(f'Unknown name "{name}": Cannot find field.'))


def _camel(value: Any) -> Any:
    """The names of fields as they are documented. Google takes both forms, as the JSON mapping of
    protocol buffers says, and the SDK sends some names of a batch in the other one.
    """
    if isinstance(value, list):
        return [_camel(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        re.sub(r"_([a-z])", lambda found: found[1].upper(), name): _camel(each)
        for name, each in value.items()
    }
