"""The style sheet, built from the tokens it is given.

Widgets ask for a variant by dynamic properties: ``kind`` on buttons (``primary``, ``flat``,
``tool``, ``danger``) and on frames (``card``, ``bar``, ``wash-good``, ``wash-warn``, ``wash-bad``),
``type`` on labels (``title``, ``strong``, ``heading``, ``small``, ``quiet``).
"""

from collections.abc import Mapping
from string import Template

_BASE = Template("""
QWidget { color: $text; }
QMainWindow, QDialog { background: $ground; }
QToolTip { background: $surface; color: $text; border: 1px solid $edge; padding: 4px 8px; }
QLabel { background: transparent; }
QLabel[type="title"] { font-size: ${type_title}px; font-weight: 600; }
QLabel[type="strong"] { font-size: ${type_strong}px; font-weight: 600; }
QLabel[type="heading"] { font-size: ${type_small}px; font-weight: 600; color: $quiet; }
QLabel[type="body-strong"] { font-weight: 600; }
QLabel[type="small"] { font-size: ${type_small}px; }
QLabel[type="quiet"] { font-size: ${type_small}px; color: $quiet; }
QLabel[type="overlay"] {
    background: $surface; font-size: ${type_small}px; border-radius: ${metric_field_radius}px;
    padding: 4px 8px; }
QLabel[level="good"] { color: $good; font-weight: 600; }
QLabel[level="warn"] { color: $warn; font-weight: 600; }
QLabel[level="stop"] { color: $bad; font-weight: 600; }
QFrame[kind="card"] {
    background: $surface; border: 1px solid $line; border-radius: ${metric_card_radius}px; }
QFrame[kind="popup"] { background: $surface; border: 1px solid $edge; }
QFrame[kind="bar"] { background: $surface; border: none; }
QFrame[kind="rule"] { background: $line; border: none; }
QFrame[kind="wash-good"] { background: $good_wash; border: none; border-radius: 8px; }
QFrame[kind="wash-warn"] { background: $warn_wash; border: none; border-radius: 8px; }
QFrame[kind="wash-stop"], QFrame[kind="wash-bad"] {
    background: $bad_wash; border: none; border-radius: 8px; }
QScrollArea, QScrollArea > QWidget > QWidget[kind="scrolled"] {
    background: transparent; border: none; }
QSplitter::handle { background: $line; }
QSplitter::handle:hover { background: $accent; }
""")

