"""What a batch has brought: pictures, refusals, and what they cost."""

from collections.abc import Iterator

import msgspec

from pickabook_desktop.domain.calls import Outcome, Usage
from pickabook_desktop.domain.capabilities import ModelSpec, size_name_for
from pickabook_desktop.domain.errors import EngineError, PickaBookError, RefusedError
from pickabook_desktop.domain.events import Drawn
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.outgoing import Outgoing
from pickabook_desktop.domain.ports import EngineServices
from pickabook_desktop.domain.request import GenerationRequest
from pickabook_desktop.net.failures import quoted
from pickabook_desktop.providers.gemini import answers
from pickabook_desktop.providers.gemini.batch_wire import Item
from pickabook_desktop.providers.gemini.catalogue import Catalogue
from pickabook_desktop.providers.gemini.costs import cost_of, rounded
from pickabook_desktop.providers.gemini.prepare import DEFAULT_STYLE, Prepared
from pickabook_desktop.providers.gemini.reading import Reader


class Filing:
    """Takes the pictures out of the answers of one batch and adds up what they cost."""

    def __init__(
        self,
        request: GenerationRequest,
        services: EngineServices,
        catalogue: Catalogue,
        model_id: str,
        key: str,
    ) -> None:
        self._services = services
        self._catalogue = catalogue
        self._key = key
        self._model = catalogue.known(model_id)
        self._size_name = size_name_for(request.size, self._model.sizes)
        self._reader = Reader(request, _remembered(request, self._model), services.references, key)
        self._amount: float | None = 0.0
        self._usage = Usage()
        self._drawn = 0
        self.errors: list[PickaBookError] = []

    def drawn(self, index: int, item: Item | None) -> Iterator[Drawn]:
        """The picture of one answer; what went wrong with it is put among the errors."""
        if item is None or not item.answered:
            self.errors.append(_item_error(item, self._key))
            return
        try:
            response = answers.read_answer(bytes(item.response))
        except ValueError:
            self.errors.append(_unreadable())
            self._count(Usage())
            return
        usage = answers.usage_of(response)
        before = self._drawn
        try:
            for picture in self._reader.pictures(response, index, 0.0):
                self._drawn += 1
                own = msgspec.structs.replace(picture, timings={}, cost=self._cost(usage))
                yield Drawn(index=index, picture=own)
        except EngineError as error:
            if self._drawn == before:
                self.errors.append(error)
        self._count(usage)

    def write_down(self, call_id: str) -> None:
        """What it really cost, in the ledger."""
        outcome: Outcome = "drawn"
        if not self._drawn:
            only_refused = all(isinstance(error, RefusedError) for error in self.errors)
            outcome = "refused" if only_refused else "failed"
        reason = self.errors[0].code if self.errors else ""
        self._services.meter.end(
            call_id, outcome, amount=self._amount, reason=reason, usage=self._usage
        )

    def _cost(self, usage: Usage) -> float | None:
        """What cannot be told from the count has cost its price, whether or not a picture came."""
        cost = cost_of(usage, self._catalogue.tariff(self._model.id))
        if cost is None:
            cost = self._model.prices.get(self._size_name)
        return None if cost is None else cost * self._catalogue.batch_share

    def _count(self, usage: Usage) -> None:
        cost = self._cost(usage)
        if cost is None or self._amount is None:
            self._amount = None
        else:
            self._amount = rounded(self._amount + cost)
        self._usage = Usage(
            input_tokens=_plus(self._usage.input_tokens, usage.input_tokens),
            output_tokens=_plus(self._usage.output_tokens, usage.output_tokens),
            image_tokens=_plus(self._usage.image_tokens, usage.image_tokens),
        )


def in_order(items: tuple[Item, ...], count: int) -> Iterator[tuple[int, Item | None]]:
    """Each picture's index with its answer: by the key of its request, else by its place."""
    found: dict[int, Item] = {}
    for place, item in enumerate(items):
        label = item.label
        found.setdefault(int(label) if label.isdecimal() else place, item)
    for index in range(count):
        yield index, found.get(index)


def missing(errors: list[PickaBookError], count: int) -> EngineError:
    """The error for a batch of which some pictures did not come; asking again brings no more."""
    first = errors[0]
    kind = RefusedError if isinstance(first, RefusedError) else EngineError
    return kind(
        tr(
            "{missing} of {count} pictures of this batch did not come. {reason}",
            missing=len(errors),
            count=count,
            reason=first.message,
        ),
        first.next_step or tr("Ask for the missing ones again."),
        code=first.code,
        remedies=first.remedies,
    )


def _remembered(request: GenerationRequest, model: ModelSpec) -> Prepared:
    """As much of what was prepared as is needed to read the answers; the photo may be gone."""
    return Prepared(
        outgoing=Outgoing(),
        model=model,
        aspect="",
        size_name=size_name_for(request.size, model.sizes),
        template_id=request.template_id,
        style_id=request.style_id or (DEFAULT_STYLE if request.template_id else ""),
        palette_id=request.palette_id,
    )


def _plus(one: int | None, other: int | None) -> int | None:
    return other if one is None else one + (other or 0)


def _item_error(item: Item | None, key: str) -> EngineError:
    """Why one request of a batch has no answer."""
    if item is None or item.error is None:
        return EngineError(tr("Google sent no answer for it."), code="MISSING")
    words = quoted(item.error.message, (key,))
    said = words or str(item.error.code)
    return EngineError(tr("Google could not draw it: “{words}”", words=said), code="BATCH_ITEM")


def _unreadable() -> EngineError:
    return EngineError(tr("Google's answer for it cannot be read."), code="UNREADABLE")
