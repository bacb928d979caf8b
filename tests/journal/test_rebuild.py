"""What the server wrote while it ran and what is made from the events alone are the same, row for row."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import pytest

from queue_server.database import open_file, open_to_read
from queue_server.domain import commands as c
from queue_server.errors import JournalDamaged, Refused
from queue_server.journal.rebuild import rebuild
from queue_server.journal.sqlite import open_journal
from tests.journal.hall import CATEGORIES, COUNTERS, SERVICES, Hall

CLERKS = {"1": "ani", "2": "budi", "3": "citra"}


def tables(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    db = open_to_read(path)
    found = {
        name: db.execute(f"SELECT * FROM {name} ORDER BY 1, 2, 3, 4").fetchall() for name in ("steps", "counter_spans")
    }
    db.close()
    return found


def something(hall: Hall, chance: Random) -> None:
    """One command of any kind, as likely to be refused as not."""
    counter = chance.choice(list(COUNTERS))
    here = {"counter": counter, "clerk": CLERKS[counter]}
    services = tuple(chance.sample(list(SERVICES), chance.choice([1, 1, 1, 2])))
    tickets = list(hall.state.tickets) or ["nobody"]
    ticket = chance.choice(tickets)
    job = (hall.state.tickets[ticket].slip.job if ticket != "nobody" else None) or "none"
    name = f"ticket{hall.state.seq + 1_000_000}"
    commands: list[tuple[int, type[c.Command], dict[str, Any]]] = [
        (30, c.IssueTicket, {"ticket": name, "services": services, "kiosk": "k", "slip_job": f"job-{name}"}),
        (5, c.IssueTicket, {"ticket": name, "services": services, "category": chance.choice(list(CATEGORIES))}),
        (10, c.OpenCounter, here),
        (30, c.CallNext, here),
        (30, c.StartService, here),
        (20, c.FinishService, {**here, "outcome": "done"}),
        (5, c.Recall, here),
        (5, c.MarkNoShow, here),
        (5, c.PutBack, here),
        (5, c.ParkTicket, here),
        (5, c.ParkTicket, {**here, "ticket": ticket}),
        (5, c.TransferTicket, {**here, "service": chance.choice(list(SERVICES))}),
        (3, c.TransferTicket, {**here, "to_counter": chance.choice(list(COUNTERS))}),
        (8, c.Undo, here),
        (5, c.ReturnTicket, {"ticket": ticket, "by": "ani"}),
        (3, c.CancelTicket, {"ticket": ticket}),
        (3, c.PauseCounter, {**here, "reason": "break"}),
        (4, c.ResumeCounter, here),
        (2, c.CloseCounter, here),
        (1, c.HoldHall, {"reason": "drill", "by": "ani"}),
        (4, c.ReleaseHall, {"by": "ani"}),
        (1, c.NoteRestart, {}),
        (3, c.SetCases, {"ticket": ticket, "cases": 2, "by": "ani"}),
        (3, c.CorrectOutcome, {"ticket": ticket, "step": 0, "outcome": "referred", "reason": "mistake", "by": "ani"}),
        (15, c.ReportSlip, {"ticket": ticket, "job": job, "state": chance.choice(["printing", "printed"])}),
        (20, c.Tick, {}),
    ]
    _, kind, fields = chance.choices(commands, [weight for weight, *_ in commands])[0]
    with suppress(Refused):
        hall.do(kind, **fields)
    hall.at += chance.choice([0, 0, 1_000, 5_000, 30_000])


def something_late(hall: Hall, chance: Random, tickets: list[str]) -> None:
    """A correction of a ticket that an earlier day left behind."""
    if tickets and chance.random() < 0.1:
        ticket = chance.choice(tickets)
        earlier = hall.journal.load_ticket(ticket)
        with suppress(Refused):
            hall.do(
                c.CorrectOutcome,
                ticket=ticket,
                step=0,
                outcome="referred",
                reason="mistake",
                by="ani",
                earlier=earlier,
            )


@pytest.mark.parametrize("seed", range(6))
def test_what_ran_and_what_is_made_again_are_equal(tmp_path: Path, seed: int):
    """Three days of anything at all leave the same steps and counter_spans as their events alone."""
    chance = Random(seed)
    path = tmp_path / "journal.db"
    hall = Hall(open_journal(path))
    earlier: list[str] = []
    for day in range(3):
        hall.open_day()
        for _ in range(400):
            something(hall, chance)
            something_late(hall, chance, earlier)
        earlier += hall.state.tickets
        if hall.state.held is not None:
            hall.do(c.ReleaseHall, by="ani")
        if day < 2:
            hall.close_day()
    hall.journal.close()
    lived = tables(path)

    rebuild(path)

    made = tables(path)
    assert len(lived["steps"]) > 100
    assert len(lived["counter_spans"]) > 50
    assert made == lived


def test_lost_tables_come_back(tmp_path: Path):
    """Rows that were edited or deleted by hand are as before after a rebuild; each stream is told as it is read."""
    path = tmp_path / "journal.db"
    hall = Hall(open_journal(path))
    hall.open_day()
    hall.issue("pass")
    hall.journal.close()
    was = tables(path)
    db = open_file(path)
    db.execute("DELETE FROM steps")
    db.close()
    told: list[str] = []

    events = rebuild(path, told.append)

    assert (tables(path), events, told) == (was, 3, ["2026-11-23"])


def test_a_broken_chain_is_not_built_upon(tmp_path: Path):
    """Where history was edited nothing is made from it; the tables stay as they were."""
    path = tmp_path / "journal.db"
    hall = Hall(open_journal(path))
    hall.open_day()
    hall.issue("pass")
    hall.journal.close()
    was = tables(path)
    db = open_file(path)
    db.execute("UPDATE events SET at = at + 1 WHERE seq = 2")
    db.close()

    with pytest.raises(JournalDamaged, match="Row 2"):
        rebuild(path)

    assert tables(path) == was
