"""What somebody thinks of a picture, in the places of XMP that other programs read and write.

Stars are ``xmp:Rating``, -1 for what is rejected, the label is ``xmp:Label`` (XMP Specification
Part 1, 2012, 8.4), tags are ``dc:subject`` and a note is ``exif:UserComment``. A picked picture has
no place there but one of this program's own.
"""

from xml.etree import ElementTree

from pickabook_desktop.domain.review import LABELS, MOST_STARS, Decided, Label

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
DC = "http://purl.org/dc/elements/1.1/"
XMP = "http://ns.adobe.com/xap/1.0/"
EXIF = "http://ns.adobe.com/exif/1.0/"
OWN = "urn:pickabook-desktop:xmp:1.0#"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
REJECTED, PICKED = "-1", "picked"
# What comes from elsewhere may be of any length.
MOST_TAGS, LONGEST_TAG, LONGEST_NOTE = 200, 100, 20_000


def write_decided(about: ElementTree.Element, decided: Decided) -> None:
    """Add what was decided to an ``rdf:Description``; what nobody has decided is not in it."""
    rejected = decided.flag < 0
    if rejected or decided.rating:
        _add(about, XMP, "Rating", REJECTED if rejected else str(decided.rating))
    if rejected and decided.rating:
        _add(about, OWN, "stars", str(decided.rating))
    if decided.flag > 0:
        _add(about, OWN, "flag", PICKED)
    if decided.label:
        # Lightroom and Bridge go by the very words of their usual labels.
        _add(about, XMP, "Label", decided.label.capitalize())
    if decided.tags:
        bag = ElementTree.SubElement(_add(about, DC, "subject"), f"{{{RDF}}}Bag")
        for tag in decided.tags:
            _add(bag, RDF, "li", tag)
    if decided.note:
        languages = ElementTree.SubElement(_add(about, EXIF, "UserComment"), f"{{{RDF}}}Alt")
        _add(languages, RDF, "li", decided.note).set(LANGUAGE, "x-default")


def read_decided(root: ElementTree.Element) -> Decided:
    """What a packet says was decided, whoever wrote it; what cannot be is left out."""
    rating = value_in(root, XMP, "Rating").strip()
    rejected = rating == REJECTED
    said = value_in(root, XMP, "Label").strip().lower()
    known: dict[str, Label] = {label: label for label in LABELS}
    picked = value_in(root, OWN, "flag") == PICKED
    return Decided(
        id="",
        rating=_stars(value_in(root, OWN, "stars") if rejected else rating),
        flag=-1 if rejected else int(picked),
        label=known.get(said, ""),
        tags=_tags(root),
        note=(root.findtext(f".//{{{EXIF}}}UserComment/{{{RDF}}}Alt/{{{RDF}}}li") or "").strip()[
            :LONGEST_NOTE
        ],
    )


def value_in(root: ElementTree.Element, namespace: str, name: str) -> str:
    """A simple value: an element, or, as Adobe's programs write it, an attribute."""
    key = f"{{{namespace}}}{name}"
    text = root.findtext(f".//{key}")
    if text is not None:
        return text
    said = (about.get(key) for about in root.iter(f"{{{RDF}}}Description"))
    return next((value for value in said if value is not None), "")


def _add(
    parent: ElementTree.Element, namespace: str, name: str, text: str = ""
) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, f"{{{namespace}}}{name}")
    element.text = printable(text) or None
    return element


def printable(text: str) -> str:
    """Without the control characters that XML 1.0 cannot hold."""
    return "".join(
        letter
        for letter in text
        if letter in "\t\n\r"
        or (ord(letter) >= 32 and not 0xD800 <= ord(letter) < 0xE000 and ord(letter) < 0xFFFE)
        or ord(letter) > 0xFFFF
    )


def _stars(text: str) -> int:
    """Also other programs' “3.0”; 0 for what stars cannot be."""
    number = text.partition(".")[0]
    if len(number) != 1 or number not in "012345":
        return 0
    return min(int(number), MOST_STARS)


def _tags(root: ElementTree.Element) -> tuple[str, ...]:
    """Each once, however it is spelled."""
    tags: dict[str, str] = {}
    for kind in ("Bag", "Seq"):
        for item in root.iterfind(f".//{{{DC}}}subject/{{{RDF}}}{kind}/{{{RDF}}}li"):
            tag = " ".join((item.text or "").split())
            usable = tag.isprintable() and any(letter.isalnum() for letter in tag)
            if usable and len(tag) <= LONGEST_TAG:
                tags.setdefault(tag.casefold(), tag)
    return tuple(tags.values())[:MOST_TAGS]
