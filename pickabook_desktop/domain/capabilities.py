"""What an engine can do. The interface is built from this and knows no engine by name."""

from collections.abc import Mapping, Sequence
from typing import Literal, Self

import msgspec

from pickabook_desktop.domain.geometry import NAMED_LONG_EDGES, AspectRatio, Size

MODEL_OPTION = "model"


class Price(msgspec.Struct, frozen=True, kw_only=True):
    """The price of one picture. ``amount`` 0 is free; ``read_on`` is the date it was looked up."""

    amount: float = 0.0
    currency: str = "USD"
    read_on: str = ""


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """The terms of use, in short, and whether pages may be sold."""

    summary: str
    commercial_use: Literal["yes", "no", "ask"] = "yes"
    url: str = ""


class OptionSpec(msgspec.Struct, frozen=True, kw_only=True):
    """One of an engine's or store's own settings, reached on the command line as
    ``<engine or store>.id=value``.

    ``scope`` ``picture`` goes into the request and shows in the create panel; ``connection`` (an
    address, a time-out) belongs to this machine, shows in the settings and is never kept with a
    picture. A switch is ``on`` or ``off``. ``choice_titles`` are what is shown for ``choices``, in
    their order; empty shows the choices themselves. ``unit`` stands behind a number.
    """

    id: str
    title: str
    kind: Literal["text", "number", "choice", "switch", "file", "folder"] = "text"
    default: str = ""
    choices: tuple[str, ...] = ()
    choice_titles: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    unit: str = ""
    help: str = ""
    scope: Literal["picture", "connection"] = "picture"


def number_setting(
    option_id: str,
    title: str,
    least: float,
    most: float,
    *,
    default: int | None = None,
    unit: str = "",
    explained: str = "",
) -> OptionSpec:
    """A number from ``least`` to ``most`` that belongs to this machine."""
    return OptionSpec(
        id=option_id,
        title=title,
        kind="number",
        default="" if default is None else str(default),
        minimum=least,
        maximum=most,
        unit=unit,
        help=explained,
        scope="connection",
    )


class ModelSpec(msgspec.Struct, frozen=True, kw_only=True):
    """One of the models that an engine offers, chosen by the option ``model``.

    ``prices`` is what one picture costs by the name of its size. ``since`` and ``until`` are ISO
    dates between which the service offers it, empty where not known. ``read_on`` is the date on
    which all this was looked up.
    """

    id: str
    title: str
    state: Literal["recommended", "available", "preview", "deprecated", "retired"] = "available"
    note: str = ""
    since: str = ""
    until: str = ""
    sizes: tuple[str, ...] = ("1K", "2K", "4K")
    aspects: tuple[AspectRatio, ...] = ()
    reference_limit: int = 1
    prices: dict[str, float] = {}
    currency: str = "USD"
    read_on: str = ""
    seconds: float = 20.0


class Capabilities(msgspec.Struct, frozen=True, kw_only=True):
    """The record of one engine.

    ``aspects`` empty means the template's own. ``max_megapixels`` 0 means no limit.
    ``free_size`` says whether any size in pixels is drawn as asked, or only the named ``sizes``.
    ``seconds`` is a typical time for one 2048 x 2048 picture. ``prompt_help`` is a sentence on what
    the engine does with the words of a prompt.

    ``models`` are chosen by the option ``model``; :meth:`chosen` says what the choice comes to.
    ``prices`` is the price of one picture by the name of its size; empty means that ``price`` holds
    for all. ``further_photos`` is how many more photos of the same child may be sent along.

    ``recipient`` is who receives the photo, and ``privacy`` what the person should know before, a
    sentence each; both are empty for engines that work on this machine. ``key`` is the name under
    which the key is kept (see :class:`~pickabook_desktop.domain.ports.Secrets`). ``batch_price`` is
    the share of the price that is asked where pictures need not come at once; 0 where that is not
    offered.
    """

    id: str
    title: str
    version: str
    summary: str
    terms: Terms
    price: Price = Price()
    aspects: tuple[AspectRatio, ...] = ()
    sizes: tuple[str, ...] = ("1K", "2K", "4K")
    max_megapixels: float = 0.0
    max_count: int = 8
    reference_limit: int = 1
    seconds: float = 1.0
    uses_seed: bool = True
    uses_prompt: bool = True
    prompt_help: str = ""
    uses_negative_prompt: bool = False
    uses_template: bool = True
    needs_network: bool = False
    needs_key: bool = False
    needs_gpu: bool = False
    live_preview: bool = False
    options: tuple[OptionSpec, ...] = ()
    free_size: bool = True
    models: tuple[ModelSpec, ...] = ()
    prices: dict[str, float] = {}
    further_photos: int = 0
    recipient: str = ""
    privacy: tuple[str, ...] = ()
    key: str = ""
    batch_price: float = 0.0

    def model(self, options: Mapping[str, str]) -> ModelSpec | None:
        """The model that ``options`` choose, else the first; None for an engine without models or
        an id that is not in the list.
        """
        wanted = options.get(MODEL_OPTION, "")
        if not wanted:
            return next(iter(self.models), None)
        return next((model for model in self.models if model.id == wanted), None)

    def chosen(self, options: Mapping[str, str]) -> Self:
        """The same, narrowed to what the chosen model can do."""
        model = self.model(options)
        if model is None:
            return self
        first = next(iter(model.prices.values()), self.price.amount)
        return msgspec.structs.replace(
            self,
            sizes=model.sizes,
            aspects=model.aspects or self.aspects,
            reference_limit=model.reference_limit,
            prices=model.prices,
            price=Price(amount=first, currency=model.currency, read_on=model.read_on),
            seconds=model.seconds,
        )

    def price_for(self, size: Size) -> Price:
        """The price of one picture of that size, as far as it is known."""
        amount = self.prices.get(size_name_for(size, self.sizes), self.price.amount)
        return msgspec.structs.replace(self.price, amount=amount)


class EngineState(msgspec.Struct, frozen=True, kw_only=True):
    """An engine as listed: what it can do, and why it cannot be used now where it cannot."""

    id: str
    title: str
    capabilities: Capabilities | None = None
    unavailable: str = ""


def size_name_for(size: Size, names: Sequence[str]) -> str:
    """The smallest of the named sizes that is as long as ``size``, else the largest; empty where
    there are no names that this program knows.
    """
    known = [name for name in names if name in NAMED_LONG_EDGES]
    known.sort(key=lambda name: NAMED_LONG_EDGES[name])
    edge = max(size.width, size.height)
    return next((name for name in known if NAMED_LONG_EDGES[name] >= edge), "".join(known[-1:]))
