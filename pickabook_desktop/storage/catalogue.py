"""The templates and styles that are there, read from their folders."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TypeVar

import msgspec

from pickabook_desktop.domain.errors import InputError, TemplateError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.template import Crop, Style, Template
from pickabook_desktop.storage.parsed import ParsedFiles

Entry = TypeVar("Entry", Template, Style)

TEMPLATE_FILES = ("back.svg", "front.svg")


class Skipped(msgspec.Struct, frozen=True, kw_only=True):
    """A folder that was left out, and why, as a sentence."""

    folder: Path
    reason: str


class Catalogue(msgspec.Struct, frozen=True, kw_only=True):
    """Everything found, by id, in the order of the titles; ``skipped`` is what was left out."""

    templates: Mapping[str, Template]
    styles: Mapping[str, Style]
    folders: Mapping[str, Path]
    skipped: tuple[Skipped, ...] = ()

    def template_dir(self, template_id: str) -> Path:
        """The folder of a template; raises TemplateError."""
        return self._folder(f"template/{template_id}")

    def style_dir(self, style_id: str) -> Path:
        """The folder of a style; raises TemplateError."""
        return self._folder(f"style/{style_id}")

    def _folder(self, key: str) -> Path:
        try:
            return self.folders[key]
        except KeyError:
            raise TemplateError(
                tr("There is no {name}.", name=key.replace("/", " ")),
                tr("“pickabook templates” and “pickabook styles” list what there is."),
            ) from None


def read_catalogue(
    template_folders: tuple[Path, ...],
    style_folders: tuple[Path, ...],
    memory: Path | None = None,
) -> Catalogue:
    """Read all folders; of two entries with one id, the later wins. Never raises.

    ``memory`` is a file in which to remember what they said, for the next time.
    """
    folders: dict[str, Path] = {}
    skipped: list[Skipped] = []
    parsed = ParsedFiles(memory)
    templates = _read_all(
        template_folders, "template", partial(read_template, parsed), folders, skipped
    )
    styles = _read_all(style_folders, "style", partial(read_style, parsed), folders, skipped)
    parsed.keep()
    return Catalogue(templates=templates, styles=styles, folders=folders, skipped=tuple(skipped))


def read_template(parsed: ParsedFiles, folder: Path) -> Template:
    """The template in ``folder``; raises TemplateError."""
    template = _decode(parsed, folder / "template.toml", Template)
    for name in TEMPLATE_FILES:
        if not (folder / name).is_file():
            raise TemplateError(tr("The drawing {name} is missing.", name=name))
    if not template.slots or not template.crops:
        raise TemplateError(tr("A template needs at least one slot and one crop."))
    if any(slot.unit <= 0 for slot in template.slots):
        raise TemplateError(tr("The distance between the eyes of a slot must be above zero."))
    for crop in template.crops:
        _check_crop(crop)
    return template


def read_style(parsed: ParsedFiles, folder: Path) -> Style:
    """The style in ``folder``; raises TemplateError."""
    return _decode(parsed, folder / "style.toml", Style)


def _check_crop(crop: Crop) -> None:
    try:
        _ = crop.ratio
    except InputError as error:
        raise TemplateError(error.message) from error
    if crop.view.width <= 0 or crop.view.height <= 0:
        raise TemplateError(tr("The crop {aspect} shows nothing.", aspect=crop.aspect))


def _decode(parsed: ParsedFiles, file: Path, kind: type[Entry]) -> Entry:
    try:
        entry = parsed.read(file, kind)
    except FileNotFoundError:
        raise TemplateError(tr("{name} is missing.", name=file.name)) from None
    except OSError as error:
        raise TemplateError(
            tr("{name} cannot be read: {reason}.", name=file.name, reason=error.strerror)
        ) from error
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise TemplateError(
            tr("{name} is not as it should be: {reason}.", name=file.name, reason=error)
        ) from error
    if entry.id != file.parent.name:
        raise TemplateError(
            tr(
                "Its id is “{id}”, but its folder is “{folder}”.",
                id=entry.id,
                folder=file.parent.name,
            )
        )
    return entry


def _read_all(
    roots: tuple[Path, ...],
    kind: str,
    read: Callable[[Path], Entry],
    folders: dict[str, Path],
    skipped: list[Skipped],
) -> dict[str, Entry]:
    entries: dict[str, Entry] = {}
    for folder in (folder for root in roots for folder in _subfolders(root)):
        try:
            entry = read(folder)
        except TemplateError as error:
            skipped.append(Skipped(folder=folder, reason=error.message))
        else:
            entries[entry.id] = entry
            folders[f"{kind}/{entry.id}"] = folder
    return dict(sorted(entries.items(), key=lambda item: item[1].title))


def _subfolders(root: Path) -> list[Path]:
    try:
        return sorted(p for p in root.iterdir() if p.is_dir() and not p.name.startswith("."))
    except OSError:
        return []
