"""The journal's file made again from its events alone: a new file that takes the old one's place when it is done.

Tables, indexes and pages are all new, so whatever was damaged beside the events is whole afterwards. Nothing is made
from a broken chain. Needs as much free disk as the file takes, and the data folder for itself
(`database.lock_folder`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from queue_server.database import Connection, Database, open_file, replacing
from queue_server.journal.promises import Row
from queue_server.journal.rebuild import Progress, rebuild
from queue_server.journal.sqlite.schema import MIGRATIONS
from queue_server.journal.sqlite.stored import first_five, stored
from queue_server.journal.sqlite.tables import SqliteTables, insert_events
from queue_server.journal.sqlite.verify import check_history, lost_rows
from queue_server.journal.verify import wrong_row


def rebuild_file(path: Path, progress: Progress = lambda stream: None) -> int:
    """Make the file again; gives the number of events. Raises `JournalDamaged` where the chain is broken."""
    # the old one's tables are left as they are: what says which migrations it has had may be damaged, too
    with replacing(path, MIGRATIONS) as fresh, closing(open_file(path)) as old:
        check_history(old, path)
        connection = fresh.conn
        connection.execute("BEGIN")
        count = rebuild(_copied(old, connection), SqliteTables(connection), progress)
        if lost := lost_rows(old, count, connection):
            raise wrong_row(count, lost)
        connection.execute("COMMIT")
    return count


def _copied(old: Database, fresh: Connection) -> Iterator[Row]:
    """The old file's rows. They are copied after whoever checks them has asked for more: then they were right."""
    for rows in stored(old):
        yield from map(first_five, rows)
        insert_events(fresh, [(*columns[:5], *_key(*columns[5:])) for columns in rows])


def _key(key: Any, body: Any, result: Any, status: Any) -> tuple[Any, ...]:
    """The columns of an Idempotency-Key, which the chain does not cover; none where they are not what they must be."""
    good = isinstance(key, bytes) and isinstance(body, bytes) and isinstance(status, int)
    return (key, body, result, status) if good and isinstance(result, str | None) else (None,) * 4
