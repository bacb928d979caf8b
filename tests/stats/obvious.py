"""The statistics once more, slow and obvious, from the events alone: no row, no state and no code of the product.

A command that was undone is struck out of the list of events before anything is read of it, as if it never had been.
A hold is a stretch of time that is taken off whatever wait it falls into.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from math import ceil
from typing import Any

from msgspec import Struct

from queue_server.domain import events as e


class Visit(Struct, kw_only=True):
    """One service on one ticket's journey; milliseconds."""

    ticket: str
    place: int
    day: str
    service: str
    category: str
    channel: str
    language: str
    kiosk: str
    queued: int | None = None
    booked: int | None = None
    target: int = 0
    p50: int | None = None
    p90: int | None = None
    first_call: int | None = None
    call_before: int | None = None
    last_call: int | None = None
    started: int | None = None
    served: int = 0
    is_served: bool = False
    ever_served: bool = False
    is_missed: bool = False
    misses: int = 0
    end: str = "open"
    counter: str = ""
    clerk: str = ""
    outcome: str = ""
    walk: int | None = None
    away: int | None = None


def without_what_was_undone(history: Sequence[e.AnyEvent]) -> list[e.AnyEvent]:
    """`history` from the first event on: its place in it, from 1, is an event's `seq`."""
    struck: set[int] = set()
    for seq, event in enumerate(history, 1):
        if isinstance(event, e.Undone):
            first, last = event.seqs
            struck |= {seq, *range(first, last + 1)}
    return [event for seq, event in enumerate(history, 1) if seq not in struck]


