"""What carries the SDK's requests: quick to see that nobody is there, and never filled by an answer
without end.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx2

# A 4K picture is some 30 MB in base64; anything beyond this is no answer to what was asked.
LARGEST_ANSWER = 256 * 1024 * 1024
# What can be unpacked piece by piece without growing a thousandfold and more at once.
_ENCODINGS = frozenset({"", "identity", "gzip", "deflate"})
_ABOUT_THE_WIRE = ("content-encoding", "content-length", "transfer-encoding")


def carrier(
    arguments: dict[str, Any], connect_seconds: float, pictures: int
) -> "httpx2.AsyncClient":
    """A client, made with httpx's own ``arguments``, that follows no redirects. It reads answers
    itself and raises ValueError for one that is larger, as it comes or unpacked, than so many
    ``pictures`` are.
    """
    import httpx2

    most = LARGEST_ANSWER * pictures

    class Carrier(httpx2.AsyncClient):
        async def send(
            self, request: httpx2.Request, *, stream: bool = False, **more: Any
        ) -> httpx2.Response:
            # The SDK has one time-out for everything; a dead address should not take minutes.
            limits = dict(request.extensions.get("timeout", {}))
            request.extensions["timeout"] = {**limits, "connect": connect_seconds}
            response = await super().send(request, stream=True, **more)
            if stream:
                return response
            try:
                return _whole(response, await _read(response, most))
            finally:
                await response.aclose()

    return Carrier(
        **arguments,
        headers={"Accept-Encoding": "gzip, deflate"},
        follow_redirects=False,
    )


async def _read(response: "httpx2.Response", most: int) -> bytes:
    headers = response.headers
    length = headers.get("content-length", "")
    encoding = headers.get("content-encoding", "").strip().lower()
    if (length.isdigit() and int(length) > most) or encoding not in _ENCODINGS:
        raise ValueError("an answer larger than anything that was asked for, or in no known form")
    pieces: list[bytes] = []
    size = 0
    async for piece in response.aiter_bytes():
        size += len(piece)
        if size > most:
            raise ValueError("an answer larger than anything that was asked for")
        pieces.append(piece)
    return b"".join(pieces)


def _whole(response: "httpx2.Response", body: bytes) -> "httpx2.Response":
    """The same answer with the body that was read and unpacked."""
    import httpx2

    headers = response.headers.copy()
    for name in _ABOUT_THE_WIRE:
        headers.pop(name, None)
    return httpx2.Response(
        response.status_code,
        headers=headers,
        content=body,
        request=response.request,
        extensions=response.extensions,
    )
