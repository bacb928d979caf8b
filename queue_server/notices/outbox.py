"""The messages that are still to be sent, in a file of their own (`outbox.db`), and how far the journal was read.

What the journal says becomes messages in the same transaction in which the place in it moves on, so that a crash at any
moment neither loses one nor makes it twice. For each recipient and way they go in order, and one that does not answer
keeps only its own waiting. Real time says when something is tried again.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from threading import RLock

import msgspec
from msgspec import Struct

from queue_server.database import Connection, Database, Migrations, open_file, writing

MIGRATIONS = Migrations("outbox")

PAUSES_S = (5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400)
"""After a try that failed; the last one again and again."""

GIVE_UP_MS = 3 * 86_400_000
"""So old a message helps nobody: it is given up."""

KEEP_REPORT_MS = 60 * 86_400_000
"""A report is late rather than never: it is of what is over, and as true weeks later."""

KEEP_MS = 7 * 86_400_000
"""What was sent or given up is kept so long, to be looked at."""


@MIGRATIONS()
def m001_messages_and_the_place_in_the_journal(db: Database) -> None:
    db.execute("CREATE TABLE place (journal TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID, STRICT")
    db.execute("""
        CREATE TABLE alerts (
            rule TEXT NOT NULL,
            subject TEXT NOT NULL,
            seq INTEGER NOT NULL,
            data BLOB NOT NULL,
            PRIMARY KEY (rule, subject)
        ) WITHOUT ROWID, STRICT
    """)
    db.execute("""
        CREATE TABLE messages (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            recipient TEXT NOT NULL,
            way TEXT NOT NULL,
            about TEXT NOT NULL,
            begins INTEGER NOT NULL,
            data BLOB NOT NULL,
            created_at INTEGER NOT NULL,
            due_at INTEGER NOT NULL,
            tries INTEGER NOT NULL DEFAULT 0,
            state TEXT NOT NULL DEFAULT 'waiting',
            error TEXT,
            done_at INTEGER
        ) STRICT
    """)
    db.execute("CREATE INDEX messages_waiting ON messages (number) WHERE state = 'waiting'")
    db.execute(
        "CREATE TABLE made (schedule TEXT NOT NULL, period TEXT NOT NULL, at INTEGER NOT NULL, "
        "PRIMARY KEY (schedule, period)) WITHOUT ROWID, STRICT"
    )


class Attached(Struct, frozen=True, kw_only=True):
    """A file that goes along: its name and what is in it."""

    name: str
    kind: str
    content: bytes


class Content(Struct, frozen=True, kw_only=True):
    """What is sent: in words, and for programs."""

    title: str
    text: str
    payload: dict[str, object] = {}
    files: tuple[Attached, ...] = ()


class Message(Struct, frozen=True, kw_only=True):
    """`id` is the same at every try. `about` ties an alert's end to its beginning. Times are real milliseconds."""

    id: str
    recipient: str
    way: str
    content: Content
    about: str = ""
    begins: bool = False
    created_at: int = 0
    tries: int = 0

    def old(self, now: int) -> bool:
        """Whether it helps nobody any more; only a report has files."""
        return now - self.created_at > (KEEP_REPORT_MS if self.content.files else GIVE_UP_MS)


class Told(Struct, frozen=True, kw_only=True):
    """An alert that goes on, as its messages are made of it."""

    rule: str
    kind: str
    subject: str
    since: int
    began_at: int
    seq: int
    count: int | None = None
    reason: str | None = None


_encode = msgspec.msgpack.Encoder().encode
_content = msgspec.msgpack.Decoder(Content).decode
_told = msgspec.msgpack.Decoder(Told).decode

_WAITING = """
    SELECT id, recipient, way, data, about, begins, created_at, tries, due_at FROM messages
    WHERE state = 'waiting' ORDER BY number
"""


