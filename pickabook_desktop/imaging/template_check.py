"""What a template must satisfy before its pages can be trusted.

QtSvg renders only a part of SVG, and drawings may come from strangers: whatever is not known to be
drawn rightly and harmlessly is refused.
"""

import re
from collections.abc import Iterator
from xml.etree import ElementTree

from pickabook_desktop.domain.errors import PickaBookError, TemplateError
from pickabook_desktop.domain.geometry import Rect, Size
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.template import FaceSlot, Template

MAX_CHARACTERS = 2_000_000
MAX_NODES = 8_000
# Copies counted as often as they are drawn.
MAX_DRAWN = 20_000
# Each blur, mask or pattern is worked out anew for every strip of the page.
MAX_EFFECTS = 12
MAX_BLUR_SHARE = 0.02
# How far a head reaches from the point between the eyes, in units: sideways, upwards, downwards.
REACH = (1.2, 1.2, 1.5)
PROBE_EDGE = 96
SHAPE_TOLERANCE = 0.01

ELEMENTS = frozenset(
    (
        *("svg", "g", "defs", "symbol", "use", "title", "desc", "style"),
        *("path", "rect", "circle", "ellipse", "line", "polyline", "polygon"),
        *("linearGradient", "radialGradient", "stop", "pattern", "mask"),
        *("filter", "feGaussianBlur"),
    )
)
_DECLARATION = re.compile(r"<!\s*(DOCTYPE|ENTITY|ATTLIST|ELEMENT)|<\?xml-stylesheet", re.IGNORECASE)
_BROKEN_CSS = re.compile(r"clip-path|mix-blend-mode|@import|@font-face|var\(|expression\(", re.I)
_EFFECT = re.compile(r"(?:filter|mask)\s*:")
_ADDRESS = re.compile(r"url\(\s*['\"]?\s*([^)'\"\s]*)", re.IGNORECASE)
_PATH_TOKEN = re.compile(
    r"([MmZzLlHhVvCcSsQqTtAa])|([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|[\s,]+|(.)", re.DOTALL
)
# How many numbers each command of a path takes at a time (SVG 1.1, 8.3).
_PATH_NUMBERS = {"m": 2, "l": 2, "h": 1, "v": 1, "c": 6, "s": 4, "q": 4, "t": 2, "a": 7, "z": 0}
_COLOUR = re.compile(r"#[0-9a-f]{6}")


def check_template(template: Template, back: str, front: str) -> None:
    """Raise TemplateError with the first reason why the template cannot be used.

    ``back`` and ``front`` are the texts of its drawings.
    """
    for reason in problems(template, back, front):
        raise refusal(template, reason)


def check_drawing(template: Template, name: str, svg: str) -> None:
    """Raise TemplateError with the first reason why one drawing must not be rendered."""
    for reason in drawing_problems(svg):
        raise refusal(template, f"{name}: {reason}")


def refusal(template: Template, reason: str) -> TemplateError:
    """The error that says why a template cannot be used; ``reason`` is a whole sentence."""
    return TemplateError(
        tr("The template “{title}” cannot be used: {reason}", title=template.id, reason=reason),
        tr("Choose another template, or ask its author for a newer one."),
    )


def problems(template: Template, back: str, front: str) -> Iterator[str]:
    """Every reason why the template cannot be used, as whole sentences."""
    yield from _layout_problems(template)
    drawn_wrongly = False
    for name, svg in (("back.svg", back), ("front.svg", front)):
        for reason in drawing_problems(svg):
            drawn_wrongly = True
            yield f"{name}: {reason}"
    yield from _colour_problems(template, back + front)
    if not drawn_wrongly:
        yield from _opacity_problems(template, back)


