"""The journal made again from its events alone: a new file that takes the old one's place when it is done.

Tables, indexes and pages are all new, so whatever was damaged beside the events is whole afterwards. Nothing is made
from a broken chain. Needs as much free disk as the file takes, and the data folder for itself
(`database.lock_folder`).
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from queue_server.database import open_file, replacing
from queue_server.errors import JournalDamaged
from queue_server.journal.remake import Remake
from queue_server.journal.schema import MIGRATIONS
from queue_server.journal.tables import insert_events
from queue_server.journal.verify import Walk

Progress = Callable[[str], None]
"""Told the name of each stream before it is made."""


def rebuild(path: Path, progress: Progress = lambda stream: None) -> int:
    """Make the file again; gives the number of events. Raises `JournalDamaged` where the chain is broken."""
    walk = Walk()
    with replacing(path, MIGRATIONS) as fresh, closing(open_file(path, MIGRATIONS)) as old:
        connection = fresh.conn
        connection.execute("BEGIN")
        remake = Remake(connection)
        for rows in walk.batches(old):
            insert_events(connection, [(*row.columns[:5], *_key(*row.columns[5:])) for row in rows])
            for (seq, stream, *_), event in rows:
                if remake.begins(stream):
                    progress(stream)
                remake.carry(seq, stream, event)
        walk.end(old, remake)
        if walk.wrong is not None:
            raise JournalDamaged(f"Row {walk.wrong_seq} is wrong: {walk.wrong}.", seq=walk.wrong_seq)
        connection.execute("COMMIT")
    return walk.seq


def _key(key: Any, body: Any, result: Any, status: Any) -> tuple[Any, ...]:
    """The columns of an Idempotency-Key, which the chain does not cover; none where they are not what they must be."""
    good = isinstance(key, bytes) and isinstance(body, bytes) and isinstance(status, int)
    return (key, body, result, status) if good and isinstance(result, str | None) else (None,) * 4
