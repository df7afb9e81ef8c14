"""What a finished picture says of itself, spliced into the file without touching its pixels.

One XMP packet carries everything, in the place each format has for it: an iTXt chunk in PNG, an
APP1 segment in JPEG, an ``XMP `` chunk in WebP (XMP Specification Part 3, 2016). Nothing is ever
taken over from the photo's own metadata, and of the request only what is meant for others: nothing
of the photo, of who agreed to what, or, unless it is wished, of the child's name.
"""

import json
from typing import Any, cast
from xml.etree import ElementTree

import msgspec

from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.names import NAME_FIELD
from pickabook_desktop.domain.review import UNDECIDED, Decided
from pickabook_desktop.imaging import containers
from pickabook_desktop.imaging.decided import (
    DC,
    EXIF,
    LANGUAGE,
    OWN,
    RDF,
    XMP,
    printable,
    read_decided,
    value_in,
    write_decided,
)

META = "adobe:ns:meta/"
IPTC = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
PREFIXES = {
    "rdf": RDF,
    "x": META,
    "dc": DC,
    "xmp": XMP,
    "exif": EXIF,
    "Iptc4xmpExt": IPTC,
    "pickabook": OWN,
}

PACKET_START = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
PACKET_END = '<?xpacket end="r"?>'


class Metadata(msgspec.Struct, frozen=True, kw_only=True):
    """How a picture came to be.

    ``request_json`` is a request as GenerationRequest writes it. ``digital_source_type`` is an
    IPTC NewsCode. ``created`` is UTC in ISO 8601. ``decided`` is what somebody thinks of it, its id
    empty; pictures in a library do not say that of themselves.
    """

    prompt: str = ""
    template: str = ""
    style: str = ""
    engine: str = ""
    engine_version: str = ""
    seed: int = 0
    request_json: str = ""
    digital_source_type: str = ""
    software: str = ""
    created: str = ""
    decided: Decided = UNDECIDED


# What of a request anybody may know who is given the picture.
SHARED = (
    *("template_id", "style_id", "engine_id", "prompt", "fields", "palette_id"),
    *("size", "seed", "options"),
)

OWN_FIELDS = ("template", "style", "engine", "engine_version", "request_json")


def embed(data: bytes, media_type: str, metadata: Metadata, *, names: bool = False) -> bytes:
    """The same picture with ``metadata`` in it, in place of any it had; of its request, what
    :func:`shareable` leaves.

    Raises InputError for a format without a place for it or a file that is damaged.
    """
    return _container(media_type).with_packet(data, to_packet(metadata, names=names))


def fits(metadata: Metadata, media_type: str, *, names: bool = False) -> bool:
    """Whether a file of that kind has room for it: JPEG has some for 60,000 letters."""
    if media_type != "image/jpeg":
        return True
    room = containers.Jpeg.LARGEST - len(containers.Jpeg.NAMESPACE)
    return len(to_packet(metadata, names=names)) <= room


def strip(data: bytes, media_type: str) -> bytes:
    """The same picture without XMP, EXIF, text or comments; the colour profile stays.

    Raises InputError as :func:`embed`.
    """
    return _container(media_type).stripped(data)


def read(data: bytes, media_type: str) -> Metadata | None:
    """What :func:`embed` put there, or None where there is nothing of this program's."""
    packet = _container(media_type).packet(data)
    return from_packet(packet) if packet else None


def to_packet(metadata: Metadata, *, names: bool = False) -> bytes:
    """An XMP packet in UTF-8; ``names`` as for :func:`shareable`."""
    root = ElementTree.Element(f"{{{META}}}xmpmeta")
    rdf = ElementTree.SubElement(root, f"{{{RDF}}}RDF")
    about = ElementTree.SubElement(rdf, f"{{{RDF}}}Description", {f"{{{RDF}}}about": ""})

    def add(namespace: str, name: str, text: str) -> None:
        if text:
            ElementTree.SubElement(about, f"{{{namespace}}}{name}").text = printable(text)

    add(IPTC, "DigitalSourceType", metadata.digital_source_type)
    add(XMP, "CreatorTool", metadata.software)
    add(XMP, "CreateDate", metadata.created)
    if metadata.prompt:
        description = ElementTree.SubElement(about, f"{{{DC}}}description")
        languages = ElementTree.SubElement(description, f"{{{RDF}}}Alt")
        item = ElementTree.SubElement(languages, f"{{{RDF}}}li", {LANGUAGE: "x-default"})
        item.text = printable(metadata.prompt)
    add(OWN, "seed", str(metadata.seed))
    values = msgspec.structs.asdict(metadata)
    values["request_json"] = shareable(metadata.request_json, names=names)
    for name in OWN_FIELDS:
        add(OWN, name, values[name])
    write_decided(about, metadata.decided)
    for prefix, namespace in PREFIXES.items():
        ElementTree.register_namespace(prefix, namespace)
    text = ElementTree.tostring(root, encoding="unicode")
    return f"{PACKET_START}\n{text}\n{PACKET_END}".encode()


def from_packet(packet: bytes) -> Metadata | None:
    """Read a packet; None when it is not this program's or not well formed."""
    if b"<!DOCTYPE" in packet or b"<!ENTITY" in packet:
        return None
    try:
        # Entities, the danger in XML from elsewhere, were turned away above.
        root = ElementTree.fromstring(packet)  # noqa: S314
    except ElementTree.ParseError:
        return None

    def text(namespace: str, name: str) -> str:
        return value_in(root, namespace, name)

    seed = text(OWN, "seed")
    # Python refuses to read numbers of thousands of digits, and no seed has them.
    if not (seed.isascii() and seed.isdigit() and len(seed) < 20):
        return None
    return Metadata(
        prompt=root.findtext(f".//{{{DC}}}description/{{{RDF}}}Alt/{{{RDF}}}li") or "",
        seed=int(seed),
        digital_source_type=text(IPTC, "DigitalSourceType"),
        software=text(XMP, "CreatorTool"),
        created=text(XMP, "CreateDate"),
        decided=read_decided(root),
        **{name: text(OWN, name) for name in OWN_FIELDS},
    )


def shareable(request_json: str, *, names: bool = False) -> str:
    """What of a request goes into the picture, still a request; with the child's name only where
    ``names`` is true. Empty for anything but a JSON object.

    The book stays out in either case: its title often says whose it is, and a page can be drawn
    again without it. So does what the page has cost, which whoever imports it has not paid.
    """
    try:
        request: object = json.loads(request_json)
    except ValueError:
        return ""
    if not isinstance(request, dict):
        return ""
    known = cast("dict[str, Any]", request)
    values = {"photo": {"path": ""}} | {key: known[key] for key in SHARED if key in known}
    fields: object = values.get("fields")
    if isinstance(fields, dict) and not names:
        said = cast("dict[str, Any]", fields)
        values["fields"] = {key: said[key] for key in said if key != NAME_FIELD}
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))


def _container(media_type: str) -> containers.Container:
    try:
        return containers.CONTAINERS[media_type]
    except KeyError as error:
        raise InputError(
            tr("{media_type} has no place for a picture's history.", media_type=media_type),
            tr("Choose PNG, JPEG or WebP."),
        ) from error
