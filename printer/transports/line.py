"""What every way to a printer offers: a line that carries bytes both ways and can be cut.

That `write` returned means only that this machine has taken the bytes; what the printer did with them is for
the answers to say. `written` counts what was taken: if that is less than the whole, the end of the job, and
so its cut, has never left.
"""

from __future__ import annotations

from typing import Protocol


class Unreachable(Exception):
    """No line to the printer can be had now; says why, for staff."""


class LineLost(Exception):
    """The line broke; what was under way may or may not have arrived."""


class Line(Protocol):
    """An open line."""

    @property
    def written(self) -> int:
        """Bytes of the last `write` that were taken."""

    async def write(self, data: bytes) -> None:
        """Raises LineLost. Takes as long as the printer takes to make room; whoever waits sets the limit."""

    async def read(self) -> bytes:
        """Some bytes, as soon as there are any. Raises LineLost when there will be no more."""

    async def close(self) -> None:
        """After everything was confirmed, or nothing was sent."""

    async def drop(self) -> None:
        """Cut: whatever has not left this machine never will."""

    async def drained(self, within: float) -> bool:
        """Whether all that was written has left this machine; for printers that cannot confirm."""


class Transport(Protocol):
    """A way to one printer."""

    #: False: the printer cannot answer, so nothing can be known of it.
    answers: bool

    async def open(self) -> Line:
        """Raises Unreachable."""

    async def shut(self) -> None:
        """Let go of what is held open between two lines."""
