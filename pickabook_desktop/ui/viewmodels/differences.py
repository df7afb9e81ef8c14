"""What made the difference between a few pictures, said of each."""

from collections.abc import Callable, Sequence
from pathlib import Path

from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.request import GenerationRequest
from pickabook_desktop.ui.viewmodels.create import NAME_FIELD

TitleOf = Callable[[str, str], str]
"""What a value of ``template``, ``style`` or ``engine`` is called, and of ``palette`` as
``template/palette``.
"""

_EDGES = ".,;:!?\"'()[]“”‘’…"


def differences(requests: Sequence[GenerationRequest], title_of: TitleOf) -> tuple[str, ...]:
    """For each request in what it is not as the others, in one line; what all share is left out."""
    columns = [
        *_plain(requests, title_of),
        _words(requests),
        *_options(requests),
        [tr("Seed {seed}", seed=request.seed) for request in requests],
    ]
    telling = [column for column in columns if len(set(column)) > 1]
    if not telling:
        return (_same(len(requests)),) * len(requests)
    return tuple(
        " · ".join(column[row] for column in telling if column[row]) for row in range(len(requests))
    )


def _plain(requests: Sequence[GenerationRequest], title_of: TitleOf) -> list[list[str]]:
    return [
        [title_of("template", request.template_id) for request in requests],
        [title_of("style", request.style_id) for request in requests],
        [title_of("engine", request.engine_id) for request in requests],
        [_colours(request, title_of) for request in requests],
        [request.fields.get(NAME_FIELD, "").strip() or tr("No name") for request in requests],
        _photos(requests),
        [f"{request.size.width} × {request.size.height} px" for request in requests],
    ]


def _colours(request: GenerationRequest, title_of: TitleOf) -> str:
    if not request.palette_id:
        return tr("Colours as drawn")
    return title_of("palette", f"{request.template_id}/{request.palette_id}")


def _photos(requests: Sequence[GenerationRequest]) -> list[str]:
    """Photos by the names of their files, numbered where two have the same."""
    hashes = [request.photo.sha256 or request.photo.path for request in requests]
    if len(set(hashes)) == 1:
        return [""] * len(requests)
    names = [Path(request.photo.path).name for request in requests]
    known = list(dict.fromkeys(hashes))
    if len(set(names)) == len(set(hashes)) and all(names):
        return [tr("Photo {name}", name=name) for name in names]
    return [tr("Photo {name}", name=known.index(sha256) + 1) for sha256 in hashes]


def _words(requests: Sequence[GenerationRequest]) -> list[str]:
    """The words of each prompt that are not in all of them."""
    prompts = [_tokens(request.prompt) for request in requests]
    shared = set(prompts[0]).intersection(*prompts) if prompts else set[str]()
    if not any(set(prompt) - shared for prompt in prompts):
        return [""] * len(prompts)
    own = [[word for key, word in prompt.items() if key not in shared] for prompt in prompts]
    return [tr("“{words}”", words=" ".join(words)) if words else "" for words in own]


def _tokens(prompt: str) -> dict[str, str]:
    """The words of a prompt as they are compared, and as they were written."""
    words = (word.strip(_EDGES) for word in prompt.split())
    return {word.casefold(): word for word in words if word}


def _options(requests: Sequence[GenerationRequest]) -> list[list[str]]:
    names = dict.fromkeys(name for request in requests for name in request.options)
    return [[f"{name}: {request.options.get(name, '–')}" for request in requests] for name in names]


def _same(count: int) -> str:
    return tr("Asked for in the same way") if count > 1 else ""
