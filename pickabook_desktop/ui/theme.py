"""The look of the program: tokens, and how they and the palettes reach the widgets.

No other module holds a length, and none but ``ui/palette.py`` a colour. A widget that paints itself
asks :func:`palette_now` inside ``paintEvent``; a button or action gets its icon by
:func:`set_icon`, so that it is tinted anew when the system changes between light and dark.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Literal, cast

from PySide6.QtCore import QByteArray, QObject, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QFont,
    QFontMetrics,
    QGuiApplication,
    QIcon,
    QPainter,
    QPalette,
    QPen,
    QPixmap,
)
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from pickabook_desktop.storage.places import find_resources
from pickabook_desktop.ui.palette import DARK, LIGHT, PALETTES, Palette
from pickabook_desktop.ui.stylesheet import stylesheet

Scheme = Literal["system", "light", "dark"]
Role = Literal["text", "quiet", "accent", "on_accent", "good", "warn", "bad"]


class Space:
    """Distances in device-independent pixels."""

    HAIR = 1
    TINY = 4
    SMALL = 8
    MEDIUM = 12
    LARGE = 16
    HUGE = 24


class Metric:
    """Sizes in device-independent pixels."""

    CARD_RADIUS = 8
    FIELD_RADIUS = 6
    HIT = 32
    PRIMARY_HIT = 44
    ICON = 20
    SMALL_ICON = 16
    BIG_ICON = 40
    SIGN = 28
    HEADER = 48
    HISTORY = 104
    VARIATIONS = 88
    PHOTO_COLUMN = 260
    PAGE_COLUMN = 412
    TEMPLATE_THUMB = 104
    STYLE_THUMB = 56
    LABEL = 72
    FOCUS = 2


class Type:
    """Sizes of type in pixels."""

    SMALL = 12
    BODY = 13
    STRONG = 15
    TITLE = 20


class Motion:
    """Lengths of fades and slides in milliseconds; ask :func:`motion_wanted` first."""

    SHORT = 120
    LONG = 160


STYLE = "Fusion"
_SCHEME = "pickabook_scheme"
_ICON = "pickabook_icon"
_ICON_ROLE = "pickabook_icon_role"


class Theme(QObject):
    """Keeps the application in the system's colour scheme, or in the one asked for.

    ``app`` must have the style ``STYLE``. Making a theme sets the font, :meth:`set_scheme` the
    colours; a window is built faster in between, for then Qt works the style sheet out once and
    not with every widget.
    """

    changed = Signal()

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        font = app.font()
        font.setPixelSize(Type.BODY)
        app.setFont(font)
        self._tint = palette_now().name
        app.styleHints().colorSchemeChanged.connect(self._on_scheme_changed)

    def set_scheme(self, scheme: Scheme) -> None:
        """Follow the system, or stay light or dark whatever it says."""
        self._app.setProperty(_SCHEME, scheme)
        self._dress()

    def _on_scheme_changed(self) -> None:
        self._dress()

    def _dress(self) -> None:
        palette = palette_now()
        self._app.setPalette(_qt_palette(palette))
        arrows = find_resources() / "icons" / "arrows" / palette.name
        sheet = stylesheet(palette.as_mapping(), _lengths(), arrows.as_posix())
        self._app.setStyleSheet(sheet)
        # Asking for all widgets is dear, and at the start their icons have the right tint already.
        if palette.name != self._tint:
            self._tint = palette.name
            _tint_again(self._app.allWidgets())
        self.changed.emit()


def apply_theme(app: QApplication, scheme: Scheme = "system") -> Theme:
    """Dress the application; what is returned lives as long as ``app``."""
    app.setStyle(STYLE)
    theme = Theme(app)
    theme.set_scheme(scheme)
    return theme


def palette_now() -> Palette:
    """The palette in force."""
    app = QApplication.instance()
    scheme = app.property(_SCHEME) if app is not None else None
    if scheme in PALETTES:
        return PALETTES[scheme]
    dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
    return DARK if dark else LIGHT


def icon(name: str, role: Role = "text") -> QIcon:
    """The drawing ``resources/icons/<name>.svg`` in the colour of ``role``, as of now.

    Raises FileNotFoundError where there is no such drawing. Prefer :func:`set_icon` on buttons.
    """
    drawing = _drawing(name, role)
    ratio = max((screen.devicePixelRatio() for screen in QGuiApplication.screens()), default=1.0)
    result = QIcon()
    for size in (Metric.SMALL_ICON, Metric.ICON):
        pixmap = _rendered(drawing, round(size * ratio))
        result.addPixmap(pixmap, QIcon.Mode.Normal)
        result.addPixmap(_faded(pixmap), QIcon.Mode.Disabled)
    return result


def program_icon() -> QIcon:
    """The program's own sign, in its own colours."""
    return QIcon(str(_drawing_file("app")))


