"""What happened to the mall as a whole: its days, its rules, its holds, its alerts."""

from __future__ import annotations

from msgspec import field

from queue_server.domain.events.event import Event
from queue_server.domain.records import Ticket
from queue_server.domain.rules import Rules

HOLD = "hold"
"""The reason of a hold for which nobody has said why."""

EVACUATION = "evacuation"
"""The reason of an evacuation for which nobody has said why."""


class DayOpened(Event, frozen=True, kw_only=True):
    """A business day begins.

    `mall` is the mall's id, and `journal` a random name that its history got on the first day: with `before` they say
    of each day alone whose it is and what it follows. A copy of a journal has the same name, another journal never.
    `type`, `day`, `before`, `mall` and `journal` keep name and form for ever: chains are checked by these alone.

    `before` is the closing hash of the day before (hex), `carried` the tickets it left waiting. `clock_was` is there
    where the mall's clock was ahead and was put back to `at` from it: only then does a day begin before the one before
    ended. The tickets' times move with the clock; numbers and quotas go on from `ordinals`, `ranks` and `issued`.
    """

    mall: str
    journal: str
    day: str
    starts_at: int
    ends_at: int
    before: str = ""
    carried: tuple[Ticket, ...] = ()
    clock_was: int | None = None
    ordinals: dict[str, int] = field(default_factory=dict)
    ranks: dict[str, int] = field(default_factory=dict)
    issued: dict[str, int] = field(default_factory=dict)


class RulesSet(Event, frozen=True, kw_only=True):
    """These rules hold from now on. `source` is `config` or `supervisor`."""

    rules: Rules
    source: str = "config"
    by: str | None = None
    reason: str | None = None


class DayClosed(Event, frozen=True, kw_only=True):
    """`by` ended it before its time, to put the mall's clock back."""

    by: str | None = None


class Restarted(Event, frozen=True, kw_only=True):
    """The server came back within the day; nobody could act since `down_since`.

    `why`: `restart` of the server, `sleep` of the machine or the process, `clock` where the mall's clock was put
    forward to `at` and what lies between never was.
    """

    down_since: int
    why: str = "restart"


class Stopped(Event, frozen=True, kw_only=True):
    """The server was stopped in good order: it was there until now."""


class AlertBegan(Event, frozen=True, kw_only=True):
    """By `rule` people are told of what is so since `since`: `kind` of `subject`, with `count` waiting."""

    rule: str
    kind: str
    subject: str
    since: int
    count: int | None = None
    reason: str | None = None


class AlertEnded(Event, frozen=True, kw_only=True):
    """It is over since `until`, and long enough to say so."""

    rule: str
    subject: str
    until: int


class HallHeld(Event, frozen=True, kw_only=True):
    """Nobody is called. `by` is None and `since` known where a new day takes over the hold of the day before.

    `evacuation`: everybody leaves the building, from now on or, where it goes on into a new day, from then.
    """

    reason: str
    by: str | None = None
    since: int | None = None
    evacuation: bool = False


class EvacuationEnded(Event, frozen=True, kw_only=True):
    """People may come back in; the hall stays held until it is released."""

    by: str
    reason: str | None = None


class HallReleased(Event, frozen=True, kw_only=True):
    """`by` is None where the hold ended with the business day."""

    by: str | None = None
    reason: str | None = None


class ServicePaused(Event, frozen=True, kw_only=True):
    service: str
    reason: str
    by: str


class ServiceResumed(Event, frozen=True, kw_only=True):
    service: str
    by: str
    reason: str | None = None
