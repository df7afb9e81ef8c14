"""What a store is asked to keep: this page, under this name, and no more told than may be."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from e2e.fake_engine import drawn
from msgspec.structs import replace
from unit.jobs.memory_shelf import REQUEST, Shelf, add, ruled

from pickabook_desktop.domain.errors import (
    InputError,
)
from pickabook_desktop.domain.request import GenerationRequest
from pickabook_desktop.domain.result import KeptPicture
from pickabook_desktop.domain.stored import UploadOrder
from pickabook_desktop.imaging import metadata
from pickabook_desktop.jobs.upload_orders import UploadRules, order_for
from pickabook_desktop.storage.library import Library


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    library = Library(tmp_path / "library")
    yield library
    library.close()


def order_of(picture: KeptPicture, library: Library, rules: UploadRules) -> UploadOrder:
    return order_for(picture, library.read(picture.id), Shelf().info, rules)


def test_the_name_tells_the_content_and_the_folder_the_day_of_drawing(library: Library):
    picture = add(library)
    order = order_of(picture, library, ruled(shelf_tags="page, fox"))
    assert order.name == f"{order.sha256[:32]}.png"
    assert order.folder == f"{picture.created[:4]}/The-long-journey"
    assert order.tags == ("page", "fox")
    assert order.facts == {
        "template": "moon-walk",
        "style": "storybook",
        "engine": "fake",
        "seed": "0",
        "book": "The long journey",
    }
    assert order_of(picture, library, ruled(shelf_folder="all")).folder == "all"


def test_a_child_is_named_nowhere_unless_names_may_go(library: Library):
    picture = add(library, request=REQUEST.with_changes(book="Ada’s journey"))
    kept = library.read(picture.id)
    assert b"Ada" in kept
    order = order_of(picture, library, ruled(shelf_folder="{book}", shelf_tags="page"))
    assert b"Ada" not in order.data
    assert (order.folder, "book" in order.facts) == ("other", False)
    # The name is a hash, in which these letters may stand by chance.
    assert "ada" not in str((order.folder, order.tags, order.facts)).lower()
    named = order_of(picture, library, ruled(names=True, shelf_folder="{book}"))
    assert named.data == kept
    assert (named.folder, named.facts["book"]) == ("other", "Ada’s journey")


def test_no_spelling_of_the_name_leaves(library: Library):
    request = REQUEST.with_changes(
        fields={"name": "Zoë", "animal": "Zoes owl"},
        book="Zoës Reise",
        prompt="#Zoe_the_brave",
        template_id="zoe-at-sea",
    )
    rules = ruled(shelf_folder="zoe/{book}/{template}/x", shelf_tags="page, Zoë")
    order = order_of(replace(add(library, request=request), request=request), library, rules)
    assert order.folder == "other/other/other/x"
    assert order.tags == ("page",)
    assert order.facts == {"engine": "fake", "seed": "0"}
    said = metadata.read(order.data, "image/png")
    assert said is not None
    assert "zo" not in repr(said).lower()
    named = order_of(add(library, request=request), library, ruled(names=True, shelf_tags="Zoë"))
    assert (named.tags, named.facts["book"]) == (("Zoë",), "Zoës Reise")


def test_without_metadata_the_picture_says_nothing_of_itself(library: Library):
    picture = add(library)
    plain = order_of(picture, library, ruled(metadata=False))
    assert metadata.read(plain.data, "image/png") is None
    assert metadata.read(order_of(picture, library, ruled()).data, "image/png") is not None


def test_a_format_without_a_place_for_metadata_goes_as_it_is(library: Library):
    picture = library.add(replace(drawn(), data=b"a page", media_type="image/avif"), REQUEST)
    assert order_of(picture, library, ruled()).data == b"a page"
    with pytest.raises(InputError):
        order_of(picture, library, ruled(metadata=False))


def test_a_name_within_the_prompt_leaves_a_gap(library: Library):
    request = REQUEST.with_changes(
        prompt="Ada and ADA's fox, Adaptable",
        fields={"name": "Ada Lovelace", "animal": "Ada’s owl"},
    )
    picture = add(library, request=request)
    said = metadata.read(order_of(picture, library, ruled()).data, "image/png")
    assert said is not None
    told = GenerationRequest.from_json(said.request_json)
    assert said.prompt == told.prompt == "… and …'s fox, Adaptable"
    assert told.fields == {"animal": "…’s owl"}
    kept = order_of(picture, library, ruled(names=True)).data
    assert kept == library.read(picture.id)
