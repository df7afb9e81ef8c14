"""The list of models, and what is remembered of it."""

from pathlib import Path

import pytest
from doubles import RESOURCES

from pickabook_desktop.domain.calls import Usage
from pickabook_desktop.domain.capabilities import size_name_for
from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.providers.gemini.catalogue import CACHE_NAME, Catalogue, aspect_for

MODELS = RESOURCES / "models"


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    return Catalogue(MODELS, tmp_path / "not yet there")


def test_the_recommended_model_comes_first_and_every_price_has_its_date(catalogue: Catalogue):
    states = [model.state for model in catalogue.models]
    assert states[0] == "recommended"
    assert states[-1] == "retired"
    for model in catalogue.models:
        assert set(model.prices) == set(model.sizes)
        assert model.read_on


def test_the_price_of_tokens_agrees_with_the_price_of_pictures(catalogue: Catalogue):
    model = catalogue.recommended()
    assert catalogue.spent(model.id, Usage(image_tokens=1120)) == pytest.approx(model.prices["1K"])
    assert catalogue.spent(model.id, Usage()) is None
    assert catalogue.spent("gemini-3-pro-image", Usage(image_tokens=1120)) is None


def test_the_next_recommendation_follows_when_the_first_is_gone(catalogue: Catalogue):
    catalogue.retire("gemini-nano-banana-2.1", "2027-01-02")
    assert catalogue.recommended().id == "gemini-3-pro-image"
    assert catalogue.chosen({}).id == "gemini-3-pro-image"
    with pytest.raises(InputError) as caught:
        catalogue.chosen({"model": "gemini-nano-banana-2.1"})
    assert "gemini-3-pro-image" in caught.value.next_step


def test_what_is_gone_stays_gone_until_it_is_listed_again(tmp_path: Path):
    cache = tmp_path / "cache"
    Catalogue(MODELS, cache).listed(["gemini-3-pro-image"], "2027-01-02")
    later = Catalogue(MODELS, cache)
    assert later.recommended().id == "gemini-3-pro-image"
    later.listed(["gemini-3-pro-image", "gemini-nano-banana-2.1"], "2027-01-03")
    assert Catalogue(MODELS, cache).recommended().id == "gemini-nano-banana-2.1"
    assert [path.name for path in cache.iterdir()] == [CACHE_NAME]


@pytest.mark.parametrize("content", [b"", b"{", b'{"gone": 7}', b"\xff"])
def test_a_damaged_memory_is_as_good_as_none(tmp_path: Path, content: bytes):
    (tmp_path / CACHE_NAME).write_bytes(content)
    assert Catalogue(MODELS, tmp_path).recommended().id == "gemini-nano-banana-2.1"


def test_a_folder_that_cannot_be_written_to_is_no_failure(tmp_path: Path):
    (tmp_path / "file").write_bytes(b"")
    catalogue = Catalogue(MODELS, tmp_path / "file")
    catalogue.retire("gemini-3-pro-image", "2027-01-02")
    assert "gemini-3-pro-image" in {m.id for m in catalogue.models if m.state == "retired"}


@pytest.mark.parametrize(
    ("size", "aspect"),
    [(Size(1000, 1000), "1:1"), (Size(896, 1200), "3:4"), (Size(2048, 896), "21:9")],
)
def test_shapes_near_enough_are_taken_for_the_models_own(
    catalogue: Catalogue, size: Size, aspect: str
):
    assert str(aspect_for(size, catalogue.recommended())) == aspect


@pytest.mark.parametrize(
    ("edge", "name"), [(400, "1K"), (1024, "1K"), (1025, "2K"), (4096, "4K"), (9000, "4K")]
)
def test_sizes_are_named_by_the_next_larger_one(catalogue: Catalogue, edge: int, name: str):
    assert size_name_for(Size(edge, edge), catalogue.recommended().sizes) == name
