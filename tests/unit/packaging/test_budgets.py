"""The budget check itself: it must see what is too long."""

import subprocess
import sys
from pathlib import Path

TOOL = Path(__file__).resolve().parents[3] / "packaging" / "budgets.py"


def budgets_of(root: Path) -> subprocess.CompletedProcess[str]:
    copy = root / "packaging" / "budgets.py"
    copy.parent.mkdir(parents=True)
    copy.write_text(TOOL.read_text(encoding="utf-8"), encoding="utf-8")
    return subprocess.run(
        [sys.executable, copy], capture_output=True, text=True, check=False, timeout=60
    )


def test_a_function_over_the_limit_fails(tmp_path: Path) -> None:
    package = tmp_path / "pickabook_desktop"
    package.mkdir()
    (package / "long.py").write_text("def long():\n" + "    x = 1\n" * 61, encoding="utf-8")
    done = budgets_of(tmp_path)
    assert done.returncode == 1
    assert "long.py:1 long: 62 lines" in done.stdout


def test_short_code_passes(tmp_path: Path) -> None:
    package = tmp_path / "pickabook_desktop"
    package.mkdir()
    (package / "short.py").write_text("def short():\n    return 1\n", encoding="utf-8")
    assert budgets_of(tmp_path).returncode == 0
