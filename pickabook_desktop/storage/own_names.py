"""What the files of a library are called; whatever has another name there is a person's own."""

import re

from pickabook_desktop.storage.atomic import TEMPORARY

LIBRARY_FILE = "library.db"
PICTURES = "pictures"
ENDINGS = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/webp": "webp",
    "image/tiff": "tif",
    "image/jxl": "jxl",
    "image/avif": "avif",
}

# Not compiled here, for the start would wait for it; ``re`` remembers what it has compiled.
_ID = r"[0-9A-HJKMNP-TV-Z]{26}"
# As wide as it can be without leading out of the pictures' folder.
_PICTURE = rf"{PICTURES}/([0-9A-Za-z_-]+/)*[0-9A-Za-z_-]+\.[a-z]{{3,4}}"
# Also what is half written, and copies that other programs have made of a picture's file: whoever
# looks for what is left of a child looks into them too.
_OF_A_PICTURE = rf"\.?{_ID}\."
_NEW_LIST = rf"\.{re.escape(LIBRARY_FILE)}\..*{re.escape(TEMPORARY)}.*"
_TIME = "[0-9]{8}T[0-9]{6}Z"
_COPY = rf"library-({_TIME})\.db"
_HALF_COPIED = rf"\.library-{_TIME}\.db\.[0-9a-f]{{8}}{re.escape(TEMPORARY)}(-journal|-wal|-shm)?"
_SET_ASIDE = rf"{_TIME}(-[0-9]+)?"


def is_id(text: str) -> bool:
    """Whether this is an identifier as pictures have them."""
    return bool(re.fullmatch(_ID, text))


def is_picture(path: str) -> bool:
    """Whether a path within a library, with forward slashes, may be that of a picture."""
    return bool(re.fullmatch(_PICTURE, path))


def is_of_picture(name: str) -> bool:
    """Whether a file of this name among the pictures is one, or a part or a copy of one."""
    return bool(re.match(_OF_A_PICTURE, name))


def is_half_written(path: str) -> bool:
    """Whether a file among the pictures is one that was being written."""
    name = path.rpartition("/")[2]
    return name.startswith(".") and name.endswith(TEMPORARY)


def is_new_list(name: str) -> bool:
    """Whether a file beside the list is what a killed repair has left of a new one."""
    return bool(re.fullmatch(_NEW_LIST, name))


def time_of_copy(name: str) -> str:
    """When a copy of the list was made, as its name says it; empty where this is none."""
    match = re.fullmatch(_COPY, name)
    return match[1] if match else ""


def is_half_copied(name: str) -> bool:
    """Whether a file among the copies is one that was being made."""
    return bool(re.fullmatch(_HALF_COPIED, name))


def is_set_aside(name: str) -> bool:
    """Whether a folder is one for a list that was set aside."""
    return bool(re.fullmatch(_SET_ASIDE, name))
