"""Slips between the engine and an agent that the test speaks for: what leaves when, and what is believed of whom."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain import rules as r
from queue_server.domain.records import Slip, Ticket
from queue_server.domain.state import Changes
from queue_server.errors import IllegalMove, Refused, Unavailable
from queue_server.service.slips.exits import Slips
from queue_server.service.slips.fates import AWAY_MS, SILENT_MS, TRIES
from queue_server.service.slips.printers import AMBER_MS, LOOKING, Link, Printers
from queue_server.service.slips.printing import STRETCH, Printing
from queue_server.wire import printing as wire
from tests.service.hall import NINE, Hall, hall
from tests.waiting import turns, until

WITHIN_S = 5.0


class Agent:
    """What one agent was told, and what it says."""

    def __init__(self, shop: Shop, printer: str = "p") -> None:
        self._shop = shop
        self.heard: list[wire.FromServer] = []
        self.told: list[Callable[[wire.FromServer], None]] = [self.heard.append]
        self.link = Link(printer, self._hear)
        shop.printing.printers.attach(self.link)

    def _hear(self, data: bytes) -> None:
        for tell in self.told:
            tell(wire.from_server(data))

    async def says(self, message: wire.FromAgent) -> None:
        await self._shop.printing.hear(self.link, message)

    async def hello(self, *held: wire.OpenJob) -> None:
        await self.says(wire.Hello(agent="7", printer=self.link.printer, open=held))

    async def ready(self, *reasons: wire.Cause, **more: Any) -> None:
        await self.says(wire.Status(ready=not reasons, reasons=reasons, **more))

    def goes(self) -> None:
        self._shop.printing.printers.detach(self.link)

    def jobs(self) -> list[str]:
        return [message.job for message in self.heard if isinstance(message, wire.Job)]

    def got(self, kind: type[Any]) -> list[str]:
        return [message.job for message in self.heard if isinstance(message, kind)]

    async def given(self, jobs: int = 1) -> str:
        """The job with this number, once it has come."""
        await until(lambda: len(self.jobs()) >= jobs)
        return self.jobs()[jobs - 1]


class Shop:
    """A hall that prints at `p`, whose neighbour is `q`."""

    def __init__(self, here: Hall) -> None:
        self.hall = here
        self.engine = here.engine
        self.drawing = drawn
        """Makes the slips; a test may put another in its place."""
        self.printing = Printing(here.engine, slips(lambda ticket: self.drawing(ticket), count(1)))
        self._jobs = count(1)

    async def issue(self) -> str:
        number = next(self._jobs)
        ticket, now = f"t{number}", self.engine.now()
        command = c.IssueTicket(
            at=now,
            ticket=ticket,
            services=("pass",),
            kiosk="k",
            slip_job=f"job{number}",
            outlooks=self.printing.outlooks,
        )
        await self.engine.submit(command)
        return ticket

    def slip(self, ticket: str = "t1") -> Slip:
        return self.engine.state.tickets[ticket].slip

    def state(self, ticket: str = "t1") -> tuple[str, str | None]:
        return self.slip(ticket).state, self.slip(ticket).reason

    def later(self, ms: int) -> None:
        self.hall.clock.move(self.hall.clock.now() + ms)

    async def swept(self, ms: int) -> None:
        """After so long, once agents that stay away were looked for."""
        self.later(ms)
        await self.engine.catch_up()
        await self.printing.sweep()


def drawn(ticket: Ticket) -> wire.SlipView:
    return wire.SlipView(language="en", number=ticket.number, service="Passports")


def slips(view: Callable[[Ticket], wire.SlipView], jobs: count[int]) -> Slips:
    return Slips(
        view=view,
        test=lambda printer: wire.TestView(title=printer),
        layout=lambda: None,
        asset=lambda named: named.encode(),
        job_id=lambda: f"again{next(jobs)}",
    )


@asynccontextmanager
async def shop_at(folder: Path, at: int = NINE) -> AsyncIterator[Shop]:
    async with hall(folder, at) as here:
        rules = here.engine.state.rules
        printers = {
            "p": r.Printer(id="p", name={"en": "P"}, fallback="q"),
            "q": r.Printer(id="q", name={"en": "Q"}),
        }
        changed = replace(rules, printers=printers)
        if changed != rules:
            await here.engine.submit(c.SetRules(at=here.engine.now(), rules=changed))
        made = Shop(here)
        running = asyncio.create_task(made.printing.run())
        await turns()  # it has begun
        try:
            yield made
        finally:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    async with shop_at(tmp_path) as made:
        yield made


def events_of(shop: Shop) -> list[e.Event]:
    """What the journal has of today."""
    return [recorded.event for recorded in shop.hall.journal.read_day(shop.engine.state.day)]


async def linked(shop: Shop, printer: str = "p") -> Agent:
    agent = Agent(shop, printer)
    await agent.hello()
    await agent.ready()
    return agent


# Leaving


async def test_a_job_is_on_disk_as_sent_before_it_leaves(shop: Shop):
    """Whoever reads the journal after a power cut knows which jobs an agent may have."""
    agent = await linked(shop)
    known: list[bool] = []

    def look(message: wire.FromServer) -> None:
        if isinstance(message, wire.Job):
            day = shop.hall.journal.read_day(shop.engine.state.day)
            known.append(any(isinstance(row.event, e.TicketIssued) and row.event.slip_sent for row in day))

    agent.told.append(look)
    await shop.issue()
    await agent.given()

    assert known == [True]


async def test_a_slip_whose_agent_is_there_costs_no_second_event(shop: Shop):
    """The ticket's own event says that it leaves, also to a printer whose agent knows what it wants first."""
    agent, other = await linked(shop), Agent(shop, "q")
    await other.hello()
    await other.ready("cover_open")
    await shop.issue()
    await agent.given()
    await agent.ready("paper_out")
    await shop.issue()
    await agent.given(2)

    assert [type(event) for event in events_of(shop)][-2:] == [e.TicketIssued, e.TicketIssued]
    assert (shop.state("t1"), shop.state("t2")) == (("queued", None), ("queued", "paper_out"))


