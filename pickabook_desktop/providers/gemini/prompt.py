"""The words that are sent: the template's pattern, the style, what the person wrote, and what each
reference picture is for. Always English, whatever language the window speaks.

The child's name is never sent. The service does not need it, and next to a photo it would make the
child findable; wherever it stands in the template, the style, a field or the free text, “the child”
is sent instead.
"""

import string
from collections.abc import Iterable, Mapping, Sequence

from pickabook_desktop.domain.errors import TemplateError
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.names import NAME_FIELD, Hints
from pickabook_desktop.domain.outgoing import Role
from pickabook_desktop.domain.template import Palette, Style, Template

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
    hints = Hints(fields.get(NAME_FIELD, ""))
    pattern = _filled(template, fields) if template else ""
    said = [
        pattern or "A picture-book page with a child as its hero.",
        f"Style: {style.prompt}" if style and style.prompt else "",
        f"Colours, where the above says others: {palette.title}." if palette else "",
        _sentence(text),
    ]
    parts = [
        *(hints.without(part, CHILD) for part in said),
        _LIKENESS,
        _references(roles),
        _FORM,
        ENDING,
    ]
    return "\n\n".join(part for part in parts if part)


def _filled(template: Template, fields: Mapping[str, str]) -> str:
    """The template's pattern with every field in its place."""
    values = {
        field.id: fields.get(field.id, "").strip() or field.example for field in template.fields
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
