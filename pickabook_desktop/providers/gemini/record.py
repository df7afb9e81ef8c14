"""What the Gemini engine says about itself: capabilities, options, terms."""

from pickabook_desktop import __version__
from pickabook_desktop.domain.capabilities import (
    MODEL_OPTION,
    Capabilities,
    ModelSpec,
    OptionSpec,
    Terms,
    number_setting,
)
from pickabook_desktop.domain.i18n import tr
from pickabook_desktop.net.connection import connection_options
from pickabook_desktop.providers.gemini.prepare import ADDRESS, MOST_FURTHER_PHOTOS, REFERENCES

ENGINE_ID = "gemini"
KEY = "gemini"
KEY_VARIABLE = "GEMINI_API_KEY"
CONCURRENT, PER_MINUTE, RETRIES, FAILED_RETRIES = 3, 10, 2, 0
TERMS_URL = "https://ai.google.dev/gemini-api/terms"


def capabilities_of(
    models: tuple[ModelSpec, ...], recipient: str, batch_share: float
) -> Capabilities:
    """The record, narrowed to the first of ``models``; recommended ones come first."""
    record = Capabilities(
        id=ENGINE_ID,
        title=tr("Gemini"),
        version=__version__,
        summary=tr(
            "Google draws the page anew from the photo and your words. Costs a little for each"
            " picture and needs a key of your own."
        ),
        terms=_terms(),
        further_photos=max(0, min(MOST_FURTHER_PHOTOS, models[0].reference_limit - 2)),
        max_count=8,
        uses_seed=False,
        prompt_help=tr(
            "Words are sent as you write them, after the template's own; the child's name is"
            " replaced by “the child”. Look at the whole prompt before it is sent."
        ),
        needs_network=True,
        needs_key=True,
        key=KEY,
        free_size=False,
        models=models,
        recipient=recipient,
        privacy=_privacy(),
        batch_price=batch_share,
        options=(*_picture_options(models), *_connection_options(), *_pace_options()),
    )
    return record.chosen({})


def _terms() -> Terms:
    return Terms(
        summary=tr(
            "Google claims no rights in what is drawn; you answer for how it is used. The account"
            " holder must be 18 or older. Every picture has an invisible watermark (SynthID) that"
            " says a machine drew it."
        ),
        commercial_use="ask",
        url=TERMS_URL,
    )


def _privacy() -> tuple[str, ...]:
    return (
        tr("The pictures shown and the words of the prompt leave this computer."),
        tr(
            "Use a key with billing set up: what is sent without paying may be read by people at"
            " Google and used to improve its products."
        ),
        tr(
            "In the European Economic Area, Switzerland and the United Kingdom Google requires the"
            " paid tier. Older documentation says that uploading pictures of children is not"
            " supported there."
        ),
        tr("The account holder must be 18 or older."),
        tr("What is drawn has an invisible watermark (SynthID)."),
        tr("Place, time and camera are taken out of the photo first; the name is not sent."),
    )


def _picture_options(models: tuple[ModelSpec, ...]) -> tuple[OptionSpec, ...]:
    usable = [model for model in models if model.state != "retired"] or list(models[:1])
    return (
        OptionSpec(
            id=MODEL_OPTION,
            title=tr("Model"),
            kind="choice",
            default=usable[0].id,
            choices=tuple(model.id for model in usable),
            choice_titles=tuple(_titled(model) for model in usable),
        ),
        OptionSpec(
            id="reference",
            title=tr("What is sent of the photo"),
            kind="choice",
            default=REFERENCES[0],
            choices=REFERENCES,
            choice_titles=(tr("The face with a margin"), tr("The whole photo")),
            help=tr("The face alone tells Google less, and others in the photo stay out of it."),
        ),
        OptionSpec(
            id="scene",
            title=tr("Send the template's scene too"),
            kind="switch",
            default="on",
            help=tr("The page then matches the pages drawn offline. Nobody is seen in it."),
        ),
    )


def _titled(model: ModelSpec) -> str:
    if model.state == "recommended":
        return tr("{title} (recommended)", title=model.title)
    if model.state == "deprecated":
        return tr("{title} (will be shut down)", title=model.title)
    if model.state == "preview":
        return tr("{title} (preview)", title=model.title)
    return model.title


def _connection_options() -> tuple[OptionSpec, ...]:
    return (
        OptionSpec(
            id="base_url",
            title=tr("Address"),
            scope="connection",
            help=tr("Of a gateway that passes requests on to Google. Empty: {url}.", url=ADDRESS),
        ),
        *connection_options(
            tr("For one picture, from the click to the last byte. Empty: as for all services.")
        ),
    )


def _pace_options() -> tuple[OptionSpec, ...]:
    return (
        number_setting("concurrent", tr("Pictures at once"), 1, 8, default=CONCURRENT),
        number_setting(
            "per_minute",
            tr("Pictures a minute"),
            0,
            1000,
            default=PER_MINUTE,
            explained=tr("At most; your key's limit is shown in Google AI Studio. 0: no limit."),
        ),
        number_setting(
            "retries",
            tr("Repeats when asked to wait"),
            0,
            10,
            default=RETRIES,
            explained=tr("Where Google has turned a request away and says when to send it again."),
        ),
        number_setting(
            "failed_retries",
            tr("Repeats after failures"),
            0,
            5,
            default=FAILED_RETRIES,
            explained=tr(
                "Where Google's server failed, or the connection broke off. The picture that did"
                " not arrive may be charged as well."
            ),
        ),
    )