async def test_a_slip_without_an_agent_waits_and_says_why_at_once(shop: Shop):
    """It leaves, and is recorded as sent, when the agent comes."""
    await shop.issue()
    waits, happened = shop.state(), events_of(shop)
    agent = await linked(shop)
    await agent.given()

    assert (waits, type(happened[-1])) == (("queued", "agent_offline"), e.TicketIssued)
    assert shop.slip().sent


async def test_what_was_recorded_as_sent_leaves_after_a_recovery(shop: Shop):
    """The disk has the ticket though it was not known: no hall waits for the next start to print it."""
    agent = await linked(shop)

    def fail(changes: Changes, events: tuple[e.AnyEvent, ...]) -> None:
        shop.engine.changed.remove(fail)
        shop.hall.journal.close()  # commits what has gathered, and says so to nobody any more
        shop.engine.failed(OSError("unplugged"))

    shop.engine.changed.append(fail)
    with suppress(Unavailable):
        await shop.issue()

    assert await agent.given() == "job1"


async def test_a_slip_that_cannot_be_made_is_that_slips_fault(shop: Shop):
    """It is said at once and shown, does not count as sent, and leaves when it can be made; others print meanwhile."""
    agent, neighbour = await linked(shop), await linked(shop, "q")

    def failing(ticket: Ticket) -> wire.SlipView:
        if ticket.id == "t1":
            raise ValueError
        return drawn(ticket)

    shop.drawing = failing
    await shop.issue()
    await until(lambda: shop.state() == ("queued", "not_drawn"))
    sent = shop.slip().sent
    noted = [(fault.kind, fault.subject) for fault in shop.engine.faults]
    trouble = shop.printing.printers.last_error("p")

    await shop.issue()
    second = await agent.given()
    shop.drawing = drawn
    await shop.swept(0)
    first = await agent.given(2)

    assert (sent, noted, trouble) == (False, [("slips", "p")], "not_drawn")
    assert (second, first) == ("job2", "job1")
    assert neighbour.jobs() == []
    assert list(shop.engine.faults) == []


async def test_a_slip_that_cannot_be_made_while_the_disk_fails_ends_nothing(shop: Shop):
    """Two faults at once are still only theirs: after the recovery it is made."""
    agent = await linked(shop)
    failing = [True]

    def view(ticket: Ticket) -> wire.SlipView:
        if failing:
            shop.engine.failed(OSError("disk full"))
            failing.clear()
            raise ValueError
        return drawn(ticket)

    shop.drawing = view

    with suppress(Unavailable):  # the ticket itself was not known to be on disk
        await shop.issue()

    assert await agent.given() == "job1"


