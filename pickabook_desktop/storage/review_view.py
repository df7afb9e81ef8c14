"""A view of the library's cards as a query that gives them in its order."""

import unicodedata
from collections.abc import Iterable

import msgspec

from pickabook_desktop.domain.names import folded
from pickabook_desktop.domain.review import View
from pickabook_desktop.storage.database import Value
from pickabook_desktop.storage.review_search import Found, Index, found_by

_DAY = "date((cards.n >> 20) / 1000, 'unixepoch', 'localtime')"
_NAMES = ("template", "child", "engine")


class Ordered(msgspec.Struct, frozen=True, kw_only=True):
    """``query`` gives ``n`` and the group of each card in the order of the view. A group is a day,
    or the place of its name in ``keys``. ``ranks`` says for each field by whose names the cards are
    ordered which place each has: JSON of pairs that the table ``ranks`` must hold.
    """

    query: str
    values: tuple[Value, ...]
    keys: tuple[str, ...] = ()
    ranks: dict[str, str] = {}

    def key_of(self, group: object) -> str:
        """The key of a group as the query gives it."""
        return self.keys[group] if isinstance(group, int) else str(group or "")


def ordered(view: View, index: Index) -> Ordered:
    """The cards of ``view``. Names are compared without regard to case."""
    found = found_by(view.search, index)
    if view.stacked:
        found = _newest_of_each(found)
    way = "DESC" if view.descending else "ASC"
    joins: list[str] = []
    ranks: dict[str, str] = {}
    keys: tuple[str, ...] = ()
    group, order = "NULL", list[str]()
    if view.grouping == "day":
        group = _DAY
        # The order of time is that of days too, and needs no sorting.
        order += [f"{_DAY} {way}"] * (view.sort != "date")
    elif view.grouping:
        keys, ranks[view.grouping] = _ranked(index.values(view.grouping))
        joins.append(_joined(view.grouping, "grouped"))
        group = "grouped.rank"
        order.append(group)
    if view.sort in _NAMES and view.sort != view.grouping:
        _, ranks[view.sort] = _ranked(index.values(view.sort))
        joins.append(_joined(view.sort, "sorted"))
        order += [f"cards.{view.sort}=''", f"sorted.rank {way}"]
    order += _by_value(view, way)
    order.append(f"{'words.rowid' if found.by_words else 'cards.n'} {way}")
    query = (
        f"SELECT cards.n, {group} AS grp FROM {found.source} {' '.join(joins)}"  # noqa: S608
        f" WHERE {found.condition} ORDER BY {', '.join(order)}"
    )
    return Ordered(query=query, values=(*found.given, *found.values), keys=keys, ranks=ranks)


def _newest_of_each(found: Found) -> Found:
    """Of the variations of one request that were found, the newest; those of none stay."""
    newest = (
        f"SELECT max(cards.n) AS n FROM {found.source} WHERE {found.condition}"  # noqa: S608
        " GROUP BY cards.stack, CASE WHEN cards.stack='' THEN cards.n END"
    )
    return Found(
        source=f"({newest}) AS newest JOIN cards ON cards.n=newest.n",
        given=(*found.given, *found.values),
        condition="TRUE",
    )


def _by_value(view: View, way: str) -> list[str]:
    match view.sort:
        case "rating":
            # No stars is no value.
            return ["cards.rating=0", f"cards.rating {way}"][view.descending :]
        case "likeness":
            # How far a face is from the photo's: the best is the least.
            return [f"cards.likeness {'ASC' if view.descending else 'DESC'} NULLS LAST"]
        case "cost":
            return [f"cards.cost {way} NULLS LAST"]
        case _:
            return []


def _ranked(names: Iterable[str]) -> tuple[tuple[str, ...], str]:
    """Names in the order of the alphabet, each once however it is written, the empty one last; and
    as JSON the place of each that was given.
    """
    known: dict[str, str] = {}
    spelled: dict[str, list[str]] = {}
    for name in sorted(names):
        same = folded(name)
        known.setdefault(same, name)
        spelled.setdefault(same, []).append(name)
    # “Émile” stands among those with E.
    places = sorted(known, key=lambda same: (not same, _bare(same), same))
    table = [[name, place] for place, same in enumerate(places) for name in spelled[same]]
    return tuple(known[same] for same in places), msgspec.json.encode(table).decode()


def _bare(name: str) -> str:
    parts = unicodedata.normalize("NFKD", name)
    return "".join(part for part in parts if not unicodedata.combining(part))


def _joined(field: str, name: str) -> str:
    return f"LEFT JOIN temp.ranks AS {name} ON {name}.field='{field}' AND {name}.name=cards.{field}"
