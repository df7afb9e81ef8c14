import random
import time
from datetime import datetime

import pytest
from unit.storage.album import found, keep

from pickabook_desktop.domain.errors import StorageError
from pickabook_desktop.domain.review import Marks, View
from pickabook_desktop.domain.search import parse, quoted
from pickabook_desktop.storage.library import Library


def test_words_are_found_wherever_they_stand(library: Library) -> None:
    keep(library, "a pirate on the sea", child="Zoë", template="pirate-deck", seed=1)
    keep(library, "a castle", book="The pirate queen", seed=2)
    noted = keep(library, "a forest", seed=3)
    tagged = keep(library, "a meadow", seed=4)
    keep(library, "a piratical moon", seed=5)
    library.review.decisions.annotate(noted, "Not for PIRATES, but “pirate” it is")
    library.review.decisions.tag((tagged,), ("little Pirate",))
    hits = ["a meadow", "a forest", "a castle", "a pirate on the sea"]
    assert found(library, "pirate ") == hits
    assert found(library, "PIRAT") == ["a piratical moon", *hits]
    assert found(library, "pirate", descending=False) == hits[::-1]
    assert found(library, "pirate -castle") == [hits[0], hits[1], hits[3]]
    assert found(library, "zoe") == ["a pirate on the sea"]
    assert found(library, '"little pirate"') == ["a meadow"]
    assert found(library, '"pirate little"') == []
    assert found(library, "pirate meadow") == ["a meadow"]
    assert found(library, "deck pirate") == ["a pirate on the sea"]
    assert found(library, "-pirate ") == ["a piratical moon"]
    assert found(library, "-pirate -moon") == []
    library.review.decisions.annotate(noted, "")
    library.review.decisions.tag((tagged,), remove=("little pirate",))
    assert found(library, "pirate ") == hits[2:]


def test_words_without_spaces_between_them_are_found_too(library: Library) -> None:
    keep(library, "月の上の猫と海賊", seed=1)
    keep(library, "100% moon", seed=2)
    noted = keep(library, "forest", seed=3)
    library.review.decisions.annotate(noted, "白い猫です")
    assert found(library, "猫") == ["forest", "月の上の猫と海賊"]
    assert found(library, "-猫") == ["100% moon"]
    library.review.decisions.tag((noted,), ("海賊たち",))
    assert found(library, "海賊") == ["forest", "月の上の猫と海賊"]
    assert found(library, '"%猫"') == []


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("engine:OTHER", "b"),
        ("template:moon-walk", "a"),
        ('template:"Moon Walk"', "a"),
        ("template:pirate*", "b"),
        ("child:ÉMILE", "a"),
        ("child:e*", ""),
        ("child:*", "ba"),
        ("-child:*", "dc"),
        ('book:"the stars"', "c"),
        ("style:storybook -engine:other", "dca"),
        ("tag:COVER", "a"),
        ("tag:für*", "b"),
        ('tag:"FÜR ADA"', "b"),
        ("-tag:cover", "dcb"),
        ("label:RED", "b"),
        ("seed:3", "c"),
        ("seed:x", ""),
        ("rating:>=4", "a"),
        ("rating:2..4", "b"),
        ("rating:0", "dc"),
        ("-rating:>=4", "dcb"),
        ("likeness:0.4", "b"),
        ("likeness:<0.35", "a"),
        ("-likeness:<0.35", "dcb"),
        ("seam:1.5", "c"),
        ("cost:>0", "a"),
        ("cost:0", "b"),
        ("has:note", "c"),
        ("-has:note", "dba"),
        ("has:tag", "ba"),
        ("has:rating", "ba"),
        ("has:label", "b"),
        ("has:likeness", "ba"),
        ("has:seam", "c"),
        ("has:cost", "ba"),
        ("has:book", "c"),
        ("has:variations", "dc"),
        ("is:picked", "a"),
        ("is:rejected", "b"),
        ("is:unflagged", "dc"),
        ("is:rated -is:picked", "b"),
        ("has:url", ""),
        ("nonsense:x", ""),
        ("child:nobody", ""),
    ],
)
def test_conditions(library: Library, words: str, expected: str) -> None:
    a = keep(library, "a", child="Émile", likeness=0.3, cost=0.04, seed=1)
    b = keep(
        library, "b", child="Zoë", engine="other", template="pirate-deck",
        likeness=0.38, cost=0.0, seed=2,
    )  # fmt: skip
    c = keep(library, "c", book="The Stars", template="sea", seam=1.52, seed=3)
    keep(library, "d", template="sea", seed=4)
    review = library.review
    with library._database.writing() as connection:
        connection.execute("UPDATE pictures SET stack='same' WHERE prompt IN ('c', 'd')")
    review.decisions.mark((a,), Marks(rating=5, flag=1))
    review.decisions.mark((b,), Marks(rating=2, flag=-1, label="red"))
    review.decisions.tag((a,), ("cover",))
    review.decisions.tag((b,), ("für Ada",))
    review.decisions.annotate(c, "look at the sky")
    assert "".join(found(library, words)) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("book:moon", "ca"),
        ("book:MOON", "ca"),
        ("book:oon", ""),
        ("book:the", "cba"),
        ('book:"moon book"', ""),
        ('book:"the moon book"', "a"),
        ("book:=moon", ""),
        ("template:moon", "a"),
        ("template:walk", "a"),
        ("template:moon-w", "a"),
        ("template:sea", "c"),
        ("child:jean", "ba"),
        ("child:zoe", "c"),
        ("child:pierre", "a"),
        ("child:=jean", ""),
        ('child:="jean luc"', "b"),
        ("-child:pie", "cb"),
        ("tag:print", "b"),
        ("tag:cov", "ba"),
        ("tag:cover", "a"),
        ('tag:"cov"', ""),
        ("tag:猫", "c"),
        ("engine:story", "cba"),
        ("style:story", "cba"),
        ("tag:!?", ""),
    ],
)
def test_a_field_means_a_whole_value_or_else_the_beginnings_of_its_words(
    library: Library, words: str, expected: str
) -> None:
    a = keep(library, "a", book="The moon book", child="Jean-Pierre", template="moon-walk", seed=1)
    b = keep(library, "b", book="The sun", child="Jean Luc", template="pirate-deck", seed=2)
    c = keep(library, "c", book="The Moonlight", child="Zoë", template="sea", seed=3)
    keep(library, "d", engine="other", template="sea-side", seed=4)
    library.review.decisions.tag((a,), add=("cover",))
    library.review.decisions.tag((b,), add=("for print", "covered"))
    library.review.decisions.tag((c,), add=("白い猫",))
    hits = found(library, words)
    assert "".join(hit for hit in hits if hit != "d") == expected