async def test_a_result_is_acknowledged_once_it_is_on_disk(shop: Shop):
    """Until then the agent says it again; said twice it is one event and two acknowledgements."""
    agent = await linked(shop)
    await shop.issue()
    job = await agent.given()

    await agent.says(wire.Result(job=job, outcome="printed", evidence="id"))
    durable = shop.hall.journal.durable_seq
    await agent.says(wire.Result(job=job, outcome="printed", evidence="id"))

    assert (durable, shop.state()) == (shop.engine.state.seq, ("printed", None))
    assert agent.got(wire.ResultAck) == [job, job]
    assert shop.printing.printers.outcomes == {("p", "printed"): 1}


async def test_open_jobs_never_share_what_the_printer_repeats(shop: Shop):
    """Also over links and restarts: an old job's echo must not confirm a new slip."""
    first = await linked(shop)
    await shop.issue()
    await first.given()
    again = await linked(shop)
    await shop.issue()
    await again.given()
    fresh = Printers(shop.engine.now)

    marks = [m.seq4 for agent in (first, again) for m in agent.heard if isinstance(m, wire.Job)]
    assert len(set(marks)) == len(marks)
    assert {len(mark) for mark in marks} == {4}
    assert fresh.seq4() not in marks


async def test_layouts_and_logos_are_given_by_name(shop: Shop):
    """Once, to whoever needs them."""
    agent = await linked(shop)

    await agent.says(wire.Need(hashes=("abc",)))

    assert agent.heard[-1] == wire.Asset(hash="abc", data=b"abc")


async def test_looking_at_open_jobs_lets_others_have_their_turn(shop: Shop):
    """A hall whose printer is far behind answers in between, however many slips stand open."""
    await linked(shop)
    for _ in range(3 * STRETCH):
        await shop.issue()

    sweeping = asyncio.create_task(shop.printing.sweep())
    between = 0
    while not sweeping.done():
        await turns()
        between += 1

    assert between > 3


# Coming back


async def test_what_an_agent_does_not_know_it_never_got(shop: Shop):
    """It is sent again while it lives, and expires when it does not."""
    agent = await linked(shop)
    await shop.issue()
    job = await agent.given()
    agent.goes()
    await shop.issue()

    back = await linked(shop)
    await until(lambda: len(back.jobs()) == 2)
    back.goes()
    shop.later(30_000)
    late = await linked(shop)

    assert sorted(back.jobs()) == sorted([job, "job2"])
    assert (late.jobs(), shop.state("t1")) == ([], ("not_printed", "expired"))


async def test_what_an_agent_holds_is_not_sent_again(shop: Shop):
    """It has the job, and will say what became of it."""
    agent = await linked(shop)
    await shop.issue()
    job = await agent.given()
    agent.goes()

    back = Agent(shop)
    await back.hello(wire.OpenJob(job=job, state="received"))

    assert back.jobs() == []
    assert shop.state() == ("queued", None)


async def test_an_agent_is_told_to_drop_what_nobody_waits_for(shop: Shop):
    """A job of another day, or one that was replaced, must not come out."""
    agent = Agent(shop)

    await agent.hello(wire.OpenJob(job="yesterday", state="received"), wire.OpenJob(job="half", state="sending"))

    assert agent.got(wire.Cancel) == ["yesterday"]


async def test_an_agent_that_lost_its_memory_leaves_the_slip_unknown(shop: Shop):
    """It had begun, and nobody knows how it ended: never sent again."""
    agent = await linked(shop)
    await shop.issue()
    job = await agent.given()
    await agent.says(wire.Sending(job=job))
    agent.goes()

    back = await linked(shop)

    assert shop.state() == ("unknown", "interrupted")
    assert back.jobs() == []


# Staying away


@pytest.mark.parametrize("begun", [False, True])
async def test_an_agent_that_stays_away_takes_its_word_with_it(shop: Shop, begun: bool):
    """What had begun is unknown soon, what had not when it could not come out any more; a late word corrects both."""
    agent = await linked(shop)
    await shop.issue()
    job = await agent.given()
    if begun:
        await agent.says(wire.Sending(job=job))
    agent.goes()

    await shop.swept(AWAY_MS + 1_000)
    soon = shop.state()
    await shop.swept(30_000)
    late = shop.state()
    back = Agent(shop)
    await back.hello(wire.OpenJob(job=job, state="final", outcome="printed"))
    await back.says(wire.Result(job=job, outcome="printed", evidence="counter"))

    assert soon == (("unknown", "interrupted") if begun else ("queued", "agent_offline"))
    assert late == ("unknown", "interrupted" if begun else "agent_offline")
    assert shop.state() == ("printed", None)
    assert back.got(wire.ResultAck) == [job]


