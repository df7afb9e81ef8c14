"""What comes out: a picture as drawn, and a picture as kept."""

import msgspec

from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.request import GenerationRequest

# IPTC NewsCodes, digital source type: several elements put together, here a stylised photo and a
# drawing; no generative model is involved.
COMPOSITE = "http://cv.iptc.org/newscodes/digitalsourcetype/composite"


class DrawnPicture(msgspec.Struct, frozen=True, kw_only=True):
    """One finished picture as an engine hands it over; its bytes are kept as they came.

    ``used_words`` and ``unused_words`` say which words of the prompt had an effect. ``timings``
    are seconds by stage. ``digital_source_type`` is an IPTC NewsCode. ``thumbnail`` is a JPEG at
    most 256 pixels long from an engine that has the pixels at hand; without one it is made later.
    ``cost`` is in USD. ``likeness`` says how far the drawn face is from the photo's, ``seam`` how
    much the join of face and scene shows; None where nobody has measured.
    """

    data: bytes
    media_type: str
    size: Size
    seed: int
    template_id: str = ""
    style_id: str = ""
    palette_id: str = ""
    used_words: tuple[str, ...] = ()
    unused_words: tuple[str, ...] = ()
    timings: dict[str, float] = {}
    digital_source_type: str = COMPOSITE
    thumbnail: bytes = b""
    cost: float | None = None
    likeness: float | None = None
    seam: float | None = None


class KeptPicture(msgspec.Struct, frozen=True, kw_only=True):
    """A picture in the library.

    ``request`` is the whole request with this picture's own seed and the template and style that
    were used. ``path`` is absolute. ``created`` is UTC in ISO 8601. ``sha256`` is that of the file.
    ``cost``, ``likeness`` and ``seam`` are as in :class:`DrawnPicture`.
    """

    id: str
    path: str
    media_type: str
    size: Size
    created: str
    request: GenerationRequest
    engine_version: str = ""
    sha256: str = ""
    bytes: int = 0
    used_words: tuple[str, ...] = ()
    unused_words: tuple[str, ...] = ()
    timings: dict[str, float] = {}
    cost: float | None = None
    likeness: float | None = None
    seam: float | None = None


class GenerationResult(msgspec.Struct, frozen=True, kw_only=True):
    """All pictures of one request, in the order of their seeds."""

    request: GenerationRequest
    pictures: tuple[KeptPicture, ...]
    seconds: float = 0.0
