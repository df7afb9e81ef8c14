"""An engine's models, and what it costs, in words."""

from pickabook_desktop.domain.capabilities import Capabilities, EngineState, ModelSpec
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.viewmodels.cost import amount_text, price_text


def choosable(model: ModelSpec) -> bool:
    """Whether the service still offers it."""
    return model.state != "retired"


def state_text(model: ModelSpec) -> str:
    """What should be known of a model before it is chosen; empty where there is nothing."""
    if model.state == "retired":
        if model.until:
            return tr("shut down on {date}", date=model.until)
        return tr("shut down")
    if model.state == "deprecated":
        if model.until:
            return tr("ends on {date}", date=model.until)
        return tr("will be shut down")
    return {"recommended": tr("recommended"), "preview": tr("preview")}.get(model.state, "")


def model_line(model: ModelSpec) -> str:
    """A model with its price and its state: ``Banana 2 · USD 0.03 to 0.08 · recommended``."""
    price = _range(model.prices, model.currency) if choosable(model) else ""
    return " · ".join(part for part in (model.title, price, state_text(model)) if part)


def retired_problem(model: ModelSpec) -> str:
    """Why a model cannot draw any more, and what to do; empty where it can."""
    if choosable(model):
        return ""
    return tr(
        "{model} is no longer offered ({state}). Choose another model in the options.",
        model=model.title,
        state=state_text(model),
    )


def price_range_text(capabilities: Capabilities) -> str:
    """What one picture costs with whatever model and size may be chosen."""
    offered = [model for model in capabilities.models if choosable(model)]
    if not offered:
        if capabilities.prices:
            return _range(capabilities.prices, capabilities.price.currency)
        return price_text(capabilities.price)
    amounts = {
        f"{model.id} {size}": amount for model in offered for size, amount in model.prices.items()
    }
    return _range(amounts, offered[0].currency) or price_text(capabilities.price)


def _range(prices: dict[str, float], currency: str) -> str:
    if not prices:
        return ""
    least, most = min(prices.values()), max(prices.values())
    if most <= 0:
        return tr("free")
    if least == most:
        return amount_text(least, currency)
    return tr("{least} to {most}", least=amount_text(least, currency), most=amount_text(most, ""))


def brief(state: EngineState, price: str = "") -> str:
    """An engine in a few words: ``Storybook · offline · free``."""
    if state.capabilities is None:
        return state.title
    where = tr("online") if state.capabilities.needs_network else tr("offline")
    return f"{state.title} · {where} · {price or price_range_text(state.capabilities)}"
