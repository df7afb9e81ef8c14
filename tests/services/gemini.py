"""Gemini's REST interface as Google documents it (ai.google.dev/api/generate-content, /api/models),
on a real socket: refuses what Google refuses, draws plain pictures, and can be told what to say.
"""

import base64
import binascii
import io
import json
import re
import threading
from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from PIL import Image

from services.wire import Answer, Exchange, WireServer

KEY = "AIzaSyFakeKeyForTests_0123456789abcdefg"
EDGES = {"512": 512, "1K": 1024, "2K": 2048, "4K": 4096}
IMAGE_TOKENS = {"512": 747, "1K": 1120, "2K": 1680, "4K": 2520}
TEN = ("1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9")
FOURTEEN = (*TEN, "1:4", "1:8", "4:1", "8:1")
# What each model accepts: sizes, aspect ratios, number of pictures sent along.
MODELS: dict[str, tuple[tuple[str, ...], tuple[str, ...], int]] = {
    "gemini-nano-banana-2.1": (("1K", "2K", "4K"), FOURTEEN, 14),
    "gemini-3-pro-image": (("1K", "2K", "4K"), TEN, 14),
    "gemini-3.1-flash-image": (("512", "1K", "2K", "4K"), FOURTEEN, 14),
}
_KNOWN_FIELDS: dict[str, tuple[str, ...]] = {
    "": (
        "contents",
        "tools",
        "toolConfig",
        "safetySettings",
        "systemInstruction",
        "generationConfig",
        "cachedContent",
    ),
    "contents": ("role", "parts"),
    "contents.parts": ("text", "inlineData", "fileData", "thought", "thoughtSignature"),
    "contents.parts.inlineData": ("mimeType", "data"),
    "generationConfig": (
        "responseModalities",
        "imageConfig",
        "candidateCount",
        "seed",
        "temperature",
        "topP",
        "topK",
        "maxOutputTokens",
        "stopSequences",
        "thinkingConfig",
        "mediaResolution",
    ),
    "generationConfig.imageConfig": ("aspectRatio", "imageSize"),
}
_PICTURES = ("image/png", "image/jpeg", "image/webp", "image/heic", "image/heif")


