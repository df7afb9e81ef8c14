"""What the files of a library are called; whatever has another name there is a person's own."""

import re

from pickabook_desktop.storage.atomic import TEMPORARY

LIST = "library.db"
PICTURES = "pictures"
ENDINGS = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/webp": "webp",
    "image/tiff": "tif",
    "image/jxl": "jxl",
    "image/avif": "avif",
}

_ID = r"[0-9A-HJKMNP-TV-Z]{26}"
_IDENTIFIER = re.compile(_ID)
# As wide as it can be without leading out of the pictures' folder.
_PICTURE = re.compile(rf"{PICTURES}/([0-9A-Za-z_-]+/)*[0-9A-Za-z_-]+\.[a-z]{{3,4}}")
# Also what is half written, and copies that other programs have made of a picture's file: whoever
# looks for what is left of a child looks into them too.
_OF_A_PICTURE = re.compile(rf"\.?{_ID}\.")
_NEW_LIST = re.compile(rf"\.{re.escape(LIST)}\..*{re.escape(TEMPORARY)}.*")


def is_id(text: str) -> bool:
    """Whether this is an identifier as pictures have them."""
    return bool(_IDENTIFIER.fullmatch(text))


def is_picture(path: str) -> bool:
    """Whether a path within a library, with forward slashes, may be that of a picture."""
    return bool(_PICTURE.fullmatch(path))


def is_of_picture(name: str) -> bool:
    """Whether a file of this name among the pictures is one, or a part or a copy of one."""
    return bool(_OF_A_PICTURE.match(name))


def is_half_written(path: str) -> bool:
    """Whether a file among the pictures is one that was being written."""
    name = path.rpartition("/")[2]
    return name.startswith(".") and name.endswith(TEMPORARY)


def is_new_list(name: str) -> bool:
    """Whether a file beside the list is what a killed repair has left of a new one."""
    return bool(_NEW_LIST.fullmatch(name))