class Reckoning:
    """Reads one event after the other. `visits` are all services of all journeys, in the order in which they came."""

    def __init__(self, history: Sequence[e.AnyEvent]) -> None:
        self.journeys: dict[str, list[Visit]] = {}
        self.now: dict[str, int] = {}
        self.holds: list[list[int]] = []
        self.day = ""
        for event in without_what_was_undone(history):
            read = getattr(self, type(event).__name__, None)
            if read is not None:
                read(event)

    @property
    def visits(self) -> list[Visit]:
        return [visit for journey in self.journeys.values() for visit in journey if visit.queued is not None]

    def here(self, event: Any) -> Visit:
        return self.journeys[event.ticket][self.now[event.ticket]]

    def wait(self, visit: Visit) -> int | None:
        if visit.first_call is None or visit.queued is None:
            return None
        began = max(visit.queued, visit.booked or 0)
        held = sum(max(0, min(end, visit.first_call) - max(since, began)) for since, end in self.holds)
        return max(0, visit.first_call - began - held)

    # What each event means

    def DayOpened(self, event: e.DayOpened) -> None:  # noqa: N802 - named for the event
        self.day = event.day

    def HallHeld(self, event: e.HallHeld) -> None:  # noqa: N802
        if not self.holds or self.holds[-1][1] != END:
            self.holds.append([event.at, END])

    def HallReleased(self, event: e.HallReleased) -> None:  # noqa: N802
        self.holds[-1][1] = event.at

    def TicketIssued(self, event: e.TicketIssued) -> None:  # noqa: N802
        self.journeys[event.ticket] = [
            Visit(
                ticket=event.ticket,
                place=place,
                day=self.day,
                service=service,
                category=event.category,
                channel=event.channel,
                language=event.language,
                kiosk=event.kiosk or "",
            )
            for place, service in enumerate(event.services)
        ]
        self.now[event.ticket] = 0
        self._queue(self.here(event), event.at, event.promise)
        self.here(event).booked = event.booked_at

    def _queue(self, visit: Visit, at: int, promise: Any) -> None:
        visit.queued = at
        visit.target, visit.p50, visit.p90 = promise.target, promise.p50, promise.p90

    def TicketCalled(self, event: e.TicketCalled) -> None:  # noqa: N802
        visit = self.here(event)
        visit.call_before = visit.first_call
        visit.first_call = event.at if visit.first_call is None else visit.first_call
        visit.last_call = event.at
        visit.counter, visit.clerk = event.counter, event.clerk

    def TicketRecalled(self, event: e.TicketRecalled) -> None:  # noqa: N802
        self.here(event).last_call = event.at

    def TicketPutBack(self, event: e.TicketPutBack) -> None:  # noqa: N802
        visit = self.here(event)
        visit.first_call = visit.call_before
        visit.counter = visit.clerk = ""

    def ServiceStarted(self, event: e.ServiceStarted) -> None:  # noqa: N802
        visit = self.here(event)
        visit.started, visit.is_served, visit.ever_served = event.at, True, True
        assert visit.last_call is not None
        visit.walk = event.at - visit.last_call

    def _leaves_the_counter(self, visit: Visit, at: int) -> None:
        if visit.is_served and visit.started is not None:
            visit.served += at - visit.started
        visit.is_served = False

    def ServiceFinished(self, event: e.ServiceFinished) -> None:  # noqa: N802
        visit = self.here(event)
        self._leaves_the_counter(visit, event.at)
        visit.end, visit.outcome = "served", event.outcome or ""
        if event.promise is not None and visit is not self.journeys[event.ticket][-1]:
            self.now[event.ticket] += 1
            self._queue(self.here(event), event.at, event.promise)

    def TicketMissed(self, event: e.TicketMissed) -> None:  # noqa: N802
        visit = self.here(event)
        visit.is_missed = True
        visit.misses += 1

    def TicketParked(self, event: e.TicketParked) -> None:  # noqa: N802
        visit = self.here(event)
        visit.away = event.at
        self._leaves_the_counter(visit, event.at)
        if visit.misses and not visit.ever_served:
            visit.is_missed = True

    def TicketSteppedAway(self, event: e.TicketSteppedAway) -> None:  # noqa: N802
        pass

    def TicketReturned(self, event: e.TicketReturned) -> None:  # noqa: N802
        visit = self.here(event)
        visit.is_missed, visit.away = False, None
        visit.walk = None
        visit.counter = visit.clerk = ""

    def TicketTransferred(self, event: e.TicketTransferred) -> None:  # noqa: N802
        visit, journey = self.here(event), self.journeys[event.ticket]
        self._leaves_the_counter(visit, event.at)
        visit.end, visit.away = "transferred", event.at
        self.now[event.ticket] += 1
        ahead = self.now[event.ticket]
        if event.planned:
            new = journey.pop(next(n for n in range(ahead, len(journey)) if journey[n].service == event.service))
        else:
            new = Visit(
                **{name: getattr(visit, name) for name in SAME},
                place=ahead,
                service=event.service,
            )
        journey.insert(ahead, new)
        for place, one in enumerate(journey):
            one.place = place
        self._queue(new, event.at, event.promise)

    def TicketCancelled(self, event: e.TicketCancelled) -> None:  # noqa: N802
        visit = self.here(event)
        visit.end, visit.away = "no_show" if visit.is_missed else "abandoned", visit.away or event.at

    TicketExpired = TicketCancelled

    def RollTakenBack(self, event: e.RollTakenBack) -> None:  # noqa: N802
        for ticket in event.tickets:
            del self.journeys[ticket]

    def OutcomeCorrected(self, event: e.OutcomeCorrected) -> None:  # noqa: N802
        self.journeys[event.ticket][event.step].outcome = event.outcome


SAME = ("ticket", "day", "category", "channel", "language", "kiosk")
"""What a ticket's services have in common."""
END = 1 << 60


def fate(visit: Visit) -> str:
    return "no_show" if visit.end == "open" and visit.is_missed else visit.end