class TurnedDownError(Exception):
    """What Google answers with an HTTP error."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.body.decode())
        self.answer = answer


class GeminiServer:
    """The service. ``say`` puts answers before what it would say to valid requests; ``also`` is
    asked first about every request, for parts of the interface that are not here.
    """

    def __init__(
        self,
        *,
        key: str = KEY,
        tls: bool = False,
        also: Callable[[Exchange], Answer | None] = lambda exchange: None,
        delay: float = 0.0,
    ) -> None:
        self.wire = WireServer(self._answer, tls=tls)
        self.key = key
        self.models = dict(MODELS)
        self.delay = delay
        self._also = also
        self._lock = threading.Lock()
        self._said: deque[Answer] = deque()

    @property
    def url(self) -> str:
        return self.wire.url

    @property
    def exchanges(self) -> list[Exchange]:
        return self.wire.exchanges

    def say(self, *answers: Answer) -> None:
        """Answer the next valid requests for pictures with these, in order."""
        with self._lock:
            self._said.extend(answers)

    def __enter__(self) -> Self:
        self.wire.__enter__()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.wire.__exit__(kind, error, trace)

    def _answer(self, exchange: Exchange) -> Answer:
        other = self._also(exchange)
        if other is not None:
            return other
        try:
            self._check_key(exchange)
            if (exchange.method, exchange.path) == ("GET", "/v1beta/models"):
                return self._listed(exchange)
            model = self._model(exchange)
            body = request_of(exchange)
            check_request(body, model, *self.models[model])
        except TurnedDownError as refusal:
            return refusal.answer
        with self._lock:
            if self._said:
                return self._said.popleft()
        return drawn(model, body, delay=self.delay)

    def _check_key(self, exchange: Exchange) -> None:
        if "key" in exchange.query or self.key in exchange.target:
            raise TurnedDownError(
                failed(400, "INVALID_ARGUMENT", "The key belongs into a header here.")
            )
        sent = exchange.headers.get("x-goog-api-key", "")
        if not sent:
            message = "Method doesn't allow unregistered callers. Please use API Key."
            raise TurnedDownError(failed(403, "PERMISSION_DENIED", message))
        if sent != self.key:
            raise TurnedDownError(wrong_key())

    def _model(self, exchange: Exchange) -> str:
        found = re.fullmatch(r"/v1beta/models/([\w.-]+):generateContent", exchange.path)
        if exchange.method != "POST" or found is None:
            raise TurnedDownError(Answer(status=404, body=b"<html>Not found</html>"))
        if found[1] not in self.models:
            raise TurnedDownError(no_such_model(found[1]))
        return found[1]

    def _listed(self, exchange: Exchange) -> Answer:
        """The models, three a page whatever is asked for, so that paging is put to use."""
        start = int(exchange.query.get("pageToken", ["0"])[0])
        names = [*self.models, "gemini-3.8-flash", "text-embedding-9", "veo-7"]
        page: dict[str, Any] = {
            "models": [
                {
                    "name": f"models/{name}",
                    "displayName": name,
                    "supportedGenerationMethods": ["generateContent"],
                }
                for name in names[start : start + 3]
            ]
        }
        if start + 3 < len(names):
            page["nextPageToken"] = str(start + 3)
        return Answer.of_json(page)


def check_request(
    body: Any, model: str, sizes: tuple[str, ...], aspects: tuple[str, ...], most: int
) -> None:
    """Raise TurnedDownError for what the documented schema does not allow."""
    _check_fields(body, "")
    contents = body.get("contents")
    if not isinstance(contents, list) or not contents:
        raise TurnedDownError(bad("contents is not specified"))
    pictures = 0
    for content in contents:
        _check_fields(content, "contents")
        if content.get("role", "user") not in ("user", "model") or not content.get("parts"):
            raise TurnedDownError(bad("Please use a valid role: user, model."))
        pictures += sum(_check_part(part) for part in content["parts"])
    if pictures > most:
        raise TurnedDownError(bad(f"{model} takes at most {most} images."))
    config = body.get("generationConfig", {})
    _check_fields(config, "generationConfig")
    modalities = config.get("responseModalities", ["TEXT"])
    if not isinstance(modalities, list) or not set(modalities) <= {"TEXT", "IMAGE"}:
        raise TurnedDownError(bad("Invalid value at 'generation_config.response_modalities'"))
    image = config.get("imageConfig", {})
    _check_fields(image, "generationConfig.imageConfig")
    if image.get("aspectRatio", aspects[0]) not in aspects:
        raise TurnedDownError(bad(f"aspect_ratio must be one of {aspects}."))
    if image.get("imageSize", sizes[0]) not in sizes:
        raise TurnedDownError(bad(f"image_size must be one of {sizes}."))


def drawn(model: str, body: Any, **more: Any) -> Answer:
    """A plain picture in the shape and size that were asked for."""
    config = body.get("generationConfig", {})
    if "IMAGE" not in config.get("responseModalities", []):
        return answer([{"text": "I was not asked for a picture."}])
    image = config.get("imageConfig", {})
    size = image.get("imageSize", "1K")
    width, height = (int(part) for part in image.get("aspectRatio", "1:1").split(":"))
    edge = EDGES[size]
    longest = max(width, height)
    data = png(max(1, edge * width // longest), max(1, edge * height // longest))
    return answer([inline(data)], tokens=IMAGE_TOKENS[size], model=model, **more)


def answer(
    parts: list[dict[str, Any]] | None = None,
    *,
    finish: str = "STOP",
    finish_message: str = "",
    tokens: int = 0,
    usage: bool = True,
    model: str = "gemini-nano-banana-2.1",
    **more: Any,
) -> Answer:
    """A ``GenerateContentResponse`` with one candidate; ``tokens`` are those of image output."""
    candidate: dict[str, Any] = {"index": 0, "finishReason": finish}
    if parts is not None:
        candidate["content"] = {"role": "model", "parts": parts}
    if finish_message:
        candidate["finishMessage"] = finish_message
    body: dict[str, Any] = {"candidates": [candidate], "modelVersion": model, "responseId": "r1"}
    if usage:
        body["usageMetadata"] = _usage(tokens)
    return Answer.of_json(body, **more)


def blocked(reason: str, message: str = "") -> Answer:
    """The prompt was not accepted; nothing was drawn."""
    feedback: dict[str, Any] = {"blockReason": reason}
    if message:
        feedback["blockReasonMessage"] = message
    return Answer.of_json({"promptFeedback": feedback, "usageMetadata": _usage(0)})


def failed(code: int, status: str, message: str, *details: dict[str, Any], **more: Any) -> Answer:
    """An error in Google's form."""
    error: dict[str, Any] = {"code": code, "message": message, "status": status}
    if details:
        error["details"] = list(details)
    return Answer.of_json({"error": error}, status=code, **more)


def bad(message: str) -> Answer:
    return failed(400, "INVALID_ARGUMENT", message)


def wrong_key() -> Answer:
    info = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "API_KEY_INVALID",
        "domain": "googleapis.com",
        "metadata": {"service": "generativelanguage.googleapis.com"},
    }
    message = "API key not valid. Please pass a valid API key."
    return failed(400, "INVALID_ARGUMENT", message, info)


