"""Draw the small pictures that the template and style panels show, from the sample portrait.

Each template gets its own page in the storybook style, each style the same face close up. The
results, ``thumbnail.jpg`` beside each ``template.toml`` and ``style.toml``, are committed.
"""

import sys
import tempfile
from pathlib import Path

import cv2
import numpy as np

from pickabook_desktop.assembly import assemble
from pickabook_desktop.domain.geometry import Size
from pickabook_desktop.domain.ports import PageOrder, painted
from pickabook_desktop.domain.request import PhotoRef
from pickabook_desktop.imaging.encode import decode_rgb, encode_jpeg
from pickabook_desktop.imaging.painter import StorybookPainter
from pickabook_desktop.imaging.seen import SeenPhotos
from pickabook_desktop.net.cancel import CancelToken
from pickabook_desktop.storage.places import Places

EDGE = 320
PAGE = Size(1280, 1280)
STYLE_TEMPLATE = "balloon-ride"
CLOSE_UP = 5.2  # frame around the face, in distances between the pupils
QUALITY = 88


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        studio = assemble(Places.under(Path(folder)))
        painter = StorybookPainter(
            SeenPhotos(studio.places.face_models), studio.template_dir, studio.places.resources
        )
        photo = PhotoRef(path=str(studio.places.samples / "sample.png"))

        def page(template: str, style: str) -> np.ndarray:
            order = PageOrder(
                photo=photo,
                template=studio.templates[template],
                style=studio.styles[style],
                size=PAGE,
            )
            return decode_rgb(painted(painter.paint(order, CancelToken())).data)

        for template in sorted(studio.templates):
            _save(page(template, "storybook"), studio.template_dir(template))
        slot = studio.templates[STYLE_TEMPLATE].slots[0]
        view = studio.templates[STYLE_TEMPLATE].view_for(PAGE)
        scale = PAGE.width / view.width
        half = int(CLOSE_UP * slot.unit * scale / 2)
        x = int((slot.x - view.x) * scale)
        y = int((slot.y - view.y) * scale)
        for style in sorted(studio.styles):
            whole = page(STYLE_TEMPLATE, style)
            _save(
                whole[max(0, y - half) : y + half, max(0, x - half) : x + half],
                studio.style_dir(style),
            )
    return 0


def _save(rgb: np.ndarray, folder: Path) -> None:
    small = cv2.resize(rgb, (EDGE, EDGE), interpolation=cv2.INTER_AREA)
    path = folder / "thumbnail.jpg"
    path.write_bytes(encode_jpeg(np.asarray(small, np.uint8), QUALITY))
    print(path)


if __name__ == "__main__":
    sys.exit(main())
