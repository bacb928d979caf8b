"""Finding streams and tickets of earlier days in the file. One seek per day, however many rows a day has."""

from __future__ import annotations

from queue_server.database import Connection, Database
from queue_server.domain.records import Ticket
from queue_server.journal.past import is_day
from queue_server.journal.rows import ticket_of
from queue_server.journal.sqlite.tables import STEP_COLUMNS, SqliteTables, step_rows

_STREAMS = """
    WITH RECURSIVE streams (name) AS (
        SELECT min(stream) FROM events
        UNION ALL
        SELECT (SELECT min(stream) FROM events WHERE stream > name) FROM streams WHERE name IS NOT NULL
    )
    SELECT name FROM streams WHERE name IS NOT NULL ORDER BY (SELECT min(seq) FROM events WHERE stream = name)
"""
_LAST_DAY = """
    SELECT stream FROM events WHERE stream GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]*' ORDER BY seq DESC LIMIT 1
"""

_TODAY = f"""
    SELECT {",".join(STEP_COLUMNS)} FROM steps WHERE day = ({_LAST_DAY}) AND ticket = ? ORDER BY step
"""


def days(db: Database) -> list[str]:
    return [name for (name,) in db.execute(_STREAMS).fetchall() if is_day(name)]


def named_days(db: Database) -> list[str]:
    return [name for (name,) in db.execute("SELECT day FROM days ORDER BY day").fetchall()]


def last_day(db: Database) -> str:
    """The business day that was opened last (a wrong clock's may be named later), or an empty text before the first."""
    row = db.execute(_LAST_DAY).fetchone()
    return row[0] if row is not None else ""


def load_ticket(connection: Connection, ticket: str) -> Ticket | None:
    """Both questions at one moment: between them the day may end, and the ticket would be in neither answer."""
    connection.execute("BEGIN")
    try:
        rows = SqliteTables(connection).earlier(ticket) or step_rows(connection, _TODAY, ticket)
    finally:
        connection.execute("ROLLBACK")
    return ticket_of(rows) if rows else None


def find_number(db: Database, number: str, day: str) -> list[str]:
    found = db.execute(
        "SELECT ticket FROM steps WHERE day = ? AND number = ? AND step = 0 ORDER BY issued_at DESC", (day, number)
    )
    return [ticket for (ticket,) in found.fetchall()]


def mentions(db: Database, word: str, streams: int) -> bool:
    return any(
        db.execute("SELECT 1 FROM events WHERE stream = ? AND instr(data, ?) LIMIT 1", (name, word.encode())).fetchone()
        for name in days(db)[-streams:]
    )