async def test_an_agent_that_comes_back_without_the_job_never_got_it(shop: Shop):
    """Then it is known after all that no paper came out."""
    agent = await linked(shop)
    await shop.issue()
    await agent.given()
    agent.goes()
    await shop.swept(40_000)
    unknown = shop.state()

    await linked(shop)

    assert unknown == ("unknown", "agent_offline")
    assert shop.state() == ("not_printed", "expired")


async def test_an_unknown_of_the_agents_own_stays(shop: Shop):
    """Its word takes the place of our guess, and coming back without the job does not make it `not_printed`."""
    agent = await linked(shop)
    await shop.issue()
    job = await agent.given()
    agent.goes()
    await shop.swept(40_000)
    back = Agent(shop)
    await back.hello(wire.OpenJob(job=job, state="final", outcome="unknown"))
    await back.says(wire.Result(job=job, outcome="unknown", reason="power"))
    back.goes()

    await linked(shop)

    assert shop.state() == ("unknown", "power")


async def test_a_restart_forgets_no_agent_that_stays_away(tmp_path: Path):
    """The new server waits as long as the old one would have, then says what is not known."""
    async with shop_at(tmp_path) as before:
        agent = await linked(before)
        await before.issue()
        await agent.says(wire.Sending(job=await agent.given()))

    async with shop_at(tmp_path, NINE + 5_000) as after:
        await after.swept(1_000)
        soon = after.state()
        await after.swept(AWAY_MS)

        assert soon == ("printing", None)
        assert after.state() == ("unknown", "interrupted")


async def test_a_restart_remembers_what_went_wrong(tmp_path: Path):
    """A technician opens the list after an incident, of which a restart is often a part."""
    async with shop_at(tmp_path) as before:
        agent = await linked(before)
        for ending in (
            {"outcome": "not_printed", "reason": "cutter"},
            {"outcome": "unknown", "reason": "power"},
            {"outcome": "printed"},
        ):
            await before.issue()
            job = await agent.given(len(agent.jobs()) + 1)
            await agent.says(msgspec.convert({"job": job, **ending}, wire.Result))
            before.later(1_000)

    async with shop_at(tmp_path, NINE + 5_000) as after:
        troubles = after.printing.printers.troubles["p"]
        assert [(one.at, one.reason, one.number) for one in troubles] == [
            (NINE, "cutter", "A001"),
            (NINE + 1_000, "power", "A002"),
        ]


async def test_a_silent_agent_is_not_waited_for_for_ever(shop: Shop):
    """It is linked and does not say: unknown, long after every limit of its own."""
    agent = await linked(shop)
    await shop.issue()
    await agent.given()

    await shop.swept(25_000 + SILENT_MS - 1_000)
    before = shop.state()
    await shop.swept(2_000)

    assert before[0] == "queued"
    assert shop.state() == ("unknown", "no_answer")


# Taking back


async def test_a_reprint_takes_back_what_has_not_begun(shop: Shop):
    """The agent says that it never prints; what follows is no copy."""
    agent = await linked(shop)
    await shop.issue()
    job = await agent.given()
    asking = asyncio.create_task(shop.printing.cancel(shop.engine.state.tickets["t1"]))
    await until(lambda: agent.got(wire.Cancel) == [job])
    await agent.says(wire.Cancelled(job=job))

    assert await asking
    now = shop.engine.now()
    await shop.engine.submit(c.RequestSlip(at=now, ticket="t1", job="new", withdrawn=job))
    assert (await agent.given(2), shop.slip().copy) == ("new", 0)


async def test_what_has_begun_is_not_taken_back(shop: Shop):
    """Too late: the slip's fate is waited for."""
    agent = await linked(shop)
    await shop.issue()
    job = await agent.given()
    asking = asyncio.create_task(shop.printing.cancel(shop.engine.state.tickets["t1"]))
    await until(lambda: agent.got(wire.Cancel) == [job])
    await agent.says(wire.TooLate(job=job))

    assert not await asking
    with pytest.raises(Refused):
        await shop.engine.submit(c.RequestSlip(at=shop.engine.now(), ticket="t1", job="new"))


