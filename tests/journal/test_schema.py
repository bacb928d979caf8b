"""An older journal is carried forward when it is opened, and loses nothing on the way."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest

from queue_server.database import open_file, open_to_read
from queue_server.domain import events as e
from queue_server.domain.decide import HANDLERS
from queue_server.errors import Broken
from queue_server.journal.past import is_day
from queue_server.journal.sqlite import open_journal
from queue_server.journal.sqlite.forward import bring_forward
from queue_server.journal.sqlite.rebuild import rebuild_file
from queue_server.journal.sqlite.schema import MIGRATIONS
from queue_server.journal.sqlite.verify import verify_file
from tests.journal.test_rebuild import tables
from tests.journal.versions import FOLDER, history

TABLES = ("events", "steps", "counter_spans", "days", "hall_spans")
VERSIONS = sorted(FOLDER.glob("*.sql"))
UNRELEASED, RELEASED = VERSIONS[:2], VERSIONS[2:]


def restored(dump: Path, path: Path) -> None:
    db = open_file(path)
    db.conn.executescript(dump.read_text(encoding="utf-8"))
    db.close()


def kept_events(dump: Path, path: Path) -> dict[str, list[e.Event]]:
    """The events of a kept journal by stream: day by day, and what was imported."""
    restored(dump, path)
    journal = open_journal(path)
    days = {day: [row.event for row in journal.read_day(day)] for day in (*journal.days(), "import-1", "import-2")}
    journal.close()
    return {day: events for day, events in days.items() if events}


@pytest.mark.parametrize("dump", RELEASED, ids=lambda dump: dump.stem)
def test_an_older_journal_is_carried_forward(tmp_path: Path, dump: Path):
    """Every version's journal opens, reads, verifies and rebuilds as if it had been written today."""
    path = tmp_path / "journal.db"
    days = kept_events(dump, path)

    bring_forward(path)
    journal = open_journal(path)
    ticket, keys = journal.load_ticket("ticket000001"), list(journal.keys_since(0))
    journal.close()
    carried = tables(path)
    rebuild_file(path)

    assert [day for day in days if is_day(day)] == ["2026-11-23", "2026-11-24", "2026-11-24.2"]
    assert sum(map(len, days.values())) == verify_file(path).rows > 10
    assert ticket is not None
    assert (ticket.number, ticket.state, len(keys)) == ("A001", "served", 1)
    assert tables(path) == carried


@pytest.mark.parametrize("dump", UNRELEASED, ids=lambda dump: dump.stem)
@pytest.mark.parametrize("use", [open_journal, rebuild_file, verify_file])
def test_a_journal_from_before_any_release_is_refused(tmp_path: Path, dump: Path, use: Callable[[Path], object]):
    """Nothing carries it forward, and nothing that meets it calls it damaged: it says what it is and what to do."""
    path = tmp_path / "journal.db"
    restored(dump, path)

    with pytest.raises(Broken, match="written before the first release of Antrean") as refused:
        use(path)

    assert "--data" in refused.value.detail


def test_the_kept_journals_hold_every_kind_of_event(tmp_path: Path):
    """Whoever adds a kind of event leaves a journal in which it happens, so that every later version must read it."""
    days = kept_events(RELEASED[-1], tmp_path / "journal.db").values()

    happened = {type(event) for events in days for event in events}

    assert [kind.__name__ for kind in get_args(e.AnyEvent) if kind not in happened] == []


def test_the_kept_journals_come_of_every_command(tmp_path: Path):
    """Whoever adds a command gives it in the history of which the kept journals are made."""
    asked = history(tmp_path / "journal.db")

    assert [kind.__name__ for kind in HANDLERS if kind not in asked] == []


def test_an_older_journals_rows_are_made_anew_once(tmp_path: Path):
    """What was written by older rules says what this version would have said, from the first start on."""
    path = tmp_path / "journal.db"
    restored(RELEASED[0], path)
    db = open_file(path)
    db.execute("UPDATE steps SET was = NULL")  # as an older version wrote it
    db.execute("INSERT INTO rebuild_due VALUES ('m004')")
    db.close()

    first = bring_forward(path)
    again = bring_forward(path)

    db = open_to_read(path)
    ended = db.execute("SELECT DISTINCT was FROM steps WHERE state = 'expired'").fetchall()
    db.close()
    assert (first, again) == (verify_file(path).rows, 0)
    assert sorted(ended) == [("parked",), ("waiting",)]


def test_every_column_is_explained(tmp_path: Path):
    """docs/journal.md names every table and column that anybody may read."""
    open_journal(tmp_path / "journal.db").close()
    db = open_to_read(tmp_path / "journal.db")
    names = {name: [c[1] for c in db.execute(f"PRAGMA table_info({name})").fetchall()] for name in TABLES}
    db.close()
    text = (Path(__file__).parents[2] / "docs" / "journal.md").read_text(encoding="utf-8")

    for table, rest in zip(TABLES, text.split("\n**`")[1:], strict=True):
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
