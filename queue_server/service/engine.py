"""The single writer of the mall: every command goes through here, in one order.

The order is always decide, record, publish, print, and only this file knows it. Deciding and recording one command is
one synchronous step, so two clerks can never get the same ticket and there is no lock. Nothing leaves before the
events that it rests on are on disk: an answer, a refusal and a view note the last `seq` that they saw and wait until
the journal has it. A failed write answers everybody who waits with "not known" (503), turns health red and rebuilds
the state from the journal: the engine never goes on with a state that the journal does not have.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import ChainMap
from collections.abc import Callable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain.decide import decide
from queue_server.domain.effects.moves import watch_auto_call
from queue_server.domain.evolve import evolve
from queue_server.domain.lifecycle import StepState
from queue_server.domain.numbering import holder
from queue_server.domain.records import Estimate, Ticket
from queue_server.domain.state import Changes, State
from queue_server.domain.subject import subject
from queue_server.errors import AntreanError, Broken, FileDamaged, IllegalMove, NotFound, Refused, Unavailable
from queue_server.journal.past import late_of
from queue_server.journal.promises import Batch, Journal
from queue_server.journal.promises import Key as JournalKey
from queue_server.journal.rows import rows_of
from queue_server.journal.spans import SpanKeeper
from queue_server.service.clock import SAID, Clock
from queue_server.service.course import Course
from queue_server.service.days import Days
from queue_server.service.estimates import Estimates
from queue_server.service.failure import OUR_FAULT, Failure
from queue_server.service.faults import Faults
from queue_server.service.keys import KEY_HOLDS_MS, Key, Keys
from queue_server.service.logs import log
from queue_server.service.reading_back import read_back
from queue_server.service.waiters import Waiters
from queue_server.settings import Settings

LOOK_S = 1.0
"""So often the engine looks whether something is due, though nobody asks."""

PAUSE_S = 0.5
"""So long after a failed write the journal is read again."""

NOT_KNOWN = "It is not known whether that was done. Send it again with the same Idempotency-Key."


class Result(Struct, frozen=True, kw_only=True):
    """What a command came to. `ticket` is whom the answer is about; no events if the same key was here before."""

    events: tuple[e.AnyEvent, ...] = ()
    ticket: str | None = None
    status: int = 200


class Engine:
    """The hall at work. `state` is for reading.

    `changed` are called with what each command touched, before it is on disk; `rebuilt` after a recovery, when `lives`
    has grown: what was seen before may never have been. `unattended` says which counters call nobody by themselves now.
    """

    def __init__(self, journal: Journal, clock: Clock, days: Days, secret: bytes, estimates: Estimates) -> None:
        self.state = State()
        self.refused_rules: list[str] = []
        self.changed: list[Callable[[Changes, tuple[e.AnyEvent, ...]], None]] = []
        self.rebuilt: list[Callable[[], None]] = []
        self.unattended: Callable[[], frozenset[str]] = frozenset
        self.faults = Faults(self.now)
        self.lives = 0
        self.journal = journal
        self._clock = clock
        self.days = days
        self._estimates = estimates
        self._spans = SpanKeeper()
        self.keys = Keys(secret)
        self._waiters = Waiters()
        self._failed: Failure | None = None
        self._starting = False
        self._wake = asyncio.Event()
        self._course = Course(self, journal, clock, days, self._opened)

    # Asking

    @property
    def healthy(self) -> bool:
        """Commands are taken and the disk has what was answered."""
        return self._failed is None

    @property
    def fault(self) -> str | None:
        """What the disk said when it last refused, until it takes rows again."""
        return str(self._failed.error) if self._failed is not None else None

    @property
    def alarms(self) -> list[str]:
        """What an operator must look at: one sentence each, that says what to do."""
        found = [] if self._failed is None else [self._failed.said]
        found += self._course.alarms.values()
        found += [f"config.toml is not taken until the day ends: {why}" for why in self.refused_rules]
        if self._clock.alarm is not None:
            found.append(SAID[self._clock.alarm])
        found += dict.fromkeys(fault.said for fault in self.faults)
        return found

    @property
    def day_alarms(self) -> Mapping[str, str]:
        """What is wrong with closing the day or opening the next one, by what it is: `close`, `open`, `cut`."""
        return self._course.alarms

    @property
    def clock(self) -> Clock:
        """For reading: its alarm, and how far the machine's clock is off."""
        return self._clock

    @property
    def estimates(self) -> Mapping[str, Estimate]:
        """For somebody who comes now, by `newcomer(service, category)`."""
        return self._estimates.services

    @property
    def ticket_estimates(self) -> Mapping[str, Estimate]:
        """By ticket, for those who wait."""
        return self._estimates.tickets

    @property
    def expected(self) -> Mapping[str, Estimate]:
        """Both: by ticket where it waits already, else by service."""
        return ChainMap(self._estimates.tickets, self._estimates.services)

    def now(self) -> int:
        """The mall's time."""
        return self._clock.now()

    def hashes(self, caller: str, path: str, key: str, body: bytes) -> Key:
        """What is kept of an Idempotency-Key: the key itself and the body never reach the disk."""
        return self.keys.hashes(caller, path, key, body)

    def replayed(self, key: Key | None) -> Result | None:
        """What the same key came to before, or None. Raises IdempotencyMismatch for another body."""
        known = self.keys.outcome(key, self.now()) if key else None
        return Result(ticket=known.ticket, status=known.status) if known else None

    async def find_ticket(self, ticket: str, *, imported: bool = False) -> Ticket:
        """Today's ticket, or an earlier day's as it ended. Raises NotFound.

        With `imported` also one that another system gave, of which nobody knows how it ended: nobody holds it.
        """
        found = self.state.tickets.get(ticket)
        if found is None:
            with contextlib.suppress(Unavailable):  # its day may just have ended, and its rows be on their way
                await self.settled()
            found = await asyncio.to_thread(self.journal.load_ticket, ticket)
        if found is None or (found.step.state is StepState.UNKNOWN and not imported):
            raise NotFound("There is no such ticket.")
        return found

    def find_number(self, number: str) -> Ticket:
        """Today's latest ticket with this number, however it is typed. Raises NotFound."""
        ticket = holder(self.state, number)
        if ticket is None:
            raise NotFound(f"There is no ticket {number} today.", number=number)
        return self.state.tickets[ticket]

    async def settled(self, lives: int | None = None) -> None:
        """Returns when everything seen so far is on disk. Raises Unavailable if that is not known.

        `lives` as they were when it was seen, by whoever has awaited anything since.
        """
        if lives not in (None, self.lives):
            raise Unavailable(NOT_KNOWN)
        await self._on_disk(self.state.seq)

    # Doing

    async def submit(self, command: c.Command, key: Key | None = None, status: int = 200) -> Result:
        """Decide and record one command, now; returns once it is on disk. Raises a Refused, or Unavailable."""
        try:
            result = await self.carry_out(command, key, status)
        except Refused:
            await self.settled()
            raise
        await self.settled()
        return result

    async def carry_out(self, command: c.Command, key: Key | None = None, status: int = 200) -> Result:
        """The same without waiting for the disk: whatever comes of it must not leave before `settled`.

        What is read of the state right after it, without awaiting in between, is what the command left.
        """
        at = self.now()
        if self._course.is_due(at):
            await self.catch_up()
            at = max(at, self.now(), self.state.at)
        known = self.replayed(key)
        if known is not None:
            return known
        stamped = replace(command, at=at)
        if type(command) in c.ESTIMATED:
            stamped = replace(stamped, estimates=self.estimates)
        return self._decide(stamped, key, status)

    def _decide(self, command: c.Command, key: Key | None, status: int) -> Result:
        if self._failed is not None:
            raise Unavailable("The journal cannot be written at the moment. " + NOT_KNOWN)
        events = tuple(decide(self.state, command))
        if not events:
            return Result(status=status)
        ticket = subject(command, events)
        if ticket is None and isinstance(command, c.CallNext):
            status = 204
        self.record(events, key, ticket, status)
        return Result(events=events, ticket=ticket, status=status)

    def record(
        self, events: tuple[e.AnyEvent, ...], key: Key | None = None, ticket: str | None = None, status: int = 200
    ) -> None:
        """Evolve, hand the rows to the journal, tell who watches. From here on only a failed disk takes it back.

        What is unexpected on the way counts as a failed write: by then the state may have what the journal has not.
        """
        try:
            changes = self._keep(events, key, ticket, status)
        except Exception as error:
            self._discard(error)
            self.faults.note("recording", type(events[0]).__name__, error)
            raise Unavailable(NOT_KNOWN) from error
        self.faults.over("recording", type(events[0]).__name__)
        self._tell(changes, events)

    def _keep(self, events: tuple[e.AnyEvent, ...], key: Key | None, ticket: str | None, status: int) -> Changes:
        state = self.state
        first = state.seq + 1
        for event in events:
            evolve(state, event)
            self._spans.follow(state, event)
        changes = state.take_changes()
        steps, gone = rows_of(state, changes)
        kept = None
        if key is not None:
            self.keys.keep(key, events[0].at, ticket, status)
            kept = JournalKey(key=key.key, body=key.body, result=ticket, status=status)
        self.journal.append(
            Batch(
                first_seq=first,
                stream=state.day,
                events=events,
                key=kept,
                steps=steps,
                gone=gone,
                spans=self._spans.take(),
                late=late_of(state, events),
            )
        )
        return changes

    def _tell(self, changes: Changes, events: tuple[e.AnyEvent, ...]) -> None:
        """Who listens has no say: what is recorded stays so, whatever one of them makes of it."""
        try:
            self._estimates.follow(self.state, events)
        except Exception as error:  # noqa: BLE001 - this runs for every ticket, so it is `faults.part` written out
            self.faults.note("estimates", "follow", error)
        else:
            self.faults.over("estimates", "follow")
        for tell in self.changed:
            try:
                tell(changes, events)
            except Exception as error:  # noqa: BLE001 - the same
                self.faults.note("listener", tell.__qualname__, error)
            else:
                self.faults.over("listener", tell.__qualname__)

    # The disk

    def committed(self, seq: int) -> None:
        """The journal's writer says, in this loop, that everything up to `seq` is on disk."""
        self._waiters.landed(seq)

    def failed(self, error: BaseException) -> None:
        """The journal's writer says that it could not write; what is pending is not known."""
        if self._failed is None:
            self._fail(error, ours=False)

    def _discard(self, error: Exception) -> None:
        """Something was wrong between deciding and the journal: begin again from what that has."""
        if self._failed is None:
            self.journal.discard()
            self._fail(error, ours=True)

    def _fail(self, error: BaseException, *, ours: bool) -> None:
        self._failed = Failure(error, ours)
        self._waiters.refuse(Unavailable(NOT_KNOWN))
        self._wake.set()
        detail = None if ours else str(error)  # what is not the disk's may name a ticket; `faults` says where it was
        log.error("journal_failed", error=type(error).__name__, detail=detail)

    async def _on_disk(self, seq: int) -> None:
        if self._failed is not None:
            raise Unavailable("The journal cannot be written at the moment. " + NOT_KNOWN)
        await self._waiters.until(seq)

    # Starting, rules, time

    async def start(self) -> None:
        """Read the journal back, note the outage, bring day and rules up to now.

        Where the journal cannot be written, or a day not be opened, the server stands all the same, with an alarm, and
        goes on by itself once it can. Raises Broken or Unavailable where there is nothing yet to stand on.
        """
        await asyncio.to_thread(self._load)
        self.days.check(self.state)
        self._starting = True
        with contextlib.suppress(Unavailable):
            await self._begin()
        failed = self._failed
        if failed is not None and isinstance(failed.error, FileDamaged):
            raise failed.error  # it would not go on by itself
        if not self._waiters.durable:
            if failed is not None:
                raise Unavailable(failed.said)
            raise Broken(" ".join(self.alarms))

    async def _begin(self) -> None:
        """The outage comes before whatever fell due in it.

        What runs out by itself gets its time anew, also where the day ended meanwhile, and nothing of a day is stamped
        later than its end.
        """
        day = self.state.day
        self._clock.take_leap()  # reading the journal may have taken long; the outage is noted anyway
        if self.state.open:
            self.record(tuple(decide(self.state, c.NoteRestart(at=self._within_day(self.now())))))
        await self.catch_up()
        if self.state.day == day and self.state.open:
            self._take_rules()
        self._refresh()
        await self.settled()
        self._starting = False

    def _load(self) -> None:
        """The state, the spans that are open and the keys, as the journal has them."""
        self.state, self._spans = read_back(self.journal)
        self.keys.load(self.journal.keys_since(self.state.at - KEY_HOLDS_MS))
        self._waiters.durable = self.state.seq

    def _take_rules(self) -> None:
        """The rules of the file for this day, or the journal's with an alarm where the file would break something."""
        events: tuple[e.AnyEvent, ...] = ()
        try:
            rules, self.refused_rules = self.days.rules_now(self.state)
            if rules is not None:
                events = tuple(decide(self.state, c.SetRules(at=max(self.now(), self.state.at), rules=rules)))
        except AntreanError as error:
            self.refused_rules = [error.detail]
        except Exception as error:  # noqa: BLE001 - the day goes on by the rules that it has
            self.faults.note("rules", "config.toml", error)
            self.refused_rules = [f"it cannot be made into rules ({type(error).__name__}). {OUR_FAULT}"]
        else:
            self.faults.over("rules", "config.toml")
        if self.refused_rules:
            log.warning("rules_refused", reasons=self.refused_rules)
        elif events:
            self.record(events)

    async def take_settings(self, settings: Settings) -> list[str]:
        """Use a changed config.toml: today where it breaks nothing that is in use, else from the next day on.

        Returns why it could not be taken today, one sentence each. Raises ConfigWrong where it is another mall's.
        """
        await self.catch_up()
        self.days.take(settings, self.state)
        self._course.try_again()
        if self.state.open:
            self._take_rules()
        await self.catch_up()
        await self.settled()
        return self.refused_rules

    async def confirm_clock(self, by: str, alarm: str | None = None) -> None:
        """`by` looked at the machine's clock: it is right, and the mall follows it.

        Where that leads back, the day that ran ahead ends first, and a new one begins at the right time. Raises
        IllegalMove where the clock's `alarm` is another one by now than whoever confirms has seen.
        """
        async with self._course.lock:
            if alarm is not None and self._clock.alarm not in (None, alarm):
                raise IllegalMove("The clock has changed again; look once more.", reason="clock_changed")
            if self._clock.goes_back and self.state.open:
                self.record(tuple(decide(self.state, c.CloseDay(at=max(self.now(), self.state.at), by=by))))
                await self.settled()
            log.info("clock_confirmed", by=by, off_ms=self._clock.off_ms)
            self._clock.confirm()
        await self.catch_up()
        await self.settled()

    async def catch_up(self) -> None:
        """Record everything that time alone has brought about by now, a new business day included."""
        await self._course.catch_up()

    async def look_again(self, counter: str) -> None:
        """A counter that was unattended may call by itself."""
        record = self.state.counters.get(counter)
        if record is not None:
            watch_auto_call(self.state, record)
            await self.catch_up()

    def note_leap(self) -> None:
        """Nobody could act while the machine slept, nor in a time that the clock was put past."""
        if self._failed is not None or (leap := self._clock.take_leap()) is None or not self.state.open:
            return
        log.warning("time_leapt", why=leap.why, ms=leap.until - leap.since)
        at = self._within_day(leap.until)
        self.record(tuple(decide(self.state, c.NoteRestart(at=at, since=leap.since, why=leap.why))))

    def _within_day(self, at: int) -> int:
        """Nothing of a day is stamped later than its end; while the clock is in doubt, the day goes on past it."""
        return max(at if self._clock.alarm else min(at, self.state.ends_at), self.state.at)

    def note_stop(self) -> None:
        """The server is about to end in good order; to be called when nothing else is asked of it any more."""
        if self._failed is not None or not self.state.open:
            return
        at = self._within_day(self.now())
        try:
            self.record(tuple(decide(self.state, c.NoteStop(at=at))))
        except Unavailable as error:  # then the time since the last event is nobody's, as after a crash
            log.warning("stop_not_noted", detail=error.detail)

    def _opened(self) -> None:
        """A new day has the file's rules, whatever the day before could not take of them."""
        self.refused_rules = []
        self.keys.forget_before(self.now())

    async def keep_up(self) -> None:
        """What time has brought about by now, and fresh estimates; also for whoever moves the clock."""
        await self.catch_up()
        self._refresh()

    def _refresh(self) -> None:
        with self.faults.part("estimates"):
            self._estimates.refresh(self.state, self.now())

    async def run(self) -> None:
        """For as long as the server lives: what time brings about, fresh estimates, recovery after a failed write."""
        while True:
            self._wake.clear()
            if self._failed is not None:
                await self._recover()
                continue
            left = LOOK_S
            with contextlib.suppress(Unavailable), self.faults.part("deadlines", "", Unavailable):
                await (self._begin() if self._starting else self.keep_up())
                left = self._course.wait_s(LOOK_S)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await self._wake.wait()

    async def _recover(self) -> None:
        """Try the disk again until it takes what it is given, then go on from what it has.

        Not at once: a fault that comes back with the next request must not keep the hall reading its journal.
        """
        await asyncio.sleep(PAUSE_S)
        delay = 0.1
        while self._failed is not None:
            try:
                await asyncio.to_thread(self.journal.reopen)
                await asyncio.to_thread(self._load)
            except Exception as error:  # noqa: BLE001 - whatever is wrong with the disk, we try again and say so
                log.warning("journal_still_failing", error=type(error).__name__, detail=str(error))
                await asyncio.sleep(delay)
                delay = min(delay * 2, 5.0)
                continue
            self.lives += 1
            self._waiters.refuse(Unavailable(NOT_KNOWN))
            self._failed = None
            log.info("journal_recovered", seq=self.state.seq)
            for tell in self.rebuilt:
                with self.faults.part("listener", tell.__qualname__):
                    tell()
