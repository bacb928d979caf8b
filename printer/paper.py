"""From a printer's bytes back to what lies on its paper.

Previews, the virtual printer and the tests read slips back through this: what they show is drawn from the
bytes that a real printer would get. Understands the commands that a job consists of and steps over those
parts of ESC/POS that others might send; a byte that belongs to no command is text (typed.py draws it).
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from PIL import Image


class Raster(NamedTuple):
    """`GS v 0`: rows of dots, eight to the byte, a set bit is black."""

    width_bytes: int
    rows: int
    data: bytes


class Cut(NamedTuple):
    """`GS V`, whole or leaving a hinge."""

    whole: bool


class Feed(NamedTuple):
    """`ESC d`: lines of paper without ink."""

    lines: int


class Reset(NamedTuple):
    """`ESC @`."""


class Ask(NamedTuple):
    """A question that is answered in order: `id` with its four characters, `count`, `paper`."""

    kind: str
    value: bytes


class RealTime(NamedTuple):
    """`10 04 n` asks for status n, `10 14 08` clears; both are heard even inside other data."""

    kind: str
    n: int


class Text(NamedTuple):
    """Letters in the code page in force, and ends of lines."""

    data: bytes


class Setting(NamedTuple):
    """How what follows looks: `ESC t` page, `ESC a` side, `ESC E` bold, `GS !` size, `GS B` white on black."""

    data: bytes


class Symbol(NamedTuple):
    """`GS ( k`: a step towards a QR code, the last of which prints it."""

    data: bytes


class Other(NamedTuple):
    """A command without meaning here."""

    data: bytes


Command = Raster | Cut | Feed | Reset | Ask | RealTime | Text | Setting | Symbol | Other

_CLEAR_LENGTH = 10
#: Bytes after the two of the command, for commands of a fixed length that printers are known to be sent.
_SETTINGS = frozenset((b"\x1bt", b"\x1ba", b"\x1bE", b"\x1d!", b"\x1dB"))
_FIXED = {b"\x1ba": 1, b"\x1b!": 1, b"\x1bt": 1, b"\x1bE": 1, b"\x1bM": 1, b"\x1d!": 1, b"\x1dB": 1}


@dataclass
class Reader:
    """Takes bytes as they arrive and gives the commands that are complete."""

    held: bytearray = field(default_factory=bytearray)

    def feed(self, data: bytes) -> Iterator[Command]:
        self.held += data
        while (found := self._next()) is not None:
            command, length = found
            del self.held[:length]
            yield command

    def forget(self) -> None:
        """What has arrived and is not complete never was."""
        self.held.clear()

    def _next(self) -> tuple[Command, int] | None:
        held = self.held
        if not held:
            return None
        if held[0] not in (0x10, 0x1B, 0x1D):
            end = next((at for at, byte in enumerate(held) if byte in (0x10, 0x1B, 0x1D)), len(held))
            return Text(bytes(held[:end])), end
        if len(held) < 2:
            return None
        if held[0] == 0x10:
            return self._real_time()
        return _gs(held) if held[0] == 0x1D else _esc(held)

    def _real_time(self) -> tuple[Command, int] | None:
        held = self.held
        if held[1] == 0x04:
            return (RealTime("status", held[2]), 3) if len(held) >= 3 else None
        if held[1] == 0x14:
            if len(held) < 3:
                return None
            length = _CLEAR_LENGTH if held[2] == 0x08 else 5
            return (
                (RealTime("clear" if held[2] == 0x08 else "other", held[2]), length) if (len(held) >= length) else None
            )
        return Other(bytes(held[:1])), 1


def _esc(held: bytearray) -> tuple[Command, int] | None:
    if held[1] == 0x40:
        return Reset(), 2
    if held[1] == 0x64:
        return (Feed(held[2]), 3) if len(held) >= 3 else None
    return _fixed(held)


def _gs(held: bytearray) -> tuple[Command, int] | None:
    match held[1]:
        case 0x76:  # v 0 m xL xH yL yH
            return _raster(held)
        case 0x56:  # V m, or V 65/66 n
            length = 4 if len(held) > 2 and held[2] in (65, 66) else 3
            return (Cut(held[2] in (0, 48, 65)), length) if len(held) >= length else None
        case 0x72:  # r n
            return (Ask("paper", bytes(held[2:3])), 3) if len(held) >= 3 else None
        case 0x67:  # g 2 m nL nH
            return (Ask("count", bytes(held[4:6])), 6) if len(held) >= 6 else None
        case 0x28:  # ( X pL pH …
            return _bracketed(held)
        case 0x61:  # a n
            return (Other(bytes(held[:3])), 3) if len(held) >= 3 else None
    return _fixed(held)


def _raster(held: bytearray) -> tuple[Command, int] | None:
    if len(held) < 8:
        return None
    width, rows = int.from_bytes(held[4:6], "little"), int.from_bytes(held[6:8], "little")
    length = 8 + width * rows
    return (Raster(width, rows, bytes(held[8:length])), length) if len(held) >= length else None


def _bracketed(held: bytearray) -> tuple[Command, int] | None:
    if len(held) < 5:
        return None
    length = 5 + int.from_bytes(held[3:5], "little")
    if len(held) < length:
        return None
    if held[2] == 0x48 and held[5:7] == b"00":
        return Ask("id", bytes(held[7:length])), length
    if held[2] == 0x6B:
        return Symbol(bytes(held[:length])), length
    return Other(bytes(held[:length])), length


def _fixed(held: bytearray) -> tuple[Command, int] | None:
    length = 2 + _FIXED.get(bytes(held[:2]), 0)
    if len(held) < length:
        return None
    kind = Setting if bytes(held[:2]) in _SETTINGS else Other
    return kind(bytes(held[:length])), length


def png(image: Image.Image) -> bytes:
    """The picture as a PNG of one bit per dot."""
    held = io.BytesIO()
    image.save(held, "PNG", optimize=False)
    return held.getvalue()
