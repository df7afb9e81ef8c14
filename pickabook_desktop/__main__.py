"""``python -m pickabook_desktop`` opens the window."""

import sys

from pickabook_desktop.app import main

if __name__ == "__main__":
    sys.exit(main())
