"""What the server wrote while it ran and what is made from the events alone are the same, row for row."""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import Any

import pytest

from queue_server.database import open_file, open_to_read
from queue_server.errors import JournalDamaged
from queue_server.journal.sqlite import open_journal
from queue_server.journal.sqlite.rebuild import rebuild_file
from tests.journal.anything import anything
from tests.journal.hall import Hall


def tables(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    db = open_to_read(path)
    found = {
        name: db.execute(f"SELECT * FROM {name} ORDER BY 1, 2, 3, 4").fetchall()
        for name in ("steps", "counter_spans", "days", "hall_spans")
    }
    db.close()
    return found


@pytest.mark.parametrize("seed", range(6))
def test_what_ran_and_what_is_made_again_are_equal(tmp_path: Path, seed: int):
    """Three days of anything at all leave the same tables as their events alone."""
    chance = Random(seed)
    path = tmp_path / "journal.db"
    hall = Hall(open_journal(path))
    anything(hall, chance, days=3, commands=500)
    hall.journal.close()
    lived = tables(path)

    rebuild_file(path)

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

    events = rebuild_file(path, told.append)

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
        rebuild_file(path)

    assert tables(path) == was
