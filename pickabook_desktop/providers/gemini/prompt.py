"""The words that are sent: the template's pattern, the style, what the person wrote, and what each
reference picture is for. Always English, whatever language the window speaks.

The child's name is never sent. The service does not need it, and next to a photo it would make the
child findable; wherever it stands in a field or in the free text, “the child” is sent instead.
"""

import re
import string
from collections.abc import Iterable, Mapping, Sequence

from pickabook_desktop.domain.errors import TemplateError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.outgoing import Role
from pickabook_desktop.domain.template import Palette, Style, Template

NAME_FIELD = "name"
CHILD = "the child"
# Without such an ending about one answer in five is words instead of a picture.
ENDING = "Output only the final image, without any text."

_LIKENESS = (
    "The child in the picture is the child of the photographs and must be recognised at once: keep"
    " the age, the shape of the face, eyes, nose and mouth, the skin tone, the hair and its colour,"
    " and glasses if there are any. Draw the face in the same technique as everything else; no part"
    " of the picture may look like a photograph."
)
_FORM = "One single scene that fills the picture: no letters, no frame, no watermark, no panels."
_ROLES: Mapping[Role, str] = {
    "face": "a photograph of the child's face",
    "photo": "a photograph with the child",
    "scene": (
        "the page as it is drawn in the book, with the child's head left out; keep its"
        " composition, place, clothes, colours and way of drawing, and complete the child with the"
        " face, hair and skin of the photographs"
    ),
}
# From here on scripts are written without spaces between words (CJK and what follows).
_NO_SPACES = "\u2e80"


def written(
    *,
    template: Template | None,
    style: Style | None,
    palette: Palette | None,
    fields: Mapping[str, str],
    text: str,
    roles: Sequence[Role],
) -> str:
    """The whole prompt; ``roles`` are those of the reference pictures in their order.

    A field without a value is filled with its example. Raises TemplateError for a pattern that
    cannot be filled.
    """
    name = fields.get(NAME_FIELD, "")
    pattern = _filled(template, fields) if template else ""
    parts = [
        pattern or "A picture-book page with a child as its hero.",
        f"Style: {style.prompt}" if style and style.prompt else "",
        f"Colours, where the above says others: {palette.title}." if palette else "",
        _sentence(without_name(text, name)),
        _LIKENESS,
        _references(roles),
        _FORM,
        ENDING,
    ]
    return "\n\n".join(part for part in parts if part)


def without_name(text: str, name: str) -> str:
    """``text`` with “the child” for the name, for all of it or one word of it, in any case.

    Single letters and, in a name with capitals, words without them (“van der”) stay.
    """
    for part in _parts_of(name):
        words = re.escape(part).replace(r"\ ", r"\s+")
        if part[0] < _NO_SPACES and part[-1] < _NO_SPACES:
            words = rf"(?<!\w){words}(?!\w)"
        text = re.sub(words, CHILD, text, flags=re.IGNORECASE)
    return text


def _parts_of(name: str) -> list[str]:
    """The name and the words of it that tell who it is, longest first."""
    whole = " ".join(name.split())
    if not any(letter.isalnum() for letter in whole):
        return []
    words = [word for word in re.split(r"[\s-]+", whole) if sum(map(str.isalnum, word)) > 1]
    if whole != whole.lower():
        words = [word for word in words if word != word.lower() or word[0] >= _NO_SPACES]
    return sorted({whole, *words}, key=len, reverse=True)


def _filled(template: Template, fields: Mapping[str, str]) -> str:
    """The template's pattern with every field in its place."""
    name = fields.get(NAME_FIELD, "")
    values = {field.id: fields.get(field.id, "").strip() for field in template.fields}
    values = {
        field.id: without_name(values[field.id] or field.example, name) for field in template.fields
    }
    values[NAME_FIELD] = CHILD
    try:
        # Not str.format, which would follow {name.attribute} into the program.
        parts = string.Formatter().parse(template.prompt)
        return "".join(
            text + (values[field] if field is not None else "") for text, field, *_ in parts
        )
    except (KeyError, ValueError) as error:
        raise TemplateError(
            tr("The prompt of the template “{title}” cannot be filled in.", title=template.title),
            tr("Choose another template, or correct the prompt in its template.toml."),
            remedies=("other_template",),
        ) from error


def _sentence(text: str) -> str:
    text = text.strip()
    return text if not text or text[-1] in ".!?…" else f"{text}."


def _references(roles: Sequence[Role]) -> str:
    if not roles:
        return ""
    lines = [f"Image {number}: {_ROLES[role]}." for number, role in enumerate(roles, start=1)]
    if _many_photos(roles):
        lines.append("All photographs show the same child.")
    return "\n".join(["The reference images, in their order:", *lines])


def _many_photos(roles: Iterable[Role]) -> bool:
    return sum(role != "scene" for role in roles) > 1