async def test_what_was_asked_back_does_not_leave_afterwards(shop: Shop):
    """A cancel that overtook its job: the agent said that it will never print, so it must never hear of it."""
    agent = await linked(shop)
    await shop.issue()
    job = await agent.given()
    asking = asyncio.create_task(shop.printing.cancel(shop.engine.state.tickets["t1"]))
    await until(lambda: agent.got(wire.Cancel) == [job])
    agent.goes()
    back = await linked(shop)
    await back.says(wire.Cancelled(job=job))

    assert await asking
    assert (back.jobs(), shop.state()) == ([], ("not_printed", "cancelled"))


async def cancelled(shop: Shop, ticket: str = "t1") -> None:
    await shop.engine.submit(c.CancelTicket(at=shop.engine.now(), ticket=ticket))


async def test_a_cancelled_ticket_takes_its_paper_back(shop: Shop):
    """What waits at a printer for somebody to come is asked back; it prints nowhere else either."""
    first, second = await linked(shop, "p"), await linked(shop, "q")
    await shop.issue()
    job = await first.given()

    await cancelled(shop)
    await until(lambda: first.got(wire.Cancel) == [job])
    begun = [message.begun for message in first.heard if isinstance(message, wire.Cancel)]
    await first.says(wire.Cancelled(job=job))

    assert begun == [True]
    assert (shop.state(), second.jobs()) == (("not_printed", "cancelled"), [])


async def test_paper_that_had_begun_is_let_go_of(shop: Shop):
    """The agent keeps back what it can, and its result is what is believed; nobody makes it again."""
    first, second = await linked(shop, "p"), await linked(shop, "q")
    await shop.issue()
    job = await first.given()
    await first.says(wire.Sending(job=job, reason="paper_out"))

    await cancelled(shop)
    await until(lambda: first.got(wire.Cancel) == [job])
    await first.says(wire.TooLate(job=job))
    meanwhile = shop.state()
    await first.says(wire.Result(job=job, outcome="not_printed", evidence="id", reason="paper_out", torn=True))

    assert meanwhile == ("printing", "paper_out")
    assert (shop.state(), first.jobs(), second.jobs()) == (("not_printed", "torn"), [job], [])


async def test_paper_that_may_come_out_later_is_let_go_of(shop: Shop):
    """An unknown slip may lie in the printer until somebody mends it."""
    agent = await linked(shop)
    await shop.issue()
    job = await agent.given()
    await agent.says(wire.Result(job=job, outcome="unknown", reason="paper_out"))

    await cancelled(shop)

    await until(lambda: agent.got(wire.Cancel) == [job])


@pytest.mark.parametrize("reason", ["interrupted", "paper_out"])
async def test_an_agent_that_has_forgotten_proves_nothing(shop: Shop, reason: str):
    """Its folder was lost: that it has no such job does not say that no paper lies there."""
    agent = await linked(shop)
    await shop.issue()
    job = await agent.given()
    if reason == "interrupted":
        await agent.says(wire.Sending(job=job))
        agent.goes()
        await shop.swept(AWAY_MS + 1)
    else:
        await agent.says(wire.Result(job=job, outcome="unknown", reason="paper_out"))
        agent.goes()
    await cancelled(shop)
    back = Agent(shop)
    await back.hello()
    asked = back.got(wire.Cancel)

    await back.says(wire.Cancelled(job=job))

    assert asked == [job]
    assert shop.state() == ("unknown", reason)


@pytest.mark.parametrize("held", [True, False])
async def test_an_agent_that_comes_back_is_asked_for_the_paper_of_who_has_gone(shop: Shop, held: bool):
    """Cancelled while the agent was away: the job is not sent again, and one that it holds is asked back."""
    agent = await linked(shop)
    await shop.issue()
    job = await agent.given()
    agent.goes()
    await cancelled(shop)

    back = Agent(shop)
    await back.hello(*([wire.OpenJob(job=job, state="received")] if held else []))

    assert back.jobs() == []
    if held:
        assert back.got(wire.Cancel) == [job]
    else:
        assert shop.state() == ("not_printed", "cancelled")


