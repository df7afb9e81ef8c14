"""What an engine can do. The interface is built from this and knows no engine by name."""

from typing import Literal

import msgspec

from pickabook_desktop.domain.geometry import AspectRatio


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
    """One of an engine's own settings, reached on the command line as ``engine.id=value``."""

    id: str
    title: str
    kind: Literal["text", "number", "choice", "switch"] = "text"
    default: str = ""
    choices: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    help: str = ""


class Capabilities(msgspec.Struct, frozen=True, kw_only=True):
    """The record of one engine.

    ``aspects`` empty means the template's own. ``max_megapixels`` 0 means no limit.
    ``seconds`` is a typical time for one 2048 x 2048 picture. ``prompt_help`` is a sentence on what
    the engine does with the words of a prompt.
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


class EngineState(msgspec.Struct, frozen=True, kw_only=True):
    """An engine as listed: what it can do, and why it cannot be used now where it cannot."""

    id: str
    title: str
    capabilities: Capabilities | None = None
    unavailable: str = ""
