"""``python -m pickabook_desktop.cli`` is ``pickabook``."""

from pickabook_desktop.cli import entry

if __name__ == "__main__":
    entry()
