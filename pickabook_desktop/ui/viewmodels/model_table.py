"""An engine's models in the words of a table."""

from pickabook_desktop.domain.capabilities import ModelSpec
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.domain.money import listed_price_text
from pickabook_desktop.ui.viewmodels.dates import day_text


def state_words(model: ModelSpec) -> str:
    """Whether a model can be used, since when and until when, as far as that is known."""
    since, until = day_text(model.since), day_text(model.until)
    if model.state == "retired":
        return tr("Shut down on {date}", date=until) if until else tr("Shut down")
    if model.state == "deprecated":
        return tr("Ends on {date}", date=until) if until else tr("Will be shut down")
    word = {
        "recommended": tr("Recommended"),
        "available": tr("Available"),
        "preview": tr("Preview"),
    }[model.state]
    return tr("{word}, since {date}", word=word, date=since) if since else word


def model_prices(model: ModelSpec) -> str:
    """What one picture of each size costs: ``1K USD 0.034 · 2K USD 0.05``."""
    if model.state == "retired":
        return "—"
    prices = [
        f"{size} {listed_price_text(price, model.currency)}" for size, price in model.prices.items()
    ]
    return "\n".join(prices) or tr("not known")
