"""What a person types becomes the request that was meant, or a sentence why not."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from pickabook_desktop.domain.capabilities import Capabilities, Terms
from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.request import SEED_LIMIT
from pickabook_desktop.jobs.ordering import Wishes, order, wished_size, without_effect
from pickabook_desktop.jobs.studio import Studio

MakeStudio = Callable[..., Studio]
PHOTO = Path("ada.jpg")


def test_little_is_needed(make_studio: MakeStudio):
    request = order(Wishes(photo=PHOTO), make_studio(**{"engine.default": "fake"}))
    assert request.photo.path == str(PHOTO.absolute())
    assert request.engine_id == "fake"
    assert request.size == Size(2048, 2048)
    assert 0 <= request.seed < SEED_LIMIT
    assert (request.template_id, request.style_id, request.fields) == ("", "", {})


def test_everything_typed_arrives(make_studio: MakeStudio):
    studio = make_studio(**{"fake.shade": "dark", "other.shade": "light"})
    request = order(
        Wishes(
            photo=PHOTO,
            template="moon-walk",
            style="comic",
            engine="fake",
            prompt="  at night ",
            name="Ada",
            size="1K",
            aspect="3:4",
            seed=7,
            count=2,
            consent="Ada's mother",
        ),
        studio,
    )
    assert (request.template_id, request.style_id, request.prompt) == (
        "moon-walk",
        "comic",
        "at night",
    )
    assert request.fields == {"name": "Ada"}
    assert request.size == Size(768, 1024)
    assert (request.seed, request.count, request.consent) == (7, 2, "Ada's mother")
    assert request.options == {"shade": "dark"}


@pytest.mark.parametrize(
    ("size", "aspect", "meant"),
    [
        ("", "", Size(2048, 2048)),
        ("4K", "", Size(4096, 4096)),
        ("", "3:4", Size(1536, 2048)),
        ("1k", "297:210", Size(1024, 724)),
        ("2480x3508", "", Size(2480, 3508)),
        ("2480x3508", "210:297", Size(2480, 3508)),
    ],
)
def test_sizes(size: str, aspect: str, meant: Size):
    assert wished_size(size, aspect) == meant


@pytest.mark.parametrize(
    "changes",
    [
        {"template": "no-such"},
        {"style": "no-such"},
        {"engine": "no-such"},
        {"seed": -1},
        {"seed": SEED_LIMIT},
        {"size": "huge"},
        {"size": "10x10"},
        {"aspect": "0:1"},
        {"size": "100x100", "aspect": "3:4"},
    ],
)
def test_what_cannot_be_meant_is_refused(studio: Studio, changes: dict[str, Any]):
    with pytest.raises(InputError):
        order(Wishes(**({"photo": PHOTO, "engine": "fake"} | changes)), studio)


def test_an_option_the_engine_does_not_have_is_refused(make_studio: MakeStudio):
    studio = make_studio(**{"fake.colour": "red"})
    with pytest.raises(InputError, match="colour") as caught:
        order(Wishes(photo=PHOTO, engine="fake"), studio)
    assert "shade" in caught.value.next_step


def test_what_an_engine_cannot_heed_is_said():
    plain = Capabilities(id="x", title="Dreamer", version="1", summary="", terms=Terms(summary=""))
    wishes = Wishes(photo=PHOTO, seed=7, prompt="a boat", template="moon-walk")
    assert without_effect(wishes, plain) == ()
    deaf = msgspec.structs.replace(plain, uses_seed=False, uses_template=False)
    said = without_effect(wishes, deaf)
    assert [note.code for note in said] == ["no_seed", "no_template"]
    assert all("Dreamer" in note.message for note in said)
    assert without_effect(Wishes(photo=PHOTO), deaf) == ()


@pytest.mark.parametrize(
    ("size", "said"),
    [("", []), ("2K", []), ("2k", []), ("800x600", ["1K"]), ("512", ["1K"]), ("2048x2048", ["2K"])],
)
def test_a_size_that_the_engine_has_no_name_for_is_told(size: str, said: list[str]):
    can = Capabilities(
        id="x",
        title="Dreamer",
        version="1",
        summary="",
        terms=Terms(summary=""),
        free_size=False,
        sizes=("1K", "2K"),
    )
    notes = without_effect(Wishes(photo=PHOTO, size=size), can)
    assert [note.code for note in notes] == ["named_size"] * len(said)
    assert all(name in note.message for note, name in zip(notes, said, strict=True))