_BUTTONS = Template("""
QPushButton, QToolButton {
    background: $surface; border: 1px solid $edge; border-radius: ${metric_field_radius}px;
    padding: 3px 11px; min-height: 24px; }
QToolButton { padding: 3px 5px; min-width: 20px; }
QPushButton:hover, QToolButton:hover { background: $hover; }
QPushButton:pressed, QToolButton:pressed { background: $pressed; }
QPushButton:checked, QToolButton:checked { background: $chosen; border-color: $accent; }
QPushButton:disabled, QToolButton:disabled { color: $quiet; border-color: $line; }
QPushButton:focus, QToolButton:focus { border: 2px solid $accent; padding: 2px 10px; }
QToolButton:focus { padding: 2px 4px; }
QPushButton::menu-indicator, QToolButton::menu-indicator { image: none; width: 0; }
QPushButton[kind="primary"] {
    background: $accent; color: $on_accent; border: 2px solid $accent;
    border-radius: ${metric_card_radius}px; font-size: ${type_strong}px; font-weight: 600;
    min-height: 40px; padding: 0 14px; }
QPushButton[kind="primary"]:hover { background: $accent_hover; border-color: $accent_hover; }
QPushButton[kind="primary"]:pressed { background: $accent_hover; }
QPushButton[kind="primary"]:focus { border: 2px solid $text; padding: 0 14px; }
QPushButton[kind="primary"]:disabled {
    background: $pressed; border-color: $pressed; color: $quiet; }
QPushButton[kind="flat"], QToolButton[kind="tool"] {
    background: transparent; border-color: transparent; }
QPushButton[kind="flat"]:hover, QToolButton[kind="tool"]:hover { background: $hover; }
QPushButton[kind="flat"]:pressed, QToolButton[kind="tool"]:pressed { background: $pressed; }
QToolButton[kind="chip-close"], QToolButton[kind="chip-close"]:focus {
    background: transparent; border-color: transparent; padding: 0; min-width: 0; min-height: 0; }
QToolButton[kind="chip-close"]:hover { background: $hover; }
QToolButton[kind="chip-close"]:focus { border-color: $accent; }
QToolButton[kind="tool"]:checked { background: $chosen; border-color: $chosen; }
QPushButton[kind="flat"]:focus, QToolButton[kind="tool"]:focus { border-color: $accent; }
QPushButton[kind="flat"][align="start"] { text-align: left; }
QPushButton[kind="engine"] { padding-right: 32px; }
QPushButton[kind="engine"]:focus { padding-right: 31px; }
QPushButton[kind="danger"] { color: $bad; border-color: $bad; }
QPushButton[kind="danger"]:hover { background: $bad_wash; }
QPushButton[kind="chip"] {
    border-radius: 16px; padding: 3px 11px; background: $surface; }
QPushButton[kind="chip"]:hover { background: $hover; }
QPushButton[kind="chip"]:checked {
    background: $chosen; border-color: $accent; }
QPushButton[kind="chip"]:focus { padding: 2px 10px; }
QPushButton[kind="segment"] { border-radius: 0; margin-left: -1px; padding: 3px 9px; }
QPushButton[kind="segment"][place="first"], QPushButton[kind="segment"][place="only"] {
    border-top-left-radius: 6px; border-bottom-left-radius: 6px; margin-left: 0; }
QPushButton[kind="segment"][place="last"], QPushButton[kind="segment"][place="only"] {
    border-top-right-radius: 6px; border-bottom-right-radius: 6px; }
QPushButton[kind="segment"]:focus { padding: 2px 8px; }
QPushButton[kind="tab"] {
    background: transparent; border: none; border-radius: 6px; padding: 4px 12px;
    font-size: ${type_strong}px; color: $quiet; }
QPushButton[kind="tab"]:hover { background: $hover; }
QPushButton[kind="tab"]:checked { color: $text; font-weight: 600; background: $pressed; }
QPushButton[kind="tab"]:focus { border: 2px solid $accent; padding: 2px 10px; }
QPushButton[kind="page"] {
    background: transparent; border: 1px solid transparent; text-align: left; padding: 3px 11px; }
QPushButton[kind="page"]:hover { background: $hover; }
QPushButton[kind="page"]:checked { background: $chosen; border-color: $chosen; font-weight: 600; }
QPushButton[kind="page"]:focus { border: 2px solid $accent; padding: 2px 10px; }
QPushButton[kind="row"] {
    background: transparent; border: 1px solid transparent; padding: 0; text-align: left; }
QPushButton[kind="row"]:hover { background: $hover; }
QPushButton[kind="row"]:checked { background: $chosen; border-color: $chosen; }
QPushButton[kind="row"]:focus { border: 2px solid $accent; padding: 0; }
QPushButton[kind="section"], QToolButton[kind="section"] {
    background: transparent; border: 1px solid transparent; text-align: left; padding: 3px 3px;
    color: $text; }
QPushButton[kind="section"]:hover { background: $hover; }
QPushButton[kind="section"]:focus { border: 2px solid $accent; padding: 2px 2px; }
""")

