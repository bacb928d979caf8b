"""What time alone brings about, and the change from one business day to the next.

Nothing here ends the server. What fails on its way is given up for a while and tried again, one thing at a time: a
call that cannot be made by itself hinders no other, and a ticket that cannot be ended hinders no day from closing. The
day is then closed without it, and the next one opened, with an alarm that says so.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from heapq import heappop, heappush
from secrets import token_hex
from typing import Protocol

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain.decide import decide
from queue_server.domain.hall import next_deadline
from queue_server.domain.state import State
from queue_server.errors import Refused, Unavailable
from queue_server.journal.promises import Journal
from queue_server.service.clock import Clock
from queue_server.service.days import Days, unused
from queue_server.service.faults import Faults
from queue_server.service.logs import log

AGAIN_S = 60.0
"""What could not be done is tried again after so long."""

DAY_AGAIN_S = 1.0
"""A day that could not be closed or opened is tried again sooner."""

TRIES = 3
"""So often in full; then the day changes without what fails."""

Due = tuple[int, str, str]
"""An entry of the state's deadlines: when, what kind, whom it is about."""

DAY = "day"


class Book(Protocol):
    """What this needs of the engine."""

    state: State
    faults: Faults
    unattended: Callable[[], frozenset[str]]

    @property
    def healthy(self) -> bool: ...
    def now(self) -> int: ...
    def record(self, events: tuple[e.AnyEvent, ...]) -> None: ...
    def note_leap(self) -> None: ...
    async def settled(self) -> None: ...


