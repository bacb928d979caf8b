"""Everything that is wrong with config.toml, gathered so that all of it is said at once.

A mistake has its place, what is wrong there, and what to do. One line for people:
`config.toml:LINE: key: what is wrong; did you mean "nearest"?`
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping

from msgspec import Struct

from queue_server.settings.syntax import Path

_MANY = 12


class Mistake(Struct, frozen=True, kw_only=True):
    path: Path
    """Keys from the top, `("services", "passport", "target")`; empty where the text itself is no TOML."""
    place: int | None = None
    """Which element of a list, from 0."""
    line: int
    wrong: str
    todo: str

    @property
    def sentence(self) -> str:
        said = f"{self.wrong}; {self.todo}"
        return f"{'.'.join(self.path)}: {said}" if self.path else said


class Mistakes:
    """`lines` says where each key stands; a key that is not in the file is placed at its table."""

    def __init__(self, lines: Mapping[Path, int]) -> None:
        self._lines = lines
        self._found: list[Mistake] = []
        self._bad: set[Path] = set()

    def add(self, path: Path, wrong: str, todo: str, place: int | None = None) -> None:
        """Says that `path` is wrong, or its element at `place` (from 0), unless that was found wrong already.

        What stands in a table that is wrong is not complained about again.
        """
        full = path if place is None else (*path, str(place))
        if any(full[:length] in self._bad for length in range(1, len(full) + 1)):
            return
        self._bad.add(full)
        self._found.append(Mistake(path=path, place=place, line=self.line(full), wrong=wrong, todo=todo))

    def add_line(self, line: int, wrong: str, todo: str) -> None:
        """Of the text, where it is no TOML."""
        self._found.append(Mistake(path=(), line=line, wrong=wrong, todo=todo))

    def all(self) -> tuple[Mistake, ...]:
        """In the order of the file."""
        return tuple(sorted(self._found, key=lambda found: found.line))

    def line(self, path: Path) -> int:
        """Where `path` stands, or the table that it would stand in."""
        for length in range(len(path), 0, -1):
            if path[:length] in self._lines:
                return self._lines[path[:length]]
        return 1


def meant(name: str, valid: Collection[str], otherwise: str) -> str:
    """What to do about a name that is none of the valid ones."""
    close = closest(name, valid)
    if close is not None:
        return f'did you mean "{close}"?'
    return f"it can be {', '.join(valid)}" if 0 < len(valid) <= _MANY else otherwise


def nearest(name: str, valid: Collection[str]) -> str:
    """The same as the end of a sentence; empty where there is nothing to name."""
    said = meant(name, valid, "")
    return f"; {said}" if said else ""


def closest(name: str, valid: Collection[str]) -> str | None:
    lower = {option.lower(): option for option in valid}
    found = difflib.get_close_matches(name.lower(), lower, n=1, cutoff=0.5)
    return lower[found[0]] if found else None
