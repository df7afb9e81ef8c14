"""What the create view remembers from one start to the next, beside photo, page and style."""

import msgspec

from pickabook_desktop.domain.geometry import AspectRatio, Size
from pickabook_desktop.ui.viewmodels.create import CreateModel


class Remembered(msgspec.Struct, frozen=True, kw_only=True):
    """``options_open`` says whether the options were unfolded, ``seed`` is None unless locked.

    Earlier prompts are not among it: they live in the library, and go with their pages.
    """

    fields: dict[str, str] = {}
    prompt: str = ""
    palette_id: str = ""
    size_name: str = "2K"
    custom_size: Size = Size(2048, 2048)
    aspect: AspectRatio = AspectRatio(1, 1)
    count: int = 1
    seed: int | None = None
    options_open: bool = False


def remember(model: CreateModel, *, options_open: bool) -> str:
    """The choices as one line of JSON, for the settings."""
    kept = Remembered(
        fields={key: text for key, text in model.fields.items() if text},
        prompt=model.prompt,
        palette_id=model.palette_id,
        size_name=model.size_name,
        custom_size=model.custom_size,
        aspect=model.aspect,
        count=model.count,
        seed=model.seed if model.seed_locked else None,
        options_open=options_open,
    )
    return msgspec.json.encode(kept).decode()


def recall(model: CreateModel, text: str) -> bool:
    """Choose again what :func:`remember` wrote, and answer whether the options were unfolded.

    Call it when template and engine are chosen. What no longer fits, or cannot be read, is left
    as it is.
    """
    try:
        kept = msgspec.json.decode(text, type=Remembered)
    except msgspec.DecodeError:
        return False
    for key, value in kept.fields.items():
        model.set_field(key, value)
    model.set_prompt(kept.prompt)
    if model.template is not None and model.template.palette(kept.palette_id) is not None:
        model.choose_palette(kept.palette_id)
    if kept.aspect in model.aspects:
        model.choose_aspect(kept.aspect)
    if kept.size_name in model.size_names:
        model.choose_size(kept.size_name)
        model.set_custom_size(kept.custom_size)
    model.set_count(kept.count)
    if kept.seed is not None:
        model.set_seed(kept.seed)
        model.lock_seed(True)
    return kept.options_open
