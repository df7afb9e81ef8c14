"""Where things are kept on this system."""

import functools
import os
import sys
from pathlib import Path
from typing import Self

import msgspec

APP = "pickabook"


class Places(msgspec.Struct, frozen=True, kw_only=True):
    """The folders of one installation; none of them need exist."""

    data: Path
    config: Path
    cache: Path
    resources: Path

    @classmethod
    def of_system(cls) -> Self:
        """The folders that the platform sets aside for this program and this person."""
        from platformdirs import PlatformDirs

        dirs = PlatformDirs(APP, appauthor=False)
        return cls(
            data=dirs.user_data_path,
            config=dirs.user_config_path,
            cache=dirs.user_cache_path,
            resources=find_resources(),
        )

    @classmethod
    def under(cls, folder: Path) -> Self:
        """Everything under one folder, for tests and for use from a stick."""
        return cls(
            data=folder / "data",
            config=folder / "config",
            cache=folder / "cache",
            resources=find_resources(),
        )

    @property
    def settings_file(self) -> Path:
        return self.config / "settings.json"

    @property
    def library(self) -> Path:
        return self.data / "library"

    @property
    def log_file(self) -> Path:
        return self.cache / "pickabook.log"

    @property
    def catalogue_memory(self) -> Path:
        """What templates and styles said when they were read last; made again where it is gone."""
        return self.cache / "catalogue.json"

    @property
    def face_models(self) -> Path:
        return self.resources / "face_models"

    @property
    def models(self) -> Path:
        """The catalogues of the models that services offer."""
        return self.resources / "models"

    @property
    def samples(self) -> Path:
        return self.resources / "samples"

    @property
    def translations(self) -> Path:
        return self.resources / "translations"

    @property
    def template_folders(self) -> tuple[Path, ...]:
        """Where templates are looked for; the person's own come last and win."""
        return self.resources / "templates", self.data / "templates"

    @property
    def style_folders(self) -> tuple[Path, ...]:
        """Where styles are looked for; the person's own come last and win."""
        return self.resources / "styles", self.data / "styles"


@functools.cache
def find_resources() -> Path:
    """The resources inside the installed package, else those beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "resources"
    return inside if inside.is_dir() else package.parent / "resources"


def writable(folder: Path) -> bool:
    """Whether files can be made in ``folder``, or in the nearest parent that exists."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    mode = os.W_OK if sys.platform == "win32" else os.W_OK | os.X_OK
    return folder.is_dir() and os.access(folder, mode)
