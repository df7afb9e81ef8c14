"""What Gemini answers with HTTP 200: pictures, or one of its many ways to say no.

The answer's text is read here and not by the SDK, which drops ``finishMessage``, warns of every
reason that is newer than itself, and raises whatever comes for shapes it does not expect.
"""

import base64
from collections.abc import Callable, Iterable, Mapping

import msgspec

from pickabook_desktop.domain.calls import Usage
from pickabook_desktop.domain.errors import EngineError, RefusedError, Remedy
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.net.failures import quoted

# No call comes near it; beyond is nonsense that would upset the ledger.
MOST_TOKENS = 100_000_000
EMPTY = "EMPTY"
TEXT_ONLY = "TEXT_ONLY"
_FINISHED = ("STOP", "FINISH_REASON_UNSPECIFIED", "")


class _Picture(msgspec.Struct, frozen=True, rename="camel"):
    data: str = ""


class _Part(msgspec.Struct, frozen=True, rename="camel"):
    text: str = ""
    inline_data: _Picture | None = None
    thought: bool = False


class _Content(msgspec.Struct, frozen=True, rename="camel"):
    parts: tuple[_Part, ...] = ()


class _Candidate(msgspec.Struct, frozen=True, rename="camel"):
    content: _Content = _Content()
    finish_reason: str = ""
    finish_message: str = ""


class _Feedback(msgspec.Struct, frozen=True, rename="camel"):
    block_reason: str = ""
    block_reason_message: str = ""


class _Modality(msgspec.Struct, frozen=True, rename="camel"):
    modality: str = ""
    token_count: int = 0


class _Counted(msgspec.Struct, frozen=True, rename="camel"):
    prompt_token_count: int | None = None
    candidates_token_count: int | None = None
    thoughts_token_count: int | None = None
    candidates_tokens_details: tuple[_Modality, ...] = ()


class Answer(msgspec.Struct, frozen=True, rename="camel"):
    """As much of a ``GenerateContentResponse`` as matters (ai.google.dev/api/generate-content)."""

    candidates: tuple[_Candidate, ...] = ()
    prompt_feedback: _Feedback = _Feedback()
    usage_metadata: _Counted | None = None

    @property
    def parts(self) -> list[_Part]:
        """What is meant as the answer; drafts (``thought``) are left out."""
        every = (part for candidate in self.candidates for part in candidate.content.parts)
        return [part for part in every if not part.thought]

    @property
    def drew(self) -> bool:
        """Whether there is a picture in it, be it a draft or one that cannot be opened."""
        every = (part for candidate in self.candidates for part in candidate.content.parts)
        return any(part.inline_data is not None for part in every)


def read_answer(text: str | bytes) -> Answer:
    """Raises ValueError for what is no such answer; an empty text is an empty answer."""
    if not text.strip():
        return Answer()
    try:
        return msgspec.json.decode(text, type=Answer)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise ValueError("not an answer to a request for a picture") from error


def pictures_of(answer: Answer, secrets: Iterable[str] = ()) -> list[bytes]:
    """The pictures in the order they came; at least one.

    Raises RefusedError with Gemini's own word as ``code`` where there is none, and EngineError for
    an answer without anything in it.
    """
    encoded = [part.inline_data.data for part in answer.parts if part.inline_data]
    if encoded:
        return [_decoded(data) for data in encoded]
    feedback = answer.prompt_feedback
    if feedback.block_reason:
        said = quoted(feedback.block_reason_message, secrets)
        raise refused(feedback.block_reason, said, blocked=True)
    for candidate in answer.candidates:
        if candidate.finish_reason not in _FINISHED:
            raise refused(candidate.finish_reason, quoted(candidate.finish_message, secrets))
    words = quoted(" ".join(part.text for part in answer.parts), secrets)
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
        tr("Gemini did not accept the request: {cause}", cause=cause)
        if blocked
        else tr("Gemini did not deliver the picture: {cause}", cause=cause)
    )
    if said:
        message = f"{message} " + tr("It says: “{words}”", words=said)
    return RefusedError(message, step, retryable="retry" in remedies, code=code, remedies=remedies)


def usage_of(answer: Answer) -> Usage:
    """What Gemini says it has counted. Where that leaves out a picture which has come, or does not
    say what it has counted, the tokens of pictures are not known.
    """
    counted = answer.usage_metadata
    if counted is None:
        return Usage()
    output = _plausible(counted.candidates_token_count)
    thoughts = _plausible(counted.thoughts_token_count)
    details = counted.candidates_tokens_details
    images: int | None = sum(each.token_count for each in details if each.modality == "IMAGE")
    if (not images and answer.drew) or (output and not details):
        images = None
    return Usage(
        input_tokens=_plausible(counted.prompt_token_count),
        output_tokens=(output or 0) + thoughts if thoughts else output,
        image_tokens=_plausible(images),
    )


def _plausible(tokens: int | None) -> int | None:
    return tokens if tokens is not None and 0 <= tokens <= MOST_TOKENS else None


def _decoded(text: str) -> bytes:
    """A picture's bytes; nothing for what is no base64, which no picture can be then."""
    try:
        # Both alphabets are allowed in the JSON form of protocol buffers.
        return base64.b64decode(text.translate(_COMMON_ALPHABET), validate=True)
    except ValueError:
        return b""


_COMMON_ALPHABET = str.maketrans("-_", "+/")
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
