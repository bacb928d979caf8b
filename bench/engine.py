"""What the domain alone costs, without disk, network or event loop: issue, call-next and the replay of a day.

Beside each stands its limit in the same run: for issue and call-next a bare heapq push and pop of the same tuples, for
the replay the decoding of the same events alone. A call looks at the head of every lane that its counter may call from,
so with 10 waiting, who fill few lanes, it costs less than with 10,000; from there on it costs the same. Aims: issue and
call-next about 5 µs, 100,000 events in under 0.35 s.
"""

from __future__ import annotations

import gc
import heapq
import statistics
import time
from collections.abc import Callable, Mapping

import click
import msgspec

from bench.quiet import Slice, measure, take_turns
from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain.decide import decide
from queue_server.domain.evolve import evolve
from queue_server.domain.rules import Agency, Category, Counter, Kiosk, Printer, Rules, Service, Zone
from queue_server.domain.state import State

SERVICES = 100
COUNTERS = 50
EACH_SERVES = 8
WAITING = (10, 10_000, 100_000)
ROUNDS = 5
STEPS = 2_000
FEW = 10
TICKETS = 20_000
HOUR = 3_600_000

_decoder = msgspec.json.Decoder(e.AnyEvent)


def run() -> None:
    """Print one line for the replay, and one for each length of the queue."""
    rows = _day()
    replay = take_turns({"replay": lambda: measure(lambda: _replay(rows), ())}, ROUNDS)["replay"]
    click.echo(
        f"{len(rows):,} events of {TICKETS:,} tickets: decode and evolve {replay['whole']:.3f} s,"
        f" decode alone {replay['decode']:.3f} s, foreign CPU {replay['foreign']:.0%}"
    )
    halls = {f"{waiting:,} waiting": _in_a_hall(waiting) for waiting in WAITING}
    # what was built stays, as in a server (gc.freeze after the start); the runs' own garbage is collected as usual
    gc.collect()
    gc.freeze()
    found = take_turns(halls, ROUNDS)
    gc.unfreeze()
    first = found[f"{WAITING[0]:,} waiting"]
    for name in halls:
        row = found[name]
        click.echo(
            f"{name:>16}: issue {row['issue']:5.2f} µs (heap push {row['push']:.2f}),"
            f" call-next {row['call']:5.2f} µs (heap pop {row['pop']:.2f}),"
            f" to that with {WAITING[0]} waiting {row['call'] / first['call']:.2f}, foreign CPU {row['foreign']:.0%}"
        )


