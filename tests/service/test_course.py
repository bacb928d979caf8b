"""The change of day on a real journal: a full disk, a lock, a file that gives no day, a ticket that cannot be ended."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from msgspec.structs import replace

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain.evolve import evolve
from queue_server.domain.lifecycle import StepState
from queue_server.domain.records import Step
from queue_server.domain.state import State, copy_of
from queue_server.errors import Broken, Unavailable
from queue_server.journal.promises import Batch
from queue_server.journal.sqlite import open_journal
from queue_server.service.days import Days
from tests.service.hall import DAY, NINE, Hall, hall
from tests.service.test_days import MIDNIGHT, settings
from tests.service.test_days import NINE as TUESDAY_NINE
from tests.waiting import until

LONG_S = 30.0


def events_of(mall: Hall, day: str) -> list[e.Event]:
    return [row.event for row in mall.journal.read_day(day)]


async def test_a_disk_that_is_full_at_midnight_is_an_alarm_and_a_retry(tmp_path: Path):
    """The write that closes the day is refused: the server lives, says so, and closes and opens the days later."""
    async with hall(tmp_path) as mall:
        await mall.issue()
        mall.fill_disk()
        mall.clock.move(NINE + DAY)
        await until(lambda: not mall.engine.healthy)
        said = mall.engine.alarms

        await until(lambda: mall.engine.healthy and mall.engine.state.day == "1970-01-02")

        assert "journal cannot be written" in said[0]
        assert isinstance(events_of(mall, "1970-01-01")[-1], e.DayClosed)
        assert mall.engine.alarms == []


async def test_a_lock_held_at_midnight_is_waited_for(tmp_path: Path):
    """A tool that holds the file's lock as the day changes stops nobody for longer than it holds it."""
    async with hall(tmp_path) as mall:
        await mall.issue()
        tool = sqlite3.connect(tmp_path / "journal.db", isolation_level=None)
        tool.execute("BEGIN IMMEDIATE")
        mall.clock.move(NINE + DAY)
        await until(lambda: not mall.engine.healthy)
        with pytest.raises(Unavailable):
            await mall.issue()

        tool.execute("ROLLBACK")
        tool.close()
        await until(lambda: mall.engine.healthy and mall.engine.state.day == "1970-01-02")

        assert mall.engine.state.ticket(str(await mall.issue())).number == "A001"


async def test_a_server_that_starts_on_a_full_disk_stands_and_goes_on_by_itself(tmp_path: Path):
    """There is a day to show: it is shown, commands are answered 503, and the outage is noted once there is room."""
    async with hall(tmp_path) as mall:
        ticket = str(await mall.issue())
    tool = sqlite3.connect(tmp_path / "journal.db", isolation_level=None)
    tool.execute("BEGIN IMMEDIATE")

    async with hall(tmp_path, NINE + 1) as mall:
        red = mall.engine.healthy
        shown = mall.engine.state.ticket(ticket).number
        with pytest.raises(Unavailable):
            await mall.issue()
        tool.execute("ROLLBACK")
        tool.close()
        await until(lambda: any(isinstance(event, e.Restarted) for event in events_of(mall, "1970-01-01")))

        assert (red, shown) == (False, "A001")
        assert mall.engine.state.ticket(str(await mall.issue())).number == "A002"


async def test_a_day_that_the_file_does_not_give_is_an_alarm_until_it_does(tmp_path: Path):
    """No day is open and the screens say so; the right file, reloaded, opens it at once."""
    days = Days(settings(tmp_path))
    async with hall(tmp_path, TUESDAY_NINE, days) as mall:
        nowhere = replace(days.settings, mall=replace(days.settings.mall, timezone="Nowhere/City"))
        days.settings = nowhere  # as after an update of the machine that took the time zone away
        mall.clock.move(MIDNIGHT)
        await until(lambda: "open" in mall.engine.day_alarms)
        closed, said = mall.engine.state.open, mall.engine.day_alarms["open"]
        with pytest.raises(Exception, match="closed"):
            await mall.issue()

        refused = await mall.engine.take_settings(settings(tmp_path))

        assert (closed, refused) == (False, [])
        assert "config.toml" in said
        assert (mall.engine.state.day, mall.engine.day_alarms) == ("2026-11-25", {})
        assert await mall.issue() is not None


