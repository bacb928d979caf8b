"""A journal of an older version is carried forward: its tables are brought to what this version would have written.

A migration changes columns. Where it changes what rows say, too, it leaves a row in `rebuild_due`, and the rows are
made anew from the events before the server takes the first command.
"""

from __future__ import annotations

from pathlib import Path

from queue_server.database import open_file
from queue_server.journal.sqlite.rebuild import rebuild_file
from queue_server.journal.sqlite.schema import MIGRATIONS


def bring_forward(path: Path) -> int:
    """Needs the data folder for itself. Gives the number of events from which rows were made anew, 0 if none were.

    Raises what `rebuild_file` does; the tables then stay as they were, and the next start tries again.
    """
    if not path.is_file() or not _is_due(path):
        return 0
    events = rebuild_file(path)
    _done(path)
    return events


def _is_due(path: Path) -> bool:
    db = open_file(path, MIGRATIONS)
    try:
        return db.execute("SELECT 1 FROM rebuild_due").fetchone() is not None
    finally:
        db.close()


def _done(path: Path) -> None:
    db = open_file(path, MIGRATIONS)
    try:
        db.execute("DELETE FROM rebuild_due")
    finally:
        db.close()