def drawing_problems(svg: str) -> Iterator[str]:
    """Every reason why one drawing cannot be used."""
    if len(svg) > MAX_CHARACTERS:
        yield too_long()
        return
    if _DECLARATION.search(svg):
        yield tr("Document types, entities and style sheets from elsewhere are not allowed.")
        return
    try:
        root = ElementTree.fromstring(svg)  # noqa: S314 declarations, the danger, are refused above
    except ElementTree.ParseError as error:
        yield tr("It is not well-formed: {reason}.", reason=error)
        return
    nodes = list(root.iter())
    if _name(root) != "svg":
        yield tr("It is no SVG drawing.")
    if len(nodes) > MAX_NODES:
        yield tr("It has {count} elements; {most} are allowed.", count=len(nodes), most=MAX_NODES)
        return
    reasons = [reason for node in nodes for reason in _node_problems(node)]
    yield from dict.fromkeys([*reasons, *_use_problems(nodes), *_blur_problems(nodes)])


def too_long() -> str:
    """What is said of a drawing above ``MAX_CHARACTERS``."""
    return tr("It is longer than {most} characters.", most=MAX_CHARACTERS)


def _node_problems(node: ElementTree.Element) -> Iterator[str]:
    name = _name(node)
    if name not in ELEMENTS:
        yield tr("The element “{name}” is not allowed.", name=name)
    for key, value in node.attrib.items():
        attribute = key.rpartition("}")[2].lower()
        if attribute.startswith("on"):
            yield tr("The attribute “{name}” is not allowed.", name=attribute)
        if attribute == "href" and not value.startswith("#"):
            yield tr("It refers to something outside: {target}.", target=value[:60])
        yield from _css_problems(f"{attribute}:{value}")
    if name == "path" and not _is_path(node.get("d", "")):
        yield tr("A path is empty or cut short: “{start}”.", start=node.get("d", "")[:40])
    if name == "style":
        yield from _css_problems(node.text or "")


def _is_path(data: str) -> bool:
    """Whether QtSvg draws all of a path's data."""
    commands: list[tuple[str, int]] = []
    for command, number, strange in _PATH_TOKEN.findall(data):
        if strange or (number and not commands):
            return False
        if command:
            commands.append((command.lower(), 0))
        elif number:
            commands[-1] = (commands[-1][0], commands[-1][1] + 1)
    return bool(commands) and commands[0][0] == "m" and all(_is_full(*pair) for pair in commands)


def _is_full(command: str, numbers: int) -> bool:
    wanted = _PATH_NUMBERS[command]
    if command == "a":
        # Its flags may be written without a space between, so its numbers cannot be counted.
        return numbers > 0
    return numbers == 0 if wanted == 0 else numbers > 0 and numbers % wanted == 0


def _css_problems(text: str) -> Iterator[str]:
    broken = _BROKEN_CSS.search(text)
    if broken:
        yield tr("“{name}” is not drawn rightly.", name=broken[0].rstrip("("))
    for target in _ADDRESS.findall(text):
        if not target.startswith("#"):
            yield tr("It refers to something outside: {target}.", target=target[:60])


def _use_problems(nodes: list[ElementTree.Element]) -> Iterator[str]:
    """``nodes`` in the order of the document. Copies of copies grow without bound, and a few
    elements can stand for hours of work.
    """
    drawn: dict[ElementTree.Element, int] = {}
    effects: dict[ElementTree.Element, int] = {}
    holders: set[ElementTree.Element] = set()
    # Backwards, so that whatever an element holds comes before it.
    for node in reversed(nodes):
        drawn[node] = 1 + sum(drawn[inner] for inner in node)
        effects[node] = _effects(node) + sum(effects[inner] for inner in node)
        if _name(node) == "use" or any(inner in holders for inner in node):
            holders.add(node)
    by_id = {node.get("id"): node for node in nodes if node.get("id")}
    uses = [node for node in nodes if _name(node) == "use"]
    copied = [by_id[name] for node in uses if (name := _href(node).removeprefix("#")) in by_id]
    if any(node in holders for node in copied):
        yield tr("A “use” must not copy what itself holds a “use”.")
    if drawn[nodes[0]] + sum(drawn[node] for node in copied) > MAX_DRAWN:
        yield tr("Its copies make more than {most} elements.", most=MAX_DRAWN)
    if effects[nodes[0]] + sum(effects[node] for node in copied) > MAX_EFFECTS:
        yield tr("It has more than {most} blurs, masks and patterns.", most=MAX_EFFECTS)


