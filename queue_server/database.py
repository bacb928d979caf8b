"""The one door to SQLite: how a file is opened, what it promises, how its tables are made and changed.

Every file is in WAL mode with `synchronous=FULL`: what a commit has answered is on the disk. Connections are in
autocommit; whoever writes says so with `writing`, which takes the write lock at once instead of failing half way.
The printer's agent keeps its own journal through this same door.
"""

from __future__ import annotations

import fcntl
import os
import re
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
    "advice",
    "applied_changes",
    "check_version",
    "copy_file",
    "damage_of",
    "has_forgotten",
    "lock_folder",
    "malformed",
    "open_aside",
    "open_file",
    "open_to_read",
    "replacing",
    "writing",
]

Connection = sqlite3.Connection

Fault = sqlite3.Error
"""Whatever SQLite says went wrong: disk full, file gone, locked for too long…"""

_OTHER_TABLES = re.compile(r"^no such (table|column|index)|already exists$|^duplicate column name")
_MALFORMED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})

BUSY_MS = 5_000
"""How long a statement waits for another process's lock before it gives up."""

MOST_DAMAGE = 20
"""Findings of one check of a file; more say nothing new."""

STATEMENTS = 512
"""Prepared statements kept per connection; the journal's multi-row statements come in many lengths."""


def open_file(
    path: Path,
    migrations: Migrations | None = None,
    *,
    forgets: bool = False,
    checkpoint_pages: int = 1_000,
    busy_ms: int = BUSY_MS,
    page_size: int = 4_096,
) -> Database:
    """Open a file for reading and writing, made if missing, with its tables brought up to date.

    `page_size` is of a file that is made; large ones suit large values. `forgets` overwrites what is deleted
    (`secure_delete`). Any thread may use the connection, one at a time. Raises `Fault`, or `Broken` where a newer
    program has changed the tables.
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
        connection.execute(f"PRAGMA page_size={page_size:d}")
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
            _look_at_tables(connection)
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or monotonic() > until:
                raise
        sleep(0.01)


def _bring_up_to_date(db: Database, path: Path, migrations: Migrations) -> None:
    if check_version(db, path, migrations):
        with writing(db):  # two programs may meet at a new folder; the second finds nothing left to do
            migrations.apply(db)


def check_version(db: Database, path: Path, migrations: Migrations) -> bool:
    """Whether the tables still have to be brought up to date. Raises `Broken` where a newer program changed them.

    A name that nobody knows may also be what damage made of a known one.
    """
    applied = applied_changes(db, migrations)
    with closing(Database(memory=True, execute_plugins=False)) as fresh:
        known = {migration.name for migration in migrations.pending(fresh)}
    if applied - known and not damage_of(db):
        raise Broken(f"{path} was written by a newer version of Antrean; install that version or a later one.")
    return bool(known - applied)


def has_forgotten(db: Database, migrations: Migrations) -> bool:
    """Whether the tables have seen more changes than their list says: one is missing before another, or all are."""
    applied = applied_changes(db, migrations)
    with closing(Database(memory=True, execute_plugins=False)) as fresh:
        known = [migration.name for migration in migrations.pending(fresh)]
    return not applied or known[: len(applied)] != [name for name in known if name in applied]


def applied_changes(db: Database, migrations: Migrations) -> set[str]:
    """The changes that the tables have seen, read past their index: it may be damaged while the rows are whole."""
    table = migrations.migrations_table
    if not db[table].exists():
        return set()
    rows = db.execute(f"SELECT name FROM {table} NOT INDEXED WHERE migration_set = ?", (migrations.name,))
    return {str(name) for (name,) in rows}


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
    try:
        _look_at_tables(connection)
    except BaseException:
        connection.close()
        raise
    return Database(connection, execute_plugins=False)


def _look_at_tables(connection: Connection) -> None:
    """Python cannot say what SQLite finds wrong with a list of tables that is no text: here that is made a Fault."""
    try:
        connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchall()
    except UnicodeDecodeError as error:
        raise sqlite3.DatabaseError("Could not decode the list of tables") from error


def copy_file(path: Path, to: Path) -> None:
    """A copy of one moment, made beside whoever writes; `to` is made for nobody else to read. Raises Fault, OSError."""
    os.close(os.open(to, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    with closing(open_to_read(path)) as source, closing(sqlite3.connect(to)) as target:
        source.conn.backup(target)


def open_aside(migrations: Migrations) -> Database:
    """A database of one's own, in memory as far as it fits, else in a temporary file; gone when it is closed."""
    connection = sqlite3.connect("", isolation_level=None, check_same_thread=False, cached_statements=STATEMENTS)
    connection.execute("PRAGMA journal_mode=OFF")
    db = Database(connection, execute_plugins=False)
    migrations.apply(db)
    return db


@contextmanager
def replacing(path: Path, migrations: Migrations) -> Iterator[Database]:
    """A new file that takes the place of `path` when the block ends well; until then `path` stays as it is.

    Whoever calls holds the folder's lock, and has closed what was open of `path` by the end of the block.
    """
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    was = path.stat()
    descriptor = os.open(fresh, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        if (was.st_uid, was.st_gid) != (os.geteuid(), os.getegid()):
            os.chown(fresh, was.st_uid, was.st_gid)  # mended by root, it still belongs to whom the server runs as
        connection = sqlite3.connect(fresh, isolation_level=None, cached_statements=STATEMENTS)
        with closing(connection):
            connection.execute("PRAGMA journal_mode=OFF")  # a file that is not finished is thrown away
            connection.execute("PRAGMA synchronous=OFF")
            db = Database(connection, execute_plugins=False)
            migrations.apply(db)
            yield db
        os.fsync(descriptor)
        _take_away_wal(path)
        fresh.replace(path)
        _sync_folder(path.parent)
    finally:
        os.close(descriptor)
        fresh.unlink(missing_ok=True)


def _take_away_wal(path: Path) -> None:
    """Move the write-ahead log into its file: left beside another file, SQLite would read it as that one's."""
    wal = Path(f"{path}-wal")
    with closing(sqlite3.connect(path, timeout=BUSY_MS / 1_000, isolation_level=None)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    if wal.exists() and wal.stat().st_size:
        raise Broken(f"Another program reads {path}. Stop it, and try again.")
    wal.unlink(missing_ok=True)
    Path(f"{path}-shm").unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def malformed(error: BaseException) -> bool:
    """Whether SQLite says that the file itself is damaged, which is no matter of room, rights or locks."""
    if not isinstance(error, sqlite3.Error):
        return False
    code: int | None = getattr(error, "sqlite_errorcode", None)
    if code is None:  # said by Python, of a text that is none
        return "Could not decode" in str(error)
    if code == sqlite3.SQLITE_ERROR:  # the list of tables, or of migrations, names others than were made
        return _OTHER_TABLES.search(str(error)) is not None
    return code & 0xFF in _MALFORMED


def advice(error: BaseException | None) -> str:
    """What can be done about a file that cannot be written."""
    code: int = getattr(error, "sqlite_errorcode", 0)
    if code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return "Another program holds the file: end that one, or let it finish."
    return "Is the disk full, or gone?"


def damage_of(db: Database) -> list[str]:
    """What SQLite's own check finds wrong in the pages, rows and indexes of a file; empty if all fit together."""
    try:
        found = db.execute(f"PRAGMA integrity_check({MOST_DAMAGE})").fetchall()
    except Fault as error:
        if not malformed(error):
            raise
        return [str(error)]
    lines = [line.strip() for (said,) in found for line in str(said).splitlines()]
    return [line for line in lines if line != "ok" and not line.startswith("*** in database")]


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
