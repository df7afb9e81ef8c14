"""What an answer brings, looked at before it is handed on."""

from collections.abc import Iterator
from dataclasses import dataclass

from pickabook_desktop.domain.calls import Outcome, Usage
from pickabook_desktop.domain.errors import EngineError, InputError, RefusedError
from pickabook_desktop.domain.geometry import NAMED_LONG_EDGES
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.ports import References
from pickabook_desktop.domain.request import SEED_LIMIT, GenerationRequest
from pickabook_desktop.domain.result import DrawnPicture
from pickabook_desktop.providers.gemini import answers
from pickabook_desktop.providers.gemini.prepare import Prepared

# IPTC NewsCodes, digital source type: made by a trained model.
BY_A_MODEL = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
# A picture may be this many times larger than asked for; beyond that it is no answer to it.
LARGER_THAN_ASKED = 4.0
MOST_MEGAPIXELS = 80.0
UNUSABLE = "UNUSABLE"


@dataclass(frozen=True)
class Reading:
    """What one answer has come to: its pictures, and the error that stands beside or instead."""

    pictures: tuple[DrawnPicture, ...]
    usage: Usage
    error: EngineError | None = None

    @property
    def outcome(self) -> Outcome:
        """The word for it in the ledger."""
        if self.error is None:
            return "drawn"
        return "refused" if isinstance(self.error, RefusedError) else "failed"


class Reader:
    """Takes pictures out of an answer and looks at each before it is handed on."""

    def __init__(
        self, request: GenerationRequest, prepared: Prepared, references: References, key: str
    ) -> None:
        self._request = request
        self._prepared = prepared
        self._references = references
        self._key = key

    def read(self, text: str, index: int, seconds: float) -> Reading:
        """All that a whole answer brings for picture ``index``. Takes a while for a large picture.

        Raises ValueError for what is no answer.
        """
        answer = answers.read_answer(text)
        found: list[DrawnPicture] = []
        error: EngineError | None = None
        try:
            found.extend(self.pictures(answer, index, seconds))
        except EngineError as raised:
            error = raised
        return Reading(pictures=tuple(found), usage=answers.usage_of(answer), error=error)

    def pictures(
        self, answer: answers.Answer, index: int, seconds: float
    ) -> Iterator[DrawnPicture]:
        """What was drawn for picture ``index``: as a rule one.

        Where the answer holds more, all are handed on, as all are paid for; the last, which is the
        one that the model ended with, comes last. Raises RefusedError or EngineError where there is
        no picture, and after the others where one of them cannot be opened.
        """
        broken: InputError | None = None
        for data in answers.pictures_of(answer, (self._key,)):
            try:
                media_type, size = self._references.measured(data, max_megapixels=self._most())
            except InputError as error:
                broken = error
                continue
            yield DrawnPicture(
                data=data,
                media_type=media_type,
                size=size,
                seed=(self._request.seed + index) % SEED_LIMIT,
                template_id=self._prepared.template_id,
                style_id=self._prepared.style_id,
                palette_id=self._prepared.palette_id,
                timings={"gemini": round(seconds, 3)},
                digital_source_type=BY_A_MODEL,
            )
        if broken is not None:
            raise EngineError(
                tr("What Gemini sent as a picture cannot be used: {reason}", reason=broken.message),
                tr("Try again; if it stays so, choose another model."),
                retryable=True,
                code=UNUSABLE,
                remedies=("retry", "other_model", "other_engine"),
            ) from broken

    def _most(self) -> float:
        edge = NAMED_LONG_EDGES.get(self._prepared.size_name, 0) or max(
            self._request.size.width, self._request.size.height
        )
        return min(MOST_MEGAPIXELS, LARGER_THAN_ASKED * edge * edge / 1e6)
