"""Tickets of earlier days: finding them by id or number, and what today's events still change about them.

The state knows today only. A late word from a printer, a reprint or a corrected outcome is an event of today about a
ticket that the state no longer holds; the same `evolve` carries it, into a state with nothing but that ticket.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import MsgspecError

from queue_server.database import Connection, Database
from queue_server.domain.events import Event, OutcomeCorrected, SlipReported, SlipRequested
from queue_server.domain.evolve import evolve
from queue_server.domain.records import Ticket
from queue_server.domain.state import State
from queue_server.journal.rows import StepKey, StepRow, slip_to_json, ticket_of
from queue_server.journal.tables import STEP_COLUMNS

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

# One seek per day that has tickets, in both indexes.
_DAYS_OF_STEPS = """
    WITH RECURSIVE days (name) AS (
        SELECT min(day) FROM steps
        UNION ALL
        SELECT (SELECT min(day) FROM steps WHERE day > name) FROM days WHERE name IS NOT NULL
    )
    SELECT name FROM days WHERE name IS NOT NULL
"""
_COLUMNS = ",".join(STEP_COLUMNS)
_EARLIER = f"""
    SELECT {_COLUMNS} FROM steps INDEXED BY steps_of_past_days
    WHERE past = 1 AND ticket = ? AND day IN ({_DAYS_OF_STEPS}) ORDER BY step
"""
_TODAY = f"""
    SELECT {_COLUMNS} FROM steps WHERE day = ({_LAST_DAY}) AND ticket = ? ORDER BY step
"""


def is_day(stream: object) -> bool:
    """Whether a stream is a business day; imported history has streams of other names.

    A date that was opened again, since a wrong clock had opened it before, has a number: `2026-11-24.2`. What a damaged
    file has in place of a name is none.
    """
    return isinstance(stream, str) and re.fullmatch(r"\d{4}-\d\d-\d\d(\.\d+)?", stream) is not None


def days(db: Database) -> list[str]:
    return [name for (name,) in db.execute(_STREAMS).fetchall() if is_day(name)]


def last_day(db: Database) -> str:
    """The business day that was opened last (a wrong clock's may be named later), or an empty text before the first."""
    row = db.execute(_LAST_DAY).fetchone()
    return row[0] if row is not None else ""


def set_aside(connection: Connection, day: str) -> None:
    """A new day begins: tickets of the day before can be found by their id from now on."""
    connection.execute("UPDATE steps SET past = 1 WHERE day = ? AND past = 0", (day,))


def load_ticket(connection: Connection, ticket: str) -> Ticket | None:
    """Both questions at one moment: between them the day may end, and the ticket would be in neither answer."""
    connection.execute("BEGIN")
    try:
        rows = _earlier(connection, ticket) or _rows(connection, _TODAY, ticket)
    finally:
        connection.execute("ROLLBACK")
    return ticket_of(rows) if rows else None


def find_number(db: Database, number: str, day: str) -> list[str]:
    found = db.execute(
        "SELECT ticket FROM steps WHERE day = ? AND number = ? AND step = 0 ORDER BY issued_at DESC", (day, number)
    )
    return [ticket for (ticket,) in found.fetchall()]


def mentions(db: Database, word: str, streams: int) -> bool:
    names = [name for (name,) in db.execute(_STREAMS).fetchall()]
    return any(
        db.execute("SELECT 1 FROM events WHERE stream = ? AND instr(data, ?) LIMIT 1", (name, word.encode())).fetchone()
        for name in names[-streams:]
    )


def follow(connection: Connection, events: Iterable[Event], of_today: set[str]) -> None:
    """Carry events about earlier tickets into their rows; rows of the tickets `of_today` are written anyway."""
    for event in events:
        if isinstance(event, OutcomeCorrected | SlipRequested | SlipReported) and event.ticket not in of_today:
            rows = _earlier(connection, event.ticket)
            if rows:
                _carry(connection, event, rows)


def _carry(connection: Connection, event: OutcomeCorrected | SlipRequested | SlipReported, rows: list[StepRow]) -> None:
    state = State()
    try:
        ticket = state.tickets[event.ticket] = ticket_of(rows)
    except (ValueError, MsgspecError):
        return  # rows that were damaged are mended from the events, this one among them; the hall goes on
    evolve(state, event)
    for row, step in zip(rows, ticket.steps, strict=True):
        slip = slip_to_json(ticket.slip) if row.step == 0 else None
        connection.execute(
            f"UPDATE steps SET outcome = ?, slip = ? WHERE ({','.join(StepKey._fields)}) = (?, ?, ?, ?)",
            (step.outcome, slip, *row.key),
        )


def _earlier(connection: Connection, ticket: str) -> list[StepRow]:
    return _rows(connection, _EARLIER, ticket)


def _rows(connection: Connection, sql: str, ticket: str) -> list[StepRow]:
    return [
        StepRow(**dict(zip(STEP_COLUMNS, values, strict=True)))
        for values in connection.execute(sql, (ticket,)).fetchall()
    ]