class Course:
    """`opened` is called after each new day. Whoever holds `lock` changes the day, and nobody else."""

    def __init__(self, book: Book, journal: Journal, clock: Clock, days: Days, opened: Callable[[], None]) -> None:
        self.lock = asyncio.Lock()
        self._book = book
        self._journal = journal
        self._clock = clock
        self._days = days
        self._opened = opened
        self._given_up: dict[Due, float] = {}
        self._tries = {"close": 0, "open": 0}
        self._open_again = 0.0
        self._said: dict[str, str] = {}

    @property
    def alarms(self) -> dict[str, str]:
        """What is wrong with the days, one sentence each that says what to do: `close`, `open`, `cut`."""
        return self._said

    def is_due(self, at: int) -> bool:
        """Something that time brings about must be recorded before a command of this moment is decided."""
        if not self._book.state.open:
            return self._may_open()
        return self._clock.leapt or self._next(at) is not None

    def wait_s(self, most: float) -> float:
        """Seconds until the next of it is due, at most so many."""
        due = self._next(None) if self._book.state.open else None
        return most if due is None else min(most, max(0.0, (due[0] - self._book.now()) / 1000))

    async def catch_up(self) -> None:
        """Record everything that time alone has brought about by now, a new business day included.

        Raises Unavailable where the journal takes nothing.
        """
        async with self.lock:
            book = self._book
            now = max(book.now(), book.state.at)
            book.note_leap()
            while book.healthy and (due := self._next(now)) is not None:
                self._carry_out(due, now)
            if book.healthy and not book.state.open and self._may_open():
                await self._open()

    # One thing after the other

    def _next(self, by: int | None) -> Due | None:
        """What is due first, if it is due `by` then; without what was given up for the moment."""
        state = self._book.state
        if not state.open:
            return None
        self._bring_back()
        first = self._first(by)
        end = (state.ends_at, DAY, "")
        if self._closes() and (first is None or end[0] <= first[0]):
            first = end
        return first if first is not None and (by is None or first[0] <= by) else None

    def _closes(self) -> bool:
        """Whether the day may end now: not while the clock is in doubt, nor right after it could not be closed."""
        return self._clock.alarm is None and (self._book.state.ends_at, DAY, "") not in self._given_up

    def _first(self, by: int | None) -> Due | None:
        """The first of the state's deadlines that is to be carried out."""
        book, state = self._book, self._book.state
        while state.deadlines and (by is None or state.deadlines[0][0] <= by):
            try:
                at = next_deadline(state, book.unattended(), closes=False)
            except Exception as error:  # noqa: BLE001 - whatever is wrong with one entry is that entry's trouble
                self._give_up(state.deadlines[0], error)
                heappop(state.deadlines)
                continue
            if at is None:
                return None
            if state.deadlines[0] not in self._given_up:
                return state.deadlines[0]
            heappop(state.deadlines)
        return None

    def _bring_back(self) -> None:
        if not self._given_up:
            return
        now = asyncio.get_running_loop().time()
        for due in [due for due, again in self._given_up.items() if again <= now]:
            del self._given_up[due]
            if due[1] != DAY:
                heappush(self._book.state.deadlines, due)

    def _carry_out(self, due: Due, now: int) -> None:
        """One entry, or what became of it: whatever goes wrong, the next is asked for afterwards."""
        state = self._book.state
        try:
            tick = c.Tick(at=now, unattended=self._book.unattended(), closes=self._closes(), leave=self._left_out(due))
            events = decide(state, tick)
            if not events:  # it stands in the way of all others
                raise LookupError(f"nothing came of {due[1]}")
            self._book.record(tuple(events))
        except Exception as error:  # noqa: BLE001 - see above; the book has been put right, or will be
            self._give_up(due, error)
            return
        self._book.faults.over("deadlines", due[1])
        if isinstance(events[-1], e.DayClosed):
            self._closed(state)

    def _left_out(self, due: Due) -> str:
        """How much a day may leave undone to be closed at all."""
        tries = self._tries["close"] if due[1] == DAY else 0
        return "" if tries < TRIES else "failing" if tries == TRIES else "all"

    def _give_up(self, due: Due, error: Exception) -> None:
        error = _cause(error)
        if isinstance(error, Unavailable):
            return  # the journal's own alarm says it, and everything waits for it
        again = DAY_AGAIN_S if due[1] == DAY else AGAIN_S
        self._given_up[due] = asyncio.get_running_loop().time() + again
        self._book.faults.note("deadlines", due[1], error)
        if due[1] == DAY:
            self._tries["close"] += 1
            self._said["close"] = (
                f"The business day {self._book.state.day} cannot be closed ({_named(error)}). It is tried again, and at"
                " last closed without what fails. Keep the log, and ask who maintains Antrean."
            )

    # The change of day

    def _closed(self, state: State) -> None:
        self._said.pop("close", None)
        self._said.pop("cut", None)
        if self._tries["close"] >= TRIES:
            self._said["cut"] = (
                f"The business day {state.day} was closed without ending its tickets, since that failed. Its statistics"
                " have gaps. Keep the log, and ask who maintains Antrean."
            )
        self._tries["close"] = 0
        self._given_up.clear()

    def _may_open(self) -> bool:
        return asyncio.get_running_loop().time() >= self._open_again

    async def _open(self) -> None:
        """The business day of this moment."""
        book = self._book
        await book.settled()
        known = await asyncio.to_thread(self._journal.named_days)
        if not book.healthy or book.state.open:
            return
        try:
            self._open_now(known)
        except Exception as error:  # noqa: BLE001 - a server that says what is wrong is better than none
            self._not_opened(error)
            return
        self._said.pop("open", None)
        self._tries["open"] = 0
        book.faults.over("days", "open")
        self._opened()
        rules = book.state.rules
        log.info("day_opened", day=book.state.day, services=len(rules.services), counters=len(rules.counters))

    def _open_now(self, known: list[str]) -> None:
        """With the hash that closed the day before. Where the clock was put back, now lies before the last event."""
        state, now, last = self._book.state, self._book.now(), self._journal.last_lived()
        day, rules = self._days.begin(now, state)
        command = c.OpenDay(
            at=now,
            mall=self._days.mall,
            journal=state.journal or token_hex(8),
            day=unused(day.name, known),
            starts_at=day.starts_at,
            ends_at=day.ends_at,
            rules=rules,
            before=last.hash.hex() if last.seq else "",
            clock_was=state.at if now < state.at else None,
            carry=self._tries["open"] < TRIES,
        )
        self._book.record(tuple(decide(state, command)))

    def _not_opened(self, error: Exception) -> None:
        error = _cause(error)
        if isinstance(error, Unavailable):
            return  # the journal's own alarm says it
        self._tries["open"] += 1
        self._open_again = asyncio.get_running_loop().time() + DAY_AGAIN_S
        self._book.faults.note("days", "open", error)
        self._said["open"] = (
            f"The next business day cannot be opened ({_named(error)}). Correct config.toml and run `antrean reload`;"
            " it is tried again by itself. Keep the log, and ask who maintains Antrean."
        )

    def try_again(self) -> None:
        """Somebody has changed something: what was given up may work now."""
        self._open_again = 0.0
        self._given_up = dict.fromkeys(self._given_up, 0.0)


def _cause(error: Exception) -> Exception:
    """What went wrong when something was recorded is told as a failed write; this is what it was."""
    return error.__cause__ if isinstance(error.__cause__, Exception) else error


def _named(error: Exception) -> str:
    """What may be said of an error: our own words, and of others their kind, since they may name a ticket."""
    return error.detail.rstrip(".") if isinstance(error, Refused | Unavailable) else type(error).__name__
