"""Imported history stands beside what the hall lived: in streams of its own, in one chain, and in nobody's way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from queue_server.database import open_file
from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain.lifecycle import StepState
from queue_server.errors import JournalDamaged
from queue_server.journal.sqlite import open_journal
from queue_server.journal.sqlite.importing import importing
from queue_server.journal.sqlite.rebuild import rebuild_file
from queue_server.journal.sqlite.verify import verify_file
from queue_server.service.reading_back import read_back
from tests.journal.hall import MINUTE, MONDAY, Hall
from tests.journal.test_rebuild import tables

DAY = "2026-11-20"
NAMES: dict[str, dict[str, Any]] = {"services": {"old": {"en": "Old"}}, "of": {"old": "a"}}


def step(ticket: str, at: int = MONDAY - 3 * 24 * 60 * MINUTE, **said: object) -> e.StepImported:
    told = {"state": StepState.UNKNOWN, "queued_at": at, **said}
    return e.StepImported(
        at=MONDAY,
        day=DAY,
        issued_at=at,
        ticket=ticket,
        service="old",
        agency="a",
        **told,  # type: ignore[arg-type]  # as the test says
    )


def day() -> e.DayImported:
    return e.DayImported(at=MONDAY, day=DAY, starts_at=0, ends_at=1, timezone="UTC", names=NAMES)


def began() -> e.ImportBegan:
    return e.ImportBegan(at=MONDAY, id="0123", source="log", digest="4567")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


def lived(path: Path) -> Hall:
    hall = Hall(open_journal(path))
    hall.open_day()
    hall.issue("pass")
    hall.do(c.OpenCounter, counter="1", clerk="ani")
    hall.do(c.CallNext, counter="1", clerk="ani")
    return hall


def test_the_hall_is_read_back_as_if_nothing_had_been_imported(path: Path):
    """An import between the rows of a day and after them leaves the state as it was, and its next row follows all."""
    hall = lived(path)
    hall.take_history(began(), day(), step("t1"))
    hall.do(c.StartService, counter="1", clerk="ani")
    state = hall.state.facts()
    hall.take_history(step("t2"), stream="import-2")
    hall.journal.close()

    journal = open_journal(path)
    found, _ = read_back(journal)

    assert found.seq == journal.last().seq
    assert {**found.facts(), "seq": 0} == {**state, "seq": 0}
    journal.close()


def test_a_long_import_is_passed_over(path: Path):
    """More rows than are read at once stand between two of a day: both are read, and a wrong one after it is found."""
    hall = lived(path)
    hall.take_history(began(), day(), *(step(f"t{number}") for number in range(2_500)))
    hall.do(c.StartService, counter="1", clerk="ani")
    last = hall.journal.last().seq

    rows = [row.seq for row in hall.journal.read_day("2026-11-23")]
    hall.journal.close()
    db = open_file(path)
    db.execute("UPDATE events SET at = at + 1 WHERE seq = ?", (last,))
    db.close()
    journal = open_journal(path)

    assert rows == [*range(1, rows[-2] + 1), last]
    assert last - rows[-2] == 2_503
    with pytest.raises(JournalDamaged):
        list(journal.read_day("2026-11-23"))
    journal.close()


def test_a_day_names_the_last_row_that_the_hall_lived(path: Path):
    """`before` of the next day is the hash of the business day's last row, whatever was imported since."""
    hall = lived(path)
    hall.close_day()
    closing = hall.journal.last().hash
    hall.take_history(began(), day(), step("t1"))

    hall.open_day()

    opened = next(iter(hall.journal.read_day("2026-11-24"))).event
    hall.journal.close()
    assert isinstance(opened, e.DayOpened)
    assert opened.before == closing.hex()
    assert verify_file(path).whole


def test_the_clock_goes_on_from_what_the_hall_lived(path: Path):
    """When the last event was is not when somebody imported something."""
    hall = lived(path)
    at = hall.journal.last_at()
    hall.take_history(e.ImportBegan(at=at + 1_000_000_000, id="0", source="log", digest="0"))

    assert hall.journal.last_at() == at
    hall.journal.close()


def test_what_is_imported_is_verified_and_rebuilt(path: Path):
    """The tables that statistics read are made anew from both kinds of streams, row for row."""
    hall = lived(path)
    hall.take_history(began(), day(), step("t1", first_called_at=MONDAY - 3 * 24 * 60 * MINUTE + 61_000))
    hall.close_day()
    hall.journal.close()
    written = tables(path)

    rebuild_file(path)

    assert verify_file(path).whole
    assert tables(path) == written


def test_what_was_taken_back_is_rebuilt_as_never_imported(path: Path):
    """Taken back and taken again, the tables made anew have it once, as those that were written."""
    hall = lived(path)
    hall.take_history(began(), day(), step("t1"), step("t2"))
    with_it = tables(path)
    hall.take_history(e.DayTakenBack(at=MONDAY, day=DAY), stream="import-2")
    without = tables(path)
    hall.take_history(day(), step("t1"), step("t2"), stream="import-3")
    hall.journal.close()

    rebuild_file(path)

    assert [row for row in without["steps"] if row[0] == DAY] == []
    assert tables(path) == with_it
    assert verify_file(path).whole


def test_an_outcome_of_an_imported_ticket_can_be_corrected(path: Path):
    """A later event about it finds its row, also when the tables are made anew."""
    hall = lived(path)
    hall.take_history(began(), day(), step("t1", state=StepState.FINISHED, outcome="done"))
    earlier = hall.journal.load_ticket("t1")
    hall.do(c.CorrectOutcome, ticket="t1", step=0, outcome="referred", reason="mistake", by="sari", earlier=earlier)
    hall.journal.close()
    written = tables(path)

    rebuild_file(path)

    assert tables(path) == written
    assert any("referred" in row for row in written["steps"])


def test_history_may_come_before_the_first_day(path: Path):
    """An empty journal takes an import; the mall's first day then opens as the first one."""
    with importing(path, began()) as importer:
        importer.take([day(), step("t1")])

    hall = Hall(open_journal(path))
    hall.state, _ = read_back(hall.journal)
    hall.open_day()
    hall.journal.close()

    assert verify_file(path).whole
    assert verify_file(path).days == 1


def test_each_import_is_a_stream_of_its_own(path: Path):
    """Streams are numbered, and one that took nothing leaves none."""
    names = []
    for ticket in ("t1", None, "t2"):
        with importing(path, began()) as importer:
            if ticket is not None:
                importer.take([day(), step(ticket)])
            names.append(importer.stream)

    assert names == ["import-1", "import-2", "import-2"]
    assert verify_file(path).whole


def test_a_note_of_the_last_days_is_found_past_an_import(path: Path):
    """Whether somebody's words are still named is asked of business days, not of imports after them."""
    hall = lived(path)
    for number in range(1, 5):
        hall.take_history(step(f"t{number}"), stream=f"import-{number}")

    assert hall.journal.mentions("ani", streams=3)
    hall.journal.close()
