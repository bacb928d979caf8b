"""What a printer says, told apart byte by byte.

One line carries real-time statuses, four-byte reports that nobody asked for, ordered statuses of one byte and
blocks; only their fixed bits tell them apart, and whoever takes the next byte for the answer to the last
question reads paper-out as plenty of paper. Also here: what the bits mean to people.

Bits: Epson's ESC/POS command reference (DLE EOT, GS a, GS r, GS g 2, GS ( H, DLE DC4).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from queue_server.wire.printing import Cause


class StatusByte(NamedTuple):
    """An answer to `DLE EOT`; it does not say to which n."""

    bits: int


class Unasked(NamedTuple):
    """The four bytes of an automatic status report."""

    bits: tuple[int, int, int, int]


class Sensors(NamedTuple):
    """An answer to `GS r 1`: everything before the question has been taken in."""

    bits: int


class Printed(NamedTuple):
    """A process id: everything before its question is on paper."""

    seq4: str


class Counted(NamedTuple):
    """An answer to `GS g 2`."""

    cuts: int


class Cleared(NamedTuple):
    """The buffers are empty; what was not printed by now never will be."""


Answer = StatusByte | Unasked | Sensors | Printed | Counted | Cleared

_XON_XOFF = (0x11, 0x13)
_BLOCKS = (0x37, 0x5F)
#: A block that goes on for longer is noise.
_LONGEST = 96


@dataclass
class Listener:
    """Takes bytes as they arrive, gives the answers that are complete."""

    held: bytearray = field(default_factory=bytearray)

    def feed(self, data: bytes) -> Iterator[Answer]:
        self.held += data
        while self.held:
            length, answer = self._next()
            if length == 0:
                return
            del self.held[:length]
            if answer is not None:
                yield answer

    def _next(self) -> tuple[int, Answer | None]:
        """How many bytes the next answer takes, 0 while it is incomplete, and the answer if it means something."""
        first = self.held[0]
        if first in _BLOCKS:
            end = self.held.find(0)
            if end < 0:
                return (0, None) if len(self.held) < _LONGEST else (1, None)
            return end + 1, _block(bytes(self.held[: end + 1]))
        if first in _XON_XOFF:
            return 1, None
        if first & 0x93 == 0x12:
            return 1, StatusByte(first)
        if first & 0x93 == 0x10:
            return self._unasked()
        if first & 0x90 == 0x00:
            return 1, Sensors(first)
        return 1, None

    def _unasked(self) -> tuple[int, Answer | None]:
        rest = self.held[1:4]
        if any(byte & 0x90 for byte in rest):
            return 1, None
        if len(rest) < 3:
            return 0, None
        return 4, Unasked((self.held[0], rest[0], rest[1], rest[2]))


def _block(block: bytes) -> Answer | None:
    if block[0] == 0x37 and block[1] == 0x22 and len(block) == 7:
        return Printed(block[2:6].decode("latin-1"))
    if block[:2] == b"\x37\x25":
        return Cleared()
    if block[0] == 0x5F and block[1:-1].isdigit():
        return Counted(int(block[1:-1]))
    return None


class Reading(NamedTuple):
    """How a printer is. Without causes it prints."""

    #: The gravest first.
    causes: tuple[Cause, ...]
    near_end: bool

    @property
    def ready(self) -> bool:
        return not self.causes


def reading(bits: Mapping[int, int]) -> Reading:
    """What the answers to `DLE EOT` 1 to 4 mean together; those that a printer does not give are left out.

    Of the pairs of paper bits any one counts: some printers set only one. With the cover open the paper
    sensor sees nothing, so it is not believed.
    """
    causes: list[Cause] = []
    offline, why, error, paper = (bits.get(n, 0) for n in (1, 2, 3, 4))
    cover = bool(why & 0x04)
    if cover:
        causes.append("cover_open")
    if not cover and (paper & 0x60 or why & 0x20):
        causes.append("paper_out")
    if error & 0x08:
        causes.append("cutter")
    if error & 0x20:
        causes.append("fault")
    if error & 0x40 and not causes:
        causes.append("head_hot")
    if why & 0x08:
        causes.append("feed_button")
    if why & 0x40 and not causes:
        causes.append("fault")
    if offline & 0x08 and not causes:
        causes.append("offline")
    return Reading(tuple(causes), bool(paper & 0x0C))
