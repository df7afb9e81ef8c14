"""The drawings of templates, read once and refused when they come from strangers and do harm."""

from collections.abc import Callable
from pathlib import Path

from pickabook_desktop.domain.errors import TemplateError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.template import Template
from pickabook_desktop.imaging.bounded import BoundedCache
from pickabook_desktop.imaging.template_check import (
    MAX_CHARACTERS,
    check_drawing,
    refusal,
    too_long,
)

DRAWINGS = 6


class Drawings:
    """Reads drawings from the folders of templates and keeps the last few."""

    def __init__(self, template_dir: Callable[[str], Path], trusted: Path | None = None) -> None:
        """``template_dir`` finds a template's folder by id; what lies under ``trusted`` came with
        the program and is not checked.
        """
        self._template_dir = template_dir
        self._trusted = trusted
        self._texts: BoundedCache[str] = BoundedCache(DRAWINGS)

    def read(self, template: Template, name: str) -> str:
        """The SVG text of one layer. Raises TemplateError, with the reason, for one that cannot be
        read or must not be drawn.
        """
        path = self._template_dir(template.id) / name
        try:
            status = path.stat()
            key = (path, status.st_mtime_ns, status.st_size)
            return self._texts.get(key, lambda: self._checked(template, path, status.st_size))
        except (OSError, UnicodeDecodeError) as error:
            raise TemplateError(
                tr("The drawing of “{title}” cannot be read.", title=template.title),
                tr("Choose another template, or install this one again."),
            ) from error

    def _checked(self, template: Template, path: Path, size: int) -> str:
        if self._trusted is not None and path.is_relative_to(self._trusted):
            return path.read_text("utf-8")
        if size > MAX_CHARACTERS:
            raise refusal(template, f"{path.name}: {too_long()}")
        text = path.read_text("utf-8")
        check_drawing(template, path.name, text)
        return text
