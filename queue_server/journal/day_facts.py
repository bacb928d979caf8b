"""What a day was: what things were called on it, and when the hall stood still. Pure.

`days` has one row for each business day and each imported one, so that a renamed service still reads rightly in last
year's report.
`hall_spans` has the holds, evacuations and outages: from when to when nobody was called, or nobody could act at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

import msgspec
from msgspec import Struct

from queue_server.domain import events as e
from queue_server.domain.rules import Rules, Texts

HELD, EVACUATED, AWAY = "held", "evacuated", "away"


class Names(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the things of a day were called, by id; `served` is which services each counter had, `of` whose each was."""

    agencies: dict[str, Texts] = {}
    services: dict[str, Texts] = {}
    of: dict[str, str] = {}
    counters: dict[str, str] = {}
    served: dict[str, tuple[str, ...]] = {}
    kiosks: dict[str, Texts] = {}
    categories: dict[str, Texts] = {}
    outcomes: dict[str, Texts] = {}
    pause_reasons: dict[str, Texts] = {}
    reasons: dict[str, Texts] = {}


class DayRow(Struct, frozen=True, kw_only=True):
    """One row of `days`; the fields are the table's columns, the first its key. `names` is JSON."""

    day: str
    starts_at: int
    ends_at: int
    timezone: str
    names: bytes


class HallSpanRow(Struct, frozen=True, kw_only=True):
    """One row of `hall_spans`; the fields are the table's columns, the first three its key. `state` is `held
    evacuated away`."""

    day: str
    from_at: int
    state: str
    to_at: int | None
    reason: str | None


class DayTables(Protocol):
    """Where these rows go, in whatever store."""

    def write_day(self, row: DayRow) -> None:
        """Make the row, or what is there otherwise."""

    def name_day(self, day: str, timezone: str, names: bytes) -> None:
        """The rules are others: what things are called from here on is what the day tells later."""

    def forget_day(self, day: str) -> None:
        """All rows of an imported day, in every table."""

    def begin_hall_span(self, row: HallSpanRow) -> None: ...

    def end_hall_spans(self, day: str, at: int) -> None:
        """Those that go on end."""


_encode = msgspec.json.Encoder(order="deterministic").encode
names_from_json = msgspec.json.Decoder(Names).decode

_OF_THE_DAY = frozenset(
    {
        e.DayOpened,
        e.RulesSet,
        e.DayClosed,
        e.HallHeld,
        e.EvacuationEnded,
        e.HallReleased,
        e.Restarted,
        e.DayImported,
        e.HallSpanImported,
        e.DayTakenBack,
    }
)


def keep(tables: DayTables, day: str, events: Iterable[e.Event]) -> None:
    """Carry a command's events into these tables; nearly all have nothing to do with them."""
    for event in events:
        if type(event) in _OF_THE_DAY:
            _keep(tables, day, event)


def _keep(tables: DayTables, day: str, event: e.Event) -> None:
    if isinstance(event, e.DayOpened):
        tables.write_day(
            DayRow(day=day, starts_at=event.starts_at, ends_at=event.ends_at, timezone="", names=_encode(Names()))
        )
    elif isinstance(event, e.RulesSet):
        tables.name_day(day, event.rules.timezone, _encode(names_of(event.rules)))
    elif isinstance(event, e.DayImported):
        names = msgspec.convert(event.names, Names)
        tables.write_day(
            DayRow(
                day=event.day,
                starts_at=event.starts_at,
                ends_at=event.ends_at,
                timezone=event.timezone,
                names=_encode(names),
            )
        )
    elif isinstance(event, e.DayTakenBack):
        tables.forget_day(event.day)
    elif isinstance(event, e.HallSpanImported):
        tables.begin_hall_span(
            HallSpanRow(day=event.day, from_at=event.from_at, state=event.state, to_at=event.to_at, reason=event.reason)
        )
    elif isinstance(event, e.Restarted):
        span = HallSpanRow(day=day, from_at=event.down_since, state=AWAY, to_at=event.at, reason=event.why)
        tables.begin_hall_span(span)
    else:
        tables.end_hall_spans(day, event.at)
        if isinstance(event, e.HallHeld):
            state = EVACUATED if event.evacuation else HELD
            tables.begin_hall_span(HallSpanRow(day=day, from_at=event.at, state=state, to_at=None, reason=event.reason))
        elif isinstance(event, e.EvacuationEnded):
            tables.begin_hall_span(HallSpanRow(day=day, from_at=event.at, state=HELD, to_at=None, reason=event.reason))


def names_of(rules: Rules) -> Names:
    return Names(
        agencies={agency.id: agency.name for agency in rules.agencies.values()},
        services={service.id: service.name for service in rules.services.values()},
        of={service.id: service.agency for service in rules.services.values()},
        counters={counter.id: counter.label for counter in rules.counters.values()},
        served={counter.id: counter.services for counter in rules.counters.values()},
        kiosks={kiosk.id: kiosk.name for kiosk in rules.kiosks.values()},
        categories={category.id: category.name for category in rules.categories.values()},
        outcomes=rules.outcomes,
        pause_reasons=rules.pause_reasons,
        reasons=rules.reasons,
    )
