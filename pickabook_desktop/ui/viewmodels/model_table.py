"""An engine's models in the words of a table."""

from pickabook_desktop.domain.capabilities import ModelSpec
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.ui.viewmodels.cost import amount_text
from pickabook_desktop.ui.viewmodels.dates import day_text


def state_words(model: ModelSpec) -> str:
    """Whether a model can be used, since when and until when, as far as that is known."""
    if model.state == "retired":
        return _dated(tr("Shut down"), tr("Shut down on {date}"), model.until)
    if model.state == "deprecated":
        return _dated(tr("Will be shut down"), tr("Ends on {date}"), model.until)
    named = {
        "recommended": tr("Recommended"),
        "available": tr("Available"),
        "preview": tr("Preview"),
    }
    word = named[model.state]
    return _dated(word, tr("{word}, since {date}"), model.since, word)


def model_prices(model: ModelSpec) -> str:
    """What one picture of each size costs: ``1K USD 0.034 · 2K USD 0.05``."""
    if model.state == "retired":
        return "—"
    prices = [
        f"{size} {amount_text(price, model.currency)}" for size, price in model.prices.items()
    ]
    return "\n".join(prices) or tr("not known")


def _dated(plain: str, dated: str, date: str, word: str = "") -> str:
    return dated.format(date=day_text(date), word=word) if date else plain
