"""A link to a copy: until when it opens, and which picture it shows."""

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from pickabook_desktop.domain.errors import PickaBookError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.stored import LinkWish, StoredPicture, StoreState
from pickabook_desktop.jobs.stores import StoreRegistry
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.ui.dialogs.settings.parts import Rows, StatusLine
from pickabook_desktop.ui.theme import Space, set_icon
from pickabook_desktop.ui.uploads.link_model import LinkMaker
from pickabook_desktop.ui.widgets.buttons import text_button
from pickabook_desktop.ui.widgets.labels import wrapped

HOUR, DAY = 3600, 86_400
WEEK = 7 * DAY
WIDTH = 560
LONGEST_EDGE = 10_000
# Typing a number changes the link with every digit.
PAUSE_MS = 120
FORMATS = ("", "auto", "jpg", "png", "webp", "avif")


class LinkDialog(QDialog):
    """Shows the link as it is with every change; offers only what the store can do."""

    copied = Signal(str, object)
    """The address, and the :class:`LinkWish` it was made for."""
    opened = Signal(str)

    def __init__(
        self,
        copies: Sequence[tuple[StoredPicture, StoreState]],
        stores: StoreRegistry,
        lanes: Lanes,
        parent: QWidget | None = None,
    ) -> None:
        """``copies`` are all of one picture, at least one."""
        super().__init__(parent)
        self.setWindowTitle(tr("Link to the picture"))
        self._copies = copies
        self._maker = LinkMaker(stores, lanes, self)
        self._made_for = LinkWish()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(PAUSE_MS)
        self._later.timeout.connect(self._ask)
        self.place = QComboBox()
        for stored, state in copies:
            self.place.addItem(state.title, stored.remote_id)
        self.expiry = _combo(_expiries())
        self.width_field = _number_field(LONGEST_EDGE, tr(" px"))
        self.height_field = _number_field(LONGEST_EDGE, tr(" px"))
        self.format = _combo([(_format_title(name), name) for name in FORMATS])
        self.quality = _number_field(100)
        self.url = QPlainTextEdit()
        self.problem = StatusLine()
        self.note = wrapped("", "quiet")
        self.copy_button = text_button(tr("Copy the link"), "copy", "primary")
        set_icon(self.copy_button, "copy", "on_accent")
        self.open_button = text_button(tr("Open in the browser"), "globe")
        self._lay_out()
        self._connect()
        self._on_place_chosen()

    @property
    def wish(self) -> LinkWish:
        """What is wished for now."""
        info = self._chosen[1].info
        signs, transforms = bool(info and info.signs_links), bool(info and info.transforms)
        return LinkWish(
            expires_in=int(self.expiry.currentData()) if signs else 0,
            width=self.width_field.value() if transforms else 0,
            height=self.height_field.value() if transforms else 0,
            quality=self.quality.value() if transforms else 0,
            format=str(self.format.currentData()) if transforms else "",
        )

    @property
    def _chosen(self) -> tuple[StoredPicture, StoreState]:
        return self._copies[max(0, self.place.currentIndex())]

    def _lay_out(self) -> None:
        self._place_rows, self._sign_rows, self._change_rows = QWidget(), QWidget(), QWidget()
        size = QHBoxLayout()
        size.setSpacing(Space.SMALL)
        size.addWidget(self.width_field, 1)
        size.addWidget(wrapped("×"))
        size.addWidget(self.height_field, 1)
        sized = QWidget()
        sized.setLayout(size)
        size.setContentsMargins(0, 0, 0, 0)
        _fill(self._place_rows, ((tr("Kept at"), self.place, ""),))
        said = tr("Who has the link can open it until then.")
        _fill(self._sign_rows, ((tr("Opens"), self.expiry, said),))
        shown = (
            (tr("Pixels"), sized, tr("With both given it is cut to fit.")),
            (tr("Format"), self.format, ""),
            (tr("Quality"), self.quality, ""),
        )
        _fill(self._change_rows, shown)
        self.width_field.setAccessibleName(tr("Width in pixels"))
        self.height_field.setAccessibleName(tr("Height in pixels"))
        self.url.setReadOnly(True)
        self.url.setTabChangesFocus(True)
        self.url.setAccessibleName(tr("The link"))
        self.url.setFixedHeight(5 * self.fontMetrics().lineSpacing())
        self.url.setWordWrapMode(self.url.wordWrapMode().WrapAnywhere)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.HUGE, Space.HUGE, Space.HUGE, Space.HUGE)
        column.setSpacing(Space.MEDIUM)
        for part in (self._place_rows, self._sign_rows, self._change_rows, self.url, self.note):
            column.addWidget(part)
        column.addWidget(self.problem)
        column.addLayout(self._buttons())
        self.setMinimumWidth(WIDTH)

    def _buttons(self) -> QHBoxLayout:
        close = QPushButton(tr("Close"))
        close.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.setSpacing(Space.SMALL)
        row.addWidget(close)
        row.addStretch(1)
        row.addWidget(self.open_button)
        row.addWidget(self.copy_button)
        self.copy_button.setDefault(True)
        return row

    def _connect(self) -> None:
        self.place.currentIndexChanged.connect(self._on_place_chosen)
        for combo in (self.expiry, self.format):
            combo.currentIndexChanged.connect(self._on_wish_changed)
        for field in (self.width_field, self.height_field, self.quality):
            field.valueChanged.connect(self._on_wish_changed)
        self._maker.made.connect(self._on_made)
        self._maker.failed.connect(self._on_failed)
        self.copy_button.clicked.connect(self._on_copy)
        self.open_button.clicked.connect(lambda: self.opened.emit(self.url.toPlainText()))

    def _on_place_chosen(self) -> None:
        stored, state = self._chosen
        info = state.info
        self._place_rows.setVisible(len(self._copies) > 1)
        self._sign_rows.setVisible(bool(info and info.signs_links))
        self._change_rows.setVisible(bool(info and info.transforms))
        private = tr("This picture is private: it opens with a link made here, and not without.")
        public = tr("This picture is public: its plain address opens for everybody, for ever.")
        signs = bool(info and info.signs_links)
        self.note.setText(private if stored.private else public)
        self.note.setVisible(signs)
        self.expiry.setCurrentIndex(self.expiry.findData(WEEK if stored.private else 0))
        self._ask()

    def _on_wish_changed(self) -> None:
        self._later.start()

    def _ask(self) -> None:
        self._later.stop()
        self._made_for = self.wish
        self._maker.make(self._chosen[0], self._made_for)

    def _on_made(self, address: str) -> None:
        self.problem.clear()
        self.url.setPlainText(address)
        self._allow(True)

    def _on_failed(self, error: PickaBookError) -> None:
        self.url.clear()
        self.problem.say_error(error)
        self._allow(False)

    def _allow(self, made: bool) -> None:
        self.copy_button.setEnabled(made)
        self.open_button.setEnabled(made)

    def _on_copy(self) -> None:
        self.copied.emit(self.url.toPlainText(), self._made_for)

    def done(self, result: int, /) -> None:
        self._later.stop()
        super().done(result)


