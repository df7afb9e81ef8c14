"""A process that keeps pictures until it is killed, and says each id once it is acknowledged."""

import sys
from pathlib import Path

from e2e.fake_engine import drawn

from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.request import GenerationRequest, PhotoRef
from pickabook_desktop.storage.library import Library

SIZE = Size(400, 300)


def main(folder: Path, first_seed: int, count: int) -> None:
    library = Library(folder)
    request = GenerationRequest(photo=PhotoRef(path="ada.jpg"), prompt="on the moon")
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for seed in range(first_seed, first_seed + count):
        kept = library.add(drawn(seed, SIZE), request, "7", b"thumbnail")
        sys.stdout.write(f"{kept.id} {seed}\n")
        sys.stdout.flush()
    library.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
