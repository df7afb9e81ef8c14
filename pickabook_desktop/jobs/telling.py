"""What pictures say of themselves to others, without the child's name."""

from typing import TYPE_CHECKING

import msgspec

from pickabook_desktop.domain.names import Hints
from pickabook_desktop.domain.request import GenerationRequest
from pickabook_desktop.domain.review import UNDECIDED, Decided

if TYPE_CHECKING:
    from pickabook_desktop.imaging.metadata import Metadata
    from pickabook_desktop.storage.settings import Settings


def tells_metadata(settings: "Settings") -> bool:
    """Whether copies of pictures say how they came to be."""
    return settings.switched_on("export.metadata", default=True)


def tells_names(settings: "Settings") -> bool:
    """Whether what pictures say of how they came to be has the child's name."""
    return settings.switched_on("export.names", default=False)


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


def said_for_others(
    data: bytes, media_type: str, name: str, *, names: bool, decided: Decided
) -> "Metadata | None":
    """What a kept file says of itself, fit for others, and what was ``decided`` about it."""
    from pickabook_desktop.imaging.arriving import told_by

    said = told_by(data, media_type)
    if said is None:
        return None
    return msgspec.structs.replace(said if names else unnamed(said, name), decided=decided)


def telling_file(
    data: bytes,
    media_type: str,
    name: str,
    *,
    names: bool = False,
    decided: Decided = UNDECIDED,
) -> bytes:
    """The same picture, which says of itself what this program says and nothing else: not what
    other programs have written into it, and without ``names`` not the child's ``name``. With it
    goes what was ``decided`` about it, in place of what it says of that. The very same bytes where
    that is so already, and for a format of which this program knows nothing.

    Raises InputError for a file that is damaged.
    """
    from pickabook_desktop.imaging import containers, metadata, print_ready

    said = said_for_others(data, media_type, name, names=names, decided=decided)
    if media_type == "image/tiff":
        return print_ready.retold_tiff(data, said, names=names)
    if media_type not in containers.CONTAINERS:
        return data
    if said is None or not metadata.fits(said, media_type, names=names):
        return metadata.strip(data, media_type)
    return metadata.embed(data, media_type, said, names=names)


def _untold(identifier: str, hints: Hints) -> str:
    """Somebody's own template may be called after the child."""
    return "" if hints.found_in(identifier) else identifier
