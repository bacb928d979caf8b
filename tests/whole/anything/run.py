"""One run: a mall is opened on a real file and anything happens to it, each time followed by what must hold.

Everything follows from the run's number but the moments at which the server's own tasks come in between.
"""

from __future__ import annotations

import asyncio
import shutil
from collections import Counter as Tally
from collections import deque
from contextlib import AsyncExitStack, closing
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import msgspec

from queue_server.compose import Mall, Setting, running
from queue_server.database import open_to_read
from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain.evolve import evolve
from queue_server.domain.lifecycle import FINAL
from queue_server.domain.state import Changes, State
from queue_server.errors import ConfigWrong, NotFound, Refused, Unavailable
from queue_server.journal.sqlite import SqliteJournal
from queue_server.journal.sqlite.verify import verify_file
from queue_server.service.engine import Result
from queue_server.service.keys import KEY_HOLDS_MS, Key
from queue_server.settings import Settings, load
from tests.whole.anything import holds, malls
from tests.whole.anything.citizens import Citizens
from tests.whole.anything.deeds import Deeds, about_earlier
from tests.whole.anything.machine import DAY, HOUR, MINUTE, SECOND, Machine

MONDAY = 1_795_413_600_000
"""2026-11-23T06:00Z."""

WAITS = (0, 0, 0, 1, 700, SECOND, 5 * SECOND, 11 * SECOND, MINUTE, 21 * MINUTE)
DOWN = (0, 0, 5 * SECOND, 10 * MINUTE, 8 * HOUR, DAY, 3 * DAY)
AWAKE = 50 * SECOND
"""A server that does not look at its clock for longer has slept."""
LOOK_EACH = 40
"""So many deeds between two whole looks at file, views and state."""
BACK_S = 60.0
"""The limit for a server that tries its disk again."""

_ISSUED = """
    SELECT json_extract(CAST(data AS TEXT), '$.ticket') FROM events
    WHERE json_extract(CAST(data AS TEXT), '$.type') = 'TicketIssued'
"""


class Promised(NamedTuple):
    """What a command with an Idempotency-Key came to, and when: the same key gives the same for a day."""

    key: str
    command: c.Command
    ticket: str | None
    status: int
    at: int


