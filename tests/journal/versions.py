"""Journals as each version of the tables left them, as SQL: `python -m tests.journal.versions` writes the present one.

To be run for each new migration and for each new kind of event: until a version is released, its journal is made again;
what a release left in `versions/` stays as it is.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec.structs import replace

from queue_server.database import open_to_read
from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain.events import AnyEvent
from queue_server.domain.lifecycle import StepState
from queue_server.journal.closing import MallKey
from queue_server.journal.promises import Key
from queue_server.journal.sqlite import open_journal
from queue_server.journal.sqlite.schema import MIGRATIONS
from tests.journal.hall import MINUTE, MONDAY, Hall
from tests.journal.promises import key

FOLDER = Path(__file__).with_name("versions")


class Noted(Hall):
    """A hall that knows which kinds of command it was given, other than those that came to nothing."""

    def __init__(self, path: Path) -> None:
        super().__init__(open_journal(path))
        self.asked: set[type[c.Command]] = set()

    def do(self, kind: type[c.Command], key: Key | None = None, **fields: Any) -> tuple[AnyEvent, ...]:
        events = super().do(kind, key, **fields)
        if events:
            self.asked.add(kind)
        return events

    def at_counter(self, counter: str, *moves: type[c.Command], **fields: Any) -> None:
        """One move after the other, a minute apart."""
        for move in moves:
            self.at += MINUTE
            self.do(move, counter=counter, clerk=f"clerk{counter}", **fields)


def history(path: Path) -> set[type[c.Command]]:
    """Three days in which every command is given and every event happens; which commands they were."""
    hall = Noted(path)
    hall.open_day()
    _first_ticket(hall)
    _paper(hall)
    _at_the_counters(hall)
    _the_clerks_themselves(hall)
    _the_hall(hall)
    hall.close_day()
    _from_elsewhere(hall)
    hall.open_day()
    hall.do(c.ReleaseHall, by="sari")
    hall.issue("tax")
    _late(hall)
    _sign(hall)
    hall.put_back(60 * MINUTE, f"{hall.state.day}.2")
    hall.journal.close()
    return hall.asked


def _first_ticket(hall: Noted) -> None:
    hall.issue("pass", "tax", kiosk="k", slip_job="j1", key=key(1))
    hall.at_counter("1", c.OpenCounter)
    hall.at_counter("3", c.OpenCounter)
    hall.at_counter("1", c.CallNext, c.StartService, c.FinishService)
    hall.issue("land")


def _paper(hall: Noted) -> None:
    hall.do(c.EnterRoll, service="roll", last=2, tickets=("roll1", "roll2"), by="sari")
    hall.do(c.TakeRollBack, service="roll", by="sari")
    ticket = hall.issue("pass", kiosk="k", slip_job="j2")
    hall.do(c.ReportSlip, ticket=ticket, job="j2", state="printed", evidence="paper")
    hall.do(c.RequestSlip, ticket=ticket, job="j3", reason="damaged", by="sari")
    hall.do(c.LeaveTicket, ticket=hall.issue("land", kiosk="k", slip_job="j4"))
    hall.do(c.CancelTicket, ticket=hall.issue("land"))


def _at_the_counters(hall: Noted) -> None:
    """Whoever is called first here is the one whose slip was printed again."""
    hall.at_counter("1", c.CallNext, c.Recall, c.PutBack, c.CallNext)
    hall.do(c.Undo, counter="1", clerk="clerk1")
    hall.at_counter("1", c.CallNext, c.MarkNoShow)
    (absent,) = (ticket for ticket in hall.state.tickets.values() if ticket.state == "no_show")
    hall.do(c.ReturnTicket, ticket=absent.id, by="clerk1")
    hall.at_counter("1", c.CallTicket, ticket=absent.id)
    hall.do(c.SetCases, ticket=absent.id, cases=2, by="clerk1")
    hall.do(c.AttachNote, ticket=absent.id, note="note1", by="clerk1")
    hall.do(c.ForgetPerson, reference="note1")
    hall.do(c.NoteAct, act="a1", what="person_changed", by="sari", about="p1", why="told", details={"role": "clerk"})
    hall.at_counter("1", c.StartService)
    hall.at_counter("1", c.FinishService, outcome="done")
    hall.do(c.CorrectOutcome, ticket=absent.id, step=0, outcome="referred", reason="mistake", by="sari")
    hall.issue("pass")
    hall.at_counter("1", c.CallNext, c.ParkTicket)
    away = hall.issue("pass")
    hall.do(c.StepAway, ticket=away, for_ms=MINUTE)
    hall.do(c.ComeBack, ticket=away)
    hall.do(c.CancelTicket, ticket=away)
    hall.issue("pass")
    hall.at_counter("1", c.CallNext, c.StartService)
    hall.at_counter("1", c.TransferTicket, service="tax", to_counter="3")


def _the_clerks_themselves(hall: Noted) -> None:
    """Somebody waits for the clerk who leaves last."""
    hall.at_counter("1", c.PauseCounter, reason="break")
    hall.at_counter("1", c.ResumeCounter, c.ScreenGone, c.ScreenBack)
    hall.at_counter("1", c.SetAutoCall, on=True)
    hall.at_counter("1", c.AskHelp)
    hall.do(c.AnswerHelp, counter="1", by="sari")
    hall.at_counter("1", c.CloseCounter)
    hall.at_counter("3", c.CloseCounter)


def _the_hall(hall: Noted) -> None:
    """The day ends in a hold."""
    hall.do(c.NoteAlerts, began=(c.Raised(rule="r", kind="help", subject="1", since=hall.at),))
    hall.do(c.NoteAlerts, ended=(("r", "1", hall.at),))
    hall.do(c.PauseService, service="tax", reason="drill", by="sari")
    hall.do(c.ResumeService, service="tax", by="sari")
    rules = replace(hall.state.rules, name={"en": "Mall, renamed"})
    hall.do(c.SetRules, rules=rules, source="supervisor", by="sari", reason="mistake")
    hall.do(c.EvacuateHall, by="sari")
    hall.at += MINUTE
    hall.do(c.EndEvacuation, by="sari")
    hall.do(c.ReleaseHall, by="sari")
    hall.do(c.HoldHall, reason="drill", by="sari")
    hall.at += MINUTE
    hall.do(c.NoteStop)
    hall.at += MINUTE
    hall.do(c.NoteRestart)


def _from_elsewhere(hall: Noted) -> None:
    """A day before the first, of which little is known."""
    day, morning = "2026-11-20", MONDAY - 3 * 24 * 60 * MINUTE + 9 * 60 * MINUTE
    names: dict[str, dict[str, Any]] = {
        "services": {"old": {"en": "Old"}},
        "agencies": {"o": {"en": "O"}},
        "of": {"old": "o"},
    }
    hall.take_history(
        e.ImportBegan(at=hall.at, id="0123", source="log", digest="4567"),
        e.DayImported(
            at=hall.at, day=day, starts_at=morning - 9 * 60 * MINUTE, ends_at=morning, timezone="UTC", names=names
        ),
        e.StepImported(
            at=hall.at,
            day=day,
            issued_at=morning,
            ticket="from-elsewhere",
            service="old",
            agency="o",
            state=StepState.UNKNOWN,
            queued_at=morning,
            first_called_at=morning + MINUTE,
            called_at=morning + MINUTE,
            calls=1,
        ),
        e.CounterSpanImported(at=hall.at, day=day, counter="9", from_at=morning, to_at=morning + MINUTE, state="idle"),
        e.HallSpanImported(at=hall.at, day=day, from_at=morning, to_at=morning + MINUTE, state="held"),
    )
    wrong = e.DayImported(at=hall.at, day="2026-11-19", starts_at=0, ends_at=1, timezone="UTC")
    hall.take_history(wrong, e.DayTakenBack(at=hall.at, day="2026-11-19"), stream="import-2")


def _sign(hall: Noted) -> None:
    """The day that was closed last, with a key that is no secret."""
    day, state = hall.journal.days()[-2], hall.state
    row = hall.journal.closing_of(day)
    assert row is not None
    key = MallKey(Ed25519PrivateKey.from_private_bytes(bytes(32)))
    made = key.sign(mall=state.mall, journal=state.journal, day=day, row=row.seq, digest=row.hash.hex())
    hall.do(c.NoteClosing, day=day, row=row.seq, hash=made.hash, public_key=made.public_key, signature=made.signature)


def _late(hall: Noted) -> None:
    earlier = hall.journal.load_ticket("ticket000001")
    hall.do(
        c.CorrectOutcome, ticket="ticket000001", step=0, outcome="done", reason="mistake", by="sari", earlier=earlier
    )


def write() -> Path:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "journal.db"
        history(path)
        db = open_to_read(path)
        last = MIGRATIONS.applied(db)[-1].name
        target = FOLDER / f"{last}.sql"
        target.write_text("\n".join(db.conn.iterdump()) + "\n", encoding="utf-8")
        db.close()
    return target


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    print(write())
