"""Does what helps against a failure, wherever in the window that is."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from pickabook_desktop.ui.create.columns import PageColumn
from pickabook_desktop.ui.create.engine_button import EngineButton


class Remedies(QObject):
    """Each remedy leads to the place where it is done, or does it."""

    def __init__(
        self,
        actions: Mapping[str, QAction],
        page: PageColumn,
        engine: EngineButton,
        open_settings: Callable[[str], None],
        retry: Callable[[], None],
        ask: Callable[[], None],
        save: Callable[[], None],
        parent: QObject | None = None,
    ) -> None:
        """``open_settings`` takes the id of a page, ``retry`` draws again what failed, ``ask`` asks
        whether its photo may be sent, ``save`` saves what was drawn.
        """
        super().__init__(parent)
        self._page = page
        self._ways: dict[str, Callable[[], object]] = {
            "retry": retry,
            "save_copy": save,
            "other_photo": actions["open_photo"].trigger,
            "other_crop": self._to_crops,
            "shorten_prompt": lambda: _focus(page.prompt.edit),
            "edit_prompt": lambda: _focus(page.prompt.edit),
            "other_engine": engine.open_list,
            "other_model": lambda: self._to_option("models"),
            "other_template": lambda: _focus(page.templates.grid),
            "smaller_size": lambda: self._to_option("sizes"),
            "settings": lambda: open_settings("engines"),
            "keys": lambda: open_settings("keys"),
            "consent": ask,
            "raise_limit": lambda: open_settings("spending"),
        }

    def apply(self, remedy: str) -> None:
        """Do what one of the error tree's remedies names."""
        self._ways[remedy]()

    def _to_crops(self) -> None:
        self._page.options.set_expanded(True)
        _focus(self._page.options.form.engine_options)

    def _to_option(self, name: str) -> None:
        self._page.options.set_expanded(True)
        form = self._page.options.form
        if name == "models":
            _focus(form.models.box)
            form.models.box.showPopup()
        else:
            _focus(form.sizes.button(form.sizes.values[0]))


def _focus(widget: QWidget) -> None:
    reason = Qt.FocusReason.ShortcutFocusReason
    if widget.focusPolicy() == Qt.FocusPolicy.NoFocus and widget.focusProxy() is None:
        first = next((child for child in widget.findChildren(QWidget) if _takes_focus(child)), None)
        widget = first or widget
    widget.setFocus(reason)


def _takes_focus(widget: QWidget) -> bool:
    return widget.focusPolicy() != Qt.FocusPolicy.NoFocus and widget.isEnabled()
