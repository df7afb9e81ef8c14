"""What leaves this computer: the very pictures and words, to whom, and on which terms."""

from collections.abc import Sequence

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QImage, QImageReader, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from pickabook_desktop.domain.capabilities import Capabilities, Terms
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.outgoing import Outgoing, OutgoingImage
from pickabook_desktop.ui.theme import Metric, Space, palette_now
from pickabook_desktop.ui.viewmodels.cost import amount_text
from pickabook_desktop.ui.viewmodels.picture_size import size_text
from pickabook_desktop.ui.widgets.buttons import text_button
from pickabook_desktop.ui.widgets.flow import FlowLayout
from pickabook_desktop.ui.widgets.labels import IconMark, heading, wrapped
from pickabook_desktop.ui.widgets.tab_order import tab_by_layout

PICTURE = 176
PROMPT_LINES = 5
WIDTH = 900


class SentPicture(QWidget):
    """One outgoing picture, decoded from the very bytes that leave."""

    def __init__(self, sent: OutgoingImage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.image = decoded(sent.data, PICTURE * 2)
        self.setAccessibleName(f"{sent.title}. {_measures(sent)}")
        self._frame = _Framed(self.image)
        title = wrapped(sent.title, "body-strong")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(Space.TINY)
        layout.addWidget(self._frame)
        layout.addWidget(title)
        layout.addWidget(wrapped(_measures(sent), "quiet"))
        layout.addWidget(wrapped(_about(sent), "quiet"))
        layout.addStretch(1)
        self.setFixedWidth(PICTURE)

    def sizeHint(self) -> QSize:
        layout = self.layout()
        height = layout.totalHeightForWidth(PICTURE) if layout is not None else PICTURE
        return QSize(PICTURE, height)


class OutgoingView(QWidget):
    """Shows an :class:`Outgoing` and what the engine says of its service."""

    def __init__(
        self,
        outgoing: Outgoing,
        capabilities: Capabilities,
        count: int,
        parent: QWidget | None = None,
    ) -> None:
        """``count`` is how many pictures are to be drawn."""
        super().__init__(parent)
        self.pictures = [SentPicture(image) for image in outgoing.images]
        self.prompt = QPlainTextEdit(outgoing.prompt)
        self.prompt.setReadOnly(True)
        self.prompt.setTabChangesFocus(True)
        self.prompt.setAccessibleName(tr("Prompt that is sent"))
        self.prompt.setMinimumHeight(PROMPT_LINES * self.prompt.fontMetrics().lineSpacing())
        left = QVBoxLayout()
        left.setSpacing(Space.LARGE)
        left.addWidget(self._shown_pictures())
        words = QVBoxLayout()
        words.setSpacing(Space.TINY)
        words.addWidget(heading(tr("Prompt, word for word"), self.prompt))
        words.addWidget(self.prompt, 1)
        left.addLayout(words, 1)
        right = _facts(outgoing, capabilities, count)
        columns = QHBoxLayout(self)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(Space.HUGE)
        columns.addLayout(left, 1)
        columns.addLayout(right, 1)

    def _shown_pictures(self) -> QWidget:
        holder = QWidget()
        if not self.pictures:
            layout = QVBoxLayout(holder)
            layout.setContentsMargins(0, 0, 0, 0)
            layout.addWidget(wrapped(tr("No picture is sent, only the prompt."), ""))
            return holder
        flow = FlowLayout(holder, Space.LARGE)
        holder.setMinimumWidth(2 * PICTURE + Space.LARGE)
        policy = holder.sizePolicy()
        policy.setHeightForWidth(True)
        holder.setSizePolicy(policy)
        for picture in self.pictures:
            flow.addWidget(picture)
        return holder


class SendingDialog(QDialog):
    """A look at what would be sent. There is nothing to agree to, and nothing is sent.

    Opened before its content is known; :meth:`show_outgoing` or :meth:`show_problem` fills it.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("What is sent"))
        self.view: OutgoingView | None = None
        self._title = wrapped(tr("What is sent"), "title")
        self._lead = wrapped(tr("Getting the pictures ready…"), "")
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.foot = QVBoxLayout()
        self.foot.setSpacing(Space.MEDIUM)
        self.box = QDialogButtonBox()
        self.close_button = self.box.addButton(
            self._close_words(), QDialogButtonBox.ButtonRole.RejectRole
        )
        self.box.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.HUGE, Space.HUGE, Space.HUGE, Space.LARGE)
        column.setSpacing(Space.MEDIUM)
        column.addWidget(self._title)
        column.addWidget(self._lead)
        column.addWidget(self._area, 1)
        column.addLayout(self.foot)
        column.addWidget(self.box)
        self.resize(WIDTH, 240)

    def show_outgoing(self, outgoing: Outgoing, capabilities: Capabilities, count: int) -> None:
        """Show everything."""
        self._say(*self._heading(outgoing, capabilities))
        self.view = OutgoingView(outgoing, capabilities, count)
        self.view.setProperty("kind", "scrolled")
        self._area.setWidget(self.view)
        tab_by_layout(self)
        self._grow()

    def show_problem(self, message: str) -> None:
        """Why it cannot be shown."""
        self._say(tr("What is sent"), message)

    def _close_words(self) -> str:
        return tr("Close")

    def _heading(self, outgoing: Outgoing, capabilities: Capabilities) -> tuple[str, str]:
        if not outgoing.leaves:
            return tr("Nothing leaves this computer"), capabilities.summary
        title = tr("This is sent to {name}", name=outgoing.recipient)
        return title, tr("Exactly these pictures and words, and nothing about them.")

    def _say(self, title: str, lead: str) -> None:
        self._title.setText(title)
        self._lead.setText(lead)
        self.setWindowTitle(title)

    def _grow(self) -> None:
        """As high as what it shows, as far as the screen allows."""
        view = self.view
        if view is None:
            return
        self.ensurePolished()
        needed = view.heightForWidth(WIDTH - 2 * Space.HUGE)
        room = self.screen().availableGeometry().height() - Metric.HEADER
        self._area.setMinimumHeight(0)
        layout = self.layout()
        rest = layout.totalMinimumHeightForWidth(WIDTH) if layout is not None else 0
        rest -= self._area.minimumSizeHint().height()
        self.resize(WIDTH, min(room, rest + needed + Space.SMALL))


class _Framed(QWidget):
    """The picture as it is, on the neutral ground for pictures."""

    def __init__(self, image: QImage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = image
        self.setFixedSize(PICTURE, PICTURE)

    def paintEvent(self, event: QPaintEvent, /) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), palette_now().colour("backdrop"))
        if self._image.isNull():
            painter.setPen(palette_now().colour("on_backdrop"))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, tr("No preview"))
            return
        size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = self.rect().adjusted(0, 0, 0, 0)
        place.setSize(size)
        place.moveCenter(self.rect().center())
        painter.drawImage(place, self._image)


def decoded(data: bytes, longest: int) -> QImage:
    """The picture in ``data``, no longer than ``longest`` pixels; null where it cannot be read."""
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer)
    size = reader.size()
    if max(size.width(), size.height()) > longest:
        reader.setScaledSize(size.scaled(longest, longest, Qt.AspectRatioMode.KeepAspectRatio))
    return reader.read()


def terms_button(terms: Terms) -> QWidget | None:
    """Opens the terms in the browser; None where they have no address there."""
    if not terms.url.startswith("https://"):
        return None
    button = text_button(tr("Read the terms"), "globe", "flat")
    button.setToolTip(terms.url)
    button.clicked.connect(lambda: QDesktopServices.openUrl(QUrl(terms.url)))
    return button


def _facts(outgoing: Outgoing, capabilities: Capabilities, count: int) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(Space.LARGE)
    recipient = wrapped(outgoing.recipient or tr("nobody"), "body-strong")
    column.addLayout(_part(tr("To"), recipient))
    if outgoing.price.amount > 0:
        column.addLayout(_part(tr("Price"), wrapped(_price(outgoing, count), "")))
    if capabilities.privacy:
        column.addLayout(_part(tr("Good to know"), _sentences(capabilities.privacy)))
    terms = _part(tr("Terms"), wrapped(capabilities.terms.summary, ""))
    link = terms_button(capabilities.terms)
    if link is not None:
        terms.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
    column.addLayout(terms)
    column.addStretch(1)
    return column


def _part(title: str, content: QWidget) -> QVBoxLayout:
    part = QVBoxLayout()
    part.setSpacing(Space.TINY)
    part.addWidget(heading(title))
    part.addWidget(content)
    return part


def _sentences(sentences: Sequence[str]) -> QWidget:
    holder = QWidget()
    grid = QGridLayout(holder)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(Space.SMALL)
    grid.setVerticalSpacing(Space.TINY)
    grid.setColumnStretch(1, 1)
    for row, sentence in enumerate(sentences):
        mark = IconMark("info", "quiet", Metric.SMALL_ICON)
        grid.addWidget(mark, row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(wrapped(sentence, ""), row, 1)
    return holder


def _price(outgoing: Outgoing, count: int) -> str:
    price = outgoing.price
    each = amount_text(price.amount, price.currency)
    if count == 1:
        return tr("{price} for the picture", price=each)
    total = amount_text(price.amount * count, price.currency)
    return tr("{price} for {count} pictures, {each} each", price=total, count=count, each=each)


def _measures(sent: OutgoingImage) -> str:
    kilobytes = max(1, round(len(sent.data) / 1000))
    kind = sent.media_type.partition("/")[2].upper() or sent.media_type
    return tr("{size}\n{kind}, {kb} kB", kind=kind, size=size_text(sent.size), kb=kilobytes)


def _about(sent: OutgoingImage) -> str:
    words = {
        "face": tr("A crop of the face; the rest of the photo stays here."),
        "photo": tr("The whole photo."),
        "scene": tr("A drawing; nobody can be recognised in it."),
    }
    return words[sent.role]
