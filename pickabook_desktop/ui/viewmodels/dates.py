"""Days and moments as a person reads them."""

from datetime import datetime

from PySide6.QtCore import QDate, QDateTime, QLocale, Qt


def day_text(iso: str) -> str:
    """A day such as ``6 Oct 2026`` from an ISO date or moment, on the person's own clock; a month
    where no more is known. What is none is shown as it is.
    """
    if len(iso) == len("2026-10"):
        return month_text(iso)
    date = QDate.fromString(iso, Qt.DateFormat.ISODate)
    if len(iso) > len("2026-10-06"):
        date = _moment(iso).date()
    return QLocale().toString(date, "d MMM yyyy") if date.isValid() else iso


def moment_text(iso: str, *, with_year: bool = True) -> str:
    """A moment such as ``6 Oct 2026, 14:05``, on the person's own clock."""
    moment = _moment(iso)
    return (
        QLocale().toString(moment, "d MMM yyyy, HH:mm" if with_year else "d MMM, HH:mm")
        if moment.isValid()
        else iso
    )


def month_text(month: str) -> str:
    """A month such as ``October 2026`` from ``2026-10``; what is none is shown as it is."""
    date = QDate.fromString(f"{month}-01", Qt.DateFormat.ISODate)
    return QLocale().toString(date, "MMMM yyyy") if date.isValid() else month


def _moment(iso: str) -> QDateTime:
    try:
        moment = datetime.fromisoformat(iso)
    except ValueError:
        return QDateTime()
    return QDateTime.fromMSecsSinceEpoch(round(moment.timestamp() * 1000))
