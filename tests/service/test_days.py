"""Days and rules from a real config.toml that changes under the running hall, and over a restart."""

from __future__ import annotations

import re
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.errors import ConfigWrong
from queue_server.journal.sqlite import open_journal
from queue_server.service.days import Days
from queue_server.settings import Settings, load
from tests.service.hall import Hall, hall

FILE = """\
[mall]
id = "mall"
name = "Mall"
languages = ["en"]
timezone = "Asia/Jakarta"
day_starts = "00:00"

[hours.always]
mon-sun = ["00:00-24:00"]

[agencies.a]
name = "A"

[services.pass]
agency = "a"
name = "Passports"
prefix = "A"
hours = "always"
carry_over = true
[services.tax]
agency = "a"
name = "Tax"
prefix = "T"
hours = "always"

[zones.z]
name = "Hall"
[counters.1]
zone = "z"
services = ["pass", "tax"]
[counters.3]
zone = "z"
services = ["pass", "tax"]
[prefixes.A]
start = 1
"""
COUNTER_3 = """\
[counters.3]
zone = "z"
services = ["pass", "tax"]
"""


def at(written: str) -> int:
    """Milliseconds of an RFC 3339 time."""
    return round(datetime.fromisoformat(written).timestamp() * 1000)


NINE = at("2026-11-24T09:00:00+07:00")
MIDNIGHT = at("2026-11-25T00:00:00+07:00")


def settings(folder: Path, *changes: tuple[str, str]) -> Settings:
    """The file with some of its text otherwise, as `reload` reads it."""
    text = FILE
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return load(path)


async def parked_at_3(mall: Hall) -> str:
    """Somebody who was parked at counter 3, which is closed since."""
    ticket = str(await mall.issue("tax"))
    await mall.open("3", "ani")
    await mall.call("3", "ani")
    for command in (c.ParkTicket, c.CloseCounter):
        await mall.engine.submit(command(at=mall.engine.now(), counter="3", clerk="ani"))
    return ticket


async def test_a_counter_that_a_parked_ticket_names_stays_for_the_day(tmp_path: Path):
    """The file is refused with the reason; the ticket may be cancelled, the day ends, and then the file holds."""
    days = Days(settings(tmp_path))
    async with hall(tmp_path, NINE, days) as mall:
        ticket = await parked_at_3(mall)

        refused = await mall.engine.take_settings(settings(tmp_path, (COUNTER_3, "")))
        alarms = mall.engine.alarms
        await mall.engine.submit(c.CancelTicket(at=mall.engine.now(), ticket=ticket))
        mall.clock.move(MIDNIGHT)
        await mall.issue()

        assert refused == ["The counter 3 cannot go: somebody who was called there may come back to it."]
        assert refused[0] in alarms[0]
        assert mall.engine.alarms == []
        assert (mall.engine.state.day, list(mall.engine.state.counters)) == ("2026-11-25", ["1"])


async def test_every_day_says_whose_it_is(tmp_path: Path):
    """The mall's id and the name that its journal was given at random stand in each day's opening, restarts or not."""
    async with hall(tmp_path, NINE, Days(settings(tmp_path))):
        pass
    async with hall(tmp_path, MIDNIGHT, Days(settings(tmp_path))) as mall:
        opened = [next(mall.journal.read_day(day)).event for day in mall.journal.days()]
    (tmp_path / "other").mkdir()
    async with hall(tmp_path / "other", NINE, Days(settings(tmp_path))) as mall:
        other = mall.engine.state.journal

    names = {event.journal for event in opened if isinstance(event, e.DayOpened) and event.mall == "mall"}
    assert (len(opened), len(names)) == (2, 1)
    assert all(re.fullmatch("[0-9a-f]{16}", name) for name in names)
    assert names != {other}


async def test_a_folder_of_another_mall_is_refused(tmp_path: Path):
    """Started or reloaded with another id, the server says whose the folder is, and the journal stays as it was."""
    other = settings(tmp_path, ('id = "mall"', 'id = "depok"'))
    async with hall(tmp_path, NINE, Days(settings(tmp_path))) as mall:
        with pytest.raises(ConfigWrong, match=r'mall\.id: "depok" is another mall than "mall"'):
            await mall.engine.take_settings(other)
        seq = mall.engine.state.seq

    with pytest.raises(ConfigWrong, match=r'mall\.id: "depok" is another mall than "mall"'):
        async with hall(tmp_path, MIDNIGHT, Days(other)):
            pytest.fail("it took the folder of another mall")

    with closing(open_journal(tmp_path / "journal.db")) as journal:
        assert journal.last().seq == seq


