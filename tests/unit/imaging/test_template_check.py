"""A template that would be drawn wrongly, or do harm, is refused with the reason."""

from pathlib import Path

import msgspec
import pytest

from pickabook_desktop.domain.errors import TemplateError
from pickabook_desktop.domain.geometry import Rect
from pickabook_desktop.domain.template import Crop, FaceSlot, Palette, Template
from pickabook_desktop.imaging import template_check
from pickabook_desktop.imaging.template_check import check_template, problems

TEMPLATES = Path(__file__).parents[3] / "resources" / "templates"
GOOD = Template(
    id="meadow",
    title="Meadow",
    world="Garden",
    summary="",
    tags=(),
    canvas=Rect(0, 0, 200, 200),
    crops=(Crop("1:1", Rect(0, 0, 200, 200)), Crop("3:4", Rect(25, 0, 150, 200))),
    slots=(FaceSlot(x=100, y=90, unit=20),),
    palettes=(Palette(id="blue", title="Blue", colours={"#336699": "#993366"}),),
    child_colours={"skin": "#D9A07B"},
)
BACK = '<rect width="200" height="200" fill="#336699"/><circle r="9" fill="#d9a07b"/>'


def drawing(body: str) -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
        f' viewBox="0 0 200 200">{body}</svg>'
    )


FRONT = drawing('<path d="M0 0l9-9.5.5,1e1Zm1 1 2 2h3V-4a1 1 0 0 1 2 2" stroke="#000000"/>')


def test_a_sound_template_passes():
    check_template(GOOD, drawing(BACK), FRONT)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('<clipPath id="c"/>', "clipPath"),
        ('<g clip-path="url(#c)"/>', "clip-path"),
        ("<filter><feDropShadow/></filter>", "feDropShadow"),
        ("<filter><feTurbulence/></filter>", "feTurbulence"),
        ('<g style="mix-blend-mode:multiply"/>', "mix-blend-mode"),
        ("<style>.a{mix-blend-mode:screen}</style>", "mix-blend-mode"),
        ('<image href="x.png"/>', "image"),
        ("<script>1</script>", "script"),
        ("<text>hello</text>", "text"),
        ('<use xlink:href="http://example.org/a.svg#b"/>', "example.org"),
        ('<rect fill="url(file:///etc/passwd)"/>', "/etc/passwd"),
        ('<rect onload="x()"/>', "onload"),
        ('<g id="a"><use href="#b"/></g><use href="#a"/>', "use"),
        ('<path d=""/>', "path"),
        ('<path d="M0 0 C1 1 2 2"/>', "path"),
        ('<path d="M0 0 L9 nine"/>', "path"),
        ("<rect", "well-formed"),
        ('<filter id="f"><feGaussianBlur stdDeviation="1e9"/></filter>', "blur"),
        ('<filter id="f"><feGaussianBlur stdDeviation="2 9"/></filter>', "blur"),
        ('<rect filter="url(#f)"/>' * 13, "blurs"),
        ('<g id="a"><rect style="mask: url(#m)"/></g>' + '<use href="#a"/>' * 12, "blurs"),
        ("<style>rect{filter:url(#f)}</style>", "blurs"),
        ('<g id="a">' + "<g/>" * 200 + "</g>" + '<use href="#a"/>' * 100, "copies"),
    ],
)
def test_what_would_be_drawn_wrongly_is_refused(body: str, said: str):
    with pytest.raises(TemplateError, match=said) as caught:
        check_template(GOOD, drawing(BACK + body), FRONT)
    assert caught.value.next_step


def test_entities_are_refused_before_they_can_grow():
    bomb = '<!DOCTYPE svg [<!ENTITY a "aaaa">]>' + drawing(BACK)
    with pytest.raises(TemplateError, match="entities"):
        check_template(GOOD, bomb, FRONT)


def test_too_many_elements_are_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(template_check, "MAX_NODES", 20)
    with pytest.raises(TemplateError, match="20"):
        check_template(GOOD, drawing(BACK + "<g/>" * 30), FRONT)


def test_a_hole_in_the_back_is_found():
    assert any("1:1" in reason for reason in problems(GOOD, drawing('<circle r="9"/>'), FRONT))


def test_a_colour_that_is_not_drawn_is_named():
    without = drawing('<rect width="200" height="200" fill="#336699"/>')
    with pytest.raises(TemplateError, match="#D9A07B"):
        check_template(GOOD, without, FRONT)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"crops": (Crop("1:1", Rect(10, 0, 200, 200)),)}, "beyond the canvas"),
        ({"crops": (Crop("3:4", Rect(0, 0, 200, 200)),)}, "that shape"),
        ({"slots": (FaceSlot(x=10, y=90, unit=20),)}, "cuts a head off"),
        ({"crops": ()}, "at least one crop"),
    ],
)
def test_a_layout_that_cannot_work_is_refused(changes: dict[str, object], said: str):
    broken = msgspec.structs.replace(GOOD, **changes)
    with pytest.raises(TemplateError, match=said):
        check_template(broken, drawing(BACK), FRONT)


@pytest.mark.parametrize("folder", sorted(TEMPLATES.glob("*/")), ids=lambda folder: folder.name)
def test_every_template_that_is_shipped_is_sound(folder: Path):
    template = msgspec.toml.decode((folder / "template.toml").read_bytes(), type=Template)
    drawings = [(folder / name).read_text("utf-8") for name in ("back.svg", "front.svg")]
    assert list(problems(template, *drawings)) == []
