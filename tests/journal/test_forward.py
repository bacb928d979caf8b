"""A migration that changes what rows say has them made anew, once, before the first command."""

from __future__ import annotations

from pathlib import Path

from queue_server.database import open_file
from queue_server.journal.sqlite import open_journal
from queue_server.journal.sqlite.forward import bring_forward
from tests.journal.hall import Hall
from tests.journal.test_rebuild import tables


def test_rows_of_an_older_version_are_made_anew_once(tmp_path: Path):
    """What a migration left as due is done from the events; the next start has nothing to do."""
    path = tmp_path / "journal.db"
    hall = Hall(open_journal(path))
    hall.open_day()
    hall.issue("pass")
    hall.journal.close()
    written = tables(path)
    db = open_file(path)
    db.execute("UPDATE steps SET state = 'as it was said before'")
    db.execute("INSERT INTO rebuild_due VALUES ('m004')")
    db.close()

    first, second = bring_forward(path), bring_forward(path)

    assert first > 0
    assert second == 0
    assert tables(path) == written


def test_a_new_folder_has_nothing_to_bring_forward(tmp_path: Path):
    """Where there is no journal yet none is made."""
    assert bring_forward(tmp_path / "journal.db") == 0
    assert not (tmp_path / "journal.db").exists()