class Run:
    """`told` counts what happened, so that a run can be seen to have done something."""

    def __init__(self, number: int, folder: Path) -> None:
        self.chance = Random(number)
        self.folder = folder
        self.machine = Machine(MONDAY + self.chance.randrange(DAY))
        self.data = malls.mall(self.chance)
        self.deeds = Deeds(self.chance)
        self.citizens = Citizens(self.chance)
        self.numbers = holds.Numbers()
        self.told: Tally[str] = Tally()
        self.trace: list[str] = []
        self._boots = 0
        self._stack = AsyncExitStack()
        self._promised: deque[Promised] = deque(maxlen=30)
        self.mall: Mall

    @property
    def state(self) -> State:
        return self.mall.parts.engine.state

    @property
    def path(self) -> Path:
        return self.folder / f"{self._boots}" / "journal.db"

    # The server

    async def boot(self) -> None:
        """Start on what is there; whatever the file says by now and whatever the clock shows, it starts."""
        config = self.folder / "config.toml"
        config.write_text(malls.written(self.data), encoding="utf-8")
        floor = _last_at(self.path) if self.path.exists() else 0
        setting = Setting(
            settings=load(config),
            data=self.path.parent,
            port=0,
            clock=self.machine.clock(floor),
            config=config,
            reload=lambda: load(config),
        )
        self.mall = await self._stack.enter_async_context(running(setting))
        engine = self.mall.parts.engine
        engine.changed.append(lambda changes, events: self.numbers.follow(self.state.day, events))

    async def stop(self) -> dict[str, Any]:
        """In good order; gives the facts as they were."""
        facts = self.state.facts()
        stack, self._stack = self._stack, AsyncExitStack()
        await stack.aclose()
        return facts

    async def kill(self) -> dict[str, Any]:
        """What the disk has at this moment is all that is left; the process that had it is not heard of again."""
        before = self.path.parent
        await self.quiet()
        facts = self.state.facts()
        self._boots += 1
        self.path.parent.mkdir()
        for name in ("journal.db", "journal.db-wal", "registry.db", "registry.db-wal", "personal.key"):
            if (before / name).exists():
                shutil.copy(before / name, self.path.parent / name)
        await self.stop()
        shutil.rmtree(before)
        return facts

    # Things that happen

    async def happen(self) -> None:
        """One thing."""
        await self.wait(self.chance.choice(WAITS))
        what = self.chance.random()
        if what < 0.80:
            await self.do(self.deeds.next(self.state, self.mall.parts.engine.now()))
        elif what < 0.88:
            await self.citizen()
        elif what < 0.92:
            await self.together()
        elif what < 0.95:
            await self.reload()
        elif what < 0.97:
            await self.restart()
        elif what < 0.985:
            await self.night()
        elif what < 0.995:
            await self.clock()
        else:
            await self.disk()

    def note(self, what: str) -> None:
        self.told[what.split(" ")[0].split("(")[0]] += 1
        self.trace = [*self.trace[-40:], what]

    async def wait(self, ms: int, *, asleep: bool = False) -> None:
        """Time goes by, looked at by the server often enough, or not at all while it sleeps."""
        while not asleep and ms > AWAKE:
            self.machine.run(AWAKE)
            await self.mall.parts.engine.keep_up()
            ms -= AWAKE
        self.machine.run(ms)
        await self.mall.parts.engine.keep_up()

    async def do(self, command: c.Command | None) -> None:
        if command is None:
            return
        engine, state = self.mall.parts.engine, self.state
        await engine.keep_up()
        if isinstance(command, c.CorrectOutcome) and command.ticket not in state.tickets:
            try:
                command = about_earlier(command, await engine.find_ticket(command.ticket))
            except NotFound:
                return
        before, day = holds.seen(state), state.day
        about = self._about(state, command)
        self.note(repr(command))
        key = f"k{self.chance.randrange(10**9)}" if self.chance.random() < 0.2 else None
        try:
            result = await engine.submit(command, self._hashed(key), 201)
        except Refused as refused:
            self.note(f"refused {refused.code} {refused.reason}")
            return
        if any(isinstance(event, e.TicketIssued) for event in result.events):
            self.deeds.known += [event.ticket for event in result.events if isinstance(event, e.TicketIssued)]
        if key is not None and result.events:
            self._promised.append(Promised(key, command, result.ticket, result.status, self.state.at))
        if self.state is state and state.day == day:
            calling = any(record.auto_call for record in state.counters.values())
            holds.check_answer(command, before, holds.seen(state), about or result.ticket, calling)

    async def citizen(self) -> None:
        """Somebody says who they are, or is forgotten."""
        await self.mall.parts.engine.keep_up()
        match self.chance.randrange(10):
            case 0:
                await self.citizens.erase(self.folder, self.path.parent)
                self.note("erased")
            case 1 | 2:
                await self.citizens.retire(self.mall)
                self.note("retired")
            case 3:
                await self.citizens.orphan(self.mall)
                self.note("orphaned")
            case _:
                ticket = await self.citizens.come(self.mall)
                self.deeds.known += [ticket] if ticket else []
                self.note(f"came {ticket}")

    def _hashed(self, key: str | None) -> Key | None:
        return None if key is None else self.mall.parts.engine.hashes("anybody", "/", key, b"")

    async def together(self) -> None:
        """Many ask in the same moment, twins with one key among them."""
        engine = self.mall.parts.engine
        await engine.keep_up()
        found = [self.deeds.next(self.state, engine.now()) for _ in range(self.chance.randint(2, 8))]
        asked = [command for command in found if command is not None and not isinstance(command, c.SetRules)]
        keys = [self.chance.choice((None, "twin", f"k{self.chance.randrange(10**9)}")) for _ in asked]
        self.note(f"together {asked}")
        twin = f"k{self.chance.randrange(10**9)}"
        keys = [twin if key == "twin" else key for key in keys]
        answers = await asyncio.gather(
            *(engine.submit(command, self._hashed(key)) for command, key in zip(asked, keys, strict=True)),
            return_exceptions=True,
        )
        for answer in answers:
            assert isinstance(answer, Result | Refused), answer
            if isinstance(answer, Result):
                self.deeds.known += [event.ticket for event in answer.events if isinstance(event, e.TicketIssued)]
        first = [a for a, key in zip(answers, keys, strict=True) if key == twin and isinstance(a, Result) and a.events]
        assert len(first) <= 1, "one key was carried out twice"

    async def keep_promises(self) -> None:
        """A request that is sent again, on another day or to a server that started since, is answered as before."""
        engine = self.mall.parts.engine
        await engine.keep_up()
        happened: list[e.AnyEvent] = []

        def hear(_: Changes, new: tuple[e.AnyEvent, ...]) -> None:
            happened.extend(new)

        engine.changed.append(hear)
        for one in self._promised:
            if 0 <= engine.now() - one.at < KEY_HOLDS_MS:
                again = await engine.submit(one.command, self._hashed(one.key), 201)
                assert again.events == ()
                assert (again.ticket, again.status) == (one.ticket, one.status)
        engine.changed.remove(hear)
        # a day that has just ended is signed meanwhile, when the key's thread has done it
        assert all(isinstance(event, e.ClosingSigned) for event in happened), happened

    @staticmethod
    def _about(state: State, command: c.Command) -> str | None:
        """Whom a command means."""
        named = getattr(command, "ticket", None)
        record = state.counters.get(getattr(command, "counter", ""))
        if isinstance(command, c.CallNext):
            return None
        return named or (record.ticket if record is not None else None)

    async def reload(self) -> None:
        """Somebody works on the file and lets the server read it."""
        settings = self.work_on_file()
        if settings is None:
            return
        refused = await self.mall.parts.engine.take_settings(settings)
        self.note(f"reload {refused}")
        assert not refused or self.mall.parts.engine.alarms

    def work_on_file(self) -> Settings | None:
        """Another file, or None where it came out wrong and was put back."""
        changed = malls.changed(self.chance, self.data)
        config = self.folder / "config.toml"
        config.write_text(malls.written(changed), encoding="utf-8")
        try:
            settings = load(config)
        except ConfigWrong as wrong:
            self.note(f"wrong {wrong.mistakes}")
            return None
        self.data = changed
        return settings

    async def restart(self) -> None:
        """A stop in good order or none, for a while or none, perhaps with another file or a clock that is wrong."""
        await self.look()
        engine = self.mall.parts.engine
        day, known = self.state.day, holds.seen(self.state)
        clean, down = self.chance.random() < 0.5, self.chance.choice(DOWN)
        facts = await (self.stop() if clean else self.kill())
        changed = self.chance.random() < 0.4 or bool(engine.refused_rules)  # what was refused may be taken by now
        if changed:
            self.work_on_file()
        self.machine.off(down)
        wrong = self.chance.random() < 0.15
        if wrong:
            self.machine.set(self.machine.right + self.chance.choice((-40 * DAY, -6 * MINUTE, 3 * HOUR)))
        self.note(f"{'stopped' if clean else 'killed'} for {down} changed {changed} wall {self.machine.wall}")
        await self.boot()
        if not (down or changed or wrong) and self.state.day == day:
            holds.same(holds.over_a_start(self.state.facts()), holds.over_a_start(facts))
        assert engine is not self.mall.parts.engine
        await self.nobody_is_lost(known, day)
        await self.keep_promises()
        await self.look()

    async def night(self) -> None:
        """The rest of the day and the night go by, with the server up or the machine asleep."""
        day, known = self.state.day, holds.seen(self.state)
        left = max(0, self.state.ends_at - self.mall.parts.engine.now()) + self.chance.choice((0, HOUR, 8 * HOUR))
        steps = self.chance.choice((1, 2, 5))
        self.note(f"night of {left} in {steps}")
        for _ in range(steps):
            await self.wait(left // steps + 1, asleep=True)
        await self.wait(self.chance.choice((0, HOUR)))
        await self.nobody_is_lost(known, day)
        await self.look()

    async def clock(self) -> None:
        """Somebody sets the machine's clock, wrong or right, and perhaps confirms it."""
        day, known = self.state.day, holds.seen(self.state)
        jump = self.chance.choice((-DAY, -2 * HOUR, -6 * MINUTE, -MINUTE, MINUTE, 6 * MINUTE, 7 * HOUR, 2 * DAY))
        self.machine.set(self.machine.right if self.chance.random() < 0.4 else self.machine.wall + jump)
        self.machine.kept = self.chance.random() < 0.3
        await self.wait(SECOND)
        self.note(f"clock at {self.machine.wall}, right {self.machine.right}")
        if self.chance.random() < 0.6:
            self.note("confirmed")
            await self.mall.parts.engine.confirm_clock("sup")
        await self.wait(SECOND)
        await self.nobody_is_lost(known, day)
        await self.look()

    async def disk(self) -> None:
        """The disk takes nothing for a moment, perhaps just as the day ends."""
        engine = self.mall.parts.engine
        await engine.settled()
        back = asyncio.Event()
        engine.rebuilt.append(back.set)
        self.note("disk full")
        journal = engine.journal
        assert isinstance(journal, SqliteJournal)
        journal.write_connection.execute("PRAGMA query_only=ON")
        if self.chance.random() < 0.5:
            self.machine.run(max(0, self.state.ends_at - engine.now()) + SECOND)
        command = c.IssueTicket(
            at=engine.now(), ticket=self.deeds.fresh(), services=tuple(self.state.rules.services)[:1]
        )
        try:
            await engine.submit(command)
        except Refused as refused:  # nothing was to be written
            self.note(f"refused {refused.code}")
        except Unavailable:
            assert engine.healthy or engine.alarms
        journal.write_connection.execute("PRAGMA query_only=OFF")
        async with asyncio.timeout(BACK_S):
            while not await self._writes():
                await back.wait()
                back.clear()
        with closing(open_to_read(self.path)) as db:
            issued = db.execute(_ISSUED).fetchall()
        given = {ticket for (ticket,) in issued}
        self.numbers.keep(given)
        await self.wait(0)
        await self.look()

    async def _writes(self) -> bool:
        """Whether the disk takes what is given to it."""
        engine = self.mall.parts.engine
        try:
            await engine.keep_up()
            await engine.settled()
        except Unavailable:
            return False
        return engine.healthy

    # What must hold

    async def nobody_is_lost(self, known: dict[str, holds.Seen], day: str) -> None:
        """Whoever was there is there, or was ended with the day."""
        state, engine = self.state, self.mall.parts.engine
        for id_, was in known.items():
            if id_ in self.numbers.taken_back:
                continue
            ticket = await engine.find_ticket(id_)
            assert ticket.number == was.number
            if id_ not in state.tickets:
                assert state.day != day
                assert ticket.step.state in FINAL, f"{id_} is {ticket.step.state}, and not in the hall"

    async def quiet(self) -> None:
        """Returns when the disk has all that there is in the state; what runs by itself may have added to it."""
        engine = self.mall.parts.engine
        while engine.journal.durable_seq < engine.state.seq:
            await engine.settled()

    async def look(self) -> None:
        """The whole of it: state, views, file, tables and the state that the file gives."""
        engine = self.mall.parts.engine
        await engine.keep_up()
        await self.quiet()
        assert engine.healthy
        assert not list(engine.faults), [fault.said for fault in engine.faults]
        if self.state.open:
            holds.check_state(self.state)
        self.views()
        await self.citizens.look(self.mall, self.path.parent)
        report = await asyncio.to_thread(verify_file, self.path)
        assert report.whole, report
        await self.quiet()
        rows_ = list(engine.journal.read_day(self.state.day))
        recorded = [row.event for row in rows_]
        holds.same(_replayed(rows_[0].seq, recorded).facts(), self.state.facts())
        with closing(open_to_read(self.path)) as db:
            rows = db.execute(_SPANS, (self.state.day,)).fetchall()
        spans = holds.spans_in(rows)
        holds.check_spans(spans)
        slow = holds.spans_of(recorded)
        assert spans == slow, (set(spans) - set(slow), set(slow) - set(spans))

    def views(self) -> None:
        """Every view can be made and sent."""
        rules, build = self.state.rules, self.mall.parts.hub.builders
        topics = [("floor", ""), *(("floor", agency) for agency in rules.agencies), ("printers", "")]
        topics += [("board", id_) for id_ in rules.boards] + [("counter", id_) for id_ in rules.counters]
        topics += [("kiosk", id_) for id_ in rules.kiosks] + [("ticket", id_) for id_ in self.state.tickets]
        for kind, id_ in topics:
            msgspec.json.encode(build[kind](id_))


_SPANS = "SELECT counter, from_at, to_at, state, reason, clerk FROM counter_spans WHERE day = ?"


def _last_at(path: Path) -> int:
    with closing(open_to_read(path)) as db:
        row = db.execute("SELECT at FROM events ORDER BY seq DESC LIMIT 1").fetchone()
    return int(row[0]) if row else 0


def _replayed(first: int, events: list[e.Event]) -> State:
    state = State()
    state.seq = first - 1
    for event in events:
        evolve(state, event)
    return state


async def play(number: int, deeds: int, folder: Path) -> Tally[str]:
    """One run of so many deeds; what happened in it. A failure says its number and what came before it."""
    run = Run(number, folder)
    try:
        await run.boot()
        try:
            for place in range(deeds):
                await run.happen()
                if place % LOOK_EACH == 0:
                    await run.look()
            await run.look()
            for id_ in set(run.deeds.known) - run.numbers.taken_back:
                await run.mall.parts.engine.find_ticket(id_)
        finally:
            await run.stop()
    except Exception as error:
        before = "\n".join(run.trace[-25:])
        raise AssertionError(f"run {number} of {deeds} deeds: {type(error).__name__}: {error}\n{before}") from error
    return run.told