_FIELDS = Template("""
QLineEdit, QPlainTextEdit, QTextEdit, QSpinBox, QDoubleSpinBox, QComboBox {
    background: $surface; color: $text; border: 1px solid $edge;
    border-radius: ${metric_field_radius}px; padding: 3px 7px;
    selection-background-color: $accent; selection-color: $on_accent;
    placeholder-text-color: $quiet; }
QLineEdit, QSpinBox, QDoubleSpinBox, QComboBox { min-height: 24px; }
QAbstractSpinBox QLineEdit, QAbstractSpinBox QLineEdit:focus,
QComboBox QLineEdit, QComboBox QLineEdit:focus {
    background: transparent; border: none; padding: 0; min-height: 0; }
QAbstractSpinBox { max-height: 24px; }
QLineEdit QToolButton, QLineEdit QToolButton:hover, QLineEdit QToolButton:pressed {
    background: transparent; border: none; padding: 0; min-height: 0; min-width: 0; }
QLineEdit:focus, QPlainTextEdit:focus, QTextEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus,
QComboBox:focus { border: 2px solid $accent; padding: 2px 6px; }
QLineEdit:disabled, QPlainTextEdit:disabled, QSpinBox:disabled, QDoubleSpinBox:disabled,
QComboBox:disabled { background: $ground; color: $quiet; border-color: $line; }
QLineEdit[wrong="true"], QSpinBox[wrong="true"] { border-color: $bad; }
QComboBox::drop-down { border: none; width: 28px; }
QComboBox::down-arrow { image: url("$arrows/down.svg"); width: 16px; height: 16px; }
QSpinBox::up-button, QSpinBox::down-button,
QDoubleSpinBox::up-button, QDoubleSpinBox::down-button { border: none; width: 24px; }
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow {
    image: url("$arrows/up.svg"); width: 12px; height: 12px; }
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow {
    image: url("$arrows/down.svg"); width: 12px; height: 12px; }
QSpinBox[plain="true"]::up-button, QSpinBox[plain="true"]::down-button { width: 0; }
QSpinBox[plain="true"]::up-arrow, QSpinBox[plain="true"]::down-arrow {
    image: none; width: 0; height: 0; }
QCheckBox, QRadioButton { spacing: 8px; min-height: 32px; }
QCheckBox:focus, QRadioButton:focus { color: $accent; }
QCheckBox::indicator {
    width: 16px; height: 16px; background: $surface; border: 1px solid $quiet;
    border-radius: 4px; }
QCheckBox::indicator:hover { background: $hover; }
QCheckBox::indicator:checked {
    background: $accent; border-color: $accent; image: url("$arrows/tick.svg"); }
QAbstractItemView {
    background: $surface; border: 1px solid $line; border-radius: ${metric_card_radius}px;
    outline: none; selection-background-color: $chosen; selection-color: $text; }
QTableView { border: none; border-radius: 0; gridline-color: $line; }
QTableView:focus { selection-background-color: $chosen; }
QTableView::item { padding: 0 8px; }
QHeaderView { background: $surface; border: none; }
QHeaderView::section {
    background: $surface; color: $quiet; font-size: ${type_small}px; font-weight: 600;
    border: none; border-bottom: 1px solid $line; padding: 6px 11px; }
QListView[kind="grid"] { background: transparent; border: none; }
QTreeView[kind="side"] { background: $surface; border: none; border-radius: 0; padding: 4px 0; }
QTreeView[kind="side"]::item:hover { background: transparent; }
QListView[kind="offers"] { background: $surface; border: 1px solid $edge; padding: 3px 0; }
QSlider::groove:horizontal { background: $edge; height: 2px; border-radius: 1px; }
QSlider::handle:horizontal {
    background: $surface; border: 1px solid $quiet; width: 14px; height: 14px;
    margin: -7px 0; border-radius: 8px; }
QSlider::groove:horizontal:disabled { background: $line; }
QSlider::handle:horizontal:disabled { background: $line; border-color: $line; }
QSlider::handle:horizontal:hover { background: $hover; }
QSlider::handle:horizontal:focus {
    border: 2px solid $accent; width: 12px; height: 12px; }
QComboBox QAbstractItemView { padding: 4px; }
QComboBox QAbstractItemView::item { min-height: 32px; padding: 0 8px; border-radius: 4px; }
QMenuBar { background: transparent; border: none; }
QMenuBar::item { background: transparent; padding: 6px 10px; border-radius: 6px; }
QMenuBar::item:selected { background: $hover; }
QMenuBar::item:pressed { background: $pressed; }
QMenu { background: $surface; border: 1px solid $edge; padding: 4px; }
QMenu::item { min-height: 24px; padding: 4px 24px 4px 12px; border-radius: 4px; }
QMenu::item:selected { background: $chosen; color: $text; }
QMenu::item:disabled { color: $quiet; }
QMenu::icon { padding-left: 8px; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }
QProgressBar {
    background: $pressed; border: none; border-radius: 3px; max-height: 6px; min-height: 6px;
    text-align: center; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QScrollBar:vertical { background: transparent; width: 12px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 12px; margin: 0; }
QScrollBar::handle { background: $edge; border-radius: 4px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $quiet; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
""")


def stylesheet(colours: Mapping[str, str], lengths: Mapping[str, int], arrows: str) -> str:
    """The whole sheet. ``colours`` and ``lengths`` map token names to values.

    ``arrows`` is the folder of the arrow drawings, which Qt can only take from files.

    Raises KeyError where the sheet names a token that is not given.
    """
    values: dict[str, object] = {**colours, **lengths, "arrows": arrows}
    return "".join(part.substitute(values) for part in (_BASE, _BUTTONS, _FIELDS))
