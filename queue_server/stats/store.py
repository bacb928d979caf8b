"""Columns that were made once are kept in a file of their own, since making a year of them anew takes seconds.

    statistics.db: `built` says which day's columns were made of which version of its rows, `columns` has their bytes,
    `words` what their codes mean; what months and years add up to is kept beside them (kept_sums.py)

Nothing here is needed: whatever is missing, old or damaged is made again from the journal's rows. A day whose rows have
changed since has another version there, a journal that was made anew another id. The journal's own file is never
written: no call waits because a report keeps something.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from queue_server.database import Database, Fault, Migrations, open_file, writing
from queue_server.stats.breath import breathe
from queue_server.stats.columns import DTYPES, Array, Columns, Words
from queue_server.stats.kept_sums import KeptSums

MIGRATIONS = Migrations("statistics")
_COLUMN = "SELECT day, data FROM columns WHERE kind = ? AND name = ? AND day BETWEEN ? AND ? ORDER BY day"
_MOST = 0xFFFF
"""Fits in two bytes."""
PAGE = 32_768
"""Bytes: a day's column is read in one or two pages."""
FORMAT = 4
"""Of what is kept; columns of another one are made anew."""


@MIGRATIONS()
def m001_columns_of_days(db: Database) -> None:
    db.execute("CREATE TABLE journal (id TEXT NOT NULL) STRICT")
    db.execute("""
        CREATE TABLE words (
            of TEXT NOT NULL, code INTEGER NOT NULL, word TEXT NOT NULL, PRIMARY KEY (of, code)
        ) WITHOUT ROWID, STRICT
    """)
    db.execute("""
        CREATE TABLE built (
            kind TEXT NOT NULL, day TEXT NOT NULL, version INTEGER NOT NULL, rows INTEGER NOT NULL,
            PRIMARY KEY (kind, day)
        ) WITHOUT ROWID, STRICT
    """)
    db.execute("""
        CREATE TABLE columns (
            kind TEXT NOT NULL, name TEXT NOT NULL, day TEXT NOT NULL, data BLOB NOT NULL,
            PRIMARY KEY (kind, name, day)
        ) STRICT
    """)


@MIGRATIONS()
def m002_sums_of_spans(db: Database) -> None:
    db.execute("""
        CREATE TABLE summed (
            base TEXT NOT NULL, span TEXT NOT NULL, of BLOB NOT NULL, worth INTEGER NOT NULL,
            PRIMARY KEY (base, span)
        ) WITHOUT ROWID, STRICT
    """)
    db.execute("""
        CREATE TABLE sums (
            base TEXT NOT NULL, span TEXT NOT NULL, name TEXT NOT NULL, data BLOB NOT NULL,
            PRIMARY KEY (base, span, name)
        ) STRICT
    """)


class Store:
    """Used by one thread at a time. `words` get their codes for good when a day that uses them is kept."""

    def __init__(self, path: Path, journal: str) -> None:
        self._path = path
        self.words = Words()
        self._kept: dict[str, int] = {}
        self._open(journal)

    def _open(self, journal: str) -> None:
        self._db = open_file(self._path, MIGRATIONS, page_size=PAGE)
        self._db.execute("PRAGMA synchronous=NORMAL")
        self.sums = KeptSums(self._db)
        journal = f"{journal} {FORMAT}"
        if self._db.execute("SELECT id FROM journal").fetchall() != [(journal,)]:
            with writing(self._db) as connection:
                for table in ("journal", "words", "built", "columns", "summed", "sums"):
                    connection.execute(f"DELETE FROM {table}")
                connection.execute("INSERT INTO journal VALUES (?)", (journal,))
        for of, word in self._db.execute("SELECT of, word FROM words ORDER BY of, code").fetchall():
            self.words.code(of, word)
        self._kept = self.words.counts()

    def close(self) -> None:
        self._db.close()

    def built(self, kind: str) -> dict[str, tuple[int, int]]:
        """Version and number of rows of each day that is kept."""
        found = self._db.execute("SELECT day, version, rows FROM built WHERE kind = ?", (kind,)).fetchall()
        return {day: (version, rows) for day, version, rows in found}

    def keep(self, kind: str, made: Iterable[tuple[str, int, Columns]]) -> None:
        """Some days' columns, each with the version of its rows."""
        with writing(self._db) as connection:
            counts = self.words.counts()
            for of, count in counts.items():
                words = self.words.all(of)
                new = [(of, code, words[code]) for code in range(self._kept.get(of, 1), count)]
                connection.executemany("INSERT INTO words VALUES (?, ?, ?)", new)
            for day, version, columns in made:
                rows = next(iter(columns.values())).size
                connection.execute("INSERT OR REPLACE INTO built VALUES (?, ?, ?, ?)", (kind, day, version, rows))
                connection.executemany(
                    "INSERT OR REPLACE INTO columns VALUES (?, ?, ?, ?)",
                    [(kind, name, day, packed(column)) for name, column in columns.items()],
                )
        self._kept = counts

    def columns(self, kind: str, names: Sequence[str], days: Sequence[str], rows: Sequence[int]) -> Columns:
        """These columns of these days (oldest first, all kept, so many rows each), one day after the other."""
        found: Columns = {}
        for name in names:
            found[name] = self._column(kind, name, days, rows)
            breathe(found[name].size)
        return found

    def _column(self, kind: str, name: str, days: Sequence[str], rows: Sequence[int]) -> Array:
        found = dict(self._db.execute(_COLUMN, (kind, name, days[0], days[-1])).fetchall())
        column = unpacked([found.get(day, b"") for day in days], rows, DTYPES[name])
        if column.size != sum(rows):
            raise Fault(f"{self._path} has lost what it kept of some days")
        return column


def discard(path: Path) -> None:
    """Throw away what is kept: there is nothing in it that cannot be made again."""
    for name in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
        name.unlink(missing_ok=True)


def packed(column: Array) -> bytes:
    """Seconds in two bytes where they fit, else in four; all else as it is."""
    if column.dtype == np.uint32 and (not column.size or int(column.max()) <= _MOST):
        column = column.astype(np.uint16)
    return column.astype(column.dtype.newbyteorder("<")).tobytes()


def unpacked(parts: Sequence[bytes], rows: Sequence[int], kind: type[Any]) -> Array:
    """What was packed, one after the other; `kind` is what it was."""
    width = np.dtype(kind).itemsize
    if all(len(part) == width * count for part, count in zip(parts, rows, strict=True)):
        return _read(b"".join(parts), width)
    if all(len(part) == 2 * count for part, count in zip(parts, rows, strict=True)):
        return _read(b"".join(parts), 2)
    return np.concatenate([_read(part, len(part) // max(1, count)) for part, count in zip(parts, rows, strict=True)])


def _read(data: bytes, width: int) -> Array:
    return np.frombuffer(data, dtype=f"<u{max(1, width)}")
