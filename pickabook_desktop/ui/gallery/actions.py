"""The library's part of the table of actions; made when its tab is first opened."""

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.actions import ActionSpec

PICTURES_MENU = (
    *("lib_loupe", "lib_compare", "lib_open_stack", "", "lib_pick", "lib_reject", ""),
    *("lib_recall", "lib_again_seed", "lib_other_engine", "lib_other_child", ""),
    *("lib_export", "lib_zip", "lib_copy", "lib_upload", "lib_reveal", "", "lib_delete"),
)
TRASH_MENU = ("lib_loupe", "lib_restore", "", "lib_delete")
RATE, LABEL, VIEW_AS, REDRAW, GIVE = "rate", "label", "view_as", "redraw", "give"


def library_table() -> tuple[ActionSpec, ...]:
    """Every action of the library tab, in the order of its menus."""
    return (
        *_looking_through(),
        *_bringing_in(),
        *_looking_at(),
        *_deciding(),
        *_marking(),
        *_recalling(),
        *_handing_over(),
        *_deleting(),
    )


def submenu_titles() -> dict[str, tuple[str, str]]:
    """Menus within menus, by id: the menu that holds each, and its title."""
    return {
        VIEW_AS: ("library", tr("&View as")),
        RATE: ("pictures", tr("&Rate")),
        LABEL: ("pictures", tr("Co&lour label")),
        REDRAW: ("pictures", tr("Dra&w again")),
        GIVE: ("pictures", tr("H&and over")),
    }


def _looking_through() -> tuple[ActionSpec, ...]:
    return (
        ActionSpec("lib_find", "library", tr("&Find…"), ("Ctrl+F",)),
        ActionSpec(
            "lib_save_search",
            "library",
            tr("Sa&ve this search"),
            ("Ctrl+Shift+F",),
            tr("Keep this search among the folders on the left"),
        ),
        ActionSpec("lib_grid", VIEW_AS, tr("&Grid"), ("G",), group="lib_mode"),
        ActionSpec("lib_list", VIEW_AS, tr("&List"), ("Ctrl+G",), group="lib_mode"),
        ActionSpec("lib_strip", VIEW_AS, tr("&Film strip"), (), group="lib_mode"),
        ActionSpec(
            "lib_larger", VIEW_AS, tr("La&rger thumbnails"), ("+", "=", "Ctrl++"), after=True
        ),
        ActionSpec("lib_smaller", VIEW_AS, tr("&Smaller thumbnails"), ("-", "Ctrl+-")),
        ActionSpec(
            "lib_stack",
            "library",
            tr("&Stack variations"),
            ("S",),
            tr("Show variations of one request as one picture"),
            checkable=True,
        ),
        ActionSpec(
            "lib_side", "library", tr("Show the f&olders"), ("F6",), checkable=True, after=True
        ),
        ActionSpec("lib_details", "library", tr("Show the &details"), ("I",), checkable=True),
        ActionSpec("lib_select_all", "library", tr("Select &all"), ("Ctrl+A",), after=True),
        ActionSpec("lib_select_none", "library", tr("Select &none"), ("Ctrl+D",)),
    )


def _bringing_in() -> tuple[ActionSpec, ...]:
    return (
        ActionSpec(
            "lib_import",
            "library",
            tr("&Import pages…"),
            ("Ctrl+I",),
            tr("Bring pages back that were exported from a library"),
            after=True,
        ),
        ActionSpec("lib_import_folder", "library", tr("Import a fol&der…")),
    )


def _looking_at() -> tuple[ActionSpec, ...]:
    return (
        ActionSpec("lib_loupe", "pictures", tr("&Open large"), ("E",)),
        ActionSpec("lib_compare", "pictures", tr("&Compare"), ("C",)),
        ActionSpec(
            "lib_photo",
            "pictures",
            tr("Compare with the p&hoto"),
            ("B",),
            tr("Show the picture beside the photo it was drawn from"),
            checkable=True,
        ),
        ActionSpec("lib_open_stack", "pictures", tr("Show its &variations"), ("Shift+S",)),
        ActionSpec("lib_slideshow", "pictures", tr("&Slideshow"), ("F5",)),
    )


