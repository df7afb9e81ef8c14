"""What Gemini answers with HTTP 200: pictures, or one of its many ways to say no."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from pickabook_desktop.domain.calls import Usage
from pickabook_desktop.domain.errors import EngineError, RefusedError, Remedy
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.net.redact import redact

if TYPE_CHECKING:
    from google.genai.types import Candidate, GenerateContentResponse, ModalityTokenCount, Part

LONGEST_QUOTE = 240
EMPTY = "EMPTY"
TEXT_ONLY = "TEXT_ONLY"
_FINISHED = ("STOP", "FINISH_REASON_UNSPECIFIED", "")


def pictures_of(response: "GenerateContentResponse", secrets: Iterable[str] = ()) -> list[bytes]:
    """The pictures in the order they came, drafts (``thought``) left out; at least one.

    Raises RefusedError with Gemini's own word as ``code`` where there is none, and EngineError for
    an answer without anything in it.
    """
    parts = [part for candidate in response.candidates or [] for part in _parts(candidate)]
    pictures = [
        part.inline_data.data for part in parts if part.inline_data and part.inline_data.data
    ]
    if pictures:
        return pictures
    feedback = response.prompt_feedback
    blocked = _word(feedback.block_reason) if feedback else ""
    if blocked:
        said = quoted(feedback.block_reason_message if feedback else "", secrets)
        raise refused(blocked, said, blocked=True)
    for candidate in response.candidates or []:
        reason = _word(candidate.finish_reason)
        if reason not in _FINISHED:
            raise refused(reason, quoted(candidate.finish_message, secrets))
    words = quoted(" ".join(part.text for part in parts if part.text), secrets)
    if words:
        raise RefusedError(
            tr("Gemini answered with words instead of a picture: “{words}”", words=words),
            tr("Try again, or ask for something else in the prompt."),
            retryable=True,
            code=TEXT_ONLY,
            remedies=("retry", "edit_prompt", "other_crop", "other_engine"),
        )
    raise EngineError(
        tr("Gemini's answer was empty."),
        tr("Try again; if it stays so, choose another model."),
        retryable=True,
        code=EMPTY,
        remedies=("retry", "other_model", "other_engine"),
    )


def refused(code: str, said: str = "", *, blocked: bool = False) -> RefusedError:
    """The error for a block reason or a finish reason; ``said`` is what Gemini adds to it."""
    cause, step, remedies = _explained(code, blocked=blocked)
    message = (
        tr("Gemini did not accept the request ({code}): {cause}", code=code, cause=cause)
        if blocked
        else tr("Gemini did not deliver the picture ({code}): {cause}", code=code, cause=cause)
    )
    if said:
        message = f"{message} " + tr("It says: “{words}”", words=said)
    return RefusedError(message, step, retryable="retry" in remedies, code=code, remedies=remedies)


def usage_of(response: "GenerateContentResponse") -> Usage:
    """What Gemini says it has counted. No tokens of image output means that it drew nothing."""
    said = response.usage_metadata
    if said is None:
        return Usage()
    output = said.candidates_token_count
    if said.thoughts_token_count:
        output = (output or 0) + said.thoughts_token_count
    details = said.candidates_tokens_details
    image = None if output and not details else _image_tokens(details or [])
    return Usage(input_tokens=said.prompt_token_count, output_tokens=output, image_tokens=image)


def quoted(text: str | None, secrets: Iterable[str] = ()) -> str:
    """A service's words, short enough for a message, without keys."""
    text = redact(" ".join((text or "").split()), secrets)
    return text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1].rstrip() + "…"


def _parts(candidate: "Candidate") -> "list[Part]":
    content = candidate.content
    return [part for part in (content.parts if content else None) or [] if not part.thought]


def _word(reason: object) -> str:
    """An enumeration's value as Gemini wrote it, also one that this SDK does not know."""
    return str(getattr(reason, "value", reason) or "")


def _image_tokens(details: "list[ModalityTokenCount]") -> int:
    return sum(each.token_count or 0 for each in details if _word(each.modality) == "IMAGE")


_Explanation = tuple[str, str, tuple[Remedy, ...]]


