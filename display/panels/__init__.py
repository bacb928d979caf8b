"""LED panels over counters: what a panel shows of a counter's sign, and how each kind of panel is told.

`Driver` is the whole interface: bytes for a `Face`. A new kind of panel is a file here and a line in `DRIVERS`.
"""

from __future__ import annotations

from typing import Protocol

from msgspec import Struct

from queue_server.wire.live import SignView


class Face(Struct, frozen=True, kw_only=True):
    """What a panel shows: a number, dashes for an open counter without anybody, nothing for one that is not open."""

    text: str
    calling: bool = False
    """Called and not there yet: a panel that can blink does."""


class Driver(Protocol):
    name: str

    def write(self, face: Face) -> bytes:
        """The bytes that make the panel show this and nothing else, whatever it showed before."""


def face_of(sign: SignView) -> Face:
    if sign.evacuation is not None or sign.held is not None or sign.state != "open":
        return Face(text="")
    if sign.number is None:
        return Face(text="----")
    return Face(text=sign.number, calling=sign.at_counter == "called")


def drivers() -> dict[str, Driver]:
    from display.panels.alpha import Alpha
    from display.panels.segments import Segments

    return {driver.name: driver for driver in (Segments(), Alpha())}
