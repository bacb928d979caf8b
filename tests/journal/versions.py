"""Journals as each version of the tables left them, as SQL: `python -m tests.journal.versions` writes the present one.

To be run once for each new migration, before anything is released with it; what stands in `versions/` is never made
again.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from queue_server.database import open_to_read
from queue_server.domain import commands as c
from queue_server.journal.schema import MIGRATIONS
from queue_server.journal.sqlite import open_journal
from tests.journal.hall import Hall
from tests.journal.promises import key

FOLDER = Path(__file__).with_name("versions")


def history(path: Path) -> None:
    """Two days with a bit of everything."""
    hall = Hall(open_journal(path))
    hall.open_day()
    hall.issue("pass", "tax", kiosk="k", slip_job="j1", key=key(1))
    hall.do(c.OpenCounter, counter="1", clerk="ani")
    for kind in (c.CallNext, c.StartService, c.FinishService):
        hall.at += 60_000
        hall.do(kind, counter="1", clerk="ani")
    hall.issue("land")
    hall.do(c.EnterRoll, service="roll", last=2, tickets=("roll1", "roll2"), by="sari")
    hall.do(c.TakeRollBack, service="roll", by="sari")
    hall.issue("pass")
    for move in (c.CallNext, c.PutBack, c.CallNext, c.MarkNoShow):
        hall.at += 60_000
        hall.do(move, counter="1", clerk="ani")
    hall.do(c.HoldHall, reason="drill", by="sari")
    hall.at += 60_000
    hall.do(c.NoteStop)
    hall.close_day()
    hall.open_day()
    hall.do(c.ReleaseHall, by="sari")
    hall.issue("tax")
    hall.journal.close()


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
