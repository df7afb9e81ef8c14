"""Check the size budgets: lines of a module, a class and a function.

The budget is what to aim at and is only mentioned; beyond the limit the check fails.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
PLACES = ("pickabook_desktop", "packaging", "tests")


class Bound(NamedTuple):
    budget: int
    limit: int


MODULE = Bound(400, 500)
CLASS = Bound(250, 300)
FUNCTION = Bound(40, 60)


def measured(path: Path) -> Iterator[tuple[int, str, int, Bound]]:
    """Line, name, length and bound of the module and of every class and function in it."""
    source = path.read_text(encoding="utf-8")
    yield 1, "module", source.count("\n"), MODULE
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            yield (
                node.lineno,
                node.name,
                length,
                CLASS if isinstance(node, ast.ClassDef) else (FUNCTION),
            )


def main() -> int:
    broken = 0
    for place in PLACES:
        for path in sorted((ROOT / place).rglob("*.py")):
            for line, name, length, bound in measured(path):
                where = f"{path.relative_to(ROOT)}:{line} {name}"
                if length > bound.limit:
                    broken += 1
                    print(f"{where}: {length} lines, the limit is {bound.limit}")
                elif length > bound.budget:
                    print(f"{where}: {length} lines, the budget is {bound.budget} (noted)")
    print("budgets hold" if not broken else f"{broken} over the limit")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
