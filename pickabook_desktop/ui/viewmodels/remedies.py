"""What a person can do about a failure, best first, and the words for it."""

from pickabook_desktop.domain.errors import (
    ConsentError,
    NotConfiguredError,
    PhotoError,
    PickaBookError,
    Remedy,
    SpendingLimitError,
    TemplateError,
    UnreachableError,
)
from pickabook_desktop.domain.i18n import tr

# Where an error does not say itself what helps; the first kind that fits counts.
_BY_KIND: tuple[tuple[type[PickaBookError], tuple[Remedy, ...]], ...] = (
    (ConsentError, ("consent", "other_engine")),
    (SpendingLimitError, ("raise_limit", "other_engine")),
    (UnreachableError, ("retry", "other_engine", "settings")),
    (PhotoError, ("other_photo",)),
    (NotConfiguredError, ("settings",)),
    (TemplateError, ("other_template",)),
)


def remedies_for(error: PickaBookError) -> tuple[Remedy, ...]:
    """What helps against ``error``, at least one thing, each once."""
    if error.remedies:
        return tuple(dict.fromkeys(error.remedies))
    found = (remedies for kind, remedies in _BY_KIND if isinstance(error, kind))
    return next(found, ("retry",))


def remedy_words(remedy: Remedy) -> str:
    """The words on the button that does it."""
    words: dict[Remedy, str] = {
        "retry": tr("Try again"),
        "save_copy": tr("Save a copy…"),
        "other_photo": tr("Choose another photo"),
        "other_crop": tr("Send another crop"),
        "shorten_prompt": tr("Shorten the prompt"),
        "edit_prompt": tr("Change the prompt"),
        "other_engine": tr("Choose another engine"),
        "other_model": tr("Choose another model"),
        "other_template": tr("Choose another template"),
        "smaller_size": tr("Choose a smaller size"),
        "settings": tr("Open settings"),
        "keys": tr("Add or change the key…"),
        "consent": tr("Look at what is sent…"),
        "raise_limit": tr("Change the limit"),
    }
    return words[remedy]
