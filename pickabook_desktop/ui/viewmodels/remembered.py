"""What the create view remembers from one start to the next, beside photo, page and style."""

import msgspec

from pickabook_desktop.domain.geometry import AspectRatio, Size
from pickabook_desktop.ui.viewmodels.create import CreateModel
from pickabook_desktop.ui.viewmodels.picture_size import CUSTOM


class Remembered(msgspec.Struct, frozen=True, kw_only=True):
    """``options_open`` says whether the options were unfolded, ``seed`` is None unless locked,
    ``engine_options`` are those of all engines by their ids.

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
    book: str = ""
    engine_options: dict[str, dict[str, str]] = {}


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
        book=model.book,
        engine_options=model.all_engine_options,
    )
    return msgspec.json.encode(kept).decode()


def recall(model: CreateModel, text: str) -> bool:
    """Choose again what :func:`remember` wrote, and answer whether the options were unfolded.

    Call it when the template is chosen. What no longer fits, or cannot be read, is left as it is;
    what another engine can do comes with that engine.
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
    model.set_book(kept.book)
    model.put_engine_options(kept.engine_options)
    model.choose_aspect(kept.aspect)
    model.choose_size(kept.size_name)
    if kept.size_name == CUSTOM:
        model.set_custom_size(kept.custom_size)
    model.set_count(kept.count)
    if kept.seed is not None:
        model.set_seed(kept.seed)
        model.lock_seed(True)
    return kept.options_open
