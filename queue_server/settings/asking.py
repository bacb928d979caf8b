"""What `[questions.ID]` may say: what a service asks before a ticket, and how often a day it serves one person."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from queue_server.settings.kinds import Positive, Table, Texts

Shape = Annotated[str, Meta(min_length=4, max_length=32, pattern="^[9A*]+$")]


class Question(Table, frozen=True, kw_only=True):
    """What a kiosk may ask before a ticket; whoever is asked may leave it out, unless tickets are counted by it."""

    asks: Literal["name", "phone", "identity"]
    purpose: Texts
    """Why, as the citizen reads it."""
    services: tuple[str, ...] = ()
    """Of which services; empty means all."""
    number: Literal["nik", "fin", "georgia", "pattern"] | None = None
    """Which identity number (letters/identity.py)."""
    shapes: tuple[Shape, ...] = ()
    """How a `pattern` looks: 9 is a digit, A a letter, * either."""
    check_digits: Literal["luhn", "mod97"] | None = None
    """Of a `pattern`."""
    daily: Positive | None = None
    """So many tickets a day one person has."""
    per: Literal["service", "agency", "mall"] = "service"
    """Of what `daily` counts the tickets."""
    keep: bool = True
    """Whether an identity number is kept for the clerk; otherwise it is only counted."""

    @property
    def needed(self) -> bool:
        """Without an answer no kiosk gives a ticket."""
        return self.daily is not None
