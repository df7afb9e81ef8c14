"""Names that are written otherwise where texts are kept as JSON, and lines within such texts."""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import msgspec
import pytest
from e2e.fake_engine import drawn
from unit.jobs.forget_house import House

from pickabook_desktop.domain.calls import CallPlan
from pickabook_desktop.domain.errors import StorageError
from pickabook_desktop.domain.request import GenerationRequest
from pickabook_desktop.domain.result import KeptPicture
from pickabook_desktop.domain.review import SavedSearch
from pickabook_desktop.domain.search import quoted
from pickabook_desktop.imaging.metadata import Metadata, embed
from pickabook_desktop.storage.catalogue import read_catalogue
from pickabook_desktop.storage.ledger import Ledger

# Not within any of the names of the tables, nor in what is written elsewhere.
TELLING = "Zaphira"
NAMES = [
    f'{TELLING} "Zaz"',
    f'"Zaz" {TELLING}',
    f"{TELLING}\\Zaz",
    f"{TELLING} O'Neill",
    f"{TELLING} Zoë",
    f"Øyvind/{TELLING} & Zaz",
    f"{TELLING}\x1fZaz",
    f"{TELLING} 🦄",
    TELLING,
]
NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    yield house
    house.close()


def page_of_another(house: House, name: str) -> KeptPicture:
    """Ben's page, whose texts speak of the child wherever a text can stand."""
    page = house.draw(
        house.photo("ben.jpg"),
        "Ben",
        f"Ben meets\n{name}, and\t{name}",
        used_word=f"for {name}",
        options={"words": f"with {name} in it"},
        consent=f"{name}'s mother",
        book=f"{name} at sea",
    )
    review = house.library.review
    review.decisions.annotate(page.id, f"as it was for\n{name}")
    review.decisions.tag((page.id,), (f"for {name}", "cover"))
    review.searches.save(SavedSearch(id="", title="Hers", words=f"child:{quoted(name)}"))
    request = page.request.with_changes(fields={"name": "Ben", "friend": name})
    batch = house.library.batches.begin(request)
    house.library.batches.lost(batch, f"prompt refused: {json.dumps(name)}")
    house.library.outbox.add(page.id, "folder")
    entry = house.library.outbox.claim(0.0)
    assert entry is not None
    house.library.outbox.fail(entry, StorageError(f"This file is too large:\n{name}"))
    return page