async def test_a_first_day_that_cannot_be_opened_is_said_at_the_start(tmp_path: Path):
    """With nothing to stand on there is no server, but a sentence that says what to do."""
    right = settings(tmp_path)
    days = Days(replace(right, mall=replace(right.mall, timezone="Nowhere/City")))

    with pytest.raises(Broken, match=r"config\.toml"):
        async with hall(tmp_path, TUESDAY_NINE, days):
            pass


def poisoned(folder: Path) -> None:
    """A ticket that no end of a day can end, as a fault of an older version may have left it: a later step is over."""
    journal = open_journal(folder / "journal.db")
    last = journal.last()
    (issued,) = [row.event for row in journal.read_day(last.stream) if isinstance(row.event, e.TicketIssued)][:1]
    state = State()
    for row in journal.read_day(last.stream):
        evolve(state, row.event)
    odd = copy_of(state.tickets[issued.ticket])
    odd.steps.append(Step(service=issued.services[0], state=StepState.FINISHED))
    undone = e.Undone(at=issued.at, counter="1", command="call-next", seqs=(0, 0), tickets=(odd,), counters=())
    journal.append(Batch(first_seq=last.seq + 1, stream=last.stream, events=(undone,)))
    journal.close()


@pytest.mark.parametrize("when", ["at midnight", "at a start on the next day"])
async def test_a_ticket_that_cannot_be_ended_hinders_no_day(tmp_path: Path, when: str):
    """After some tries the day is closed without it, all others are ended, the next day opens, and an alarm says so."""
    async with hall(tmp_path) as mall:
        _, other = await mall.issue(), await mall.issue("tax")
    poisoned(tmp_path)

    late = when != "at midnight"
    async with hall(tmp_path, NINE + DAY if late else NINE + 1) as mall:
        mall.clock.move(NINE + DAY)
        await until(lambda: mall.engine.healthy and mall.engine.state.day == "1970-01-02")
        yesterday = events_of(mall, "1970-01-01")
        alarms = mall.engine.alarms
        new = str(await mall.issue())

    assert [event.ticket for event in yesterday if isinstance(event, e.TicketExpired)] == [other]
    assert isinstance(yesterday[-1], e.DayClosed)
    assert [ticket.day for ticket in mall.engine.state.tickets.values()] == ["1970-01-02"]
    assert mall.engine.state.ticket(new).number == "A001"
    assert any("closed without" in said for said in alarms)
    async with hall(tmp_path, NINE + DAY + 1) as mall:
        assert mall.engine.state.ticket(new).number == "A001"


async def test_one_thing_that_time_cannot_bring_about_hinders_no_other(tmp_path: Path):
    """A counter whose own call fails is one alarm; commands, other deadlines and the change of day go on."""
    async with hall(tmp_path) as mall:
        await mall.open("1", "ani")
        await mall.engine.submit(c.SetAutoCall(at=mall.engine.now(), counter="1", clerk="ani", on=True))
        ticket = str(await mall.issue())
        targets = mall.engine.state.rules.services["pass"].targets
        usual = dict(targets)
        targets.clear()  # as a fault of ours would leave them: nobody can say who is due

        mall.clock.move(NINE + 3600_000)
        await until(lambda: len(list(mall.engine.faults)) > 0)
        targets.update(usual)
        await mall.open("2", "budi")
        mall.clock.move(NINE + DAY)
        await until(lambda: mall.engine.state.day == "1970-01-02")

        assert await mall.engine.find_ticket(ticket) is not None
        assert mall.engine.healthy
