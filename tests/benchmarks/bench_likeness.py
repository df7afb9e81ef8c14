"""Whether the child is still the child: an independent judge compares page and photo.

The judge is dlib's face embedding (package face_recognition); it has no part in the program. Two
photos of one person lie 0.3 to 0.5 apart, of different people 0.86 (median); dlib's own limit for
"the same person" is 0.6. ``PICKABOOK_PORTRAITS=folder`` adds portraits of your own.
"""

import io
import os
import statistics
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from benchmarks.press import Press
from PIL import Image

from pickabook_desktop.domain.geometry import Size

SAME_PERSON = 0.6
PAGE = Size(1536, 1536)


@pytest.fixture(scope="module")
def judge() -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pytest.importorskip("face_recognition")


@pytest.fixture(scope="module")
def portraits(astronaut: Path) -> list[Path]:
    sample = Path(__file__).resolve().parents[2] / "resources" / "samples" / "sample.png"
    folder = os.environ.get("PICKABOOK_PORTRAITS", "")
    own = sorted(Path(folder).iterdir()) if folder else []
    return [astronaut, sample, *own]


def embedding(judge: Any, picture: np.ndarray) -> np.ndarray | None:
    """The judge's view of the largest face, or None where it sees none."""
    found: list[tuple[int, int, int, int]] = judge.face_locations(picture)
    if not found:
        return None
    largest = max(found, key=lambda box: (box[2] - box[0]) * (box[1] - box[3]))
    return judge.face_encodings(picture, [largest], num_jitters=1)[0]


def test_likeness_in_every_template_and_style(
    judge: Any, press: Press, portraits: list[Path]
) -> None:
    faces = {
        photo: seen
        for photo in portraits
        if (seen := embedding(judge, np.asarray(Image.open(photo).convert("RGB")))) is not None
    }
    assert faces
    rows: dict[tuple[str, str], list[float]] = {}
    unseen: list[str] = []
    for template in sorted(press.studio.templates):
        for style in sorted(press.studio.styles):
            for photo, known in faces.items():
                data = press.page(template, style, PAGE, photo)
                seen = embedding(judge, np.asarray(Image.open(io.BytesIO(data)).convert("RGB")))
                if seen is None:
                    unseen.append(f"{template} {style} {photo.name}")
                else:
                    distance = float(np.linalg.norm(known - seen))
                    rows.setdefault((template, style), []).append(distance)
    print(f"\n{len(faces)} portraits; distance to the photo, median / worst")
    for (template, style), distances in rows.items():
        median, worst = statistics.median(distances), max(distances)
        print(f"{template:16} {style:12} {median:.2f} / {worst:.2f}")
    assert not unseen, f"the judge sees no face: {unseen}"
    assert max(max(distances) for distances in rows.values()) < SAME_PERSON