def _expiries() -> list[tuple[str, int]]:
    return [
        (tr("For an hour"), HOUR),
        (tr("For a day"), DAY),
        (tr("For a week"), WEEK),
        (tr("For 30 days"), 30 * DAY),
        (tr("For a year"), 365 * DAY),
        (tr("For ever"), 0),
    ]


def _format_title(name: str) -> str:
    titles = {"": tr("As it is"), "auto": tr("What the browser takes best"), "jpg": "JPEG"}
    return titles.get(name, name.upper() if name != "webp" else "WebP")


def _combo(entries: Sequence[tuple[str, object]]) -> QComboBox:
    combo = QComboBox()
    for title, value in entries:
        combo.addItem(title, value)
    return combo


def _number_field(most: int, unit: str = "") -> QSpinBox:
    """A number for which 0 leaves the picture as it is."""
    field = QSpinBox()
    field.setRange(0, most)
    field.setSpecialValueText(tr("As it is"))
    field.setSuffix(unit)
    field.setSingleStep(100 if unit else 5)
    field.lineEdit().setTextMargins(Space.TINY, 0, 0, 0)
    return field


def _fill(holder: QWidget, rows: Sequence[tuple[str, QWidget, str]]) -> None:
    grid = Rows()
    for title, field, said in rows:
        grid.add_field(title, field, said)
    holder.setLayout(grid)