def no_such_model(model: str) -> Answer:
    message = (
        f"models/{model} is not found for API version v1beta, or is not supported for"
        " generateContent. Call ListModels to see the list of available models."
    )
    return failed(404, "NOT_FOUND", message)


def too_many(
    quota: str = "GenerateRequestsPerMinutePerProjectPerModel",
    *,
    retry: str = "",
    limit: int = 10,
    **more: Any,
) -> Answer:
    """A 429 for the limit of that name; ``retry`` is as in ``58s``."""
    metric = "generativelanguage.googleapis.com/generate_content_requests"
    details: list[dict[str, Any]] = [
        {
            "@type": "type.googleapis.com/google.rpc.QuotaFailure",
            "violations": [{"quotaMetric": metric, "quotaId": quota, "quotaValue": str(limit)}],
        },
        {
            "@type": "type.googleapis.com/google.rpc.Help",
            "links": [{"description": "Learn more", "url": "https://ai.google.dev/limits"}],
        },
    ]
    if retry:
        details.append({"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": retry})
    message = (
        "You exceeded your current quota, please check your plan and billing details.\n"
        f"* Quota exceeded for metric: {metric}, limit: {limit}, model: gemini"
    )
    return failed(429, "RESOURCE_EXHAUSTED", message, *details, **more)


def inline(data: bytes, media_type: str = "image/png") -> dict[str, Any]:
    """A part that is a picture."""
    return {"inlineData": {"mimeType": media_type, "data": base64.b64encode(data).decode()}}


def png(width: int, height: int, colour: tuple[int, int, int] = (90, 140, 200)) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(file, "PNG", compress_level=1)
    return file.getvalue()


def sent_pictures(exchange: Exchange) -> list[bytes]:
    """The pictures that a request brought along."""
    parts = [part for content in request_of(exchange)["contents"] for part in content["parts"]]
    return [_decoded(part["inlineData"]["data"]) for part in parts if "inlineData" in part]


def sent_prompt(exchange: Exchange) -> str:
    """All the words that a request brought along."""
    parts = [part for content in request_of(exchange)["contents"] for part in content["parts"]]
    return "\n".join(part["text"] for part in parts if "text" in part)


def _usage(tokens: int) -> dict[str, Any]:
    usage: dict[str, Any] = {"promptTokenCount": 1290, "totalTokenCount": 1290 + tokens}
    if tokens:
        usage["candidatesTokenCount"] = tokens
        usage["candidatesTokensDetails"] = [{"modality": "IMAGE", "tokenCount": tokens}]
    return usage


def request_of(exchange: Exchange) -> Any:
    """The body of a request, with all names as they are documented."""
    if "application/json" not in exchange.headers.get("content-type", ""):
        raise TurnedDownError(bad("The content type must be application/json."))
    try:
        return _camel(json.loads(exchange.body))
    except ValueError:
        raise TurnedDownError(bad("Invalid JSON payload received.")) from None


def _camel(value: Any) -> Any:
    """The names as documented; the interface takes those of its definition (``mime_type``) too, as
    the JSON mapping of protocol buffers demands.
    """
    if isinstance(value, list):
        return [_camel(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {re.sub(r"_(.)", lambda m: m[1].upper(), k): _camel(v) for k, v in value.items()}


def _decoded(text: str) -> bytes:
    """Base64 in the common or the URL-safe alphabet, both of which that mapping allows."""
    return base64.b64decode(text.replace("-", "+").replace("_", "/"), validate=True)


def _check_fields(value: Any, place: str) -> None:
    if not isinstance(value, dict):
        raise TurnedDownError(bad(f"Invalid value at '{place}'"))
    for name in value:
        if name not in _KNOWN_FIELDS[place]:
            text = f"Invalid JSON payload received. Unknown name \"{name}\" at '{place}'"
            raise TurnedDownError(bad(f"{text}: Cannot find field."))


def _check_part(part: Any) -> bool:
    """Whether the part is a picture."""
    _check_fields(part, "contents.parts")
    if ("text" in part) == ("inlineData" in part):
        raise TurnedDownError(bad("contents.parts must have exactly one initialized field"))
    if "text" in part:
        return False
    inline_data = part["inlineData"]
    _check_fields(inline_data, "contents.parts.inlineData")
    if inline_data.get("mimeType") not in _PICTURES:
        raise TurnedDownError(bad("Unsupported MIME type"))
    try:
        data = _decoded(inline_data.get("data", ""))
        with Image.open(io.BytesIO(data)) as picture:
            picture.load()
    except (binascii.Error, OSError):
        raise TurnedDownError(bad("Unable to process input image.")) from None
    return True
