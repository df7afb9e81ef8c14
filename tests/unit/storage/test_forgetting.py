from pathlib import Path

import pytest
from unit.storage.album import found, keep
from unit.storage.shelf import files_with

from pickabook_desktop.domain.review import Facet, Marks, SavedSearch
from pickabook_desktop.domain.search import quoted
from pickabook_desktop.storage.forgetting import LibraryMemory
from pickabook_desktop.storage.library import Library
from pickabook_desktop.storage.traces import Wish

WISH = Wish(name="Quintessa", others=("Zoë",))
WORD = "quixotically"


def fill(library: Library, word: str) -> list[str]:
    """Pictures of which every third has ``word`` in its prompt, book, note or tags."""
    ids: list[str] = []
    for seed in range(60):
        special = seed % 3 == 0
        book = f"{word} {seed}" if special else "Stars"
        ids.append(keep(library, f"{word * special} pirate {seed}", seed=seed, book=book))
    library.review.tag(ids[::3], (f"{word} tag",))
    library.review.tag(ids, ("cover",))
    for picture_id in ids[::3]:
        library.review.annotate(picture_id, f"so {word} drawn")
    return ids


def test_a_purge_leaves_no_word_in_the_index(library: Library) -> None:
    ids = fill(library, WORD)
    folder = library.folder
    assert files_with(folder, WORD.encode())
    # Words of what was written before and changed since are gone too.
    library.review.annotate(ids[3], "drawn anew")
    library.review.trash(ids[::3])
    library.purge()
    assert found(library, WORD) == []
    assert len(found(library, "pirate")) == 40
    assert _tables_with(library, WORD) == []
    keep(library, "the next one")
    library.close()
    assert files_with(folder, WORD.encode()) == []


def test_a_purge_of_one_picture_leaves_nothing(library: Library) -> None:
    keep(library, "pirate", seed=1)
    gone = keep(library, f"pirate {WORD}", seed=2)
    library.review.annotate(gone, f"a {WORD} note")
    library.trash(gone)
    library.purge()
    library.close()
    assert files_with(library.folder, WORD.encode()) == []


def test_the_name_leaves_notes_tags_and_saved_searches_of_what_stays(library: Library) -> None:
    keep(library, "moon", child="Quintessa", seed=1)
    stays = keep(library, "sea", child="Zoë", seed=2)
    review = library.review
    review.annotate(stays, "as Quintessa likes it")
    review.tag((stays,), ("for QUINTESSA", "cover"))
    review.mark((stays,), Marks(rating=4))
    review.save_search(SavedSearch(id="", title="Hers", words="child:Quintessa"))
    review.save_search(SavedSearch(id="", title="Best", words="rating:>=4"))
    memory = LibraryMemory(library.folder)
    traces = memory.traces(WISH)
    assert [page.id for page in traces.mentioning] == [stays]
    assert len(traces.searches) == 1
    memory.forget(WISH)
    assert not memory.traces(WISH).any
    memory.close()
    card = review.card(stays)
    assert (card.note, card.tags, card.rating) == ("as … likes it", ("cover",), 4)
    assert review.facets("child") == (Facet("Zoë", 1),)
    assert [search.title for search in review.searches()] == ["Best"]
    assert found(library, "quintessa") == []
    assert found(library, "likes") == ["sea"]
    library.close()
    for spelled in (b"quintessa", b"Quintessa", b"QUINTESSA"):
        assert files_with(library.folder, spelled) == []


@pytest.mark.parametrize("place", ["note", "tag", "search"])
def test_one_mention_is_enough_to_have_something_to_forget(library: Library, place: str) -> None:
    picture_id = keep(library, "sea")
    match place:
        case "note":
            library.review.annotate(picture_id, "Quintessa")
        case "tag":
            library.review.tag((picture_id,), ("Quintessa",))
        case _:
            library.review.save_search(SavedSearch(id="", title="Quintessa", words="moon"))
    memory = LibraryMemory(library.folder)
    assert memory.traces(WISH).any
    memory.forget(WISH)
    assert not memory.traces(WISH).any
    memory.close()


def test_a_saved_search_for_a_name_with_quotation_marks_goes(library: Library) -> None:
    name = 'Quintessa "Q" Zoë'
    keep(library, "sea", child=name)
    words = f"child:{quoted(name)}"
    assert found(library, words) == ["sea"]
    library.review.save_search(SavedSearch(id="", title="Hers", words=words))
    memory = LibraryMemory(library.folder)
    assert len(memory.traces(Wish(name=name)).searches) == 1
    memory.forget(Wish(name=name))
    memory.close()
    assert library.review.searches() == ()


def test_pages_whose_texts_become_alike_are_variations_of_one_request(library: Library) -> None:
    first = keep(library, "Quintessa on the moon", seed=1)
    keep(library, "… on the moon", seed=2)
    assert library.review.card(first).variations == 1
    memory = LibraryMemory(library.folder)
    memory.forget(WISH)
    memory.close()
    assert library.review.card(first).variations == 2


def test_forgetting_leaves_no_word_of_a_page_in_any_file(tmp_path: Path) -> None:
    library = Library(tmp_path / "library")
    ids = fill(library, WORD)
    memory = LibraryMemory(library.folder)
    for picture_id in ids[::3]:
        memory.forget_page(picture_id)
    memory.close()
    library.close()
    assert files_with(tmp_path / "library", WORD.encode()) == []


def _tables_with(library: Library, word: str) -> list[str]:
    """The tables, those of the index too, that have ``word`` in some value."""
    database = library._database
    tables = [
        str(row[0]) for row in database.rows("SELECT name FROM sqlite_schema WHERE type='table'")
    ]
    return [
        table
        for table in tables
        for row in database.rows(f"SELECT * FROM {table}")  # noqa: S608 names of tables
        if any(word in str(value) for value in row)
    ]
