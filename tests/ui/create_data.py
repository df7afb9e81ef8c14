"""Templates, styles, engines and reports for tests of the create view."""

from pathlib import Path

from pickabook_desktop.domain.capabilities import (
    Capabilities,
    EngineState,
    OptionSpec,
    Price,
    Terms,
)
from pickabook_desktop.domain.geometry import AspectRatio, Rect, Size
from pickabook_desktop.domain.photo import CoachNote, FaceReport, PhotoReport
from pickabook_desktop.domain.template import Crop, Palette, Style, Template, TemplateField
from pickabook_desktop.ui.viewmodels.create import CreateModel

PHOTO = Path("/photos/holiday.jpg")
TOO_SMALL = CoachNote(
    level="stop",
    code="too_small",
    message="The face is only 41 pixels wide.",
    next_step="Choose a photo in which the face is at least 64 pixels wide.",
)

MOON = Template(
    id="moon",
    title="Moon walk",
    world="Space",
    summary="Over the moon in two bounds.",
    tags=("space", "night"),
    words=("astronaut",),
    canvas=Rect(0, 0, 100, 100),
    crops=(Crop("1:1", Rect(0, 0, 100, 100)), Crop("210:297", Rect(10, 0, 70, 99))),
    slots=(),
    fields=(
        TemplateField(id="name", title="Child's name"),
        TemplateField(id="companion", title="Small friend", example="Pip", max_length=10),
    ),
    palettes=(
        Palette(id="rose", title="Rose trim", colours={"#112233": "#cc6677"}),
        Palette(id="blue", title="Blue trim", colours={"#112233": "#4477aa"}),
    ),
)
SEA = Template(
    id="sea",
    title="Under the sea",
    world="Sea",
    summary="Down where the turtles are.",
    tags=("sea", "animals"),
    canvas=Rect(0, 0, 100, 100),
    crops=(Crop("4:3", Rect(0, 0, 100, 75)), Crop("297:210", Rect(0, 0, 99, 70))),
    slots=(),
)
OWL = Template(
    id="owl",
    title="Snow owl",
    world="Winter",
    summary="A night in the snow.",
    tags=("night", "animals"),
    canvas=Rect(0, 0, 100, 100),
    crops=(Crop("1:1", Rect(0, 0, 100, 100)),),
    slots=(),
)
TEMPLATES = {template.id: template for template in (MOON, SEA, OWL)}
STYLES = {
    "ink": Style(id="ink", title="Ink", summary="Lines and washes.", look="ink"),
    "pencil": Style(id="pencil", title="Pencil", summary="Soft and warm.", look="pencil"),
}
HERE = EngineState(
    id="here",
    title="Here",
    capabilities=Capabilities(
        id="here",
        title="Here",
        version="1",
        summary="Draws on this computer.",
        terms=Terms(summary="Nothing leaves this computer."),
        seconds=0.6,
        prompt_help="Words choose what you have not.",
        options=(
            OptionSpec(id="light", title="Lightness", kind="number", minimum=-1, maximum=1),
            OptionSpec(id="grain", title="Paper grain", kind="switch", default="true"),
            OptionSpec(id="line", title="Outline", kind="choice", choices=("Fine", "Bold")),
        ),
    ),
)
FAR = EngineState(
    id="far",
    title="Far",
    capabilities=Capabilities(
        id="far",
        title="Far",
        version="2",
        summary="Draws elsewhere.",
        terms=Terms(summary="Photos are sent.", commercial_use="ask"),
        price=Price(amount=0.04, read_on="2026-01-01"),
        aspects=(AspectRatio(3, 4), AspectRatio(4, 3)),
        sizes=("1K",),
        max_megapixels=2.0,
        max_count=2,
        seconds=40,
        uses_seed=False,
        uses_prompt=False,
        needs_network=True,
    ),
)
BROKEN = EngineState(id="broken", title="Broken", unavailable="The package “foo” is missing.")


def new_model(*engines: EngineState) -> CreateModel:
    return CreateModel(TEMPLATES, STYLES, engines or (HERE, FAR, BROKEN))


def face(x: float, *notes: CoachNote, size: float = 100) -> FaceReport:
    """A square face whose left edge is at ``x`` in a photo of 800 x 600."""
    return FaceReport(
        box=Rect(x, 200, size, size),
        eyes=((x + 30, 240), (x + 70, 240)),
        pupil_distance=40,
        yaw=0,
        pitch=0,
        roll=0,
        sharpness=1,
        brightness=0.5,
        presence=0.99,
        notes=notes,
    )


def report(*faces: FaceReport, notes: tuple[CoachNote, ...] = ()) -> PhotoReport:
    return PhotoReport(
        path=str(PHOTO), sha256="abc", size=Size(800, 600), format="JPEG", faces=faces, notes=notes
    )


def ready_model() -> CreateModel:
    """With a good photo and a template."""
    model = new_model()
    model.choose_photo(PHOTO)
    model.accept_report(PHOTO, report(face(100)))
    model.choose_template("moon")
    return model