async def test_a_restart_forgets_no_paper_that_is_to_come_back(tmp_path: Path):
    """Cancelled, and the server stopped before the agent had answered."""
    async with shop_at(tmp_path) as shop:
        agent = await linked(shop)
        await shop.issue()
        job = await agent.given()
        await cancelled(shop)
        now = shop.engine.now()
    async with shop_at(tmp_path, now) as shop:
        back = Agent(shop)
        await back.hello(wire.OpenJob(job=job, state="received"))
        asked = back.got(wire.Cancel)
        await back.says(wire.Cancelled(job=job))

        assert asked == [job]
        assert shop.state() == ("not_printed", "cancelled")


async def test_the_end_of_the_day_takes_its_papers_back(shop: Shop):
    """A slip of yesterday would only mislead."""
    agent = await linked(shop)
    await shop.issue()
    await agent.says(wire.Result(job=await agent.given(), outcome="not_printed", reason="paper_out"))
    ends = shop.engine.state.ends_at
    shop.hall.clock.move(ends - 1_000)
    await shop.engine.catch_up()
    await shop.engine.submit(c.RequestSlip(at=shop.engine.now(), ticket="t1", job="late"))
    await until(lambda: "late" in agent.jobs())

    shop.hall.clock.move(ends)
    await shop.engine.catch_up()

    await until(lambda: agent.got(wire.Cancel) == ["late"])


async def test_a_late_answer_to_a_cancel_counts(shop: Shop):
    """Nobody waits for it any more, but the job is gone."""
    agent = await linked(shop)
    await shop.issue()
    job = await agent.given()

    await agent.says(wire.Cancelled(job=job))

    assert shop.state() == ("not_printed", "cancelled")


# Other printers


async def test_nothing_is_promised_of_a_printer_that_was_not_looked_at(shop: Shop):
    """Its agent has come and says in a moment how it is; a slip waits there for that, and moves if it cannot print."""
    first, second = Agent(shop, "p"), await linked(shop, "q")
    await first.hello()
    looked = shop.printing.printers.device("p")
    await shop.issue()
    job = await first.given()
    state = shop.state()

    await first.ready("paper_out")
    await first.says(wire.Waiting(job=job, reason="paper_out"))
    await until(lambda: first.got(wire.Cancel) == [job])
    await first.says(wire.Cancelled(job=job))
    await second.given()

    assert (looked, state) == (("down", LOOKING), ("queued", None))
    assert shop.slip().printer == "q"


async def test_a_printer_that_is_down_is_passed_over(shop: Shop):
    """The neighbour makes the slip; it is no copy and lives no longer than the first would have."""
    first, second = await linked(shop, "p"), await linked(shop, "q")
    await first.ready("paper_out")
    expires = shop.engine.now() + 25_000

    await shop.issue()
    await second.given()

    assert first.jobs() == []
    assert (shop.slip().printer, shop.slip().copy, shop.slip().expires_at) == ("q", 0, expires)


async def test_a_job_that_is_stuck_moves_to_the_neighbour(shop: Shop):
    """It is taken back first, so that two papers cannot come; a cause that passes by itself moves nothing."""
    first, second = await linked(shop, "p"), await linked(shop, "q")
    await shop.issue()
    job = await first.given()
    await first.says(wire.Waiting(job=job, reason="head_hot"))
    cool, expires = first.got(wire.Cancel), shop.slip().expires_at
    shop.later(3_000)
    await first.says(wire.Waiting(job=job, reason="cover_open"))
    await until(lambda: first.got(wire.Cancel) == [job])
    await first.says(wire.Cancelled(job=job))
    await second.given()

    assert cool == []
    assert (shop.slip().printer, shop.slip().copy, shop.slip().expires_at) == ("q", 0, expires)


async def test_a_job_comes_home_from_a_neighbour_that_is_stuck(shop: Shop):
    """The kiosk's own printer prints again, the one that stands in does not: the slip comes out where it was taken."""
    first, second = await linked(shop, "p"), await linked(shop, "q")
    await first.ready("paper_out")
    await shop.issue()
    job = await second.given()
    await second.says(wire.Waiting(job=job, reason="cover_open"))
    await until(shop.printing.attempts.stuck.empty)  # looked at, while nobody else could print
    away = second.got(wire.Cancel)

    await first.ready()
    await until(lambda: second.got(wire.Cancel) == [job])
    await second.says(wire.Cancelled(job=job))
    await first.given()

    assert away == []
    assert (shop.slip().printer, shop.slip().copy) == ("p", 0)


