"""An older journal is carried forward when it is opened, and loses nothing on the way."""

from __future__ import annotations

from pathlib import Path

import pytest

from queue_server.database import open_file, open_to_read
from queue_server.journal.forward import bring_forward
from queue_server.journal.rebuild import rebuild
from queue_server.journal.schema import MIGRATIONS
from queue_server.journal.sqlite import open_journal
from queue_server.journal.verify import verify
from tests.journal.test_rebuild import tables
from tests.journal.versions import FOLDER

TABLES = ("events", "steps", "counter_spans")
VERSIONS = sorted(FOLDER.glob("*.sql"))


def restored(dump: Path, path: Path) -> None:
    db = open_file(path)
    db.conn.executescript(dump.read_text(encoding="utf-8"))
    db.close()


@pytest.mark.parametrize("dump", VERSIONS, ids=lambda dump: dump.stem)
def test_an_older_journal_is_carried_forward(tmp_path: Path, dump: Path):
    """Every version's journal opens, reads, verifies and rebuilds as if it had been written today."""
    path = tmp_path / "journal.db"
    restored(dump, path)

    bring_forward(path)
    journal = open_journal(path)
    days = {day: [row.event for row in journal.read_day(day)] for day in journal.days()}
    ticket, keys = journal.load_ticket("ticket000001"), list(journal.keys_since(0))
    journal.close()
    carried = tables(path)
    rebuild(path)

    assert list(days) == ["2026-11-23", "2026-11-24"]
    assert sum(map(len, days.values())) == verify(path).rows > 10
    assert ticket is not None
    assert (ticket.number, ticket.state, len(keys)) == ("A001", "expired", 1)
    assert tables(path) == carried


def test_an_older_journals_rows_are_made_anew_once(tmp_path: Path):
    """What was written by older rules says what this version would have said, from the first start on."""
    path = tmp_path / "journal.db"
    restored(VERSIONS[0], path)

    first = bring_forward(path)
    again = bring_forward(path)

    db = open_to_read(path)
    ended = db.execute("SELECT state, was FROM steps WHERE ticket = 'ticket000001' ORDER BY step").fetchall()
    db.close()
    assert (first, again) == (verify(path).rows, 0)
    assert ended == [("finished", None), ("expired", "waiting")]


def test_every_column_is_explained(tmp_path: Path):
    """docs/journal.md names every table and column that anybody may read."""
    open_journal(tmp_path / "journal.db").close()
    db = open_to_read(tmp_path / "journal.db")
    names = {name: [c[1] for c in db.execute(f"PRAGMA table_info({name})").fetchall()] for name in TABLES}
    db.close()
    text = (Path(__file__).parents[2] / "docs" / "journal.md").read_text(encoding="utf-8")

    for table, rest in zip(TABLES, text.split("**`")[1:], strict=True):
        explained = rest.partition("\n## ")[0]
        assert explained.startswith(table)
        assert [column for column in names[table] if f"`{column}`" not in explained] == []


def test_every_version_has_its_journal(tmp_path: Path):
    """Whoever adds a migration leaves a journal of that version here (`python -m tests.journal.versions`)."""
    open_journal(tmp_path / "journal.db").close()
    db = open_to_read(tmp_path / "journal.db")
    names = [migration.name for migration in MIGRATIONS.applied(db)]
    db.close()

    assert [dump.stem for dump in VERSIONS] == names
