"""What is known of one head, apart from the style it will be drawn in."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Literal, TypeVar, cast

from pickabook_desktop.domain.template import ChildColour
from pickabook_desktop.imaging.ops import CUBIC, F32, clamp, lab_to_hex, resize

Fit = Literal["head", "face"]
Iris = tuple[float, float, float]
Lab = tuple[float, float, float]
T = TypeVar("T")


class Memo:
    """What was derived from a study, so that the next look need not derive it again.

    Keeps the ``KEPT`` values asked for last; safe to use from several threads.
    """

    KEPT = 4

    def __init__(self) -> None:
        self._values: dict[Hashable, object] = {}
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value kept under ``key``, made if need be."""
        with self._lock:
            found = self._values.pop(key, None)
            if found is not None:
                self._values[key] = found
        if found is None:
            found = make()
            with self._lock:
                self._values[key] = found
                while len(self._values) > self.KEPT:
                    del self._values[next(iter(self._values))]
        return cast("T", found)


@dataclass(frozen=True, slots=True, eq=False)
class Study:
    """The head as examined: a fixed small scale, so that a preview and a poster look alike.

    It covers the same part of the head as the :class:`Portrait`'s frame. Looks derive smooth fields
    from it, enlarge those and only then cut them into shapes, which keeps every edge crisp.

    ``unit`` is the pupil distance in pixels of the study. All arrays are float32, height x width of
    the study unless said otherwise:
    ``lab`` (h, w, 3) toned and decontaminated colour, L 0..100; ``alpha`` the head's matte, 0..1;
    ``points`` (468, 2); ``face`` the oval of the mesh; ``features`` eyes, brows and mouth;
    ``nose`` its lower edge; ``ring`` where spectacles sit; ``hair`` how far a pixel is hair rather
    than skin; ``brows`` the mesh's brow shapes, widened. Masks are 0..1 with soft edges. ``memo``
    keeps what looks derive from it.
    """

    unit: float
    lab: F32
    alpha: F32
    points: F32
    face: F32
    features: F32
    nose: F32
    ring: F32
    hair: F32
    brows: F32
    memo: Memo = field(default_factory=Memo, repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class Portrait:
    """A head made upright at the scale of the page, toned for drawing. Treat it as read-only.

    The frame is the region of interest around the head: with ``fit`` ``"head"`` all of the hair,
    with ``"face"`` the face alone with a margin.

    ``unit``: pixels of the frame for one pupil distance of a face seen from the front.
    ``anchor``: (x, y) in frame pixels of the point midway between the eyes (for a turned head moved
    half-way towards the middle of the face, so that the head sits well in its place).
    ``points``: float32 (468, 2), the face mesh in frame pixels, after the eyes were enlarged.
    ``irises``: (x, y, radius) of the iris at the picture's left, then at its right.
    ``alpha``: float32 (h, w), 0..1, the drawn silhouette of head, hair and ears; no neck.
    ``face_mask``: float32 (h, w), 0..1, the oval of the face from hairline to chin.
    ``feature_weight``: float32 (h, w), 0..1, high on eyes, brows and mouth.
    ``eyes``: two float32 (h, w), the openings of the eyes; ``mouth``: between the lips; ``lips``.
    ``mouth_open``: the gap between the lips in units.
    ``skin``, ``hair``: the measured colours as (L, a, b).
    """

    unit: float
    fit: Fit
    anchor: tuple[float, float]
    points: F32
    irises: tuple[Iris, Iris]
    alpha: F32
    face_mask: F32
    feature_weight: F32
    eyes: tuple[F32, F32]
    mouth: F32
    lips: F32
    mouth_open: float
    skin: Lab
    hair: Lab
    study: Study

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the frame in pixels."""
        return self.alpha.shape[1], self.alpha.shape[0]

    @property
    def lab(self) -> F32:
        """Float32 (h, w, 3): the toned photo, L 0..100, enlarged from the study at each call.

        Beyond the head's edge the head's own colours go on, so that no background shines through
        where ``alpha`` fades.
        """
        return resize(self.study.lab, self.size, CUBIC)

    @property
    def tone(self) -> Lab:
        """The skin's main colour in every look: as an illustrator mixes it, cleaner and rosier."""
        light, a, b = self.skin
        lifted = light + 4.0 * clamp((94 - light) / 20, 0.0, 1.0)
        return lifted, a + 3.5 * clamp((22 - a) / 8, 0.0, 1.0), b * 1.05 + 2.5

    def colours(self) -> Mapping[ChildColour, str]:
        """The child's colours as ``#rrggbb``, for the scene."""
        light, a, b = self.tone
        hair = (clamp(self.hair[0], 14.0, 80.0), self.hair[1], self.hair[2])
        return {
            "skin": lab_to_hex((light, a, b)),
            "skin_light": lab_to_hex((min(light + 6, 94.0), a * 0.9, b * 0.9)),
            "skin_shade": lab_to_hex((light * 0.85, a * 1.1 + 1, b * 1.08)),
            "skin_dark": lab_to_hex((light * 0.52, a * 1.05 + 3, b * 0.95)),
            "hair": lab_to_hex(hair),
            "hair_dark": lab_to_hex((hair[0] * 0.6, hair[1], hair[2] * 0.9)),
            "hair_light": lab_to_hex((min(hair[0] + 16, 90.0), hair[1], hair[2])),
        }
