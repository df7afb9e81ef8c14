"""Translation of user-visible text.

The catalogue is gettext's own: compiled files under ``resources/translations``, bound once by the
composition root with :func:`bind_catalogue`. Without one the English text is returned.
"""

import gettext
from pathlib import Path

DOMAIN = "pickabook"


def bind_catalogue(folder: Path) -> None:
    """Look for ``<language>/LC_MESSAGES/pickabook.mo`` under ``folder`` from now on."""
    gettext.bindtextdomain(DOMAIN, str(folder))


def tr(message: str, **values: object) -> str:
    """Translate ``message``, then fill its ``{named}`` places with ``values``."""
    text = gettext.dgettext(DOMAIN, message)
    return text.format(**values) if values else text
