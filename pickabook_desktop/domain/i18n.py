"""Translation of user-visible text.

The catalogue is gettext's own: compiled files under ``resources/translations``, bound once by the
composition root with :func:`bind_catalogue`. Without one the English text is returned.
"""

import functools
import gettext
from pathlib import Path

DOMAIN = "pickabook"


def bind_catalogue(folder: Path) -> None:
    """Look for ``<language>/LC_MESSAGES/pickabook.mo`` under ``folder`` from now on."""
    gettext.bindtextdomain(DOMAIN, str(folder))
    _catalogue.cache_clear()


def tr(message: str, **values: object) -> str:
    """Translate ``message``, then fill its ``{named}`` places with ``values``."""
    text = _catalogue().gettext(message)
    return text.format(**values) if values else text


@functools.cache
def _catalogue() -> gettext.NullTranslations:
    """What is bound now; gettext itself would search the disk for it with every message."""
    if not Path(gettext.bindtextdomain(DOMAIN)).is_dir():
        return gettext.NullTranslations()
    return gettext.translation(DOMAIN, gettext.bindtextdomain(DOMAIN), fallback=True)
