"""What is asked for when pictures are handed over, and what came of it.

Nothing of it is kept but the wishes a person last had.
"""

import math
from typing import Literal, Self

import msgspec

from pickabook_desktop.domain.errors import InputError, PickaBookError
from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.i18n import tr

ExportFormat = Literal["original", "png", "jpeg", "webp", "tiff"]
Clash = Literal["number", "replace", "skip"]
Fit = Literal["inside", "fill"]
Paper = Literal["A4", "A3", "Letter"]
CaptionLine = Literal[
    "number",
    "title",
    "date",
    "template",
    "style",
    "engine",
    "rating",
    "tags",
    "note",
    "book",
    "child",
    "seed",
    "id",
]

EXPORT_FORMATS: tuple[ExportFormat, ...] = ("original", "png", "jpeg", "webp", "tiff")
CLASHES: tuple[Clash, ...] = ("number", "replace", "skip")
PAPERS: dict[Paper, tuple[float, float]] = {
    # ISO 216 and ANSI/ASME Y14.1, upright, in millimetres.
    "A4": (210.0, 297.0),
    "A3": (297.0, 420.0),
    "Letter": (215.9, 279.4),
}
CAPTION_LINES: tuple[CaptionLine, ...] = (
    *("number", "title", "date", "template", "style", "engine"),
    *("rating", "tags", "note", "book", "child", "seed", "id"),
)
SRGB, DISPLAY_P3, NO_PROFILE = "srgb", "display-p3", "none"
MILLIMETRES_AN_INCH = 25.4
LONGEST_EDGE = 20_000
MOST_DPI = 2400
MOST_BLEED = 50.0
LARGEST_PRINT = 2000.0
# On contact sheets, in millimetres: a line of words, the space above the first, header and footer.
SHEET_LINE, SHEET_SPACE, SHEET_HEADER, SHEET_FOOTER = 3.6, 1.2, 9.0, 7.0
LEAST_SHEET_DPI, MOST_SHEET_DPI = 36, 600
DEFAULT_PATTERN = "{number:03} {title}"


class ExportWish(msgspec.Struct, frozen=True, kw_only=True):
    """How pictures are to be written.

    ``folder`` must exist; it is nothing to archives. ``original`` writes each in the format it is
    kept in, byte for byte where nothing else is asked for. ``quality`` is 1 to 100 for JPEG and
    WebP, 0 what suits the format. ``long_edge`` is in pixels; smaller pictures stay as they are
    unless they are to ``enlarge``. ``print_width`` and ``print_height`` are in millimetres at
    ``dpi`` and win over it; 0 asks for nothing, and one alone lets the other follow. With both,
    ``fit`` says whether the whole picture goes inside or fills them and loses its edges. ``dpi`` is
    written into the file. ``icc`` is one of ``SRGB``, ``DISPLAY_P3`` (colours converted, profile
    embedded), ``NO_PROFILE`` (sRGB that does not say so) and the path of an ICC profile, which may
    be one for CMYK. ``bleed`` is in millimetres on each side, beyond the size that is asked for.
    ``metadata`` says how a picture was made, and its stars, flag, label and tags, with ``notes``
    its note as well; only with ``names`` do metadata and file names have the child's name.
    ``pattern`` is as in :mod:`pickabook_desktop.domain.file_names`.
    """

    folder: str = ""
    format: ExportFormat = "original"
    quality: int = 0
    long_edge: int = 0
    enlarge: bool = False
    print_width: float = 0.0
    print_height: float = 0.0
    fit: Fit = "inside"
    dpi: int = 300
    icc: str = SRGB
    bleed: float = 0.0
    metadata: bool = True
    names: bool = False
    notes: bool = False
    pattern: str = DEFAULT_PATTERN
    on_clash: Clash = "number"


class Planned(msgspec.Struct, frozen=True, kw_only=True):
    """How large a picture will be, in pixels: ``trim`` is the size that was asked for, ``bleed``
    what goes beyond it on each side, ``full`` both. ``factor`` is how far it is enlarged: above 1
    pixels are made up. ``cut`` where the picture loses edges.
    """

    trim: Size
    full: Size
    bleed: int = 0
    factor: float = 1.0
    cut: bool = False


class SheetWish(msgspec.Struct, frozen=True, kw_only=True):
    """A contact sheet: ``columns`` x ``rows`` pictures a page. ``margin`` and ``gap`` are in
    millimetres. ``captions`` are the lines below each picture, in their order; the line of the
    child and a name in others only with ``names``. ``header`` stands at the top of each page.
    ``dpi`` is that of the pictures.
    """

    paper: Paper = "A4"
    landscape: bool = False
    columns: int = 4
    rows: int = 5
    margin: float = 12.0
    gap: float = 4.0
    captions: tuple[CaptionLine, ...] = ("title", "date")
    header: str = ""
    page_numbers: bool = True
    dpi: int = 150
    names: bool = False


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """One picture as it was written: ``file`` is a path, or the name within an archive. ``notes``
    are sentences on what is worth knowing of it.
    """

    id: str
    file: str
    size: Size
    trim: Size
    notes: tuple[str, ...] = ()


class NotDone(msgspec.Struct, frozen=True, kw_only=True):
    """What was left out: ``what`` is an id, a path or a name within an archive; ``message`` and
    ``next_step`` as errors have them.
    """

    what: str
    message: str
    next_step: str = ""

    @classmethod
    def because_of(cls, error: PickaBookError, what: str) -> Self:
        return cls(what=what, message=error.message, next_step=error.next_step)


