"""What handing over works with: the library, and what its pictures are called."""

from collections.abc import Mapping
from dataclasses import dataclass

from pickabook_desktop.domain.hand_over import ExportWish
from pickabook_desktop.domain.template import Style, Template
from pickabook_desktop.jobs.telling import tells_metadata, tells_names
from pickabook_desktop.storage.library import Library
from pickabook_desktop.storage.settings import Settings


@dataclass(frozen=True)
class Stock:
    """The library, and the settings and titles that go with what leaves it."""

    library: Library
    settings: Settings
    templates: Mapping[str, Template]
    styles: Mapping[str, Style]

    @property
    def usual_wish(self) -> ExportWish:
        """An export as the settings have it: with metadata or without, with names or without."""
        return ExportWish(metadata=tells_metadata(self.settings), names=tells_names(self.settings))

    def title_of(self, template_id: str) -> str:
        """What a template is called; empty for one that is not installed."""
        template = self.templates.get(template_id)
        return template.title if template else ""

    def style_of(self, style_id: str) -> str:
        """What a style is called; empty for one that is not installed."""
        style = self.styles.get(style_id)
        return style.title if style else ""
