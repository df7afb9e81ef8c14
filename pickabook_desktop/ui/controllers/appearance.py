"""What the window remembers: its place, its splitter, its colours, and the last choices."""

import contextlib
from pathlib import Path

from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QMainWindow, QSplitter

from pickabook_desktop.domain.errors import PickaBookError
from pickabook_desktop.jobs.threads import Lanes
from pickabook_desktop.storage.settings import Settings
from pickabook_desktop.ui.setting_keys import (
    ENGINE_KEY,
    FORM_KEY,
    GEOMETRY_KEY,
    PHOTO_KEY,
    SCHEME_KEY,
    SPLITTER_KEY,
    STYLE_KEY,
    TEMPLATE_KEY,
)
from pickabook_desktop.ui.theme import Scheme, Theme
from pickabook_desktop.ui.viewmodels.create import CreateModel
from pickabook_desktop.ui.viewmodels.remembered import recall, remember
from pickabook_desktop.ui.viewmodels.shelf import job_of

FIRST_STYLE = "storybook"
SCHEMES: tuple[Scheme, ...] = ("system", "light", "dark")


class WindowMemory:
    """Reads and writes the ``window.*`` settings. A disk that cannot be written is not a reason
    to trouble anybody while the window closes.
    """

    def __init__(self, settings: Settings, theme: Theme, lanes: Lanes) -> None:
        self._settings = settings
        self._lanes = lanes
        self._theme = theme

    @property
    def scheme(self) -> Scheme:
        return kept_scheme(self._settings)

    def keep(self, key: str, value: str) -> None:
        """Set one setting."""
        keep_setting(self._settings, self._lanes, key, value)

    def choose_scheme(self, scheme: Scheme) -> None:
        """Change the colours now and for later."""
        self._theme.set_scheme(scheme)
        self.keep(SCHEME_KEY, scheme)

    @property
    def photo(self) -> Path | None:
        """The photo that was used last; it may be gone."""
        kept = self._settings.text(PHOTO_KEY)
        return Path(kept) if kept else None

    def restore_window(self, window: QMainWindow, splitter: QSplitter) -> bool:
        """Put the window where it was; false where nothing is known of that."""
        known = window.restoreGeometry(_bytes(self._settings.text(GEOMETRY_KEY)))
        splitter.restoreState(_bytes(self._settings.text(SPLITTER_KEY)))
        return known

    def restore_page(self, model: CreateModel) -> bool:
        """Choose the page that was chosen last, or the first, and fill in what stood in the form.

        Answers whether the options were unfolded.
        """
        model.choose_style(self._settings.text(STYLE_KEY, FIRST_STYLE))
        first = next(iter(model.templates), "")
        kept = self._settings.text(TEMPLATE_KEY)
        model.choose_template(kept if kept in model.templates else first)
        form = self._settings.text(FORM_KEY)
        return bool(form) and recall(model, form)

    def restore_engine(self, model: CreateModel) -> None:
        """Choose the engine that was used last."""
        engine = self._settings.text(ENGINE_KEY)
        if any(state.id == engine and not state.unavailable for state in model.engines):
            model.choose_engine(engine)

    def save(
        self,
        window: QMainWindow,
        splitter: QSplitter,
        model: CreateModel,
        photo: Path | None,
        *,
        options_open: bool,
    ) -> None:
        """Remember everything for the next start."""
        with contextlib.suppress(PickaBookError):
            self._settings.update(
                {
                    GEOMETRY_KEY: _text(window.saveGeometry()),
                    SPLITTER_KEY: _text(splitter.saveState()),
                    PHOTO_KEY: str(photo) if photo else "",
                    TEMPLATE_KEY: model.template_id,
                    STYLE_KEY: model.style_id,
                    FORM_KEY: remember(model, options_open=options_open),
                }
            )


def keep_setting(settings: Settings, lanes: Lanes, key: str, value: str) -> None:
    """Set one setting now, and write it off the main thread, for a disk may take its time."""
    settings.hold({key: value})
    lanes.submit("library", job_of(lambda: settings.update({})), lambda event: None)


def kept_scheme(settings: Settings) -> Scheme:
    """The colours that were chosen last."""
    kept = settings.text(SCHEME_KEY, "system")
    return SCHEMES[SCHEMES.index(kept)] if kept in SCHEMES else "system"


def _text(data: QByteArray) -> str:
    return bytes(data.toBase64().data()).decode()


def _bytes(text: str) -> QByteArray:
    return QByteArray.fromBase64(QByteArray(text.encode()))