def _explained(code: str, *, blocked: bool) -> _Explanation:
    """The likely cause, the next step, and the remedies, best first."""
    table = _BLOCKED if blocked else _FINISHES
    explain = table.get(code) or _BOTH.get(code) or _unknown
    return explain()


def _unknown() -> _Explanation:
    return (
        tr("it gives a reason that this program does not know."),
        tr("Change the prompt, or use another photo or another engine."),
        ("edit_prompt", "other_photo", "other_engine"),
    )


def _safety_of_request() -> _Explanation:
    return (
        tr("its safety filter objects to the words or to one of the pictures."),
        tr("Send the face only instead of the whole photo, or change the prompt."),
        ("other_crop", "edit_prompt", "other_photo", "other_engine"),
    )


def _safety_of_picture() -> _Explanation:
    return (
        tr("what it drew did not pass its safety filter."),
        tr("Try again; then change the prompt, or use another crop or photo."),
        ("retry", "edit_prompt", "other_crop", "other_photo", "other_engine"),
    )


def _safety_of_photo() -> _Explanation:
    return (
        tr("its safety filter objects to one of the pictures that were sent."),
        tr("Send the face only instead of the whole photo, or use another photo."),
        ("other_crop", "other_photo", "other_engine"),
    )


def _other() -> _Explanation:
    return (
        tr("it gives no reason. Often a single one of the pictures that were sent is the cause."),
        tr("Use another crop or another photo, or leave the template's scene out."),
        ("other_crop", "other_photo", "shorten_prompt", "other_engine"),
    )


def _blocklist() -> _Explanation:
    return (
        tr("a word in the prompt is on its list of blocked words."),
        tr("Say it in other words."),
        ("edit_prompt", "other_engine"),
    )


def _prohibited() -> _Explanation:
    return (
        tr("it takes the words or a picture for something that its terms forbid."),
        tr("Change the prompt or use another photo; trying again unchanged does not help."),
        ("edit_prompt", "other_photo", "other_engine"),
    )


def _max_tokens() -> _Explanation:
    return (
        tr("its answer grew too long before the picture was finished."),
        tr("Shorten the prompt, or choose a smaller size."),
        ("shorten_prompt", "smaller_size", "retry"),
    )


def _recitation() -> _Explanation:
    return (
        tr("it came too close to a work that exists."),
        tr("Leave out names of books, films and artists, and describe what you want to see."),
        ("edit_prompt", "retry", "other_engine"),
    )


def _language() -> _Explanation:
    return (
        tr("it does not understand the prompt's language."),
        tr("Write the prompt in English."),
        ("edit_prompt", "other_engine"),
    )


def _personal_details() -> _Explanation:
    return (
        tr("it saw personal details, such as an address, a number or a badge."),
        tr("Take such details out of the prompt, or send the face only."),
        ("edit_prompt", "other_crop", "other_photo"),
    )


def _no_image() -> _Explanation:
    return (
        tr("it answered without drawing."),
        tr("Try again; if it stays so, make the prompt shorter and plainer."),
        ("retry", "shorten_prompt", "other_model", "other_engine"),
    )


def _image_other() -> _Explanation:
    return (
        tr("drawing stopped, and it gives no reason."),
        tr("Try again; then use another crop or a shorter prompt."),
        ("retry", "other_crop", "shorten_prompt", "other_engine"),
    )


_Table = Mapping[str, Callable[[], _Explanation]]
_BOTH: _Table = {
    "OTHER": _other,
    "BLOCKLIST": _blocklist,
    "PROHIBITED_CONTENT": _prohibited,
}
_BLOCKED: _Table = {"SAFETY": _safety_of_request, "IMAGE_SAFETY": _safety_of_photo}
_FINISHES: _Table = {
    "SAFETY": _safety_of_picture,
    "IMAGE_SAFETY": _safety_of_picture,
    "MAX_TOKENS": _max_tokens,
    "RECITATION": _recitation,
    "IMAGE_RECITATION": _recitation,
    "LANGUAGE": _language,
    "SPII": _personal_details,
    "IMAGE_PROHIBITED_CONTENT": _prohibited,
    "NO_IMAGE": _no_image,
    "IMAGE_OTHER": _image_other,
}
