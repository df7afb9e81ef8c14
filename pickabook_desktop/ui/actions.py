"""The one table of everything that can be asked for by menu, shortcut or button."""

from collections.abc import Iterable, Mapping

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from pickabook_desktop.domain.i18n import tr

CREATE_TAB, LIBRARY_TAB = "create", "library"
LIBRARY_ACTIONS = "lib_"
# What there is in the create tab alone.
ON_CREATE = (
    *("open_photo", "paste_photo", "save", "copy", "reveal"),
    *("draw", "draw_later", "look", "stop", "recall", "reroll", "previous", "next", "delete"),
    *("undo", "redo"),
    *("upload", "copy_link", "make_link", "open_link", "delete_copy"),
    *("fit", "actual", "zoom_in", "zoom_out", "compare"),
)


class ActionSpec(msgspec.Struct, frozen=True):
    """One action. ``group`` makes it one of several that exclude each other; ``after`` puts a
    line above it in its menu. ``tab`` is the only one in which it is there; empty for everywhere.
    ``role`` is for platforms that move some entries elsewhere.
    """

    id: str
    menu: str
    text: str
    keys: tuple[str, ...] = ()
    tooltip: str = ""
    group: str = ""
    checkable: bool = False
    after: bool = False
    role: QAction.MenuRole = QAction.MenuRole.NoRole


def menu_titles() -> dict[str, str]:
    """Menus by id, in the order in which they are shown."""
    return {
        "file": tr("&File"),
        "page": tr("&Page"),
        "share": tr("&Share"),
        "view": tr("&View"),
        "library": tr("&Library"),
        "pictures": tr("P&ictures"),
        "help": tr("&Help"),
    }


def action_table() -> tuple[ActionSpec, ...]:
    """Every action, in the order of the menus."""
    return (*_file(), *_page(), *_pictures(), *_share(), *_view(), *_help())


def held_keys() -> tuple[tuple[str, str], ...]:
    """Keys and gestures that are no actions, for the table of shortcuts: what, and how."""
    return (
        (tr("Show the photo while held"), "\\"),
        (tr("Move around in the picture"), tr("Space and drag, or the middle button")),
        (tr("Zoom to the cursor"), tr("Mouse wheel")),
        (tr("Move around, or move the comparison edge"), tr("Arrow keys")),
        (tr("Use a photo"), tr("Drop it anywhere on the window")),
        (tr("Go to the next picture, large"), tr("Arrow keys, or Shift and mouse wheel")),
        (tr("Fit the picture, or show its own size"), "Z"),
        (tr("Comparing: together, one over the other, take out"), "L, W, /"),
        (tr("Slideshow: pause, time, go round, ground"), tr("Space, + and -, L, G")),
    )


def build_actions(owner: QWidget, table: Iterable[ActionSpec] | None = None) -> dict[str, QAction]:
    """Make the actions of ``table``, or all but the library's, and add them to ``owner``, so that
    their shortcuts work all over it.
    """
    actions: dict[str, QAction] = {}
    groups: dict[str, QActionGroup] = {}
    for spec in action_table() if table is None else table:
        action = QAction(spec.text, owner)
        action.setObjectName(spec.id)
        if "Escape" in spec.keys:
            # Escape means several things, so the window hands it out; here it is only named.
            action.setText(f"{spec.text}\t{_native('Escape')}")
        else:
            action.setShortcuts([QKeySequence(key) for key in spec.keys])
        action.setCheckable(spec.checkable or bool(spec.group))
        action.setMenuRole(spec.role)
        action.setToolTip(tooltip_of(spec))
        action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        action.setIconVisibleInMenu(False)
        if spec.group:
            if spec.group not in groups:
                groups[spec.group] = QActionGroup(owner)
            groups[spec.group].addAction(action)
        actions[spec.id] = action
        owner.addAction(action)
    return actions


def fill_menu_bar(
    menus: Mapping[str, QMenu],
    actions: Mapping[str, QAction],
    table: Iterable[ActionSpec] | None = None,
) -> None:
    """Hang every action of ``table``, or of all but the library's, into its menu."""
    for spec in action_table() if table is None else table:
        if spec.after:
            menus[spec.menu].addSeparator()
        menus[spec.menu].addAction(actions[spec.id])


def fill_menu(menu: QMenu, actions: Mapping[str, QAction], ids: Iterable[str]) -> None:
    """Add actions by id; an empty id is a line."""
    for action_id in ids:
        if action_id:
            menu.addAction(actions[action_id])
        else:
            menu.addSeparator()


def tooltip_of(spec: ActionSpec) -> str:
    """What an action does, and its key."""
    text = spec.tooltip or spec.text.replace("&", "").rstrip("…")
    if not spec.keys:
        return text
    return f"{text} ({_native(spec.keys[0])})"


def _native(key: str) -> str:
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)


