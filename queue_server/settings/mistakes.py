"""Everything that is wrong with config.toml, gathered so that all of it is said at once.

One line each: `config.toml:LINE: key: what is wrong; did you mean "nearest"?`
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping

from queue_server.settings.syntax import Path

_MANY = 12


class Mistakes:
    """`lines` says where each key stands; a key that is not in the file is placed at its table."""

    def __init__(self, file: str, lines: Mapping[Path, int]) -> None:
        self._file = file
        self._lines = lines
        self._said: list[tuple[int, str]] = []
        self._bad: set[Path] = set()

    def add(self, path: Path, wrong: str, place: int | None = None) -> None:
        """Says that `path` is wrong, or its element at `place` (from 0), unless that was found wrong already.

        What stands in a table that is wrong is not complained about again.
        """
        full = path if place is None else (*path, str(place))
        if any(full[:length] in self._bad for length in range(1, len(full) + 1)):
            return
        self._bad.add(full)
        self.add_line(self.line(full), f"{'.'.join(path)}: {wrong}")

    def add_line(self, line: int, wrong: str) -> None:
        self._said.append((line, f"{self._file}:{line}: {wrong}"))

    def all(self) -> list[str]:
        """In the order of the file."""
        return [said for _line, said in sorted(self._said, key=lambda entry: entry[0])]

    def line(self, path: Path) -> int:
        """Where `path` stands, or the table that it would stand in."""
        for length in range(len(path), 0, -1):
            if path[:length] in self._lines:
                return self._lines[path[:length]]
        return 1


def nearest(name: str, valid: Collection[str]) -> str:
    """The end of a sentence that says what could have been meant; empty where nothing is valid."""
    close = closest(name, valid)
    if close is not None:
        return f'; did you mean "{close}"?'
    if 0 < len(valid) <= _MANY:
        return f"; it can be {', '.join(valid)}"
    return ""


def closest(name: str, valid: Collection[str]) -> str | None:
    lower = {option.lower(): option for option in valid}
    found = difflib.get_close_matches(name.lower(), lower, n=1, cutoff=0.5)
    return lower[found[0]] if found else None
