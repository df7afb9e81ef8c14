"""What pictures say of themselves to others, without the child's name."""

from typing import TYPE_CHECKING

import msgspec

from pickabook_desktop.domain.names import Hints
from pickabook_desktop.domain.request import GenerationRequest

if TYPE_CHECKING:
    from pickabook_desktop.imaging.metadata import Metadata


def unnamed(said: "Metadata", name: str) -> "Metadata":
    """``said`` with a gap wherever the child of that name is told, and without the field for it."""
    hints = Hints(name)
    try:
        request = hints.request_without(GenerationRequest.from_json(said.request_json))
        told = request.with_changes(
            template_id=_untold(request.template_id, hints),
            style_id=_untold(request.style_id, hints),
        ).to_json()
    except msgspec.MsgspecError:
        told = ""
    return msgspec.structs.replace(
        said,
        prompt=hints.without(said.prompt),
        template=_untold(said.template, hints),
        style=_untold(said.style, hints),
        request_json=told,
    )


def unnamed_file(data: bytes, media_type: str, name: str) -> bytes:
    """The same file where what it says of itself does not tell the name; else it does not any more.

    Raises InputError for a format without a place for metadata, or a file that is damaged.
    """
    from pickabook_desktop.imaging import metadata

    said = metadata.read(data, media_type)
    if said is None or not Hints(name).found_in(_all_of(said)):
        return data
    return metadata.embed(data, media_type, unnamed(said, name))


def _all_of(said: "Metadata") -> str:
    return "\n".join((said.prompt, said.template, said.style, said.request_json))


def _untold(identifier: str, hints: Hints) -> str:
    """Somebody's own template may be called after the child."""
    return "" if hints.found_in(identifier) else identifier
