"""Do the journal's tables say what its events say? Compared with the same tables made anew from the events alone.

Statistics read only the tables, so a row that is wrong there is wrong in every report, although the chain is whole.
"""

from __future__ import annotations

from typing import Any

from queue_server.database import Connection, Fault, malformed
from queue_server.journal.rows import StepKey
from queue_server.journal.sqlite.tables import DAY_COLUMNS, HALL_SPAN_COLUMNS, SPAN_COLUMNS, STEP_COLUMNS

Row = dict[str, Any]

TABLES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "steps": (StepKey._fields, (*STEP_COLUMNS, "past")),
    "counter_spans": (("day", "counter", "from_at"), SPAN_COLUMNS),
    "days": (("day",), DAY_COLUMNS),
    "hall_spans": (("day", "from_at", "state"), HALL_SPAN_COLUMNS),
}
"""Each table's key and columns."""

_DEFINITIONS = """
    SELECT name, sql FROM sqlite_master
    WHERE tbl_name IN ('events', 'steps', 'counter_spans', 'days', 'hall_spans', 'day_versions')
    AND sql IS NOT NULL ORDER BY name
"""


def differences(db: Connection, made: Connection) -> list[str]:
    """One sentence for each table of `db` that is not as in `made`; empty if all are."""
    try:
        if db.execute(_DEFINITIONS).fetchall() != made.execute(_DEFINITIONS).fetchall():
            return ["The definitions of the tables and indexes are not those that were written."]
    except Fault as error:
        return [_unread("The list of tables", error)]
    return [said for table in TABLES if (said := _difference(table, db, made))]


def _difference(table: str, db: Connection, made: Connection) -> str | None:
    key, columns = TABLES[table]
    count, first = 0, None
    try:
        for day in sorted({*_days(table, db), *_days(table, made)}, key=str):
            there, right = (_rows(table, columns, key, day, of) for of in (db, made))
            wrong = [place for place in there.keys() | right.keys() if there.get(place) != right.get(place)]
            if wrong and first is None:
                place = min(wrong, key=str)
                first = f"{_named(key, place)}: {_what(there.get(place), right.get(place))}"
            count += len(wrong)
    except Fault as error:
        return _unread(f"Table {table}", error)
    rows = "1 row does" if count == 1 else f"{count} rows do"
    return f"Table {table}: {rows} not say what the events say, first {first}." if count else None


def _unread(what: str, error: Fault) -> str:
    if not malformed(error):
        raise error
    return f"{what} cannot be read ({error})."


def _days(table: str, db: Connection) -> list[Any]:
    return [day for (day,) in db.execute(f"SELECT DISTINCT day FROM {table}").fetchall()]


def _rows(
    table: str, columns: tuple[str, ...], key: tuple[str, ...], day: object, db: Connection
) -> dict[tuple[Any, ...], Row]:
    found = db.execute(f"SELECT {','.join(columns)} FROM {table} WHERE day IS ?", (day,)).fetchall()
    rows = [dict(zip(columns, values, strict=True)) for values in found]
    return {tuple(row[name] for name in key): row for row in rows}


def _named(key: tuple[str, ...], place: tuple[Any, ...]) -> str:
    return ", ".join(f"{name} {value}" for name, value in zip(key, place, strict=True))


def _what(there: Row | None, right: Row | None) -> str:
    if there is None:
        return "it is missing"
    if right is None:
        return "there is no such thing in the events"
    name = next(name for name, value in right.items() if there[name] != value)
    return f"{name} is {there[name]!r} and not {right[name]!r}"
