"""What is said of uploads: one line each, and one for all."""

from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec
from PySide6.QtCore import QDateTime, QLocale

from pickabook_desktop.domain.errors import Remedy
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.storage.entries import Entry

Level = Literal["queued", "running", "offline", "waiting", "failed"]


class UploadLine(msgspec.Struct, frozen=True, kw_only=True):
    """One thing in the outbox as it is shown. ``remedy`` is the setting page that would help."""

    id: str
    title: str
    store: str
    words: str
    level: Level
    deletion: bool = False
    remedy: str = ""


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """All of it in a few words. ``level`` is the one that matters most, empty for nothing to do."""

    level: Level | Literal[""] = ""
    count: int = 0
    words: str = ""
    icon: str = "cloud"


_ICONS: Mapping[Level, str] = {
    "queued": "upload",
    "running": "upload",
    "offline": "offline",
    "waiting": "history",
    "failed": "warn",
}
_KEY_REMEDIES: tuple[Remedy, ...] = ("keys",)
_SETTING_REMEDIES: tuple[Remedy, ...] = ("settings",)


def line_for(entry: Entry, title: str, store: str) -> UploadLine:
    """The line of one entry; ``title`` is its page's, empty where the page is gone."""
    deletion = entry.kind == "deletion"
    return UploadLine(
        id=entry.id,
        title=title or (tr("A copy") if deletion else tr("A page")),
        store=store,
        words=_words(entry, store),
        level=level_of(entry),
        deletion=deletion,
        remedy=_remedy(entry),
    )


def level_of(entry: Entry) -> Level:
    """Where an entry stands."""
    if entry.state == "waiting":
        return "offline" if entry.offline else "waiting"
    return entry.state


def summary_of(entries: Sequence[Entry]) -> Summary:
    """What the button says."""
    levels = [level_of(entry) for entry in entries]
    for level in ("failed", "running", "queued", "offline", "waiting"):
        count = levels.count(level)
        if count:
            words = "\n".join(_sum(each, levels.count(each)) for each in _ICONS if each in levels)
            return Summary(level=level, count=len(levels), words=words, icon=_ICONS[level])
    return Summary(words=tr("Nothing waits to be uploaded"))


def icon_of(line: UploadLine) -> str:
    return "delete" if line.deletion and line.level == "running" else _ICONS[line.level]


def _sum(level: Level, count: int) -> str:
    one, several = {
        "queued": (tr("One waits its turn"), tr("{count} wait their turn", count=count)),
        "running": (tr("One is on its way"), tr("{count} are on their way", count=count)),
        "offline": (
            tr("One waits for a connection"),
            tr("{count} wait for a connection", count=count),
        ),
        "waiting": (tr("One is tried again later"), tr("{count} are tried later", count=count)),
        "failed": (tr("One upload needs you"), tr("{count} uploads need you", count=count)),
    }[level]
    return one if count == 1 else several


def _words(entry: Entry, store: str) -> str:
    level = level_of(entry)
    problem = entry.problem
    if level == "failed" and problem is not None:
        return f"{problem.message} {problem.next_step}".strip()
    if level == "offline":
        return tr("{store} is out of reach. Next try: {time}.", store=store, time=_time(entry.due))
    if level == "waiting":
        said = problem.message if problem is not None else ""
        return tr("{problem} Next try: {time}.", problem=said, time=_time(entry.due)).strip()
    if entry.kind == "deletion":
        going = tr("The copy at {store} is being deleted.", store=store)
        return going if level == "running" else tr("The copy at {store} will go.", store=store)
    going = tr("On its way to {store}.", store=store)
    return going if level == "running" else tr("Waits its turn for {store}.", store=store)


def _remedy(entry: Entry) -> str:
    """The page of the settings that helps, empty for none."""
    if entry.state != "failed" or entry.problem is None:
        return ""
    for remedy in entry.problem.remedies:
        if remedy in _KEY_REMEDIES:
            return "keys"
        if remedy in _SETTING_REMEDIES:
            return "uploads"
    return "uploads" if entry.problem.kind == "not_configured" else ""


def _time(moment: float) -> str:
    """A moment as the clock on the wall shows it; ``moment`` is Unix time."""
    when = QDateTime.fromMSecsSinceEpoch(round(moment * 1000))
    if when <= QDateTime.currentDateTime():
        return tr("now")
    return QLocale().toString(when.time(), QLocale.FormatType.ShortFormat)
