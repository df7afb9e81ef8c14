"""What is said of uploads: what matters most comes first, and every state has its words."""

import time

import pytest

from pickabook_desktop.domain.errors import NotConfiguredError, StorageError, UnreachableError
from pickabook_desktop.storage.entries import Entry, Problem
from pickabook_desktop.ui.uploads.lines import line_for, summary_of

QUEUED = Entry(id="1", kind="upload", store_id="shelf", picture_id="p")
RUNNING = Entry(id="2", kind="upload", store_id="shelf", picture_id="q", state="running")
OFFLINE = Entry(
    id="3",
    kind="upload",
    store_id="shelf",
    state="waiting",
    offline=2,
    due=time.time() + 3600,
    problem=Problem.of(UnreachableError("Out of reach.", retryable=True)),
)
LATER = Entry(
    id="4",
    kind="upload",
    store_id="shelf",
    state="waiting",
    problem=Problem.of(StorageError("The shelf wobbles.", "Wait.", retryable=True)),
)
FAILED = Entry(
    id="5",
    kind="deletion",
    store_id="shelf",
    state="failed",
    problem=Problem.of(NotConfiguredError("No key.", "Add one.", remedies=("keys",))),
)


@pytest.mark.parametrize(
    ("entries", "level"),
    [
        ((), ""),
        ((QUEUED,), "queued"),
        ((QUEUED, OFFLINE), "queued"),
        ((LATER, OFFLINE), "offline"),
        ((OFFLINE, RUNNING, QUEUED), "running"),
        ((QUEUED, RUNNING, OFFLINE, LATER, FAILED), "failed"),
    ],
)
def test_what_needs_the_person_comes_before_all_else(entries: tuple[Entry, ...], level: str):
    summary = summary_of(entries)
    assert summary.level == level
    assert summary.count == len(entries)


def test_everything_there_is_is_told_in_the_summary():
    words = summary_of((QUEUED, QUEUED, OFFLINE, FAILED)).words
    assert "2 wait their turn" in words
    assert "One waits for a connection" in words
    assert "One upload needs you" in words


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (QUEUED, "Waits its turn for The shelf."),
        (RUNNING, "On its way to The shelf."),
        (OFFLINE, "The shelf is out of reach. Next try: "),
        (LATER, "The shelf wobbles. Next try: now."),
        (FAILED, "No key. Add one."),
    ],
)
def test_each_state_has_its_words(entry: Entry, words: str):
    line = line_for(entry, "Moon", "The shelf")
    assert line.words.startswith(words)
    assert line.title == "Moon"


def test_a_copy_whose_page_is_gone_still_has_a_name():
    assert line_for(FAILED, "", "The shelf").title == "A copy"


def test_the_way_to_the_keys_is_shown_only_where_a_key_helps():
    assert line_for(FAILED, "Moon", "The shelf").remedy == "keys"
    assert line_for(LATER, "Moon", "The shelf").remedy == ""