def _effects(node: ElementTree.Element) -> int:
    """How many blurs, masks and patterns are laid on one element; gradients cost nothing."""
    if _name(node) == "style":
        # A rule may hold for any number of elements.
        return (MAX_EFFECTS + 1) * bool(_EFFECT.search(node.text or ""))
    said = " ".join(f"{key}:{value}" for key, value in node.attrib.items())
    return len(_EFFECT.findall(said)) + (_name(node) == "pattern")


def _blur_problems(nodes: list[ElementTree.Element]) -> Iterator[str]:
    numbers = re.findall(r"[-+.\deE]+", nodes[0].get("viewBox", ""))
    width = _number(numbers[2]) if len(numbers) == 4 else 0.0
    for node in nodes:
        said = re.findall(r"[-+.\deE]+", node.get("stdDeviation", ""))
        if any(not _number(value) <= MAX_BLUR_SHARE * width for value in said):
            yield tr("A blur is wider than a fiftieth of the canvas.")


def _number(text: str) -> float:
    """Not a number, which no comparison holds for, where ``text`` is none."""
    try:
        return float(text)
    except ValueError:
        return float("nan")


def _layout_problems(template: Template) -> Iterator[str]:
    canvas = template.canvas
    if not template.crops or not template.slots:
        yield tr("It needs at least one crop and one slot.")
    for crop in template.crops:
        view = crop.view
        try:
            apart = abs(view.aspect / crop.ratio.value - 1)
        except (PickaBookError, ZeroDivisionError):
            yield tr("The crop {aspect} has no shape.", aspect=crop.aspect)
            continue
        if apart > SHAPE_TOLERANCE:
            yield tr("The crop {aspect} does not have that shape.", aspect=crop.aspect)
        if not _holds(canvas, view):
            yield tr("The crop {aspect} reaches beyond the canvas.", aspect=crop.aspect)
        for slot in template.slots:
            if not _holds(view, _head_box(slot)):
                yield tr("The crop {aspect} cuts a head off.", aspect=crop.aspect)


def _colour_problems(template: Template, drawings: str) -> Iterator[str]:
    present = set(_COLOUR.findall(drawings.lower()))
    for role, literal in template.child_colours.items():
        if literal.lower() not in present:
            yield tr(
                "The colour {colour} ({role}) is not in the drawings.", colour=literal, role=role
            )
    for palette in template.palettes:
        for literal in palette.colours:
            if literal.lower() not in present:
                yield tr(
                    "The colour {colour} of the palette “{name}” is not in the drawings.",
                    colour=literal,
                    name=palette.id,
                )


def _opacity_problems(template: Template, back: str) -> Iterator[str]:
    from pickabook_desktop.imaging.svg import render_svg

    for crop in template.crops:
        shape = crop.view.aspect
        size = Size(
            max(8, round(PROBE_EDGE * min(1, shape))), max(8, round(PROBE_EDGE / max(1, shape)))
        )
        if int(render_svg(back, crop.view, size)[..., 3].min()) < 255:
            yield tr("back.svg leaves holes in the crop {aspect}.", aspect=crop.aspect)


def _head_box(slot: FaceSlot) -> Rect:
    aside, up, down = (reach * slot.unit for reach in REACH)
    return Rect(slot.x - aside, slot.y - up, 2 * aside, up + down)


def _holds(outer: Rect, inner: Rect) -> bool:
    slack = 0.5
    return (
        inner.x >= outer.x - slack
        and inner.y >= outer.y - slack
        and inner.x + inner.width <= outer.x + outer.width + slack
        and inner.y + inner.height <= outer.y + outer.height + slack
    )


def _name(node: ElementTree.Element) -> str:
    return str(node.tag).rpartition("}")[2]


def _href(node: ElementTree.Element) -> str:
    keys = [key for key in node.attrib if key.rpartition("}")[2] == "href"]
    return node.attrib[keys[0]] if keys else ""
