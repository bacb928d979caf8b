"""What the rows say of any day, against a reckoning of another kind: second by second, from what was done and when.

The reckoning knows nothing of events. It keeps a list of holds, of outages and of each ticket's moves as the test made
them, and paints what every counter did into one box per second.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import pytest
from msgspec import Struct

from queue_server.database import open_to_read
from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain.evolve import evolve
from queue_server.domain.state import State
from queue_server.errors import Refused
from queue_server.journal.rows import StepRow, step_rows
from queue_server.journal.spans import SpanKeeper
from queue_server.journal.sqlite import open_journal
from queue_server.journal.sqlite.rebuild import rebuild_file
from tests.journal.hall import COUNTERS, Hall

SECOND = 1_000
CLERKS = {"1": "ani", "2": "budi", "3": "citra"}
SERVED = {"pass": ("1", "2"), "tax": ("1", "3")}


class Person(Struct, kw_only=True):
    """One ticket as somebody with a notebook would follow it; seconds."""

    service: str
    since: int
    state: str = "waiting"
    called: int | None = None
    """The first call that counts."""
    earlier: int | None = None
    """The same before the present call."""
    started: int | None = None
    served: int = 0
    ever_served: bool = False


class Notebook:
    """`at` in seconds. Holds and outages are spans of seconds; boxes are what each counter did in each second."""

    def __init__(self, at: int) -> None:
        self.at = at
        self.people: dict[str, Person] = {}
        self.holds: list[tuple[int, int | None]] = []
        self.at_counter: dict[str, str | None] = {}
        self.paused: set[str] = set()
        self.boxes: dict[str, dict[int, str]] = {counter: {} for counter in COUNTERS}
        self.last_event = at

    @property
    def held(self) -> bool:
        return bool(self.holds) and self.holds[-1][1] is None

    def pass_time(self, seconds: int) -> None:
        for _ in range(seconds):
            for counter in self.at_counter:
                self.boxes[counter][self.at] = self._does(counter)
            self.at += 1

    def _does(self, counter: str) -> str:
        who = self.at_counter[counter]
        if who is not None:
            return "walking" if self.people[who].state == "called" else "serving"
        if counter in self.paused:
            return "paused break"
        if self.held:
            return "paused drill"
        waits = any(p.state == "waiting" and counter in SERVED[p.service] for p in self.people.values())
        return "idle_waiting" if waits else "idle"

    def away(self, since: int, seconds: int) -> None:
        """Nobody could act from `since` on, and for `seconds` more."""
        for boxes in self.boxes.values():
            for at in [at for at in boxes if at >= since]:
                del boxes[at]
        self.at += seconds

    def wait(self, person: Person) -> int | None:
        if person.called is None:
            return None
        seconds = range(person.since, person.called)
        return sum(not any(a <= s < (self.at if b is None else b) for a, b in self.holds) for s in seconds)


class Play:
    """The hall and the notebook side by side; what the hall refuses is not written down."""

    def __init__(self, path: Path, chance: Random) -> None:
        self.path = path
        self.chance = chance
        self.hall = Hall(open_journal(path))
        self.hall.open_day()
        self.book = Notebook(self.hall.at // SECOND)
        self.start = self.book.at
        self.count = 0

    def do(self, kind: type[c.Command], **fields: Any) -> bool:
        """Whether it was done; the hall's time is the notebook's."""
        self.hall.at = self.book.at * SECOND
        with suppress(Refused):
            if self.hall.do(kind, **fields):
                self.book.last_event = self.book.at
                return True
        return False

    def step(self) -> None:
        moves = [self.issue, self.call, self.call, self.start_, self.finish, self.put_back, self.put_back, self.park]
        moves += [self.come_back, self.miss, self.open, self.close, self.pause, self.resume, self.hold, self.release]
        moves += [self.release, self.outage, self.drill, self.drill]
        self.chance.choice(moves)()
        self.book.pass_time(self.chance.choice([0, 1, 2, 7, 40]))

    def _counter(self) -> dict[str, str]:
        counter = self.chance.choice(list(COUNTERS))
        return {"counter": counter, "clerk": CLERKS[counter]}

    def _at(self, here: dict[str, str]) -> Person:
        who = self.book.at_counter[here["counter"]]
        assert who is not None
        return self.book.people[who]

    def issue(self) -> None:
        self.count += 1
        service, booked = self.chance.choice(list(SERVED)), None
        if self.chance.random() < 0.3:
            booked = self.book.at + self.chance.choice([-30, 10, 60, 200])
        ticket = f"ticket{self.count}"
        at = None if booked is None else booked * SECOND
        if self.do(c.IssueTicket, ticket=ticket, services=(service,), booked_at=at):
            self.book.people[ticket] = Person(service=service, since=max(self.book.at, booked or 0))

    def call(self) -> None:
        """Whoever is served there is finished by it, also where nobody waits."""
        here = self._counter()
        before = self.book.at_counter.get(here["counter"])
        if self.do(c.CallNext, **here):
            if before is not None:
                self._gone(here["counter"], "finished")
            who = self.hall.state.counters[here["counter"]].ticket
            if who is None:
                return
            person = self.book.people[who]
            self.book.at_counter[here["counter"]] = who
            person.state, person.earlier = "called", person.called
            if person.called is None:
                person.called = self.book.at

    def start_(self) -> None:
        here = self._counter()
        if self.do(c.StartService, **here):
            person = self._at(here)
            person.state, person.started, person.ever_served = "serving", self.book.at, True

    def finish(self) -> None:
        self._leave(c.FinishService, "finished")

    def miss(self) -> None:
        self._leave(c.MarkNoShow, "no_show")

    def park(self) -> None:
        self._leave(c.ParkTicket, "parked")

    def _leave(self, kind: type[c.Command], state: str) -> None:
        here = self._counter()
        if self.do(kind, **here):
            self._gone(here["counter"], state)

    def _gone(self, counter: str, state: str) -> None:
        who = self.book.at_counter[counter]
        assert who is not None
        person = self.book.people[who]
        if person.state == "serving" and person.started is not None:
            person.served += self.book.at - person.started
        person.state = state
        self.book.at_counter[counter] = None

    def put_back(self) -> None:
        here = self._counter()
        if self.do(c.PutBack, **here):
            person = self._at(here)
            person.state, person.called = "waiting", person.earlier
            self.book.at_counter[here["counter"]] = None

    def come_back(self) -> None:
        ticket = self.chance.choice(list(self.book.people) or ["nobody"])
        if self.do(c.ReturnTicket, ticket=ticket, by="ani"):
            self.book.people[ticket].state = "waiting"

    def open(self) -> None:
        here = self._counter()
        if here["counter"] not in self.book.at_counter and self.do(c.OpenCounter, **here):
            self.book.at_counter[here["counter"]] = None

    def close(self) -> None:
        here = self._counter()
        if self.chance.random() < 0.3 and self.do(c.CloseCounter, **here):
            del self.book.at_counter[here["counter"]]
            self.book.paused.discard(here["counter"])

    def pause(self) -> None:
        here = self._counter()
        if self.do(c.PauseCounter, **here, reason="break"):
            self.book.paused.add(here["counter"])

    def resume(self) -> None:
        here = self._counter()
        if self.do(c.ResumeCounter, **here):
            self.book.paused.discard(here["counter"])

    def hold(self) -> None:
        if not self.book.held and self.do(c.HoldHall, reason="drill", by="sari"):
            self.book.holds.append((self.book.at, None))

    def release(self) -> None:
        if self.do(c.ReleaseHall, by="sari"):
            self.book.holds[-1] = (self.book.holds[-1][0], self.book.at)

    def drill(self) -> None:
        """A hold from its beginning to its end, with people called, waiting and served in it."""
        self.hold()
        self.book.pass_time(self.chance.choice([1, 20]))
        self.release()

    def outage(self) -> None:
        """The server is killed, stopped in good order, or asleep; for a while nobody can act."""
        if self.chance.random() < 0.6:
            return
        seconds, how = self.chance.choice([1, 30, 300]), self.chance.choice(["killed", "stopped", "asleep"])
        if how == "stopped":
            self.do(c.NoteStop)
        since = self.book.last_event if how == "killed" else self.book.at
        self.book.away(since, seconds)
        if how == "asleep":
            self.do(c.NoteRestart, since=since * SECOND, why="sleep")
            return
        self._read_back()
        self.do(c.NoteRestart)

    def _read_back(self) -> None:
        """As a server that starts does it."""
        state, spans = State(), SpanKeeper()
        for recorded in self.hall.journal.read_day(self.hall.state.day):
            if isinstance(recorded.event, e.DayOpened):
                state.seq = recorded.seq - 1
            evolve(state, recorded.event)
            spans.follow(state, recorded.event)
        state.take_changes()
        spans.take()
        self.hall.state, self.hall.spans = state, spans

    def end(self) -> None:
        """The day closes over whoever is there; a hold ends with it."""
        if self.book.held:
            ends = self.hall.state.ends_at // SECOND
            self.book.holds[-1] = (self.book.holds[-1][0], ends)
        for person in self.book.people.values():
            if person.state == "serving" and person.started is not None:
                person.served += self.hall.state.ends_at // SECOND - person.started
        self.until = self.book.at
        self.hall.close_day()


def rows_by_ticket(play: Play) -> dict[str, StepRow]:
    state = play.hall.state
    return {name: step_rows(ticket, state.rules)[0] for name, ticket in state.tickets.items()}


def painted(path: Path, start: int, until: int) -> dict[str, dict[int, str]]:
    """The rows of `counter_spans`, one box per second from `start` to `until`."""
    db = open_to_read(path)
    spans = db.execute("SELECT counter, from_at, to_at, state, reason FROM counter_spans ORDER BY from_at").fetchall()
    db.close()
    boxes: dict[str, dict[int, str]] = {counter: {} for counter in COUNTERS}
    for counter, since, to, state, reason in spans:
        for at in range(since // SECOND, min(to // SECOND, until)):
            assert at not in boxes[counter], f"counter {counter} did two things at {at - start}"
            boxes[counter][at] = f"{state} {reason}" if reason else state
    return boxes


def reckon(path: Path, chance: Random, moves: int) -> None:
    play = Play(path, chance)
    for _ in range(moves):
        play.step()
    play.end()
    play.hall.journal.close()
    rows, book = rows_by_ticket(play), play.book

    waits = {name: book.wait(person) for name, person in book.people.items()}
    served = {name: person.served if person.ever_served else None for name, person in book.people.items()}
    assert {name: row.wait_s for name, row in rows.items()} == waits
    assert {name: row.service_s or 0 for name, row in rows.items()} == {n: s or 0 for n, s in served.items()}
    for name, person in book.people.items():
        if person.state in ("no_show", "parked", "called", "waiting"):
            assert (rows[name].state, rows[name].was) == ("expired", person.state), name
    assert painted(path, play.start, play.until) == book.boxes
    rebuild_file(path)
    assert painted(path, play.start, play.until) == book.boxes


@pytest.mark.parametrize("seed", range(8))
def test_rows_say_what_a_notebook_says(tmp_path: Path, seed: int):
    """Waits without holds, time served, and what every counter did in each second, over any day with outages."""
    reckon(tmp_path / "journal.db", Random(seed), 250)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_rows_say_what_a_notebook_says_of_very_many_days(tmp_path: Path):
    """The same over many more days."""
    for seed in range(1_000, 1_400):
        print("seed", seed)
        reckon(tmp_path / f"{seed}.db", Random(seed), 400)