def traces_around(house: House, name: str) -> None:
    """What is beside the library."""
    ledger = Ledger(house.records, lambda: None)
    call = ledger.start(CallPlan(engine_id="gemini", model="m", estimate=0.1, book=f"For {name}"))
    ledger.end(call, "failed", reason=f"400: {json.dumps({'prompt': name})}")
    house.consents.add((("f" * 64, "face"),), "Google", f"{name}'s father", NOW, 365)
    form = {"fields": {"name": name}, "prompt": f"a moon\n{name}", "count": 2}
    house.settings.update(
        {
            "window.form": json.dumps(form),
            "window.places": msgspec.json.encode([f"about\n{name}", "sea"]).decode(),
            "window.sought": f"child:{quoted(name)}",
            "window.kept": json.dumps({"form": json.dumps(form)}),
        }
    )
    house.places.settings_file.with_name("settings.json.broken").write_text(
        json.dumps({"window.form": json.dumps(form)}), encoding="utf-8"
    )
    template = house.places.template_folders[-1] / "sea" / "template.toml"
    template.parent.mkdir(parents=True, exist_ok=True)
    title = json.dumps(f"A sea\n{name}", ensure_ascii=False)
    template.write_text(f"title = {title}", encoding="utf-8")
    read_catalogue(
        house.places.template_folders, house.places.style_folders, house.places.catalogue_memory
    )
    template.unlink()
    log = house.places.log_file
    log.parent.mkdir(parents=True, exist_ok=True)
    records = (name, json.dumps(name), json.dumps(json.dumps({"name": name})), repr(name))
    address = f"https://ik.example.test/{quote(name, safe='')}.png"
    log.write_text(
        "".join(f"2026-01-01 00:00:00,000 INFO 1 x: {one}\n" for one in (*records, address))
        + "2026-01-01 00:00:00,000 INFO 1 x: of nobody\n",
        encoding="utf-8",
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_name_goes_however_it_is_written(house: House, name: str) -> None:
    hers = house.draw(house.photo("hers.jpg"), name, f"about {name}")
    kept = page_of_another(house, name)
    traces_around(house, name)
    house.library.backups.make()
    assert len(house.files_with(TELLING)) >= 6
    plan = house.plan(name)
    assert [page.id for page in plan.mentioning] == [kept.id]
    assert plan.counts.settings == 4
    assert (plan.counts.books, plan.counts.log_records) == (1, 5)
    house.forget(name)
    assert house.ids() == {kept.id}
    assert house.files_with(TELLING) == []
    page = house.library.get(kept.id)
    assert (page.request.prompt, page.request.book) == ("Ben meets\n…, and\t…", "… at sea")
    assert page.request.fields == {"name": "Ben"}
    assert page.used_words == ("moon",)
    card = house.library.review.card(kept.id)
    assert (card.note, card.tags) == ("as it was for\n…", ("cover",))
    assert house.places.log_file.read_text().splitlines() == [
        "2026-01-01 00:00:00,000 INFO 1 x: of nobody"
    ]
    assert json.loads(house.settings.text("window.form"))["count"] == 2
    assert json.loads(house.settings.text("window.places")) == ["", "sea"]
    assert not Path(hers.path).exists()


def test_a_request_of_a_later_version_stays_readable(house: House) -> None:
    name = f'{TELLING} "Zaz"'
    house.draw(house.photo("hers.jpg"), name)
    kept = house.draw(house.photo("ben.jpg"), "Ben")
    later = json.dumps({"photo": 7, "prompt": f"a moon\n{name}", "further": [name, 3]})
    _write_request(house, kept.id, later)
    house.forget(name)
    assert house.files_with(TELLING) == []
    assert json.loads(_request(house, kept.id)) == {
        "photo": 7,
        "prompt": "a moon\n…",
        "further": ["…", 3],
    }


@pytest.mark.skipif(os.name == "nt", reason="these are no names of files there")
def test_photos_in_a_folder_with_the_name_are_not_found_any_more(house: House) -> None:
    name = f'{TELLING} "Zaz"'
    house.draw(house.photo("hers.jpg"), name)
    kept = house.draw(house.photo(f"Ben and {name}.jpg"), "Ben")
    house.forget(name)
    assert house.library.get(kept.id).request.photo.path == ""
    assert house.files_with(TELLING) == []


def test_a_page_that_says_the_name_in_its_file_is_told(house: House) -> None:
    name = f'{TELLING} "Zaz"'
    house.draw(house.photo("hers.jpg"), name)
    request = GenerationRequest(photo=house.photo("ben.jpg"), prompt=f"Ben and\n{name}")
    picture = drawn(99)
    said = Metadata(request_json=request.to_json())
    data = embed(picture.data, picture.media_type, said)
    kept = house.library.add(msgspec.structs.replace(picture, data=data), request, "7")
    assert house.plan(name).files_with_name == (kept.path,)


def test_a_folder_that_begins_like_an_escape_is_no_name(house: House) -> None:
    house.draw(house.photo("ina.jpg"), "Ina")
    house.settings.update(
        {"export.dir": "C:\\Users\\nina", "window.form": json.dumps({"dir": "D:\\nina"})}
    )
    house.forget("Ina")
    assert house.settings.text("export.dir") == "C:\\Users\\nina"
    assert json.loads(house.settings.text("window.form")) == {"dir": "D:\\nina"}


def _write_request(house: House, picture_id: str, text: str) -> None:
    import sqlite3
    from contextlib import closing

    house.library.close()
    with closing(sqlite3.connect(house.library.folder / "library.db")) as connection:
        connection.execute("DROP TRIGGER card_of_changed_words")
        connection.execute("UPDATE pictures SET request=? WHERE id=?", (text, picture_id))
        connection.commit()


def _request(house: House, picture_id: str) -> str:
    import sqlite3
    from contextlib import closing

    house.library.close()
    with closing(sqlite3.connect(house.library.folder / "library.db")) as connection:
        ((text,),) = connection.execute("SELECT request FROM pictures WHERE id=?", (picture_id,))
    return str(text)
