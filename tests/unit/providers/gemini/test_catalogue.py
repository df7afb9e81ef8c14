"""The list of models, and what is remembered of it."""

from pathlib import Path

import pytest
from doubles import RESOURCES

from pickabook_desktop.domain.capabilities import ModelSpec, size_name_for
from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.providers.gemini.catalogue import (
    CACHE_NAME,
    Catalogue,
    Models,
    aspect_for,
    size_name_of,
)
from pickabook_desktop.providers.gemini.prepare import ADDRESS

MODELS = RESOURCES / "models"
GATEWAY = "https://gateway.example"
BEST = "gemini-nano-banana-2.1"
# Tokens of one picture by the name of its size, as the price page has them.
TOKENS = {
    BEST: {"1K": 1120, "2K": 1680, "4K": 2520},
    "gemini-3-pro-image": {"1K": 1120, "2K": 1120, "4K": 2000},
    "gemini-3.1-flash-image": {"512": 747, "1K": 1120, "2K": 1680, "4K": 2520},
    "gemini-2.5-flash-image": {"1K": 1290},
}


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    return Catalogue(MODELS, tmp_path / "not yet there")


@pytest.fixture
def best(catalogue: Catalogue) -> ModelSpec:
    return catalogue.at(ADDRESS).recommended()


def google(cache: Path) -> Models:
    """What is known of Google's own models by a new run of the program."""
    return Catalogue(MODELS, cache).at(ADDRESS)


def test_the_recommended_model_comes_first_and_every_price_has_its_date(catalogue: Catalogue):
    models = catalogue.at(ADDRESS).all
    assert models[0].state == "recommended"
    assert models[-1].state == "retired"
    for model in models:
        assert set(model.prices) == set(model.sizes)
        assert model.read_on


@pytest.mark.parametrize("model_id", TOKENS)
def test_the_price_of_tokens_agrees_with_the_price_of_pictures(catalogue: Catalogue, model_id: str):
    tariff = catalogue.tariff(model_id)
    prices = catalogue.known(model_id).prices
    for name, tokens in TOKENS[model_id].items():
        assert tokens * (tariff.image or 0) / 1e6 == pytest.approx(prices[name], abs=0.0008)
    assert tariff.input
    assert tariff.text


def test_the_next_recommendation_follows_when_the_first_is_gone(catalogue: Catalogue):
    models = catalogue.at(ADDRESS)
    models.retire(BEST, "2027-01-02")
    assert models.recommended().id == "gemini-3-pro-image"
    assert models.chosen({}).id == "gemini-3-pro-image"
    with pytest.raises(InputError) as caught:
        models.chosen({"model": BEST})
    assert "gemini-3-pro-image" in caught.value.next_step


def test_what_is_gone_stays_gone_until_it_is_listed_again(tmp_path: Path):
    cache = tmp_path / "cache"
    google(cache).listed(["gemini-3-pro-image"], "2027-01-02")
    later = google(cache)
    assert later.recommended().id == "gemini-3-pro-image"
    later.listed(["gemini-3-pro-image", BEST], "2027-01-03")
    assert google(cache).recommended().id == BEST
    assert [path.name for path in cache.iterdir()] == [CACHE_NAME]


def test_what_a_gateway_lacks_is_still_at_google(tmp_path: Path):
    gateway = Catalogue(MODELS, tmp_path).at(GATEWAY)
    gateway.listed(["gemini-3-pro-image"], "2027-01-02")
    gateway.retire("gemini-3-pro-image", "2027-01-03")
    assert google(tmp_path).chosen({"model": BEST}).id == BEST
    assert google(tmp_path).chosen({"model": "gemini-3-pro-image"}).state == "available"
    google(tmp_path).retire("gemini-3.1-flash-image", "2027-01-04")
    again = {model.id: model.state for model in Catalogue(MODELS, tmp_path).at(GATEWAY).all}
    assert again["gemini-3-pro-image"] == "retired"
    assert again["gemini-3.1-flash-image"] == "retired"  # not in the list of the second of January
    assert google(tmp_path).recommended().id == BEST


@pytest.mark.parametrize(
    "content", [b"", b"{", b'{"seen": 7}', b'{"gone": ["gemini-nano-banana-2.1"]}', b"\xff"]
)
def test_a_damaged_memory_is_as_good_as_none(tmp_path: Path, content: bytes):
    (tmp_path / CACHE_NAME).write_bytes(content)
    assert google(tmp_path).recommended().id == BEST


def test_a_folder_that_cannot_be_written_to_is_no_failure(tmp_path: Path):
    (tmp_path / "file").write_bytes(b"")
    models = google(tmp_path / "file")
    models.retire("gemini-3-pro-image", "2027-01-02")
    assert "gemini-3-pro-image" in {m.id for m in models.all if m.state == "retired"}


@pytest.mark.parametrize(
    ("size", "aspect"),
    [(Size(1000, 1000), "1:1"), (Size(896, 1200), "3:4"), (Size(2048, 896), "21:9")],
)
def test_shapes_near_enough_are_taken_for_the_models_own(best: ModelSpec, size: Size, aspect: str):
    assert str(aspect_for(size, best)) == aspect


@pytest.mark.parametrize(
    ("edge", "name"), [(400, "1K"), (1024, "1K"), (1025, "2K"), (4096, "4K"), (9000, "4K")]
)
def test_sizes_are_named_by_the_next_larger_one(best: ModelSpec, edge: int, name: str):
    assert size_name_for(Size(edge, edge), best.sizes) == name


@pytest.mark.parametrize(
    ("size", "name"),
    [
        (Size(800, 600), "1K"),
        (Size(1024, 1024), "1K"),
        (Size(1025, 600), "2K"),
        (Size(9, 4096), "4K"),
    ],
)
def test_a_size_is_drawn_as_the_next_larger_one(best: ModelSpec, size: Size, name: str):
    assert size_name_of(size, best) == name


def test_a_size_that_is_too_large_is_refused_and_not_made_smaller(best: ModelSpec):
    with pytest.raises(InputError) as caught:
        size_name_of(Size(9000, 6000), best)
    assert "4K" in caught.value.next_step
    assert "smaller_size" in caught.value.remedies
