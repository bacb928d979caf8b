"""Imported history goes into the journal's file: a stream of its own, chained as everything else, one commit a day.

Needs the data folder for itself (`database.lock_folder`). A day is there whole or not at all, whenever this is killed;
what is there already is not written again. Days that the mall lived itself are left alone: `lived` says which.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from msgspec import Struct

from queue_server.database import Database, open_to_read
from queue_server.domain import events as e
from queue_server.journal import chain
from queue_server.journal.day_facts import Names, names_from_json
from queue_server.journal.imported import STREAM, rows_of
from queue_server.journal.promises import Batch
from queue_server.journal.sqlite import earlier
from queue_server.journal.sqlite.forward import bring_forward
from queue_server.journal.sqlite.journal import SqliteJournal, open_journal

_STREAMS = "SELECT DISTINCT stream FROM events WHERE stream >= ? AND stream < ?"


_STEPS = "SELECT ticket, step, service, queued_at, issued_at FROM steps WHERE day = ?"
_DAYS = "SELECT day, count(*) FROM steps WHERE day >= ? AND day < ? GROUP BY day"
_NAMED = "SELECT day FROM days WHERE day >= ? AND day < ? ORDER BY day"


class There(Struct, frozen=True, kw_only=True):
    """What the file has of a day: keys of steps (ticket, step), of spans (counter, from) and of holds (from, state).

    `places`: which step of its ticket somebody's wait for a service is (ticket, service, queued), and when that was
    issued."""

    named: Names | None
    steps: frozenset[tuple[str, int]]
    spans: frozenset[tuple[str, int]]
    holds: frozenset[tuple[int, str]]
    places: dict[tuple[str, str, int], tuple[int, int]]


class Known:
    """What a journal has; only read, so also beside a running server."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self.lived = frozenset(day[:10] for day in earlier.days(db))

    @property
    def salt(self) -> bytes:
        """Another one in each journal: what is made of it cannot be guessed by others."""
        row = self._db.execute("SELECT hash FROM events ORDER BY seq LIMIT 1").fetchone()
        return bytes(row[0]) if row is not None else chain.START

    def imported(self, first: str, last: str) -> dict[str, int]:
        """The days of these dates of which only history was imported, and how many steps each has."""
        span = first, last + "~"
        steps = dict(self._db.execute(_DAYS, span).fetchall())
        named = (day for (day,) in self._db.execute(_NAMED, span).fetchall())
        return {day: steps.get(day, 0) for day in named if day[:10] not in self.lived}

    def there(self, day: str) -> There:
        row = self._db.execute("SELECT names FROM days WHERE day = ?", (day,)).fetchone()
        steps = self._db.execute(_STEPS, (day,)).fetchall()
        return There(
            named=names_from_json(row[0]) if row is not None else None,
            steps=frozenset((ticket, step) for ticket, step, *_ in steps),
            spans=frozenset(
                self._db.execute("SELECT counter, from_at FROM counter_spans WHERE day = ?", (day,)).fetchall()
            ),
            holds=frozenset(self._db.execute("SELECT from_at, state FROM hall_spans WHERE day = ?", (day,)).fetchall()),
            places={(ticket, service, at): (step, issued) for ticket, step, service, at, issued in steps},
        )


class Importer(Known):
    """One run."""

    def __init__(self, journal: SqliteJournal, db: Database, began: e.ImportBegan) -> None:
        super().__init__(db)
        self._journal = journal
        self._began: e.ImportBegan | None = began
        self.stream = f"{STREAM}{self._next()}"

    def _next(self) -> int:
        found = self._db.execute(_STREAMS, (STREAM, STREAM + "~")).fetchall()
        return max((int(name.removeprefix(STREAM)) for (name,) in found), default=0) + 1

    @property
    def salt(self) -> bytes:
        if not self._journal.last().seq:
            self._append(())  # the first row makes this journal like no other
        return super().salt

    def take(self, events: Sequence[e.AnyEvent]) -> None:
        """What is new of one day, on the disk when this returns. Raises Unavailable where it cannot be written."""
        self._append(tuple(events))

    def _append(self, events: tuple[e.AnyEvent, ...]) -> None:
        if self._began is not None:
            events, self._began = (self._began, *events), None
        steps, spans = rows_of(events)
        self._journal.append(
            Batch(
                first_seq=self._journal.last().seq + 1,
                stream=self.stream,
                events=events,
                steps=list(steps.values()),
                spans=spans,
            )
        )


@contextmanager
def looked_at(path: Path) -> Iterator[Known | None]:
    """What is there, for whoever only wants to know; None where there is no journal yet."""
    if not path.is_file():
        yield None
        return
    with closing(open_to_read(path)) as db:
        yield Known(db)


@contextmanager
def importing(path: Path, began: e.ImportBegan) -> Iterator[Importer]:
    """Raises Unavailable, FileDamaged or Broken where the file cannot be opened; it is made if missing."""
    bring_forward(path)
    with closing(open_journal(path)) as journal, closing(open_to_read(path)) as db:
        yield Importer(journal, db, began)