@pytest.mark.parametrize("how", ["reload", "restart"])
async def test_a_carried_number_keeps_the_start_of_its_prefix(tmp_path: Path, how: str):
    """The journal's rules hold with an alarm, in the same words whether the file is reloaded or read at a start."""
    other = (("start = 1", "start = 500"),)
    async with hall(tmp_path, NINE, Days(settings(tmp_path))) as mall:
        await mall.issue()
        mall.clock.move(MIDNIGHT)
        await mall.engine.catch_up()
        if how == "reload":
            await mall.engine.take_settings(settings(tmp_path, *other))
        refused = mall.engine.refused_rules

    if how == "restart":
        async with hall(tmp_path, MIDNIGHT + 1, Days(settings(tmp_path, *other))) as mall:
            refused = mall.engine.refused_rules
            new = str(await mall.issue())
            assert mall.engine.state.ticket(new).number == "A002"

    assert refused == ["The numbers of the prefix A cannot start or step otherwise: some were given today."]


@pytest.mark.parametrize(
    ("change", "moment"),
    [
        (('day_starts = "00:00"', 'day_starts = "03:00"'), "2026-11-25T00:00:00+07:00"),
        (('timezone = "Asia/Jakarta"', 'timezone = "America/Lima"'), "2026-11-25T00:00:00+07:00"),
        (('timezone = "Asia/Jakarta"', 'timezone = "Pacific/Auckland"'), "2026-11-25T00:00:00+07:00"),
    ],
)
@pytest.mark.parametrize("restarts", [False, True])
async def test_no_day_comes_twice(tmp_path: Path, change: tuple[str, str], moment: str, restarts: bool):
    """Where days begin later, or the time zone moves west, the open day keeps its end and the next date follows."""
    async with hall(tmp_path, NINE, Days(settings(tmp_path))) as mall:
        await mall.issue()
        await mall.engine.take_settings(settings(tmp_path, change))
        ends = mall.engine.state.ends_at
        if not restarts:
            mall.clock.move(at(moment))
            await mall.engine.catch_up()
    async with hall(tmp_path, at(moment), Days(settings(tmp_path, change))) as mall:
        state = mall.engine.state
        again = str(await mall.issue())
        opened = [row.event for row in mall.journal.read_day(state.day) if isinstance(row.event, e.DayOpened)]
        first = list(mall.journal.read_day("2026-11-24"))

        assert ends == MIDNIGHT
        assert [type(row.event) for row in (first[0], first[-1])] == [e.DayOpened, e.DayClosed]
        assert (state.day, opened[0].starts_at, len(opened)) == ("2026-11-25", MIDNIGHT, 1)
        assert state.ends_at > MIDNIGHT
        assert state.ticket(again).number == "A002"  # the carried A001 is skipped


async def test_hours_before_the_new_start_still_count(tmp_path: Path):
    """With days from three o'clock on, the night between the two days is open as the file says, and is no hole."""
    async with hall(tmp_path, NINE, Days(settings(tmp_path))) as mall:
        await mall.engine.take_settings(settings(tmp_path, ('day_starts = "00:00"', 'day_starts = "03:00"')))
        mall.clock.move(MIDNIGHT)
        await mall.engine.catch_up()
        state = mall.engine.state

        assert state.ends_at == at("2026-11-26T03:00:00+07:00")
        assert state.rules.services["tax"].open == ((MIDNIGHT, state.ends_at),)


async def test_days_that_begin_earlier_are_cut_and_nothing_is_twice(tmp_path: Path):
    """From three o'clock back to midnight: the open day runs on to three, and the next one has the rest of its date."""
    late = settings(tmp_path, ('day_starts = "00:00"', 'day_starts = "03:00"'))
    async with hall(tmp_path, NINE, Days(late)) as mall:
        await mall.engine.take_settings(settings(tmp_path))
        mall.clock.move(at("2026-11-25T03:00:00+07:00"))
        await mall.engine.catch_up()
        state = mall.engine.state

        assert (state.day, state.starts_at) == ("2026-11-25", at("2026-11-25T03:00:00+07:00"))
        assert state.ends_at == at("2026-11-26T00:00:00+07:00")


async def test_what_is_closed_opens_on_the_next_day_that_it_does(tmp_path: Path):
    """Over a weekend, and over a holiday that a changed file brings."""
    office = ('hours = "always"\ncarry_over = true', 'hours = { mon-fri = ["08:00-12:00"] }')
    feast = ("[prefixes.A]", '[dates.feast]\nname = "Feast"\nfirst = 2026-11-30\n[prefixes.A]')
    days = Days(settings(tmp_path, office))
    async with hall(tmp_path, at("2026-11-27T09:00:00+07:00"), days) as mall:
        first = days.opens_later(mall.engine.state)
        days.take(settings(tmp_path, office, feast), mall.engine.state)
        second = days.opens_later(mall.engine.state)

    assert (first.services["pass"], second.services["pass"]) == (
        at("2026-11-30T08:00:00+07:00"),
        at("2026-12-01T08:00:00+07:00"),
    )
    assert first.services["tax"] == at("2026-11-28T00:00:00+07:00")
