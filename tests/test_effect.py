"""No key of config.toml is without effect: it is read where rules and looks are made, and these by the house.

What is looked at are names: a key counts as read where a file of the product outside of its own room reads an attribute
of that name. So a key that has its name in common with something else (`name`, `device`) is not found by this; one that
nobody reads under any name is.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import msgspec
import pytest

from queue_server.domain import rules
from queue_server.settings import board_tables, tables
from queue_server.views import presentation
from queue_server.wire import boards, live

HOUSE = Path(__file__).parent.parent
PRODUCT = [path for room in ("queue_server", "printer") for path in (HOUSE / room).rglob("*.py")]
MAKERS = {"queue_server/service/rulebook.py", "queue_server/service/presenting.py"}
"""They turn settings into rules and looks, so for those two they are no readers."""

PERMITS = {"Prefix.shared"}
"""Read by `check` alone: without it two services may not have one prefix."""

WITHIN = {"Settings.questions"}
"""Read for others inside the settings' room: web and presentation ask `questions_of` for those of one service."""

FOR_PROGRAMS = {"printer_reason"}
"""The page says the same whatever is wrong with its printer; the tests and a technician's program read why."""

SCREENS = {"kiosk": (live.KioskView,), "display": (boards.BoardView,)}


def structs(room: object) -> list[type[msgspec.Struct]]:
    return [
        kind
        for kind in vars(room).values()
        if isinstance(kind, type)
        and issubclass(kind, msgspec.Struct)
        and kind.__module__ == getattr(room, "__name__", "")
    ]


def read_by(*but: str) -> set[str]:
    """Every attribute that the product reads outside of these files and folders."""
    found: set[str] = set()
    for path in PRODUCT:
        if not path.relative_to(HOUSE).as_posix().startswith(but):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            found |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute) and not _is_set(node)}
    return found


def _is_set(node: ast.Attribute) -> bool:
    return isinstance(node.ctx, ast.Store)


@pytest.mark.parametrize(
    ("room", "but"),
    [
        (tables, ("queue_server/settings/",)),
        (board_tables, ("queue_server/settings/",)),
        (rules, ("queue_server/domain/rules.py", *MAKERS)),
        (presentation, ("queue_server/views/presentation.py", *MAKERS)),
    ],
    ids=["settings", "boards", "rules", "looks"],
)
def test_every_key_is_read_by_somebody(room: object, but: tuple[str, ...]):
    """What an operator writes is used, and so is what is made of it."""
    known = read_by(*but)

    unread = [
        f"{kind.__name__}.{name}" for kind in structs(room) for name in kind.__struct_fields__ if name not in known
    ]

    assert set(unread) <= PERMITS | WITHIN


@pytest.mark.parametrize("page", SCREENS)
def test_every_field_of_a_screens_view_is_shown(page: str):
    """What the mall's own screens are sent, their pages look at."""
    scripts = [HOUSE / page / "static", HOUSE / "queue_server" / "web" / "static" / "js"]
    text = "\n".join(path.read_text(encoding="utf-8") for folder in scripts for path in folder.glob("*.js"))
    named = set(re.findall(r"[.{,]\s*(\w+)", text))

    unread = [name for view in SCREENS[page] for name in view.__struct_fields__ if name not in named]

    assert set(unread) <= FOR_PROGRAMS
