"""docs/security/attacks.md names a test for each attack, and each is there and runs."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "security" / "attacks.md"
NAMED = re.compile(r"`(tests/[a-z_/]+\.py)::(test_[a-z0-9_]+)`")


def named_in(file: Path) -> dict[str, bool]:
    """By name, whether it always runs."""
    found = {}
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found[node.name] = not any("skip" in ast.unparse(mark) for mark in node.decorator_list)
    return found


def test_each_attack_has_a_test_that_runs():
    """A row without one says nothing, and a name that leads nowhere is worse."""
    rows = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("| ")]
    attacks = [row for row in rows if not row.startswith(("| tried", "| ---"))]

    wrong = [row for row in attacks if not NAMED.search(row)]
    for file, name in NAMED.findall("\n".join(attacks)):
        path = ROOT / file
        if not path.exists() or not named_in(path).get(name):
            wrong.append(f"{file}::{name}")

    assert len(attacks) > 40
    assert wrong == []