def _file() -> tuple[ActionSpec, ...]:
    role = QAction.MenuRole
    return (
        ActionSpec("open_photo", "file", tr("&Open a photo…"), ("Ctrl+O",)),
        ActionSpec("paste_photo", "file", tr("&Paste a photo"), ("Ctrl+V",)),
        ActionSpec("save", "file", tr("&Save a copy…"), ("Ctrl+S",), after=True),
        ActionSpec(
            "copy",
            "file",
            tr("&Copy the picture"),
            ("Ctrl+C",),
            tr("Copy the picture to the clipboard"),
        ),
        ActionSpec("reveal", "file", tr("Show in &folder")),
        ActionSpec("empty_trash", "file", tr("&Empty the trash…"), after=True),
        ActionSpec("children", "file", tr("C&hildren and privacy…")),
        ActionSpec("ledger", "file", tr("&What was spent…"), after=True),
        ActionSpec(
            "settings",
            "file",
            tr("Se&ttings…"),
            ("Ctrl+,",),
            role=role.PreferencesRole,
        ),
        ActionSpec("quit", "file", tr("&Quit"), ("Ctrl+Q",), after=True, role=role.QuitRole),
    )


def _page() -> tuple[ActionSpec, ...]:
    return (
        ActionSpec("draw", "page", tr("&Draw the page"), ("Ctrl+Return", "Ctrl+Enter")),
        ActionSpec(
            "draw_later",
            "page",
            tr("Draw &later"),
            tooltip=tr("Let the service draw the page within a day, at a lower price"),
        ),
        ActionSpec(
            "look",
            "page",
            tr("Loo&k at what is sent…"),
            tooltip=tr("See the pictures and words that leave this computer"),
        ),
        ActionSpec("stop", "page", tr("&Stop drawing"), ("Escape",)),
    )


def _pictures() -> tuple[ActionSpec, ...]:
    return (
        ActionSpec(
            "recall",
            "page",
            tr("Re&call settings"),
            ("Ctrl+R",),
            tr("Put the photo, template, style and words of this picture back into the form"),
            after=True,
        ),
        ActionSpec(
            "reroll",
            "page",
            tr("Draw &again, differently"),
            ("Ctrl+Shift+R",),
            tr("Draw the same page with a new seed"),
        ),
        ActionSpec("previous", "page", tr("Pre&vious variation"), ("Alt+Left",), after=True),
        ActionSpec("next", "page", tr("&Next variation"), ("Alt+Right",)),
        ActionSpec(
            "delete",
            "page",
            tr("D&elete the picture"),
            ("Ctrl+Backspace",),
            tr("Move the picture to the library’s trash"),
            after=True,
        ),
        ActionSpec(
            "undo", "page", tr("&Undo"), ("Ctrl+Z",), tr("Bring back what was deleted last")
        ),
        ActionSpec("redo", "page", tr("Red&o"), ("Ctrl+Shift+Z", "Ctrl+Y")),
    )


def _share() -> tuple[ActionSpec, ...]:
    return (
        ActionSpec(
            "upload",
            "share",
            tr("&Upload"),
            ("Ctrl+U",),
            tr("Upload the picture to where copies are kept"),
        ),
        ActionSpec(
            "copy_link",
            "share",
            tr("&Copy the link"),
            ("Ctrl+L",),
            tr("Copy a link to the uploaded picture"),
            after=True,
        ),
        ActionSpec("make_link", "share", tr("&Make a link…"), ("Ctrl+Shift+L",)),
        ActionSpec("open_link", "share", tr("&Open in the browser")),
        ActionSpec(
            "delete_copy",
            "share",
            tr("&Delete the copy…"),
            (),
            tr("Delete the uploaded copy; the page stays in the library"),
            after=True,
        ),
    )


def _view() -> tuple[ActionSpec, ...]:
    return (
        ActionSpec("fit", "view", tr("&Fit the window"), ("0",)),
        ActionSpec("actual", "view", tr("&Actual size"), ("1",), tr("Actual pixels, 100 %")),
        ActionSpec("zoom_in", "view", tr("Zoom &in"), ("+", "=", "Ctrl++")),
        ActionSpec("zoom_out", "view", tr("Zoom &out"), ("-", "Ctrl+-")),
        ActionSpec(
            "compare",
            "view",
            tr("&Compare with the photo"),
            ("C",),
            checkable=True,
            after=True,
        ),
        ActionSpec("tab_create", "view", tr("C&reate"), ("Ctrl+1",), group="tab", after=True),
        ActionSpec("tab_library", "view", tr("Li&brary"), ("Ctrl+2",), group="tab"),
        ActionSpec("scheme_system", "view", tr("&System colours"), group="scheme", after=True),
        ActionSpec("scheme_light", "view", tr("&Light"), group="scheme"),
        ActionSpec("scheme_dark", "view", tr("&Dark"), group="scheme"),
        ActionSpec("fullscreen", "view", tr("F&ull screen"), ("F11",), checkable=True, after=True),
    )


def _help() -> tuple[ActionSpec, ...]:
    return (
        ActionSpec("shortcuts", "help", tr("&Keyboard shortcuts"), ("F1", "Ctrl+/")),
        ActionSpec(
            "about", "help", tr("&About PickaBook Desktop"), role=QAction.MenuRole.AboutRole
        ),
    )
