"""The single writer, on a real journal."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.errors import CounterBusy, IdempotencyMismatch, Refused, Unavailable
from tests.journal.wiped import wipe
from tests.service.hall import DAY, NINE, Hall, hall


async def test_a_restart_changes_nothing(tmp_path: Path):
    """What was answered before a restart stands after it: tickets, calls, counters, numbers."""
    async with hall(tmp_path) as before:
        for _ in range(3):
            await before.issue()
        await before.open()
        called = await before.call()
        facts = before.engine.state.facts()

    async with hall(tmp_path, NINE + 60_000) as after:
        again = after.engine.state.facts()
        number = after.engine.state.ticket(str(called)).number

    assert {k: v for k, v in again.items() if k != "day"} == {k: v for k, v in facts.items() if k != "day"}
    assert number == "A001"


async def waiting_for_a_counter_that_calls_by_itself(mall: Hall) -> None:
    """A counter with auto-call, and a citizen whose slip no agent has fetched."""
    await mall.open()
    await mall.engine.submit(c.SetAutoCall(at=mall.engine.now(), counter="1", clerk="ani", on=True))
    command = c.IssueTicket(at=mall.engine.now(), ticket="t1", services=("pass",), kiosk="k", slip_job="j1")
    await mall.engine.submit(command)


async def test_after_an_outage_nothing_has_run_out(tmp_path: Path):
    """Nobody could act meanwhile: a counter calls by itself, and a slip expires, only so long after the restart."""
    async with hall(tmp_path) as before:
        await waiting_for_a_counter_that_calls_by_itself(before)

    async with hall(tmp_path, NINE + 600_000) as after:
        day = list(after.journal.read_day(after.engine.state.day))
        ticket = after.engine.state.tickets["t1"]

        (restart,) = (row.event for row in day if isinstance(row.event, e.Restarted))
        assert (restart.down_since, restart.at) == (NINE, NINE + 600_000)
        assert not [row for row in day if isinstance(row.event, e.TicketCalled | e.SlipReported)]
        assert (ticket.step.state, ticket.slip.state) == ("waiting", "queued")


async def test_a_day_that_ended_in_an_outage_ends_at_its_own_hour(tmp_path: Path):
    """What waited expires when its day closed; nothing of that day is called or stamped on the next morning."""
    async with hall(tmp_path) as before:
        await waiting_for_a_counter_that_calls_by_itself(before)
        day = before.engine.state.day

    async with hall(tmp_path, NINE + DAY) as after:
        events = [row.event for row in after.journal.read_day(day)]
        spans = after.journal._fetch("SELECT state, from_at, to_at FROM counter_spans WHERE day = ?", (day,))

        assert after.engine.state.day != day
        assert max(event.at for event in events) == DAY
        assert [event.at for event in events if isinstance(event, e.TicketExpired | e.DayClosed)] == [DAY, DAY]
        assert not [event for event in events if isinstance(event, e.TicketCalled | e.SlipReported)]
        assert {to_at for _, _, to_at in spans} == {NINE}


async def test_the_same_key_gives_the_same_ticket_over_restarts(tmp_path: Path):
    """An Idempotency-Key never makes a second ticket, also when the server restarted in between."""
    async with hall(tmp_path) as before:
        first = await before.issue(key="tap-1", body=b"{}")
        twin = await before.issue(key="tap-1", body=b"{}")

    async with hall(tmp_path, NINE + 1_000) as after:
        late = await after.issue(key="tap-1", body=b"{}")
        issued = len(after.engine.state.tickets)

    assert first == twin == late
    assert issued == 1


async def test_twins_at_the_same_moment_make_one_ticket(tmp_path: Path):
    """Two taps with one key that arrive together get one ticket."""
    async with hall(tmp_path) as mall:
        answers = await asyncio.gather(*(mall.issue(key="tap", body=b"{}") for _ in range(20)))
        issued = len(mall.engine.state.tickets)

    assert len(set(answers)) == 1
    assert issued == 1


async def test_another_body_under_the_same_key_is_refused(tmp_path: Path):
    """A key that was used for another body is a mistake and is said to be one."""
    async with hall(tmp_path) as mall:
        await mall.issue(key="tap", body=b"1")

        with pytest.raises(IdempotencyMismatch):
            await mall.issue(key="tap", body=b"2")


async def test_a_key_is_forgotten_after_a_day(tmp_path: Path):
    """24 hours later the same key is a new one."""
    async with hall(tmp_path) as mall:
        first = await mall.issue(key="tap")
        mall.clock.move(NINE + DAY + 1)
        second = await mall.issue(key="tap")

    assert first != second


async def test_two_clerks_never_get_the_same_ticket(tmp_path: Path):
    """The last ticket goes to one of two clerks who press at the same moment, the other gets nobody."""
    async with hall(tmp_path) as mall:
        await mall.open("1", "ani")
        await mall.open("2", "budi")
        for _ in range(50):
            ticket = await mall.issue()

            answers = await asyncio.gather(mall.call("1", "ani"), mall.call("2", "budi"))

            assert sorted(answers, key=str) == sorted([None, ticket], key=str)
            counter, clerk = ("1", "ani") if answers[0] else ("2", "budi")
            for command in (c.StartService, c.FinishService):
                await mall.engine.submit(command(at=mall.engine.now(), counter=counter, clerk=clerk))


async def test_a_refusal_changes_nothing(tmp_path: Path):
    """A command that is refused leaves the state and the journal as they were."""
    async with hall(tmp_path) as mall:
        await mall.issue()
        await mall.open()
        await mall.call()
        facts, seq = mall.engine.state.facts(), mall.engine.state.seq

        with pytest.raises(CounterBusy):
            await mall.call()

        assert (mall.engine.state.facts(), mall.engine.state.seq) == (facts, seq)


async def test_nothing_is_answered_before_it_is_on_disk(tmp_path: Path):
    """When an answer arrives the journal's file already has its events."""
    async with hall(tmp_path) as mall:
        for _ in range(20):
            ticket = await mall.issue()

            seq = mall.engine.state.ticket(str(ticket)).changed
            assert mall.journal.durable_seq >= seq


