"""Build hook: the wheel and the editable install hold the face models."""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class FaceModelsHook(BuildHookInterface[Any]):
    """Fetches the models before files are collected."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        sys.path.insert(0, str(Path(self.root, "packaging")))
        try:
            import face_models
        finally:
            sys.path.pop(0)
        face_models.ensure(Path(self.root, "resources", "face_models"))
        build_data["artifacts"].append("/resources/face_models/*")