def _deciding() -> tuple[ActionSpec, ...]:
    stars = (
        ActionSpec("lib_rate_0", RATE, tr("&No stars"), ("0",)),
        ActionSpec("lib_rate_1", RATE, tr("&1 star"), ("1",)),
        ActionSpec("lib_rate_2", RATE, tr("&2 stars"), ("2",)),
        ActionSpec("lib_rate_3", RATE, tr("&3 stars"), ("3",)),
        ActionSpec("lib_rate_4", RATE, tr("&4 stars"), ("4",)),
        ActionSpec("lib_rate_5", RATE, tr("&5 stars"), ("5",)),
        ActionSpec(
            "lib_advance",
            RATE,
            tr("Go to the ne&xt after deciding"),
            checkable=True,
            tooltip=tr("With Shift this happens in any case"),
            after=True,
        ),
    )
    return (
        *stars,
        ActionSpec("lib_pick", "pictures", tr("&Pick"), ("P",), after=True),
        ActionSpec("lib_reject", "pictures", tr("Re&ject"), ("X",)),
        ActionSpec("lib_unflag", "pictures", tr("Neither pick nor re&ject"), ("U",)),
    )


def _marking() -> tuple[ActionSpec, ...]:
    return (
        ActionSpec("lib_label_red", LABEL, tr("&Red"), ("6",)),
        ActionSpec("lib_label_yellow", LABEL, tr("&Yellow"), ("7",)),
        ActionSpec("lib_label_green", LABEL, tr("&Green"), ("8",)),
        ActionSpec("lib_label_blue", LABEL, tr("&Blue"), ("9",)),
        ActionSpec("lib_label_purple", LABEL, tr("&Purple")),
        ActionSpec("lib_label_none", LABEL, tr("&None"), after=True),
        ActionSpec("lib_tags", "pictures", tr("&Tags…"), ("T",)),
        ActionSpec("lib_note", "pictures", tr("&Note…"), ("N",)),
        ActionSpec("lib_undo", "pictures", tr("&Undo"), ("Ctrl+Z",)),
        ActionSpec("lib_redo", "pictures", tr("Re&do"), ("Ctrl+Shift+Z", "Ctrl+Y")),
    )


def _recalling() -> tuple[ActionSpec, ...]:
    return (
        ActionSpec(
            "lib_recall",
            "pictures",
            tr("Re&call settings"),
            ("Ctrl+R",),
            tr("Put the photo, template, style and words of this picture back into the form"),
            after=True,
        ),
        ActionSpec("lib_again", REDRAW, tr("&Draw again")),
        ActionSpec(
            "lib_again_seed",
            REDRAW,
            tr("Draw again, di&fferently"),
            ("Ctrl+Shift+R",),
            tr("Draw the same page with a new seed"),
        ),
        ActionSpec("lib_other_engine", REDRAW, tr("Same with another en&gine…")),
        ActionSpec("lib_other_child", REDRAW, tr("Same for another chil&d…")),
    )


def _handing_over() -> tuple[ActionSpec, ...]:
    return (
        ActionSpec("lib_export", GIVE, tr("&Export…"), ("Ctrl+E",), after=True),
        ActionSpec("lib_sheet", GIVE, tr("Contact shee&t…"), ("Ctrl+P",)),
        ActionSpec("lib_zip", GIVE, tr("Pack into a &ZIP file…")),
        ActionSpec("lib_copy", GIVE, tr("Cop&y"), ("Ctrl+C",)),
        ActionSpec("lib_upload", GIVE, tr("Up&load"), ("Ctrl+U",)),
        ActionSpec("lib_reveal", GIVE, tr("Show in &folder")),
    )


def _deleting() -> tuple[ActionSpec, ...]:
    return (
        ActionSpec(
            "lib_delete",
            "pictures",
            tr("&Delete"),
            ("Delete", "Ctrl+Backspace"),
            tr("Move the pictures to the trash, or out of it for good"),
            after=True,
        ),
        ActionSpec("lib_restore", "pictures", tr("Take out of the tras&h")),
    )
