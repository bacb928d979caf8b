"""The single writer, on a real journal."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain.decide import decide
from queue_server.domain.hall import next_deadline
from queue_server.errors import CounterBusy, IdempotencyMismatch, IllegalMove, Refused, Unavailable
from queue_server.journal.sqlite.rebuild import rebuild_file
from queue_server.journal.sqlite.verify import verify_file
from tests.journal.wiped import wipe
from tests.service.hall import DAY, NINE, Hall, hall

HOUR = 3600_000


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
        spans = after.rows("SELECT state, from_at, to_at FROM counter_spans WHERE day = ?", day)

        assert after.engine.state.day != day
        assert max(event.at for event in events) == DAY
        assert [event.at for event in events if isinstance(event, e.TicketExpired | e.DayClosed)] == [DAY, DAY]
        assert not [event for event in events if isinstance(event, e.TicketCalled | e.SlipReported)]
        assert {to_at for _, _, to_at in spans} == {NINE}


def spans(mall: Hall) -> list[tuple[str, int, int | None]]:
    """State, from and to of every counter span."""
    found = mall.rows("SELECT state, from_at, to_at FROM counter_spans ORDER BY day, from_at")
    return [(state, since, until) for state, since, until in found]


async def test_the_time_until_a_stop_in_good_order_is_somebodys(tmp_path: Path):
    """The server was there although nothing happened any more; only from the stop on nobody could act."""
    async with hall(tmp_path, stops=True) as before:
        await before.open()
        before.clock.move(NINE + 60_000)

    async with hall(tmp_path, NINE + 600_000) as after:
        kept = spans(after)
        events = [row.event for row in after.journal.read_day(after.engine.state.day)]

    assert [event for event in events if isinstance(event, e.Stopped | e.Restarted)] == [
        e.Stopped(at=NINE + 60_000),
        e.Restarted(at=NINE + 600_000, down_since=NINE + 60_000),
    ]
    assert kept == [("idle", NINE, NINE + 60_000), ("idle", NINE + 600_000, None)]


async def test_sleep_is_an_outage(tmp_path: Path):
    """What had time left when the machine fell asleep has it anew, and no counter worked meanwhile."""
    async with hall(tmp_path) as mall:
        await waiting_for_a_counter_that_calls_by_itself(mall)
        mall.clock.sleep(NINE + 600_000)
        await mall.issue()

        events = [row.event for row in mall.journal.read_day(mall.engine.state.day)]
        (noted,) = (event for event in events if isinstance(event, e.Restarted))

        assert noted == e.Restarted(at=NINE + 600_000, down_since=NINE, why="sleep")
        assert not [event for event in events if isinstance(event, e.TicketCalled | e.SlipReported)]
        assert {until for _, _, until in spans(mall)} <= {NINE, None}


async def test_a_day_that_ended_in_the_machines_sleep_ends_at_its_own_hour(tmp_path: Path):
    """Nothing of yesterday is stamped today: who was being served was until the day's end, whatever was pending."""
    async with hall(tmp_path) as mall:
        await waiting_for_a_counter_that_calls_by_itself(mall)
        await mall.issue()
        await mall.call()
        await mall.engine.submit(c.StartService(at=mall.engine.now(), counter="1", clerk="ani"))
        day = mall.engine.state.day
        mall.clock.sleep(DAY + NINE)
        await mall.engine.catch_up()

        events = [row.event for row in mall.journal.read_day(day)]
        served = mall.rows("SELECT service_s FROM steps WHERE service_s IS NOT NULL")

        assert max(event.at for event in events) == DAY
        assert served == [((DAY - NINE) // 1000,)]
        assert mall.engine.state.day == "1970-01-02"


async def put_back(mall: Hall, to: int) -> None:
    """The machine's clock shows `to`, and a supervisor says that it is right."""
    mall.clock.alarm, mall.clock.wall = "clock_behind", to
    await mall.engine.confirm_clock("sari", "clock_behind")


async def test_a_clock_that_was_ahead_is_followed_back(tmp_path: Path):
    """The day begins anew at the right time, under a name of its own, and closes at its own hour."""
    async with hall(tmp_path, NINE + 7 * HOUR) as mall:
        first = await mall.issue()
        await mall.open()
        await mall.call()
        mall.clock.move(NINE + 7 * HOUR + 60_000)

        await put_back(mall, NINE)
        again = await mall.issue()
        await mall.open()
        called = await mall.call()

        state = mall.engine.state
        assert (state.day, state.ends_at) == ("1970-01-01.2", DAY)
        assert (called, state.tickets[str(again)].number) == (first, "A002")
        assert state.tickets[str(called)].step.called_at == NINE
        assert mall.journal.days() == ["1970-01-01", "1970-01-01.2"]
        opened = next(iter(mall.journal.read_day(state.day))).event
        assert isinstance(opened, e.DayOpened)
        assert (opened.at, opened.clock_was) == (NINE, NINE + 7 * HOUR + 60_000)


async def test_within_each_day_nothing_is_stamped_out_of_order(tmp_path: Path):
    """A wrong year, a wrong hour, a right day after them: time only goes back where a day begins and says so."""
    async with hall(tmp_path, NINE + 3650 * DAY) as mall:
        early = await mall.issue()
        await put_back(mall, NINE + 3600_000)
        await mall.issue()
        await put_back(mall, NINE)
        await mall.issue()
        mall.clock.move(NINE + DAY)
        await mall.issue()

        days = {day: [row.event for row in mall.journal.read_day(day)] for day in mall.journal.days()}
        late = await mall.engine.find_ticket(str(early))

    assert list(days) == ["1979-12-30", "1970-01-01", "1970-01-01.2", "1970-01-02"]
    for events in days.values():
        assert [event.at for event in events] == sorted(event.at for event in events)
        assert [type(event) for event in events].count(e.DayOpened) == 1
    assert late.state == "expired"
    report = verify_file(tmp_path / "journal.db")
    assert (report.wrong, report.days) == (None, 4)


async def test_what_was_put_back_stands_after_a_restart(tmp_path: Path):
    """The state, the clock's floor and the tickets of the day that was ahead, also when the tables are made anew."""
    async with hall(tmp_path, NINE + 300 * DAY) as before:
        old = await before.issue(key="tap")
        await put_back(before, NINE)
        await before.issue()
        facts = before.engine.state.facts()

    rebuild_file(tmp_path / "journal.db")
    async with hall(tmp_path, NINE + 1_000) as after:
        again = after.engine.state.facts()
        same = await after.issue(key="tap")
        floor = after.journal.last_at()
        rows = after.rows("SELECT ticket, past FROM steps ORDER BY ticket")

    assert {k: v for k, v in again.items() if k != "day"} == {k: v for k, v in facts.items() if k != "day"}
    assert same == old
    assert floor == NINE + 1_000
    assert rows == [("t1", 1)]  # the other one goes on


async def test_a_crash_between_the_two_days_loses_nobody(tmp_path: Path):
    """The day that was ahead has ended, the right one has not begun: whoever waits is in the next all the same."""
    async with hall(tmp_path, NINE + 7 * HOUR) as before:
        ticket = await before.issue()
        before.engine.record(tuple(decide(before.engine.state, c.CloseDay(at=before.engine.now(), by="sari"))))
        await before.engine.settled()

    async with hall(tmp_path, NINE + 7 * HOUR) as after:
        waits = after.engine.state.tickets[str(ticket)].state
        await put_back(after, NINE)
        day, still = after.engine.state.day, after.engine.state.tickets[str(ticket)].state

    assert (waits, day, still) == ("waiting", "1970-01-01.3", "waiting")


async def test_another_alarm_than_was_seen_is_not_confirmed(tmp_path: Path):
    """Whoever saw a clock that was ahead does not end the day of one that is behind."""
    async with hall(tmp_path) as mall:
        mall.clock.alarm, mall.clock.wall = "clock_behind", NINE - 3600_000

        with pytest.raises(IllegalMove):
            await mall.engine.confirm_clock("sari", "clock_jumped")

        assert mall.engine.state.open
        assert mall.engine.now() == NINE


async def test_a_clock_put_on_is_noted(tmp_path: Path):
    """What lies between never was: no counter worked in it, nothing ran out, and a day that ended in it ends then."""
    async with hall(tmp_path) as mall:
        await waiting_for_a_counter_that_calls_by_itself(mall)
        day = mall.engine.state.day
        mall.clock.alarm, mall.clock.wall = "clock_jumped", NINE + DAY

        await mall.engine.confirm_clock("sari")

        events = [row.event for row in mall.journal.read_day(day)]
        assert [event for event in events if isinstance(event, e.Restarted)] == [
            e.Restarted(at=DAY, down_since=NINE, why="clock")
        ]
        assert not [event for event in events if isinstance(event, e.TicketCalled)]
        assert max(event.at for event in events) == DAY
        assert mall.engine.state.day == "1970-01-02"


async def test_while_the_clock_is_in_doubt_past_the_days_end_the_rest_goes_on(tmp_path: Path):
    """Slips still run out, and the server does not turn in circles for a day that must not close."""
    async with hall(tmp_path, DAY - 1_000) as mall:
        await waiting_for_a_counter_that_calls_by_itself(mall)
        mall.clock.alarm = "clock_jumped"
        mall.clock.move(DAY + 60_000)
        await mall.engine.catch_up()

        state = mall.engine.state
        assert (state.open, state.tickets["t1"].state, state.tickets["t1"].slip.state) == (
            True,
            "called",
            "not_printed",
        )
        assert next_deadline(state, closes=False) is None


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
        for _ in range(1000):
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
        mall.fill_disk()

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
            await mall.engine.submit(c.CancelTicket(at=mall.engine.now(), ticket="t1"))
        (alarm,) = mall.engine.alarms

    assert "journal.db is damaged (" in alarm
    assert "`antrean verify" in alarm
    assert "disk full" not in alarm


async def test_a_ticket_is_found_while_the_end_of_its_day_is_on_its_way(tmp_path: Path):
    """The hall has forgotten it, the disk does not have its rows yet: whoever asks waits for them."""
    async with hall(tmp_path) as mall:
        ticket, state = await mall.issue(), mall.engine.state
        closed = c.Tick(at=state.ends_at, leave="")
        mall.engine.record(tuple(decide(state, closed)))
        while state.open:
            mall.engine.record(tuple(decide(state, closed)))
        opened = c.OpenDay(
            at=state.ends_at,
            mall=state.mall,
            journal=state.journal,
            day="1970-01-02",
            starts_at=state.ends_at,
            ends_at=state.ends_at + DAY,
            rules=state.rules,
            carry=False,
        )
        mall.engine.record(tuple(decide(state, opened)))

        found = await mall.engine.find_ticket(str(ticket))

        assert (found.id, found.state) == (ticket, "expired")


async def test_everybody_who_waits_hears_of_a_failed_write(tmp_path: Path):
    """Of many who ask while the disk fails, nobody is left without an answer and nobody is told a ticket."""
    async with hall(tmp_path) as mall:
        mall.fill_disk()

        answers = await asyncio.gather(*(mall.issue() for _ in range(30)), return_exceptions=True)

        assert all(isinstance(answer, Unavailable) for answer in answers)


def odd_hold(mall: Hall) -> c.HoldHall:
    """A command whose event no journal can hold: what a mistake anywhere on the way would come to."""
    by: str = object()  # type: ignore[assignment]  # what a mistake elsewhere could pass
    return c.HoldHall(at=mall.engine.now(), reason="drill", by=by)


async def test_what_fails_before_the_journal_has_it_is_a_failed_write(tmp_path: Path):
    """The state had it already, the journal never: that is answered with 503 and taken back, and the hall goes on."""
    async with hall(tmp_path) as mall:
        first = await mall.issue()
        back = asyncio.Event()
        mall.engine.rebuilt.append(back.set)

        with pytest.raises(Unavailable):
            await mall.engine.submit(odd_hold(mall))
        red, said = mall.engine.healthy, mall.engine.alarms
        async with asyncio.timeout(10):
            await back.wait()
        second = await mall.issue()

        assert (red, mall.engine.healthy) == (False, True)
        assert "TypeError" in said[0]
        assert mall.engine.state.held is None
        assert [mall.engine.state.ticket(str(one)).number for one in (first, second)] == ["A001", "A002"]
        assert [type(row.event) for row in mall.journal.read_day("1970-01-01")][-2:] == [e.TicketIssued] * 2


async def test_a_state_that_breaks_under_an_event_is_read_again(tmp_path: Path):
    """An event that cannot be carried into the state costs its own command an answer, and nobody else anything."""
    async with hall(tmp_path) as mall:
        ticket = str(await mall.issue())
        facts = mall.engine.state.facts()
        back = asyncio.Event()
        mall.engine.rebuilt.append(back.set)
        mall.engine.state.lanes.clear()  # as a fault of ours would leave it

        with pytest.raises(Unavailable):
            await mall.engine.submit(c.CancelTicket(at=mall.engine.now(), ticket=ticket))
        async with asyncio.timeout(10):
            await back.wait()

        assert mall.engine.state.facts() == facts
        assert (await mall.engine.submit(c.CancelTicket(at=mall.engine.now(), ticket=ticket))).ticket == ticket


async def test_answers_beside_a_fault_are_of_what_is_on_disk(tmp_path: Path):
    """Of many who ask around a fault, whoever is told a ticket has one, and no number is given twice."""
    async with hall(tmp_path) as mall:
        jobs = [mall.issue() for _ in range(20)]
        answers = await asyncio.gather(
            *jobs, mall.engine.submit(odd_hold(mall)), *(mall.issue() for _ in range(5)), return_exceptions=True
        )
        back = asyncio.Event()
        mall.engine.rebuilt.append(back.set)
        if not mall.engine.healthy:
            async with asyncio.timeout(10):
                await back.wait()
        told = {answer for answer in answers if isinstance(answer, str)}
        more = {str(await mall.issue()) for _ in range(10)}
        numbers = [mall.engine.state.tickets[ticket].number for ticket in told | more]

        assert all(isinstance(answer, str | Unavailable) for answer in answers)
        assert told <= mall.engine.state.tickets.keys()
        assert len(set(numbers)) == len(numbers)


async def test_what_was_seen_of_a_discarded_state_is_not_answered(tmp_path: Path):
    """Whoever awaited something else meanwhile is told that it is not known, never what was taken back."""
    async with hall(tmp_path) as mall:
        lives = mall.engine.lives
        back = asyncio.Event()
        mall.engine.rebuilt.append(back.set)
        with pytest.raises(Unavailable):
            await mall.engine.submit(odd_hold(mall))
        async with asyncio.timeout(10):
            await back.wait()

        with pytest.raises(Unavailable):
            await mall.engine.settled(lives)
        await mall.engine.settled(mall.engine.lives)


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


async def test_a_day_that_goes_on_while_the_clock_is_in_doubt_keeps_its_counters(tmp_path: Path):
    """No day closes then, so whoever is at a counter after a sleep past its end is there for the statistics too."""
    async with hall(tmp_path) as mall:
        await mall.open()
        mall.clock.alarm = "clock_jumped"
        mall.clock.sleep(DAY + NINE)
        await mall.engine.catch_up()
        await mall.engine.settled()
        day = mall.engine.state.day
        spans = mall.rows("SELECT from_at, to_at, state FROM counter_spans WHERE day = ? ORDER BY 1", day)

    assert day == "1970-01-01"
    assert spans == [(NINE, NINE, "idle"), (DAY + NINE, None, "idle")]


async def test_the_engine_says_when_and_how_long_people_wait(tmp_path: Path):
    """Whoever wants something cannot date it, and the wait that is promised is the engine's own estimate."""
    async with hall(tmp_path) as mall:
        await mall.open()
        for _ in range(3):
            await mall.issue()
        await mall.engine.keep_up()
        told = mall.engine.estimates["pass"]
        wish = c.IssueTicket(at=1, ticket="late", services=("pass",))

        result = await mall.engine.submit(wish)

    (issued,) = result.events
    assert isinstance(issued, e.TicketIssued)
    assert (issued.at, issued.promise.p50, issued.promise.p90) == (mall.engine.now(), told.p50, told.p90)