class ExportReport(msgspec.Struct, frozen=True, kw_only=True):
    """``target`` is the folder or the archive. For ``skipped`` pictures there was a file of their
    name; ``notes`` speak of all.
    """

    target: str
    written: tuple[Written, ...] = ()
    skipped: tuple[NotDone, ...] = ()
    failed: tuple[NotDone, ...] = ()
    notes: tuple[str, ...] = ()


class SheetReport(msgspec.Struct, frozen=True, kw_only=True):
    """``target`` is the PDF; ``pictures`` are on ``pages``. Pictures that ``failed`` have an empty
    frame there.
    """

    target: str
    pages: int = 0
    pictures: int = 0
    failed: tuple[NotDone, ...] = ()


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """The picture ``id`` came from ``source``, a path, or ``archive.zip/name`` in one."""

    id: str
    source: str


class Known(msgspec.Struct, frozen=True, kw_only=True):
    """``source`` is in the library already as ``id``, perhaps in its trash."""

    id: str
    source: str
    trashed: bool = False


class ImportReport(msgspec.Struct, frozen=True, kw_only=True):
    """``foreign`` are pictures that this program has not made, ``refused`` what cannot be taken."""

    imported: tuple[Imported, ...] = ()
    known: tuple[Known, ...] = ()
    foreign: tuple[str, ...] = ()
    refused: tuple[NotDone, ...] = ()


class ProfileFacts(msgspec.Struct, frozen=True, kw_only=True):
    """An ICC profile: what it calls itself and its colour space (``RGB``, ``CMYK``, ``GRAY``), and
    which of ``EXPORT_FORMATS`` can hold pictures in it.
    """

    title: str
    space: str
    formats: tuple[ExportFormat, ...]


def planned(size: Size, wish: ExportWish) -> Planned:
    """How large a picture of ``size`` will be. Raises InputError as :func:`check_export`."""
    check_export(wish)
    box = _box(size, wish)
    if box is None:
        trim, factor, whole = size, 1.0, size
    else:
        by_width, by_height = box[0] / size.width, box[1] / size.height
        filling = wish.fit == "fill" and wish.print_width > 0 and wish.print_height > 0
        factor = max(by_width, by_height) if filling else min(by_width, by_height)
        whole = Size(_at_least_one(size.width * factor), _at_least_one(size.height * factor))
        trim = Size(_at_least_one(box[0]), _at_least_one(box[1])) if filling else whole
    bleed = round(wish.bleed / MILLIMETRES_AN_INCH * wish.dpi)
    full = Size(trim.width + 2 * bleed, trim.height + 2 * bleed)
    if max(full.width, full.height) > LONGEST_EDGE:
        raise InputError(
            tr("{size} pixels are too many.", size=full),
            tr("Choose a smaller print or fewer dots per inch."),
        )
    return Planned(trim=trim, full=full, bleed=bleed, factor=factor, cut=trim != whole)


def _box(size: Size, wish: ExportWish) -> tuple[float, float] | None:
    """The pixels that the picture has to go into; None where it stays as it is."""
    if wish.print_width or wish.print_height:
        width = wish.print_width / MILLIMETRES_AN_INCH * wish.dpi
        height = wish.print_height / MILLIMETRES_AN_INCH * wish.dpi
        return width or height * size.aspect, height or width / size.aspect
    if wish.long_edge:
        factor = wish.long_edge / max(size.width, size.height)
        if factor < 1 or wish.enlarge:
            return size.width * factor, size.height * factor
    return None


def _at_least_one(pixels: float) -> int:
    return max(1, round(pixels))


def check_export(wish: ExportWish) -> None:
    """Raise InputError for numbers that no export can have."""
    within = (
        0 <= wish.quality <= 100
        and (wish.long_edge == 0 or 16 <= wish.long_edge <= LONGEST_EDGE)
        and 0 <= wish.print_width <= LARGEST_PRINT
        and 0 <= wish.print_height <= LARGEST_PRINT
        and 0 <= wish.bleed <= MOST_BLEED
        and 1 <= wish.dpi <= MOST_DPI
    )
    if not within:
        raise InputError(
            tr("A number of this export is out of range."),
            tr(
                "Quality goes to 100, an edge from 16 to {edge} pixels, a print to {print} mm, "
                "bleed to {bleed} mm, and resolution to {dpi} dots per inch.",
                edge=LONGEST_EDGE,
                print=round(LARGEST_PRINT),
                bleed=round(MOST_BLEED),
                dpi=MOST_DPI,
            ),
        )


def check_sheet(wish: SheetWish) -> None:
    """Raise InputError unless pictures of some size go onto the paper."""
    width, height = PAPERS[wish.paper]
    if wish.landscape:
        width, height = height, width
    words = SHEET_LINE * len(wish.captions) + SHEET_SPACE
    bands = SHEET_HEADER * bool(wish.header) + SHEET_FOOTER * wish.page_numbers
    across = (width - 2 * wish.margin - (wish.columns - 1) * wish.gap) / max(1, wish.columns)
    down = (height - 2 * wish.margin - bands - (wish.rows - 1) * wish.gap) / max(1, wish.rows)
    least = 8.0
    fits = (
        min(wish.columns, wish.rows) >= 1
        and math.isfinite(wish.margin)
        and math.isfinite(wish.gap)
        and min(wish.margin, wish.gap) >= 0
        and min(across, down - words) >= least
        and LEAST_SHEET_DPI <= wish.dpi <= MOST_SHEET_DPI
    )
    if not fits:
        raise InputError(
            tr("The pictures would not fit on the page."),
            tr("Choose fewer columns, rows or lines of words, or smaller margins."),
        )