async def test_what_did_not_print_goes_to_the_neighbour(shop: Shop):
    """Torn at one printer, whole at the other."""
    first, second = await linked(shop, "p"), await linked(shop, "q")
    await shop.issue()
    job = await first.given()
    await first.says(wire.Result(job=job, outcome="not_printed", reason="cutter", torn=True))

    assert await second.given() == shop.slip().job
    assert first.got(wire.ResultAck) == [job]


async def test_a_broken_line_is_tried_again_at_the_same_printer(shop: Shop):
    """While the first job's time lasts, and not for ever."""
    agent = await linked(shop)
    await shop.issue()
    for attempt in range(1, TRIES + 2):
        job = await agent.given(attempt)
        await agent.says(wire.Result(job=job, outcome="not_printed", reason="lost", torn=True))

    assert len(agent.jobs()) == TRIES + 1
    assert (shop.state(), shop.slip().copy) == (("not_printed", "lost"), 0)


@pytest.mark.parametrize("result", [{"outcome": "unknown", "reason": "lost"}, {"outcome": "expired"}])
async def test_nothing_is_tried_again_where_paper_may_lie_or_time_is_over(shop: Shop, result: dict[str, Any]):
    """Only what is known not to have printed, while it may."""
    agent = await linked(shop)
    await linked(shop, "q")
    await shop.issue()
    job = await agent.given()

    await agent.says(wire.Result(job=job, **result))

    assert shop.slip().job == job
    assert shop.state() == (("unknown", "lost") if result["outcome"] == "unknown" else ("not_printed", "expired"))


async def test_a_copy_is_left_to_whoever_asked_for_it(shop: Shop):
    """Staff chose where it should come out, and see that it did not."""
    agent = await linked(shop)
    await linked(shop, "q")
    await shop.issue()
    await agent.says(wire.Result(job=await agent.given(), outcome="printed", evidence="id"))
    await shop.engine.submit(c.RequestSlip(at=shop.engine.now(), ticket="t1", job="copy", reason="drill", by="ani"))

    await agent.says(wire.Result(job=await agent.given(2), outcome="not_printed", reason="cutter"))

    assert (shop.slip().job, shop.state()) == ("copy", ("not_printed", "cutter"))


# What is known of a printer


async def test_a_hot_head_is_staffs_business_only_when_it_lasts(shop: Shop):
    """It passes by itself; after ten seconds somebody should look."""
    agent = await linked(shop)
    await agent.ready("head_hot")
    at_once = shop.printing.printers.device("p")
    shop.later(AMBER_MS + 1)

    assert at_once == ("ready", None)
    assert shop.printing.printers.device("p") == ("warning", "head_hot")


async def test_troubles_are_kept_with_their_tickets(shop: Shop):
    """The last ones, oldest first, each cause once while it lasts."""
    agent = await linked(shop)
    await agent.ready("paper_out")
    await agent.ready("paper_out", cuts=1)
    await agent.ready()
    await shop.issue()
    await agent.says(wire.Result(job=await agent.given(), outcome="unknown", reason="power"))

    kept = [(trouble.reason, trouble.number) for trouble in shop.printing.printers.troubles["p"]]
    assert kept == [("paper_out", None), ("power", "A001")]


async def test_a_test_slip_is_followed_to_its_end(shop: Shop):
    """Its result is acknowledged like any; without an agent there is none."""
    agent = await linked(shop)
    shop.printing.test("p")
    job = agent.jobs()[0]
    await agent.says(wire.Waiting(job=job, reason="paper_out"))
    waits = shop.printing.printers.tests["p"]
    await agent.says(wire.Result(job=job, outcome="expired", reason="paper_out"))
    ended = shop.printing.printers.tests["p"]

    assert ((waits.state, waits.reason), (ended.state, ended.reason)) == (
        ("queued", "paper_out"),
        ("not_printed", "paper_out"),
    )
    assert agent.got(wire.ResultAck) == [job]
    with pytest.raises(IllegalMove):
        shop.printing.test("q")


async def test_a_cancelled_tickets_paper_does_not_leave(shop: Shop):
    """Its number is not valid any more when an agent comes."""
    await shop.issue()
    await shop.engine.submit(c.CancelTicket(at=shop.engine.now(), ticket="t1"))

    agent = await linked(shop)

    assert (agent.jobs(), shop.state()) == ([], ("not_printed", "cancelled"))