def _rules() -> Rules:
    services = {}
    for index in range(SERVICES):
        letters = chr(ord("A") + index // 26) + chr(ord("A") + index % 26)
        services[f"s{index}"] = Service(
            id=f"s{index}",
            agency="a",
            name={"en": letters},
            prefix=letters,
            targets={"regular": HOUR // 3, "elderly": HOUR // 6},
            open=((0, 24 * HOUR),),
        )
    counters = {}
    for index in range(COUNTERS):
        offered = tuple(f"s{(index * 7 + more) % SERVICES}" for more in range(EACH_SERVES))
        counters[f"c{index}"] = Counter(id=f"c{index}", label=str(index), zone="z", services=offered)
    return Rules(
        name={"en": "Bench"},
        languages=("en",),
        timezone="UTC",
        agencies={"a": Agency(id="a", name={"en": "Agency"})},
        services=services,
        counters=counters,
        zones={"z": Zone(id="z", name={"en": "Hall"})},
        categories={kind: Category(id=kind, name={"en": kind}) for kind in ("regular", "elderly")},
        kiosks={"k": Kiosk(id="k", name={"en": "Kiosk"}, printer="p")},
        printers={"p": Printer(id="p", name={"en": "Printer"})},
    )


class Hall:
    """A hall whose commands are numbered, one millisecond after the other."""

    def __init__(self, *, recording: bool = False) -> None:
        self.state = State()
        self.events: list[e.AnyEvent] = []
        self.recording = recording
        self.issued = 0
        self.waiting = 0
        self.do(c.OpenDay(at=0, mall="m", journal="j", day="bench", starts_at=0, ends_at=24 * HOUR, rules=_rules()))
        for counter in self.state.rules.counters:
            self.do(c.OpenCounter(at=0, counter=counter, clerk=counter))

    def do(self, command: c.Command) -> list[e.AnyEvent]:
        events = decide(self.state, command)
        for event in events:
            evolve(self.state, event)
        if self.recording:
            self.events += events
        return events

    def timed(self, command: c.Command) -> tuple[float, list[e.AnyEvent]]:
        """The same, and how many microseconds it took."""
        began = time.perf_counter()
        events = self.do(command)
        return (time.perf_counter() - began) * 1e6, events

    def next_issue(self) -> c.IssueTicket:
        self.issued += 1
        self.waiting += 1
        number = self.issued
        return c.IssueTicket(
            at=number,
            ticket=f"ticket-{number:09d}",
            services=(f"s{number * 37 % SERVICES}",),
            category="elderly" if number % 7 == 0 else "regular",
            kiosk="k",
            slip_job=f"job-{number:09d}",
        )

    def issue(self) -> None:
        self.do(self.next_issue())


def _in_a_hall(waiting: int) -> Callable[[], Slice]:
    """Issue and call with so many waiting (a few more in between), each timed; a heap of as many entries beside it."""
    hall = Hall()
    for _ in range(waiting):
        hall.issue()
    counters = list(hall.state.rules.counters)
    heap = [(number, number, number, f"ticket-{number:09d}") for number in range(waiting)]

    def one_round() -> Mapping[str, float]:
        issues: list[float] = []
        calls: list[float] = []
        while len(calls) < STEPS:
            issues += [hall.timed(command)[0] for command in [hall.next_issue() for _ in range(FEW)]]
            for counter in counters:
                calls += _serve(hall, counter) if hall.waiting > waiting else ()
            hall.state.take_changes()  # the engine takes them after each command
        push, pop = _heap(heap)
        return {"issue": statistics.mean(issues), "call": statistics.mean(calls), "push": push, "pop": pop}

    return lambda: measure(one_round, ())


def _serve(hall: Hall, counter: str) -> list[float]:
    """Call next (its microseconds), then serve whoever came, untimed; empty where nobody waits for this counter."""
    took, called = hall.timed(c.CallNext(at=hall.issued, counter=counter, clerk=counter))
    if not called:
        return []
    hall.waiting -= 1
    hall.do(c.StartService(at=hall.issued, counter=counter, clerk=counter))
    hall.do(c.FinishService(at=hall.issued, counter=counter, clerk=counter))
    return [took]


def _heap(heap: list[tuple[int, int, int, str]]) -> tuple[float, float]:
    """Microseconds to push and to pop an entry like those of the lanes."""
    numbers = range(10**9, 10**9 + STEPS)
    entries = iter([(number, number, number, f"ticket-{number:09d}") for number in numbers])
    return _timed(lambda: heapq.heappush(heap, next(entries)), STEPS), _timed(lambda: heapq.heappop(heap), STEPS)


def _timed(step: Callable[[], object], times: int) -> float:
    """Microseconds for one step."""
    began = time.perf_counter()
    for _ in range(times):
        step()
    return (time.perf_counter() - began) / times * 1e6


def _day() -> list[bytes]:
    """The JSON of a day's events: each ticket is issued, printed, called, started, finished."""
    hall = Hall(recording=True)
    counters = list(hall.state.rules.counters)
    for number in range(TICKETS):
        hall.issue()
        ticket = hall.state.tickets[f"ticket-{hall.issued:09d}"]
        hall.do(c.ReportSlip(at=hall.issued, ticket=ticket.id, job=f"job-{hall.issued:09d}", state="printed"))
        counter = counters[number % COUNTERS]
        if hall.do(c.CallNext(at=hall.issued, counter=counter, clerk=counter)):
            hall.do(c.StartService(at=hall.issued, counter=counter, clerk=counter))
            hall.do(c.FinishService(at=hall.issued, counter=counter, clerk=counter))
    return [msgspec.json.encode(event) for event in hall.events]


def _replay(rows: list[bytes]) -> Mapping[str, float]:
    began = time.perf_counter()
    for row in rows:
        _decoder.decode(row)
    decoded = time.perf_counter()
    state = State()
    for row in rows:
        evolve(state, _decoder.decode(row))
    return {"decode": decoded - began, "whole": time.perf_counter() - decoded}