async def test_the_day_ends_at_its_hour_and_the_next_starts_at_the_first_number(tmp_path: Path):
    """Whoever is left when the day ends expires with it, and the next day begins at 001."""
    async with hall(tmp_path) as mall:
        old = await mall.issue()
        mall.clock.move(NINE + DAY)
        new = await mall.issue()
        number = mall.engine.state.ticket(str(new)).number
        yesterday = await mall.engine.find_ticket(str(old))

    assert number == "A001"
    assert yesterday.state == "expired"


async def test_a_server_that_was_off_over_night_closes_the_day_first(tmp_path: Path):
    """After a night without the server, yesterday is closed with its own hour before today begins."""
    async with hall(tmp_path) as before:
        await before.issue()
        before_day = before.engine.state.day

    async with hall(tmp_path, NINE + DAY) as after:
        day, waiting = after.engine.state.day, after.engine.state.waiting("pass")
        rows = list(after.journal.read_day(before_day))

    assert (day, waiting) == ("1970-01-02", 0)
    assert type(rows[-1].event).__name__ == "DayClosed"
    assert rows[-1].event.at == DAY


async def test_a_wall_clock_in_doubt_closes_no_day(tmp_path: Path):
    """While the clock has an alarm the day stays open; once somebody confirmed, it ends."""
    async with hall(tmp_path) as mall:
        mall.clock.alarm = "clock_jumped"
        mall.clock.move(NINE + DAY)
        await mall.engine.catch_up()
        kept = mall.engine.state.day

        mall.clock.confirm()
        await mall.engine.catch_up()

        assert (kept, mall.engine.state.day) == ("1970-01-01", "1970-01-02")


async def test_a_failed_write_answers_not_known_and_then_goes_on(tmp_path: Path):
    """When the disk refuses, the answer is 503, health is red, and the state goes back to what the journal has."""
    async with hall(tmp_path) as mall:
        first = await mall.issue()
        back = asyncio.Event()
        mall.engine.rebuilt.append(back.set)
        mall.journal._db.execute("PRAGMA query_only=ON")  # the disk takes nothing more

        with pytest.raises(Unavailable):
            await mall.issue(key="tap")
        red = not mall.engine.healthy
        async with asyncio.timeout(10):
            await back.wait()
        again = await mall.issue(key="tap")

        assert red
        assert set(mall.engine.state.tickets) == {first, again}
        assert mall.engine.state.ticket(str(again)).number == "A002"


async def test_a_damaged_file_is_no_full_disk(tmp_path: Path):
    """Where a table cannot be written because its pages are not what they were, the alarm says so, and what to do."""
    async with hall(tmp_path) as before:
        await before.issue()
    wipe(tmp_path / "journal.db", "steps")

    async with hall(tmp_path, NINE + 1_000) as mall:
        with pytest.raises(Unavailable):
            await mall.issue()
        (alarm,) = mall.engine.alarms

    assert "journal.db is damaged (" in alarm
    assert "`antrean verify" in alarm
    assert "disk full" not in alarm


async def test_everybody_who_waits_hears_of_a_failed_write(tmp_path: Path):
    """Of many who ask while the disk fails, nobody is left without an answer and nobody is told a ticket."""
    async with hall(tmp_path) as mall:
        mall.journal._db.execute("PRAGMA query_only=ON")

        answers = await asyncio.gather(*(mall.issue() for _ in range(30)), return_exceptions=True)

        assert all(isinstance(answer, Unavailable) for answer in answers)


async def test_what_is_due_is_recorded_before_the_command(tmp_path: Path):
    """A ticket asked for after the day's end belongs to the next day, also when nothing ran in between."""
    async with hall(tmp_path, DAY - 5) as mall:
        await mall.issue()
        mall.clock.move(DAY)

        ticket = await mall.issue()

        assert mall.engine.state.ticket(str(ticket)).day == "1970-01-02"


async def test_refusals_are_not_remembered(tmp_path: Path):
    """A key whose command was refused may be used again once the reason is gone."""
    async with hall(tmp_path) as mall:
        key = mall.engine.hashes("ani", "/call", "k1", b"")
        with pytest.raises(Refused):
            await mall.engine.submit(c.CallNext(at=mall.engine.now(), counter="1", clerk="ani"), key)
        await mall.open()
        ticket = await mall.issue()

        result = await mall.engine.submit(c.CallNext(at=mall.engine.now(), counter="1", clerk="ani"), key)

        assert result.ticket == ticket
