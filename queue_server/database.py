"""The one door to SQLite: how a file is opened, what it promises, how its tables are made and changed.

Every file is in WAL mode with `synchronous=FULL`: what a commit has answered is on the disk. Connections are in
autocommit; whoever writes says so with `writing`, which takes the write lock at once instead of failing half way.
The printer's agent keeps its own journal through this same door.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from time import monotonic, sleep
from types import TracebackType

from sqlite_utils import Database, Migrations

from queue_server.errors import Broken, DataFolderBusy

__all__ = [
    "BUSY_MS",
    "Connection",
    "Database",
    "Fault",
    "FolderLock",
    "Migrations",
    "lock_folder",
    "open_file",
    "open_to_read",
    "writing",
]

Connection = sqlite3.Connection

Fault = sqlite3.Error
"""Whatever SQLite says went wrong: disk full, file gone, locked for too long…"""

BUSY_MS = 5_000
"""How long a statement waits for another process's lock before it gives up."""

STATEMENTS = 512
"""Prepared statements kept per connection; the journal's multi-row statements come in many lengths."""


def open_file(
    path: Path,
    migrations: Migrations | None = None,
    *,
    forgets: bool = False,
    checkpoint_pages: int = 1_000,
    busy_ms: int = BUSY_MS,
) -> Database:
    """Open a file for reading and writing, made if missing, with its tables brought up to date.

    `forgets` overwrites what is deleted (`secure_delete`). Any thread may use the connection, one at a time. Raises
    `Fault`, or `Broken` where a newer program has changed the tables.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))  # -wal and -shm take over these permissions
    connection = sqlite3.connect(
        path,
        timeout=busy_ms / 1_000,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=STATEMENTS,
    )
    try:
        _use_wal(connection, busy_ms)
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute(f"PRAGMA wal_autocheckpoint={checkpoint_pages:d}")
        if forgets:
            connection.execute("PRAGMA secure_delete=ON")
        db = Database(connection, execute_plugins=False)
        if migrations is not None:
            _bring_up_to_date(db, path, migrations)
    except BaseException:
        connection.close()
        raise
    return db


def _use_wal(connection: Connection, busy_ms: int) -> None:
    """Two programs that make the same file at once: SQLite refuses one of them here without waiting (SQLITE_BUSY)."""
    until = monotonic() + busy_ms / 1_000
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or monotonic() > until:
                raise
        sleep(0.01)


def _bring_up_to_date(db: Database, path: Path, migrations: Migrations) -> None:
    pending = migrations.pending(db)
    applied = {migration.name for migration in migrations.applied(db)}
    with closing(Database(memory=True, execute_plugins=False)) as fresh:
        known = {migration.name for migration in migrations.pending(fresh)}
    if applied - known:
        raise Broken(f"{path} was written by a newer version of Antrean; install that version or a later one.")
    if pending:
        with writing(db):  # two programs may meet at a new folder; the second finds nothing left to do
            migrations.apply(db)


def open_to_read(path: Path, *, busy_ms: int = BUSY_MS) -> Database:
    """Open an existing file without any way to change it; works beside a running server.

    Raises `Broken` where there is no such file.
    """
    if not path.is_file():
        raise Broken(f"There is no file {path}. Is --data the right folder?")
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro",
        uri=True,
        timeout=busy_ms / 1_000,
        isolation_level=None,
        check_same_thread=False,
    )
    return Database(connection, execute_plugins=False)


@contextmanager
def writing(db: Database) -> Iterator[sqlite3.Connection]:
    """One transaction that holds the write lock from its start; committed at the end, rolled back on any error."""
    connection = db.conn
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


class FolderLock:
    """Holds a data folder for one server, until released or the process ends, however it ends."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def release(self) -> None:
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def __enter__(self) -> FolderLock:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def lock_folder(folder: Path, holder: str = "server") -> FolderLock:
    """Claim a data folder, made if missing. Raises `DataFolderBusy` while another process holds it.

    `holder` is what runs there, for the message.

    The lock is the kernel's and not the file's existence, so a killed server leaves nothing to clean up.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(folder / "lock", os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise DataFolderBusy(
            f"Another {holder} runs on {folder}. Stop it first, or give this one a folder of its own with --data."
        ) from None
    return FolderLock(descriptor)
