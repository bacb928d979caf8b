"""Who may speak now, of the displays that hear each other: one at a time, in the order in which they came to ask.

    turns = Turns()
    turns.ask("hall", screen="x1", call=812, now=monotonic())    Turn.SPEAK, and it holds the turn; WAIT; HEARD
    turns.done("hall", screen="x1")

A call is spoken once within an earshot: whoever asks for it second is told that it is heard. A screen that holds the
turn and says nothing more (it was switched off in the middle) loses it after `LEASE_S`; one that waits and asks no more
loses its place after `PATIENCE_S`. Only the moment matters here, so nothing of it is kept.
"""

from __future__ import annotations

from enum import StrEnum

LEASE_S = 40.0
"""Longer than an announcement takes."""

PATIENCE_S = 2.0
"""Screens that wait ask several times a second."""

KEPT = 200
"""Calls of which is known who speaks them."""

MOST = 64
"""Screens that wait in one earshot."""


class Turn(StrEnum):
    SPEAK = "speak"
    WAIT = "wait"
    HEARD = "heard"


class Turns:
    def __init__(self) -> None:
        self._rooms: dict[str, _Room] = {}

    def ask(self, earshot: str, *, screen: str, call: int, now: float) -> Turn:
        return self._rooms.setdefault(earshot, _Room()).ask(screen, call, now)

    def done(self, earshot: str, *, screen: str) -> None:
        if earshot in self._rooms:
            self._rooms[earshot].done(screen)


class _Room:
    """One earshot."""

    def __init__(self) -> None:
        self.speaks: str | None = None
        self.until = 0.0
        self.waiting: dict[str, float] = {}
        self.spoken: dict[int, str] = {}

    def ask(self, screen: str, call: int, now: float) -> Turn:
        if self.spoken.get(call, screen) != screen:
            self.waiting.pop(screen, None)
            return Turn.HEARD
        self.waiting = {one: at for one, at in self.waiting.items() if now - at < PATIENCE_S}
        taken = self.speaks not in (None, screen) and now < self.until
        first = next(iter(self.waiting), screen)
        if taken or first != screen:
            if screen in self.waiting or len(self.waiting) < MOST:
                self.waiting[screen] = now
            return Turn.WAIT
        self.waiting.pop(screen, None)
        self.speaks, self.until = screen, now + LEASE_S
        self.spoken[call] = screen
        while len(self.spoken) > KEPT:
            del self.spoken[next(iter(self.spoken))]
        return Turn.SPEAK

    def done(self, screen: str) -> None:
        if self.speaks == screen:
            self.speaks = None