def program_drawing() -> QSvgRenderer:
    """The same as a drawing."""
    return QSvgRenderer(str(_drawing_file("app")))


def icon_pixmap(name: str, size: int, role: Role = "text", ratio: float = 1.0) -> QPixmap:
    """The same drawing, ``size`` device-independent pixels wide, for painting oneself."""
    pixmap = _rendered(_drawing(name, role), round(size * ratio))
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def set_icon(target: QAbstractButton | QAction, name: str, role: Role = "text") -> None:
    """Give a button or an action an icon that follows the theme."""
    target.setProperty(_ICON, name)
    target.setProperty(_ICON_ROLE, role)
    target.setIcon(icon(name, role))


def sized_font(base: QFont, size: int, *, strong: bool = False) -> QFont:
    """``base`` at one of the sizes of :class:`Type`."""
    font = QFont(base)
    font.setPixelSize(size)
    font.setWeight(QFont.Weight.DemiBold if strong else QFont.Weight.Normal)
    return font


def motion_wanted() -> bool:
    """False where the system asks for no animation."""
    from PySide6.QtWidgets import QStyle

    hint = QStyle.StyleHint.SH_Widget_Animation_Duration
    return QApplication.style().styleHint(hint) > 0


def tabular_width(font: QFont, digits: int) -> int:
    """The room that ``digits`` figures need, so that numbers do not make their label jump."""
    return QFontMetrics(font).horizontalAdvance("0" * digits)


def draw_focus_ring(painter: QPainter, rect: QRectF, radius: float = Metric.CARD_RADIUS) -> None:
    """Draw the ring that marks the keyboard's place just inside ``rect``."""
    inset = Metric.FOCUS / 2
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(palette_now().colour("accent"), Metric.FOCUS))
    painter.drawRoundedRect(rect.adjusted(inset, inset, -inset, -inset), radius, radius)
    painter.restore()


def _lengths() -> dict[str, int]:
    holders = {"space": Space, "metric": Metric, "type": Type}
    return {
        f"{prefix}_{name.lower()}": value
        for prefix, holder in holders.items()
        for name, value in vars(holder).items()
        if isinstance(value, int)
    }


def _qt_palette(tokens: Palette) -> QPalette:
    role = QPalette.ColorRole
    wanted = {
        role.Window: "ground",
        role.WindowText: "text",
        role.Base: "surface",
        role.AlternateBase: "ground",
        role.Text: "text",
        role.PlaceholderText: "quiet",
        role.Button: "surface",
        role.ButtonText: "text",
        role.ToolTipBase: "surface",
        role.ToolTipText: "text",
        role.Highlight: "accent",
        role.HighlightedText: "on_accent",
        role.Accent: "accent",
        role.Link: "accent",
        role.LinkVisited: "accent",
        role.Mid: "line",
        role.Midlight: "line",
        role.Dark: "edge",
        role.BrightText: "bad",
    }
    palette = QPalette()
    for colour_role, name in wanted.items():
        palette.setColor(colour_role, tokens.colour(name))
    for colour_role in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, colour_role, tokens.colour("quiet"))
    return palette


def _drawing_file(name: str) -> Path:
    return find_resources() / "icons" / f"{name}.svg"


def _drawing(name: str, role: Role) -> QSvgRenderer:
    text = _drawing_file(name).read_text(encoding="utf-8")
    tinted = text.replace("#000", palette_now().colour(role).name())
    return QSvgRenderer(QByteArray(tinted.encode()))


def _rendered(renderer: QSvgRenderer, pixels: int) -> QPixmap:
    pixmap = QPixmap(pixels, pixels)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    return pixmap


def _faded(pixmap: QPixmap) -> QPixmap:
    faded = QPixmap(pixmap.size())
    faded.fill(Qt.GlobalColor.transparent)
    painter = QPainter(faded)
    painter.setOpacity(0.45)
    painter.drawPixmap(0, 0, pixmap)
    painter.end()
    return faded


def _tint_again(widgets: Iterable[QWidget]) -> None:
    for widget in widgets:
        holders: list[QAbstractButton | QAction] = list(widget.actions())
        if isinstance(widget, QAbstractButton):
            holders.append(widget)
        for holder in holders:
            name = holder.property(_ICON)
            if isinstance(name, str):
                set_icon(holder, name, cast("Role", holder.property(_ICON_ROLE)))
