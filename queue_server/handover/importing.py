"""Rows from elsewhere become a part of the journal: day by day, what is new of each.

A row that is in the journal already is counted and left: importing the same again changes nothing. The days that the
mall lived itself are left alone, and so is today, which the hall is still to live.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta
from hashlib import blake2b
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct, field
from msgspec.structs import replace

from queue_server.domain import events as e
from queue_server.domain.rules import Texts
from queue_server.handover.foreign import Bad, Doubt, ForeignLog
from queue_server.handover.gathered import Gathered
from queue_server.handover.journeys import is_journey, joined
from queue_server.handover.own_export import OwnExport
from queue_server.journal.day_facts import Names
from queue_server.journal.sqlite.importing import Importer, Known, There
from queue_server.settings import Settings

Progress = Callable[[int], None]
"""Told how far it has come."""


SHOWN = 3


class Called(Struct, frozen=True, kw_only=True):
    """Of config.toml: by whose clock the mall lives, and what it calls things by now."""

    timezone: str
    languages: tuple[str, ...]
    services: dict[str, Texts]
    agencies: dict[str, Texts]
    counters: dict[str, str]

    @classmethod
    def by(cls, settings: Settings) -> Called:
        return cls(
            timezone=settings.mall.timezone,
            languages=tuple(settings.mall.languages),
            services={id_: service.name for id_, service in settings.services.items()},
            agencies={id_: agency.name for id_, agency in settings.agencies.items()},
            counters={id_: counter.label or id_ for id_, counter in settings.counters.items()},
        )


class Taken(Struct, kw_only=True):
    """What came of it: `lived` are the rows that were left by day, since the mall lived it, `days` those that grew."""

    steps: int = 0
    spans: int = 0
    there: int = 0
    bad: list[Bad] = field(default_factory=list)
    doubted: list[Doubt] = field(default_factory=list)
    lived: Counter[str] = field(default_factory=Counter)
    days: list[str] = field(default_factory=list)


class Intake:
    """`log` is a peer's log, or a folder of our own export; `zone` is of days of which nothing says whose clock."""

    def __init__(self, log: ForeignLog | OwnExport, called: Called, zone: ZoneInfo, today: date) -> None:
        self.taken = Taken()
        self.first: list[e.StepImported] = []
        """A few, as they were understood."""
        self._log = log
        self._called = called
        self._zone = zone
        self._today = today
        self._gathered = Gathered()

    def close(self) -> None:
        self._gathered.close()

    def read(self, progress: Progress) -> int:
        """Everything, before anything is written; gives how many rows could be read."""
        count = 0
        for row in self._log.rows():
            if isinstance(row, Bad):
                self.taken.bad.append(row)
                continue
            if isinstance(row, Doubt):
                self.taken.doubted.append(row)
                continue
            if isinstance(row.event, e.StepImported) and len(self.first) < SHOWN:
                self.first.append(row.event)
            self._gathered.add(row.event.day, row.event)
            progress(row.read)
            count += 1
        return count

    def write(self, journal: Known | None, progress: Progress) -> None:
        """What is new, one day after the other; into a journal that is only known, or None, it is counted alone.

        Raises Unavailable where the journal cannot be written: the days before that are in it.
        """
        so_far = 0
        for day, count in self._gathered.days():
            if day[:10] >= self._today.isoformat() or (journal is not None and day[:10] in journal.lived):
                self.taken.lived[day] += count
            else:
                self._day(day, journal)
            so_far += count
            progress(so_far)

    def _day(self, day: str, journal: Known | None) -> None:
        there = journal.there(day) if journal is not None else NOTHING
        named: e.DayImported | None = None
        new: dict[object, e.ImportedEvent] = {}
        for event in self._told_apart(self._gathered.of(day), there):
            if isinstance(event, e.DayImported):
                named = event
            elif (key := _key(event)) in new or _is_there(event, there):
                self.taken.there += 1
            else:
                new[key] = event
        if not new and (named is None or there.named is not None):
            return
        events = [self._named(day, named, there, new.values()), *new.values()]
        if isinstance(journal, Importer):
            journal.take([replace(event, then=place > 0) for place, event in enumerate(events)])
        self.taken.days.append(day)
        steps = sum(isinstance(event, e.StepImported) for event in new.values())
        self.taken.steps += steps
        self.taken.spans += len(new) - steps

    def _told_apart(self, events: Iterable[e.ImportedEvent], there: There) -> Iterator[e.ImportedEvent]:
        """Of a peer's log two rows that say the same are two tickets, and those of a journey its steps."""
        if isinstance(self._log, OwnExport):
            yield from events
            return
        seen: Counter[str] = Counter()
        journeys: list[e.StepImported] = []
        for event in events:
            if isinstance(event, e.StepImported) and is_journey(event.ticket):
                journeys.append(event)
            elif isinstance(event, e.StepImported) and (before := seen[event.ticket]):
                said = f"{event.ticket} {before}".encode()
                yield replace(event, ticket=blake2b(said, digest_size=12).hexdigest())
            else:
                yield event
            if isinstance(event, e.StepImported):
                seen[event.ticket] += 1
        yield from joined(journeys, there.places)

    def _named(
        self, day: str, named: e.DayImported | None, there: There, events: Iterable[e.ImportedEvent]
    ) -> e.DayImported:
        """The day with the names of all that is known of it by now."""
        names = msgspec.convert(named.names, Names) if named is not None else self._names(events)
        if there.named is not None:
            names = _both(there.named, names)
        said = msgspec.to_builtins(names)
        if named is not None:
            return replace(named, names=said)
        begins = date.fromisoformat(day[:10])
        return e.DayImported(
            at=self._at(events),
            day=day,
            starts_at=self._midnight(begins),
            ends_at=self._midnight(begins + timedelta(days=1)),
            timezone=self._zone.key,
            names=said,
        )

    def _at(self, events: Iterable[e.ImportedEvent]) -> int:
        return next(event.at for event in events)

    def _midnight(self, day: date) -> int:
        return round(datetime.combine(day, time(), self._zone).timestamp() * 1_000)

    def _names(self, events: Iterable[e.ImportedEvent]) -> Names:
        """What the log calls things, or the mall does by now."""
        if isinstance(self._log, OwnExport):
            return Names()
        log, called = self._log.named, self._called
        steps = [event for event in events if isinstance(event, e.StepImported)]
        services = sorted({event.service for event in steps})
        agencies = sorted({event.agency for event in steps})
        counters = sorted({event.counter for event in steps if event.counter})
        return Names(
            services={id_: self._text(log.services[id_][0], id_, called.services) for id_ in services},
            of={id_: log.services[id_][1] for id_ in services},
            agencies={id_: self._text(log.agencies[id_], id_, called.agencies) for id_ in agencies},
            counters={id_: called.counters.get(id_, log.counters.get(id_, id_)) for id_ in counters},
            served={id_: tuple(sorted({event.service for event in steps if event.counter == id_})) for id_ in counters},
        )

    def _text(self, said: str, id_: str, known: dict[str, Texts]) -> Texts:
        return known[id_] if id_ in known else dict.fromkeys(self._called.languages, said[:200])


NOTHING = There(named=None, steps=frozenset(), spans=frozenset(), holds=frozenset(), places={})


def _key(event: e.ImportedEvent) -> tuple[object, ...]:
    if isinstance(event, e.StepImported):
        return "step", event.ticket, event.step
    if isinstance(event, e.CounterSpanImported):
        return "span", event.counter, event.from_at
    assert isinstance(event, e.HallSpanImported)
    return "hold", event.from_at, event.state


def _is_there(event: e.ImportedEvent, there: There) -> bool:
    if isinstance(event, e.StepImported):
        return (event.ticket, event.step) in there.steps
    if isinstance(event, e.CounterSpanImported):
        return (event.counter, event.from_at) in there.spans
    assert isinstance(event, e.HallSpanImported)
    return (event.from_at, event.state) in there.holds


def _both(known: Names, new: Names) -> Names:
    """What is known stays, and what is new is added."""
    merged = {name: {**getattr(new, name), **getattr(known, name)} for name in Names.__struct_fields__}
    return Names(**merged)
