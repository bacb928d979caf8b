"""How rows go into the journal's tables: many at a time in one `INSERT … VALUES`, which is what the hot path lives on.

The columns of a table are the fields of its rows, so a column is named in two places only: the row (rows.py, spans.py,
day_facts.py) and the migration (schema.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Any

from msgspec.structs import astuple

from queue_server.database import Connection
from queue_server.journal.day_facts import DayRow, HallSpanRow
from queue_server.journal.rows import StepKey, StepRow
from queue_server.journal.spans import SpanRow

EVENT_COLUMNS = ("seq", "stream", "at", "data", "hash", "key", "body", "result", "status")
STEP_COLUMNS = StepRow.__struct_fields__
SPAN_COLUMNS = SpanRow.__struct_fields__
DAY_COLUMNS = DayRow.__struct_fields__
HALL_SPAN_COLUMNS = HallSpanRow.__struct_fields__

AT_ONCE = 100
"""Rows in one statement; each length is a statement of its own that SQLite has to prepare once."""

# One seek per day that has tickets, in both indexes.
_DAYS_OF_STEPS = """
    WITH RECURSIVE days (name) AS (
        SELECT min(day) FROM steps
        UNION ALL
        SELECT (SELECT min(day) FROM steps WHERE day > name) FROM days WHERE name IS NOT NULL
    )
    SELECT name FROM days WHERE name IS NOT NULL
"""
_EARLIER = f"""
    SELECT {",".join(STEP_COLUMNS)} FROM steps INDEXED BY steps_of_past_days
    WHERE past = 1 AND ticket = ? AND day IN ({_DAYS_OF_STEPS}) ORDER BY step
"""
_CORRECT = f"UPDATE steps SET outcome = ?, slip = ? WHERE ({','.join(StepKey._fields)}) = (?, ?, ?, ?)"


def insert_events(connection: Connection, rows: list[tuple[Any, ...]]) -> None:
    _write(connection, "events", EVENT_COLUMNS, "", rows)


class SqliteTables:
    """The tables that statistics read, through one connection, within whatever transaction it has."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def write_steps(self, steps: Mapping[StepKey, StepRow | None], day: str) -> None:
        """Make or change rows, take away those that are None. Rows of other days than `day` are set aside at once."""
        gone = [key for key, row in steps.items() if row is None]
        for key in gone:
            self._connection.execute("DELETE FROM steps WHERE (day, issued_at, ticket, step) = (?, ?, ?, ?)", key)
        rows = [(*astuple(row), int(row.day != day)) for row in steps.values() if row is not None]
        _write(self._connection, "steps", (*STEP_COLUMNS, "past"), _CHANGED_STEP, rows)

    def write_spans(self, spans: Iterable[SpanRow]) -> None:
        _write(self._connection, "counter_spans", SPAN_COLUMNS, _CHANGED_SPAN, [astuple(row) for row in spans])

    def write_day(self, row: DayRow) -> None:
        _write(self._connection, "days", DAY_COLUMNS, _CHANGED_DAY, [astuple(row)])

    def name_day(self, day: str, timezone: str, names: bytes) -> None:
        self._connection.execute("UPDATE days SET timezone = ?, names = ? WHERE day = ?", (timezone, names, day))

    def forget_day(self, day: str) -> None:
        for table in ("steps", "counter_spans", "hall_spans", "days"):
            self._connection.execute(f"DELETE FROM {table} WHERE day = ?", (day,))

    def begin_hall_span(self, row: HallSpanRow) -> None:
        _write(self._connection, "hall_spans", HALL_SPAN_COLUMNS, _CHANGED_HALL_SPAN, [astuple(row)])

    def end_hall_spans(self, day: str, at: int) -> None:
        self._connection.execute("UPDATE hall_spans SET to_at = ? WHERE day = ? AND to_at IS NULL", (at, day))

    def earlier(self, ticket: str) -> list[StepRow]:
        return step_rows(self._connection, _EARLIER, ticket)

    def correct(self, step: StepKey, outcome: str | None, slip: bytes | None) -> None:
        self._connection.execute(_CORRECT, (outcome, slip, *step))

    def set_aside(self, day: str) -> None:
        """A new day begins: tickets of the day before can be found by their id from now on."""
        self._connection.execute("UPDATE steps SET past = 1 WHERE day = ? AND past = 0", (day,))


def step_rows(connection: Connection, sql: str, ticket: str) -> list[StepRow]:
    found = connection.execute(sql, (ticket,)).fetchall()
    return [StepRow(**dict(zip(STEP_COLUMNS, values, strict=True))) for values in found]


def _write(
    connection: Connection, table: str, columns: tuple[str, ...], conflict: str, rows: Collection[tuple[Any, ...]]
) -> None:
    rows = list(rows)
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        connection.execute(_statement(table, columns, conflict, len(some)), [value for row in some for value in row])


@cache
def _statement(table: str, columns: tuple[str, ...], conflict: str, count: int) -> str:
    one = f"({','.join('?' * len(columns))})"
    return f"INSERT INTO {table} ({','.join(columns)}) VALUES {','.join([one] * count)}{conflict}"


def _changed(key: tuple[str, ...], columns: Iterable[str]) -> str:
    changes = ",".join(f"{column}=excluded.{column}" for column in columns if column not in key)
    return f" ON CONFLICT ({','.join(key)}) DO UPDATE SET {changes}"


_CHANGED_STEP = _changed(StepKey._fields, STEP_COLUMNS)
_CHANGED_SPAN = _changed(("day", "counter", "from_at"), SPAN_COLUMNS)
_CHANGED_DAY = _changed(("day",), DAY_COLUMNS)
_CHANGED_HALL_SPAN = _changed(("day", "from_at", "state"), HALL_SPAN_COLUMNS)
