"""From what a person typed to a request."""

from collections.abc import Iterable
from pathlib import Path

import msgspec

from pickabook_desktop.domain.capabilities import Capabilities, size_name_for
from pickabook_desktop.domain.errors import InputError
from pickabook_desktop.domain.geometry import NAMED_LONG_EDGES, AspectRatio, Size, parse_size
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.names import NAME_FIELD
from pickabook_desktop.domain.photo import CoachNote
from pickabook_desktop.domain.request import (
    SEED_LIMIT,
    GenerationRequest,
    PhotoRef,
    random_seed,
)
from pickabook_desktop.jobs.studio import Studio

# Settings that are not an engine's own and may be given for one run.
SETTINGS = (
    *("library.dir", "library.backups", "engine.default", "export.metadata", "export.names"),
    *("page.palette", "page.book", "photo.face"),
    *("net.proxy", "net.ca_file", "net.timeout"),
    *("upload.auto", "spending.monthly_limit", "privacy.consent_days"),
)
DEFAULT_ENGINE = "storybook"
DEFAULT_SIZE = "2K"


class Wishes(msgspec.Struct, frozen=True, kw_only=True):
    """The words of ``pickabook generate``; empty ones are left to the engine."""

    photo: Path
    template: str = ""
    prompt: str = ""
    style: str = ""
    engine: str = ""
    name: str = ""
    size: str = ""
    aspect: str = ""
    seed: int | None = None
    count: int = 1
    consent: str = ""
    further_photos: tuple[Path, ...] = ()


def order(wishes: Wishes, studio: Studio) -> GenerationRequest:
    """The request; raises InputError for anything that cannot be meant."""
    if wishes.template and wishes.template not in studio.templates:
        raise _unknown(tr("template"), wishes.template, tuple(studio.templates))
    if wishes.style and wishes.style not in studio.styles:
        raise _unknown(tr("style"), wishes.style, tuple(studio.styles))
    if wishes.seed is not None and not 0 <= wishes.seed < SEED_LIMIT:
        raise InputError(
            tr("The seed {seed} is out of range.", seed=wishes.seed),
            tr("Give a whole number from 0 to {most}.", most=SEED_LIMIT - 1),
        )
    engine_id = wishes.engine or studio.settings.text("engine.default", DEFAULT_ENGINE)
    return GenerationRequest(
        photo=PhotoRef(path=str(wishes.photo.absolute()), face_index=_face(studio)),
        template_id=wishes.template,
        style_id=wishes.style,
        engine_id=engine_id,
        prompt=wishes.prompt.strip(),
        fields={NAME_FIELD: wishes.name} if wishes.name else {},
        palette_id=studio.settings.text("page.palette"),
        size=wished_size(wishes.size, wishes.aspect),
        seed=random_seed() if wishes.seed is None else wishes.seed,
        count=wishes.count,
        options=_options(studio, engine_id),
        consent=wishes.consent.strip(),
        further_photos=tuple(PhotoRef(path=str(p.absolute())) for p in wishes.further_photos),
        book=studio.settings.text("page.book"),
    )


def without_effect(wishes: Wishes, can: Capabilities) -> tuple[CoachNote, ...]:
    """What was wished for and cannot make a difference to this engine's pictures."""
    ignored = (
        ("no_seed", wishes.seed is not None and not can.uses_seed, tr("seed")),
        ("no_prompt", bool(wishes.prompt.strip()) and not can.uses_prompt, tr("prompt")),
        ("no_template", bool(wishes.template) and not can.uses_template, tr("template")),
    )
    notes = [
        CoachNote(
            level="warn",
            code=code,
            message=tr("{title} draws without a {thing}.", title=can.title, thing=thing),
            next_step=tr("What you gave has no effect."),
        )
        for code, is_so, thing in ignored
        if is_so
    ]
    if wishes.size and not can.free_size and wishes.size.upper() not in can.sizes:
        name = size_name_for(wished_size(wishes.size, wishes.aspect), can.sizes)
        notes.append(
            CoachNote(
                level="warn",
                code="named_size",
                message=tr(
                    "{title} draws {size} as {name}.", title=can.title, size=wishes.size, name=name
                ),
                next_step=tr("Its sizes are {names}.", names=", ".join(can.sizes)),
            )
        )
    return tuple(notes)


def check_settings(keys: Iterable[str], studio: Studio) -> None:
    """Raise InputError for a setting that nothing here would ever read."""
    engines = [state.id for state in studio.engines.states()]
    stores = [state.id for state in studio.stores.states()]
    for key in keys:
        if key not in SETTINGS and key.partition(".")[0] not in (*engines, *stores):
            raise InputError(
                tr("There is no setting “{key}”.", key=key),
                tr(
                    "There are {names}, and the options of {parts}.",
                    names=", ".join(SETTINGS),
                    parts=", ".join((*engines, *stores)),
                ),
            )


def _face(studio: Studio) -> int | None:
    """Which face of the photo, counted from the left from 0; None takes the largest."""
    text = studio.settings.text("photo.face")
    if text and not (text.isascii() and text.isdigit()):
        raise InputError(
            tr("“{text}” is not the number of a face.", text=text),
            tr("Faces are counted from 0, from left to right, for example photo.face=1."),
        )
    return int(text) if text else None


def wished_size(size: str, aspect: str) -> Size:
    """The size in pixels: square and 2048 long where nothing else is said."""
    ratio = AspectRatio.parse(aspect) if aspect else None
    wished = parse_size(size or DEFAULT_SIZE, ratio.value if ratio else 1.0)
    named = (size or DEFAULT_SIZE).upper() in NAMED_LONG_EDGES
    # A hundredth is more than rounding to whole pixels can shift a shape.
    if ratio is not None and not named and ratio.distance(wished.aspect) > 0.01:
        raise InputError(
            tr("{size} does not have the aspect ratio {aspect}.", size=wished, aspect=ratio),
            tr("Give one of the two, or a size such as 2K with the aspect ratio."),
        )
    return wished


def _options(studio: Studio, engine_id: str) -> dict[str, str]:
    """The engine's own options that make the picture, from the settings and from this run's."""
    values = studio.settings.starting_with(f"{engine_id}.")
    known = {
        option.id: option.scope for option in studio.engines.get(engine_id).capabilities.options
    }
    unknown = sorted(set(values) - set(known))
    if unknown:
        raise InputError(
            tr("The engine {engine} has no option {names}.", engine=engine_id, names=unknown[0]),
            tr("It has: {names}.", names=", ".join(sorted(known)) or tr("none")),
        )
    return {name: value for name, value in values.items() if known[name] == "picture"}


def _unknown(kind: str, wished: str, known: tuple[str, ...]) -> InputError:
    return InputError(
        tr("There is no {kind} “{id}”.", kind=kind, id=wished),
        tr("Choose one of: {names}.", names=", ".join(known) or tr("none")),
    )
