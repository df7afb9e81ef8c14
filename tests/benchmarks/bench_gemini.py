"""Gemini: the engine against the bare SDK and a bare HTTP call, and how soon it stops.

All of one round speak to the same server, which answers at once, so that what is measured is this
side alone. A caller who is to keep a picture must know that it is one, so each decodes it too.
"""

import asyncio
import base64
import io
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import numpy as np
import pytest
from google import genai
from google.genai import types
from PIL import Image
from services.gemini import GeminiServer, answer, inline
from services.gemini_rig import Rig, wanted
from services.wire import Answer

from pickabook_desktop.domain.errors import CancelledError, UnreachableError
from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.outgoing import Outgoing
from pickabook_desktop.net.cancel import CancelToken

TIMES_BARE = 1.2
CANCEL_MILLISECONDS = 100
DEADLINE_SECONDS = 0.5
ROUNDS = 9
MODEL = "gemini-nano-banana-2.1"


@pytest.fixture(scope="module")
def picture() -> Answer:
    """A picture of 2048 x 2048 as heavy as a drawn one, about 6 MB."""
    rng = np.random.default_rng(7)
    coarse = rng.integers(0, 255, (256, 256, 3), np.uint8)
    smooth = Image.fromarray(coarse).resize((2048, 2048), Image.Resampling.BICUBIC)
    grain = rng.integers(-2, 3, (2048, 2048, 3))
    page = np.clip(np.asarray(smooth, np.int16) + grain, 0, 255).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(page).save(file, "PNG", compress_level=1)
    return answer([inline(file.getvalue())], tokens=1680)


@pytest.fixture(scope="module")
def server() -> Iterator[GeminiServer]:
    with GeminiServer() as server:
        yield server


@pytest.fixture
def rig(server: GeminiServer, tmp_path: Path) -> Rig:
    rig = Rig(server, tmp_path)
    rig.settings |= {"gemini.proxy": "none", "gemini.retries": "0"}
    return rig


def milliseconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - start)


def decoded(data: bytes) -> None:
    with Image.open(io.BytesIO(data)) as image:
        image.load()


def by_sdk(server: GeminiServer, outgoing: Outgoing) -> None:
    """As the SDK's own documentation does it."""

    async def call() -> types.GenerateContentResponse:
        options = types.HttpOptions(base_url=server.url, api_version="v1beta")
        async with genai.Client(api_key=server.key, http_options=options).aio as client:
            return await client.models.generate_content(
                model=MODEL,
                contents=[
                    outgoing.prompt,
                    *(
                        types.Part.from_bytes(data=image.data, mime_type=image.media_type)
                        for image in outgoing.images
                    ),
                ],
                config=types.GenerateContentConfig(
                    response_modalities=["IMAGE"],
                    image_config=types.ImageConfig(aspect_ratio="1:1", image_size="2K"),
                ),
            )

    for part in asyncio.run(call()).parts or []:
        if part.inline_data and part.inline_data.data:
            decoded(part.inline_data.data)


def by_http(server: GeminiServer, outgoing: Outgoing) -> None:
    """No SDK at all."""
    parts: list[dict[str, object]] = [{"text": outgoing.prompt}]
    for image in outgoing.images:
        data = base64.b64encode(image.data).decode()
        parts.append({"inlineData": {"mimeType": image.media_type, "data": data}})
    body = {
        "contents": [{"role": "user", "parts": parts}],
        "generationConfig": {
            "responseModalities": ["IMAGE"],
            "imageConfig": {"aspectRatio": "1:1", "imageSize": "2K"},
        },
    }
    with httpx2.Client(timeout=60) as client:
        said = client.post(
            f"{server.url}/v1beta/models/{MODEL}:generateContent",
            json=body,
            headers={"x-goog-api-key": server.key},
        ).json()
    for part in said["candidates"][0]["content"]["parts"]:
        decoded(base64.b64decode(part["inlineData"]["data"]))


def test_engine_against_sdk_and_bare_http(server: GeminiServer, rig: Rig, picture: Answer) -> None:
    request = wanted(size=Size(2048, 2048))
    outgoing = rig.engine.outgoing(request, CancelToken())
    ways: dict[str, Callable[[], object]] = {
        "engine": lambda: rig.run(request),
        "SDK": lambda: by_sdk(server, outgoing),
        "HTTP": lambda: by_http(server, outgoing),
    }
    server.say(*[picture] * (ROUNDS + 1) * len(ways))
    for way in ways.values():
        way()
    # In turns, so that whatever else the machine does troubles all alike.
    rounds = [[milliseconds(way) for way in ways.values()] for _ in range(ROUNDS)]
    engine, sdk, http = (statistics.median(column) for column in zip(*rounds, strict=True))
    print(
        f"\n{len(picture.body) / 1e6:.1f} MB answer: engine {engine:.0f} ms,"
        f" SDK {sdk:.0f} ms ({engine / sdk:.2f} x), HTTP {http:.0f} ms ({engine / http:.2f} x)"
    )
    assert len(rig.pictures) == ROUNDS + 1
    assert engine <= TIMES_BARE * sdk
    assert engine <= TIMES_BARE * http


@pytest.mark.parametrize("where", ["waiting", "mid-body"])
def test_from_stop_to_idle(server: GeminiServer, rig: Rig, picture: Answer, where: str) -> None:
    taken: list[float] = []
    for _ in range(ROUNDS):
        half = len(picture.body) // 2
        held = Answer(hang_before=True)
        if where == "mid-body":
            held = Answer(body=picture.body, hang_after=half)
        server.say(held)
        taken.append(_stopped(server, rig))
    print(f"\n{where}: idle {statistics.median(taken):.1f} ms after Stop", end="; ")
    assert statistics.median(taken) <= CANCEL_MILLISECONDS


def _stopped(server: GeminiServer, rig: Rig) -> float:
    """Milliseconds from Stop to the end of the job, once its request has arrived."""
    token, before = CancelToken(), len(server.exchanges)

    def work() -> None:
        with pytest.raises(CancelledError):
            rig.run(token=token)

    worker = threading.Thread(target=work)
    worker.start()
    exchange = server.wire.wait_for(before + 1)[-1]
    exchange.closed_by_client.wait(0.1)  # time for the first half of the body to arrive
    start = time.perf_counter()
    token.cancel()
    worker.join()
    milliseconds = 1000 * (time.perf_counter() - start)
    assert exchange.closed_by_client.wait(10)
    return milliseconds


def test_a_dripping_body_ends_with_the_deadline(server: GeminiServer, rig: Rig) -> None:
    rig.settings["gemini.timeout"] = "1"
    over: list[float] = []
    for _ in range(3):
        server.say(Answer(body=b" " * 100_000, drip=(10, 0.02)))
        start = time.perf_counter()
        with pytest.raises(UnreachableError):
            rig.run()
        over.append(time.perf_counter() - start - 1)
    print(f"\ndripping body: {1000 * max(over):.0f} ms over the deadline at most", end="; ")
    assert max(over) <= DEADLINE_SECONDS
