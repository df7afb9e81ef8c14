from pathlib import Path

import pytest
from e2e.fake_engine import drawn
from unit.storage.album import found, keep
from unit.storage.shelf import files_with

from pickabook_desktop.domain.request import GenerationRequest, PhotoRef
from pickabook_desktop.domain.review import Facet, Marks, SavedSearch
from pickabook_desktop.domain.search import quoted
from pickabook_desktop.storage.forgetting import LibraryMemory
from pickabook_desktop.storage.library import Library
from pickabook_desktop.storage.repair import repair_list
from pickabook_desktop.storage.thumbnails import ThumbnailStore
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
    library.review.decisions.tag(ids[::3], (f"{word} tag",))
    library.review.decisions.tag(ids, ("cover",))
    for picture_id in ids[::3]:
        library.review.decisions.annotate(picture_id, f"so {word} drawn")
    return ids


def test_a_purge_leaves_no_word_in_the_index(library: Library) -> None:
    ids = fill(library, WORD)
    folder = library.folder
    assert files_with(folder, WORD.encode())
    # Words of what was written before and changed since are gone too.
    library.review.decisions.annotate(ids[3], "drawn anew")
    library.review.decisions.trash(ids[::3])
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
    library.review.decisions.annotate(gone, f"a {WORD} note")
    library.trash(gone)
    library.purge()
    library.close()
    assert files_with(library.folder, WORD.encode()) == []


def test_the_name_leaves_notes_tags_and_saved_searches_of_what_stays(library: Library) -> None:
    keep(library, "moon", child="Quintessa", seed=1)
    stays = keep(library, "sea", child="Zoë", seed=2)
    review = library.review
    review.decisions.annotate(stays, "as Quintessa likes it")
    review.decisions.tag((stays,), ("for QUINTESSA", "cover"))
    review.decisions.mark((stays,), Marks(rating=4))
    review.searches.save(SavedSearch(id="", title="Hers", words="child:Quintessa"))
    review.searches.save(SavedSearch(id="", title="Best", words="rating:>=4"))
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
    assert [search.title for search in review.searches.all()] == ["Best"]
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
            library.review.decisions.annotate(picture_id, "Quintessa")
        case "tag":
            library.review.decisions.tag((picture_id,), ("Quintessa",))
        case _:
            library.review.searches.save(SavedSearch(id="", title="Quintessa", words="moon"))
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
    library.review.searches.save(SavedSearch(id="", title="Hers", words=words))
    memory = LibraryMemory(library.folder)
    assert len(memory.traces(Wish(name=name)).searches) == 1
    memory.forget(Wish(name=name))
    memory.close()
    assert library.review.searches.all() == ()


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


@pytest.mark.parametrize("list_is", ["lost", "begun anew", "an older one"])
@pytest.mark.parametrize("how", ["forget", "forget_page", "purge"])
def test_who_goes_takes_nothing_along_that_only_copies_know(
    library: Library, list_is: str, how: str
) -> None:
    goes = keep(library, "moon", child="Quintessa", seed=1)
    library.close()
    older = (library.folder / "library.db").read_bytes()
    stays = keep(library, "sea", child="Zoë", seed=2)
    library.review.decisions.mark((stays,), Marks(rating=5))
    library.review.decisions.annotate(stays, "the cover")
    library.backups.make()
    lose_list(library)
    if list_is == "begun anew":
        goes = keep(library, "stars", child="Quintessa", seed=3)
        library.backups.make()
    elif list_is == "an older one":
        (library.folder / "library.db").write_bytes(older)
    if how == "purge":
        library.review.decisions.trash((goes,))
        library.purge()
    else:
        memory = LibraryMemory(library.folder)
        memory.forget(WISH) if how == "forget" else memory.forget_page(goes)
        memory.close()
    repair_list(library.folder)
    card = library.review.card(stays)
    assert (card.child, card.rating, card.note) == ("Zoë", 5, "the cover")
    if how == "forget":
        assert library.review.facets("child") == (Facet("Zoë", 1),)
        library.close()
        assert files_with(library.folder, b"Quintessa") == []


def test_a_page_that_the_list_has_lost_goes_with_its_thumbnails(library: Library) -> None:
    stays, goes = keep(library, "sea", seed=1), keep(library, "moon", seed=2)
    for one in (stays, goes):
        library.keep_large_thumbnail(one, 512, b"face of " + one.encode())
    lose_list(library)
    memory = LibraryMemory(library.folder)
    memory.remove_orphans((goes,))
    assert [Path(path).stem for path in memory.orphans()] == [stays]
    memory.close()
    assert files_with(library.folder, b"face of " + goes.encode()) == []
    assert library.large_thumbnail(stays, 512) == b"face of " + stays.encode()


def test_forgetting_leaves_no_thumbnail_of_a_page_that_is_not_listed(library: Library) -> None:
    """Somebody was ended between keeping one and looking whether its page is still there."""
    stays = keep(library, "sea", child="Zoë")
    library.keep_large_thumbnail(stays, 512, b"face of Zoe")
    store = ThumbnailStore(library.folder / "thumbnails.db")
    store.put("0" * 26, b"face of Quintessa")
    store.put_large("0" * 26, 512, b"face of Quintessa")
    store.close()
    memory = LibraryMemory(library.folder)
    memory.forget(WISH)
    memory.close()
    library.close()
    assert files_with(library.folder, b"face of Quintessa") == []
    assert library.large_thumbnail(stays, 512) == b"face of Zoe"


@pytest.mark.parametrize("how", ["forget", "forget_page"])
def test_a_thumbnail_that_comes_after_its_page_was_forgotten_goes(
    library: Library, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    keep(library, "sea")
    put = ThumbnailStore.put

    def late(store: ThumbnailStore, picture_id: str, jpeg: bytes) -> None:
        memory = LibraryMemory(library.folder)
        memory.forget(WISH) if how == "forget" else memory.forget_page(picture_id)
        memory.close()
        put(store, picture_id, jpeg)

    monkeypatch.setattr(ThumbnailStore, "put", late)
    request = GenerationRequest(photo=PhotoRef(path=""), fields={"name": "Quintessa"})
    kept = library.add(drawn(3), request, "7", b"face of Quintessa")
    assert library.thumbnail(kept.id) is None
    library.close()
    assert files_with(library.folder, b"face of Quintessa") == []


def test_a_page_is_forgotten_by_its_id_also_where_its_row_has_gone(library: Library) -> None:
    gone = keep(library, "moon", child="Quintessa")
    memory = LibraryMemory(library.folder)
    memory.forget(WISH)
    store = ThumbnailStore(library.folder / "thumbnails.db")
    store.put(gone, b"face of Quintessa")
    store.close()
    memory.forget_page(gone)
    memory.close()
    library.close()
    assert files_with(library.folder, b"face of Quintessa") == []


def lose_list(library: Library) -> None:
    library.close()
    for ending in ("", "-wal", "-shm"):
        Path(f"{library.folder / 'library.db'}{ending}").unlink(missing_ok=True)


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
