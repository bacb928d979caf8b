"""config.toml as text: what TOML makes of it, and on which line each table and key stands.

`tomllib` gives no line numbers and stops at the first mistake. So the lines are found here, by walking over the
tokens of a text that is already known to be right; and a line that holds nothing but one broken value is set aside,
so that the mistakes after it are found as well.
"""

from __future__ import annotations

import re
import tomllib
from typing import Any, NamedTuple

Path = tuple[str, ...]
"""Where a value stands: `("services", "passport", "target")`."""


class Parsed(NamedTuple):
    """`raw` is None where the text is so broken that nothing more can be said about it."""

    raw: dict[str, Any] | None
    lines: dict[Path, int]
    mistakes: list[tuple[int, str, str]]
    """Line, what is wrong, what to do."""
    set_aside: frozenset[str]
    """Keys whose line could not be read."""


_AT = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")
_ONE_KEY = re.compile(r"\s*([\w-]+)\s*=")
_NOT_ALONE = ("Unclosed", "Cannot declare", "Expected '='", "Expected ']'")
_MOST = 20


def parse(text: str) -> Parsed:
    text = text.replace("\r\n", "\n")
    rows = text.split("\n")
    mistakes: list[tuple[int, str, str]] = []
    set_aside: set[str] = set()
    while True:
        try:
            raw = tomllib.loads("\n".join(rows))
        except tomllib.TOMLDecodeError as error:
            line, message = _placed(error, rows)
            alone = _ONE_KEY.match(rows[line - 1])
            key = f"{alone[1]}: " if alone else ""
            wrong = f"{key}this is no TOML: {message[0].lower()}{message[1:]}"
            mistakes.append((line, wrong, _todo(message, rows[line - 1])))
            if alone is None or message.startswith(_NOT_ALONE) or len(mistakes) == _MOST:
                return Parsed(None, {}, mistakes, frozenset())
            set_aside.add(alone[1])
            rows[line - 1] = ""
        else:
            return Parsed(raw, _Walk("\n".join(rows)).lines, mistakes, frozenset(set_aside))


def _placed(error: tomllib.TOMLDecodeError, rows: list[str]) -> tuple[int, str]:
    """The line and what is wrong there. What was never closed is placed where it was opened."""
    at = _AT.search(str(error))
    line = int(at[1]) if at and at[1] else len(rows)
    message = _AT.sub("", str(error))
    if message.startswith("Unclosed"):
        opening = re.compile(r"[^#=]+=\s*[\[{]")
        line = next((above for above in range(line, 0, -1) if opening.match(rows[above - 1])), line)
    return line, message


def _todo(message: str, row: str) -> str:
    value = row.partition("=")[2].strip()
    bare = re.match(r"[\w:#-]+", value) if message.startswith(("Invalid value", "Expected newline")) else None
    return f'text stands in quotes: "{bare[0]}"' if bare else "mend this line"


_TOKEN = re.compile(
    r"""(?P<space>[ \t]+|\#[^\n]*)
      | (?P<newline>\n)
      | (?P<string>\"{3}(?:\\.|[^\\])*?\"{3,5}|'{3}.*?'{3,5}|"(?:\\.|[^"\\\n])*"|'[^'\n]*')
      | (?P<mark>[\[\]{},=.])
      | (?P<word>[^\s\[\]{},="'\#.]+)""",
    re.VERBOSE | re.DOTALL,
)


class _Walk:
    """Goes once over the tokens of right TOML and notes where each key begins."""

    def __init__(self, text: str) -> None:
        self.lines: dict[Path, int] = {}
        self._tokens: list[tuple[str, str, int]] = []
        line = 1
        for match in _TOKEN.finditer(text):
            if match.lastgroup != "space":
                self._tokens.append((match.lastgroup or "", match[0], line))
            line += match[0].count("\n")
        self._tokens.append(("end", "", line))
        self._at = 0
        self._document()

    def _document(self) -> None:
        table: Path = ()
        while self._kind() != "end":
            if self._take("\n"):
                continue
            line = self._line()
            if self._take("["):
                self._take("[")
                table = self._key()
                self._note(table, line)
                while self._take("]"):
                    pass
            else:
                self._pair(table)

    def _pair(self, table: Path) -> None:
        line = self._line()
        path = (*table, *self._key())
        self._note(path, line)
        self._take("=")
        self._value(path)

    def _key(self) -> Path:
        parts: list[str] = []
        while self._kind() in ("word", "string") or self._text() == ".":
            if self._text() != ".":
                parts.append(self._text().strip("\"'"))
            self._at += 1
        return tuple(parts)

    def _value(self, path: Path) -> None:
        if self._take("{"):
            while not self._take("}"):
                if not (self._take(",") or self._take("\n")):
                    self._pair(path)
        elif self._take("["):
            element = 0
            while not self._take("]"):
                if not (self._take(",") or self._take("\n")):
                    self._note((*path, str(element)), self._line())
                    self._value((*path, str(element)))
                    element += 1
        else:
            while self._kind() in ("word", "string") or self._text() == ".":
                self._at += 1

    def _note(self, path: Path, line: int) -> None:
        for length in range(1, len(path) + 1):
            self.lines.setdefault(path[:length], line)

    def _kind(self) -> str:
        return self._tokens[self._at][0]

    def _text(self) -> str:
        return self._tokens[self._at][1]

    def _line(self) -> int:
        return self._tokens[self._at][2]

    def _take(self, text: str) -> bool:
        taken = self._text() == text
        self._at += taken
        return taken