def test_values_with_quotation_marks_and_asterisks_are_found(library: Library) -> None:
    marked = keep(library, "marked", child='Zoe "Z" O', seed=1)
    other = keep(library, "other", child="Zoe", seed=2)
    library.review.decisions.tag((marked,), ('5" print', "foo*"))
    library.review.decisions.tag((other,), ("5 print", "food"))
    for field in ("child", "tag"):
        for facet in library.review.facets(field):
            names = {"Zoe": "other", "5 print": "other", "food": "other"}
            expected = [names.get(facet.value, "marked")]
            assert found(library, f"{field}:{quoted(facet.value)}") == expected
    assert found(library, "tag:foo*") == ["other", "marked"]
    assert found(library, 'tag:"5"" pr"*') == ["marked"]


def test_a_text_put_into_the_field_is_answered(library: Library) -> None:
    keep(library, "猫" * 1500, seed=1)
    keep(library, "moon " * 1500, seed=2)
    assert found(library, "猫" * 20_000) == ["猫" * 1500]
    assert found(library, f'"{"moon " * 5000}"') == ["moon " * 1500]
    assert found(library, f'"{"a " * 5000}"') == found(library, "%" * 20_000 + "猫") == []


def test_an_identifier_is_found_by_its_beginning(library: Library) -> None:
    old = keep(library, "old", when=datetime(2020, 1, 1), seed=1)
    keep(library, "new", seed=2)
    assert found(library, f"id:{old[:8].lower()}") == ["old"]
    assert found(library, f"id:{old}") == ["old"]
    assert found(library, "id:0") == ["new", "old"]


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the time zone cannot be set here")
@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/Los_Angeles", "Asia/Kathmandu"])
def test_days_are_those_of_the_clock_on_the_wall(
    library: Library, zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    keep(library, "1", when=datetime(2023, 12, 31, 23, 59, 59), seed=1)
    keep(library, "2", when=datetime(2024, 1, 1), seed=2)
    keep(library, "3", when=datetime(2024, 3, 31, 23, 30), seed=3)
    keep(library, "4", when=datetime(2024, 4, 1, 0, 30), seed=4)
    keep(library, "5", when=datetime(2024, 12, 31, 23, 59), seed=5)
    assert "".join(found(library, "date:2024")) == "5432"
    assert "".join(found(library, "date:2024-03")) == "3"
    assert "".join(found(library, "date:2024-03-31")) == "3"
    assert "".join(found(library, "date:2024-12")) == "5"
    assert "".join(found(library, "before:2024")) == "1"
    assert "".join(found(library, "after:2024-03")) == "54"
    assert "".join(found(library, "date:>=2024-03 date:<=2024-04-01")) == "43"
    assert "".join(found(library, "-date:2024-03-31 after:2023")) == "542"
    assert found(library, "before:1969") == found(library, "after:9998") == []
    assert len(found(library, "after:0001 before:9999-12-31")) == 5
    keys = [group.key for group in library.review.show(View(grouping="day")).groups]
    assert keys == ["2024-12-31", "2024-04-01", "2024-03-31", "2024-01-01", "2023-12-31"]
    monkeypatch.undo()
    time.tzset()


def test_uploads(library: Library) -> None:
    up, waits, failed = (keep(library, name, seed=ord(name)) for name in "uwf")
    keep(library, "n")
    outbox = library.outbox
    for picture_id in (up, waits, failed):
        outbox.add(picture_id, "shelf")
    entries = {entry.picture_id: entry for entry in outbox.entries()}
    with library._database.writing() as connection:
        connection.execute("UPDATE outbox SET state='failed' WHERE picture_id=?", (failed,))
        connection.execute("DELETE FROM outbox WHERE picture_id=?", (up,))
        connection.execute(
            "INSERT INTO stored"
            " VALUES (?, 'shelf', 'f1', 'https://shelf.test/1', '', 0, 9, '', '')",
            (up,),
        )
    assert set(entries) == {up, waits, failed}
    states = {card.prompt: card.upload for card in library.review.first(View())}
    assert states == {"u": "uploaded", "w": "queued", "f": "failed", "n": ""}
    assert found(library, "is:uploaded") == found(library, "has:url") == ["u"]
    assert found(library, "is:queued") == ["w"]
    assert found(library, "is:failed") == ["f"]
    assert found(library, "-is:uploaded -is:queued -is:failed") == ["n"]


def test_the_trash_is_looked_through_only_where_that_is_asked(library: Library) -> None:
    gone = keep(library, "moon and pirate", child="Mia", seed=1)
    keep(library, "moon", child="Mia", seed=2)
    library.review.decisions.trash((gone,))
    assert found(library, "moon") == found(library, "child:mia") == ["moon"]
    assert found(library, "-is:trashed") == ["moon"]
    assert (
        found(library, "is:trashed")
        == found(library, "is:trashed pirate child:mia")
        == ["moon and pirate"]
    )


def test_whatever_is_typed_is_answered(library: Library) -> None:
    noted = keep(library, 'moon AND "sea" NOT (owl) NEAR pirate*', child="Zoë", book="Stars")
    library.review.decisions.annotate(noted, "moon ☾ sea")
    library.review.decisions.tag((noted,), ("moon sea",))
    chance = random.Random(9)
    parts = [
        *("moon", "AND", "OR", "NOT", "NEAR(", ")", '"', "-", ":", "*", "^", "+", "{a b}", "☾"),
        *("\0", "\ud800", "猫", "%", "\\", "'", ";", "tag:", "child:z*", "date:2026", "cost:1"),
        *(
            "has:note",
            "is:picked",
            "seed:99999999999999999999",
            "id:~",
            "-tag:moon*",
            "½",
            "e\u0301",
        ),
    ]
    for _ in range(400):
        typed = "".join(chance.choice(parts) + chance.choice(("", " ")) for _ in range(7))
        try:
            found(library, typed)
        except StorageError as error:
            pytest.fail(f"{typed!r}: {error.__cause__}")
    assert found(library, "moon " * 3000)
    assert found(library, "-nothing " * 3000)
    assert found(library, "rating:>=0 " * 3000)
    assert found(library, 'AND "NOT (owl"')
    assert parse("☾").empty
