"""docs/permissions.md, made from the table: `python -m tests.web.permissions_doc` writes it anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from queue_server.registry.roles import DEVICES, Role
from queue_server.web.may import TABLES
from queue_server.web.permissions import RIGHTS, Right
from queue_server.web.scope import Scope

DOC = Path(__file__).parents[2] / "docs" / "permissions.md"

ROLES = [role for role in Role if role not in DEVICES] + sorted(DEVICES)

HEAD = """# Who may do what

Made from the one table of rights (`queue_server/web/permissions.py`) and the tables of calls, live topics and pages; a
test asks the running server for each of them as each role. What is not listed is refused.

A page holds no secret by itself, so its row says for whom it is made: what it shows is asked for by calls and topics.
Whose data it is narrows every row further: who belongs to agencies gets only what concerns them, a token for one
counter acts there alone, a device speaks for itself. "Anyone" needs no token.

## The rights

| right | who | lets them |
| --- | --- | --- |
"""

MIDDLE = """
## Every call, topic and page

| what | right | whose |
| --- | --- | --- |
"""


def who(right: frozenset[str]) -> str:
    """The roles in one order; nobody in particular is `no token`."""
    if not right:
        return "anyone"
    return ", ".join([*(str(role) for role in ROLES if role in right), *(["no token"] if "" in right else [])])


def rows() -> Iterator[tuple[str, Right, Scope]]:
    for what, right, scope in TABLES:
        assert isinstance(right, Right), f"{what} names no right of permissions.py"
        yield what, right, scope


def made() -> str:
    rights = "".join(f"| {right.name} | {who(right)} | {right.says} |\n" for right in RIGHTS)
    table = "".join(f"| `{what}` | {right.name} | {scope.says} |\n" for what, right, scope in rows())
    return HEAD + rights + MIDDLE + table


if __name__ == "__main__":
    DOC.write_text(made(), encoding="utf-8")