class Outbox:
    """Any thread may ask; one at a time."""

    def __init__(self, path: Path) -> None:
        self._lock = RLock()
        self._db = open_file(path, MIGRATIONS, forgets=True)

    def close(self) -> None:
        with self._lock:
            self._db.close()

    def place(self, journal: str) -> int | None:
        """How far this journal was read; None where it never was."""
        with self._lock:
            row = self._db.execute("SELECT seq FROM place WHERE journal = ?", (journal,)).fetchone()
        return row[0] if row else None

    def alerts(self) -> list[Told]:
        with self._lock:
            return [_told(data) for (data,) in self._db.execute("SELECT data FROM alerts ORDER BY seq").fetchall()]

    def take(self, journal: str, seq: int, alerts: Iterable[Told], messages: Iterable[Message], at: int) -> None:
        """The journal was read up to `seq`: these alerts go on now, and these messages are to be sent."""
        with self._lock, writing(self._db) as connection:
            connection.execute("INSERT OR REPLACE INTO place VALUES (?, ?)", (journal, seq))
            connection.execute("DELETE FROM alerts")
            rows = [(told.rule, told.subject, told.seq, _encode(told)) for told in alerts]
            connection.executemany("INSERT INTO alerts VALUES (?, ?, ?, ?)", rows)
            _add(connection, messages, at)

    def made(self, schedule: str) -> list[str]:
        """The periods of which a scheduled report was made, the earliest first."""
        with self._lock:
            found = self._db.execute("SELECT period FROM made WHERE schedule = ? ORDER BY period", (schedule,))
            return [period for (period,) in found.fetchall()]

    def make(self, schedule: str, period: str, messages: Iterable[Message], at: int) -> None:
        """A scheduled report was made, and is to be sent."""
        with self._lock, writing(self._db) as connection:
            connection.execute("INSERT OR IGNORE INTO made VALUES (?, ?, ?)", (schedule, period, at))
            _add(connection, messages, at)

    def due(self, now: int) -> list[Message]:
        """For each recipient and way the first message that waits, if it may be tried now."""
        with self._lock:
            rows = self._db.execute(_WAITING).fetchall()
        first: dict[tuple[str, str], Message] = {}
        late: set[tuple[str, str]] = set()
        for id_, recipient, way, data, about, begins, created, tries, due_at in rows:
            if (recipient, way) in first or (recipient, way) in late:
                continue
            if due_at > now:
                late.add((recipient, way))
                continue
            first[recipient, way] = Message(
                id=id_,
                recipient=recipient,
                way=way,
                content=_content(data),
                about=about,
                begins=bool(begins),
                created_at=created,
                tries=tries,
            )
        return list(first.values())

    def ended(self, message: Message) -> bool:
        """Whether what this message says has begun is over by now, and that waits to be said as well."""
        with self._lock:
            found = self._db.execute(
                "SELECT 1 FROM messages"
                " WHERE state = 'waiting' AND about = ? AND recipient = ? AND way = ? AND begins = 0",
                (message.about, message.recipient, message.way),
            ).fetchone()
        return found is not None

    def drop(self, message: Message, now: int) -> None:
        """It began and ended while nobody was to be disturbed: neither is said."""
        with self._lock, writing(self._db) as connection:
            connection.execute(
                "UPDATE messages SET state = 'dropped', done_at = ? WHERE state = 'waiting' AND about = ? "
                "AND recipient = ? AND way = ?",
                (now, message.about, message.recipient, message.way),
            )

    def sent(self, message: Message, now: int) -> None:
        self._end(message, "sent", now, None)

    def give_up(self, message: Message, now: int, error: str) -> None:
        self._end(message, "given_up", now, error)

    def give_up_alerts_behind(self, message: Message, now: int) -> None:
        """What waits behind it to be told of the hall is given up in its own time, though it was never tried."""
        with self._lock, writing(self._db) as connection:
            connection.execute(
                "UPDATE messages SET state = 'given_up', done_at = ?, data = ? WHERE state = 'waiting' AND about != ''"
                " AND recipient = ? AND way = ? AND created_at < ?",
                (now, b"", message.recipient, message.way, now - GIVE_UP_MS),
            )

    def failed(self, message: Message, now: int, error: str, wait_s: int | None = None) -> None:
        """It is tried again later: after `wait_s`, where the other side asked for that, else after a growing pause."""
        pause = PAUSES_S[min(message.tries, len(PAUSES_S) - 1)] if wait_s is None else wait_s
        with self._lock, writing(self._db) as connection:
            connection.execute(
                "UPDATE messages SET tries = tries + 1, due_at = ?, error = ? WHERE id = ?",
                (now + pause * 1_000, error[:200], message.id),
            )

    def states(self) -> dict[str, str]:
        """Each message's `waiting sent given_up dropped`, by id."""
        with self._lock:
            return dict(self._db.execute("SELECT id, state FROM messages ORDER BY number").fetchall())

    def _end(self, message: Message, state: str, now: int, error: str | None) -> None:
        with self._lock, writing(self._db) as connection:
            connection.execute(
                "UPDATE messages SET state = ?, done_at = ?, error = ?, tries = tries + 1, data = ? WHERE id = ?",
                (state, now, error, b"", message.id),
            )
            connection.execute("DELETE FROM messages WHERE done_at < ?", (now - KEEP_MS,))


def _add(connection: Connection, messages: Iterable[Message], at: int) -> None:
    rows = [(m.id, m.recipient, m.way, m.about, int(m.begins), _encode(m.content), at, at) for m in messages]
    connection.executemany(
        "INSERT OR IGNORE INTO messages (id, recipient, way, about, begins, data, created_at, due_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        rows,
    )
