"""A library to fill, for the tests of what it keeps and of what it loses."""

from pathlib import Path

from e2e.fake_engine import drawn

from pickabook_desktop.domain.request import GenerationRequest, PhotoRef
from pickabook_desktop.domain.result import KeptPicture
from pickabook_desktop.storage.library import Library

REQUEST = GenerationRequest(
    photo=PhotoRef(path="/photos/ada.jpg", sha256="f" * 64, face_index=1),
    prompt="on the moon with cheese",
    fields={"name": "Ada"},
    count=3,
)


def add(library: Library, seed: int = 0, prompt: str = REQUEST.prompt) -> KeptPicture:
    request = REQUEST.with_changes(prompt=prompt)
    return library.add(drawn(seed), request, "7", b"thumbnail of seed %d." % seed)


def files_with(folder: Path, text: bytes) -> list[str]:
    files = [file for file in folder.rglob("*") if file.is_file()]
    return [file.name for file in files if text in file.read_bytes()]
