"""``python -m pickabook_desktop.cli`` is ``pickabook``."""

import sys

from pickabook_desktop.cli import main

if __name__ == "__main__":
    sys.exit(main())