def keys(visit: Visit, agency: str) -> dict[str, str]:
    """Every dimension's value; the mall's clock is UTC."""
    began = datetime.fromtimestamp(max(visit.queued or 0, visit.booked or 0) / 1000, UTC)
    day = datetime.fromisoformat(visit.day[:10])
    return {
        "agency": agency,
        "service": visit.service,
        "counter": visit.counter,
        "clerk": visit.clerk,
        "category": visit.category,
        "channel": visit.channel,
        "kiosk": visit.kiosk,
        "language": visit.language,
        "outcome": visit.outcome,
        "fate": fate(visit),
        "half_hour": f"{began:%H}:{'30' if began.minute >= 30 else '00'}",
        "weekday": str(day.isoweekday()),
        "day": visit.day[:10],
        "week": f"{day:%G-W%V}",
        "month": visit.day[:7],
    }


def times(values: Iterable[int]) -> dict[str, Any]:
    """Sorted, and looked at from the beginning."""
    ordered = sorted(values)
    if not ordered:
        return {"count": 0, "mean_s": None, "p50_s": None, "p90_s": None, "p95_s": None, "max_s": None, "few": False}

    def within(percent: int) -> int:
        return ordered[max(1, ceil(len(ordered) * percent / 100)) - 1]

    return {
        "count": len(ordered),
        "mean_s": round(sum(ordered) / len(ordered), 1),
        "p50_s": within(50),
        "p90_s": within(90),
        "p95_s": within(95),
        "max_s": ordered[-1],
        "few": len(ordered) < 20,
    }


def share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def measures(reckoning: Reckoning, visits: Sequence[Visit]) -> dict[str, Any]:
    """What an answer says of a group, as plain data."""
    waits = {id(visit): reckoning.wait(visit) for visit in visits}
    called = [visit for visit in visits if waits[id(visit)] is not None]
    told = [visit for visit in called if visit.p50 is not None]
    fates = [fate(visit) for visit in visits]
    over = len(fates) - fates.count("open")

    def wait(visit: Visit) -> int:
        found = waits[id(visit)]
        assert found is not None
        return found

    def kept(visit: Visit) -> tuple[bool, bool]:
        """Told from the next of these minutes below p50 to the next above p90; no wait is less than a minute."""
        half, most, waited = (value // 1000 / 60 for value in (visit.p50 or 0, visit.p90 or 0, wait(visit)))
        scale = [*range(0, 6001, 30)] if most > 119 else [*range(11), *range(15, 6001, 5)]
        beyond = next(minutes for minutes in scale if minutes > half)
        longest = next(minutes for minutes in scale if minutes >= most)
        return waited < beyond, waited <= longest if longest else waited < 1

    def mean(values: Sequence[int]) -> float | None:
        return round(sum(values) / len(values), 1) if values else None

    return {
        "steps": len(visits),
        "issued": sum(visit.place == 0 for visit in visits),
        "served": fates.count("served"),
        "transferred": fates.count("transferred"),
        "no_shows": fates.count("no_show"),
        "abandoned": fates.count("abandoned"),
        "open": fates.count("open"),
        "unknown": 0,  # of what the hall lived all is known
        "returned": sum(v.misses > 0 and f != "no_show" for v, f in zip(visits, fates, strict=True)),
        "wait": times(wait(visit) // 1000 for visit in called),
        "walk": times(visit.walk // 1000 for visit in visits if visit.walk is not None),
        "service": times(
            visit.served // 1000
            for visit in visits
            if not visit.is_served and (visit.served or (visit.end == "served" and visit.ever_served))
        ),
        "within_target": share(sum(wait(visit) <= visit.target for visit in called), len(called)),
        "no_show_share": share(fates.count("no_show"), over),
        "abandoned_share": share(fates.count("abandoned"), over),
        "promised": {
            "count": len(told),
            "within_p50": share(sum(kept(v)[0] for v in told), len(told)),
            "within_p90": share(sum(kept(v)[1] for v in told), len(told)),
            "p50_mean_s": mean([(v.p50 or 0) // 1000 for v in told]),
            "p90_mean_s": mean([(v.p90 or 0) // 1000 for v in told]),
            "wait_mean_s": mean([wait(v) // 1000 for v in told]),
        },
    }
