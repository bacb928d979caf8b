"""An answer as a flat table: one line for each group or step, its values in columns whose names do not change. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from queue_server.wire.stats import CounterTimeView, StatsView, StepBehind, StepsBehind

Value = str | int | float | bool | None

_MARK = "\ufeff"
"""Says UTF-8 to spreadsheets."""
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


class Table(Struct, frozen=True):
    columns: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


def table_of(view: StatsView | CounterTimeView | StepsBehind) -> Table:
    """First the group's own values, then what is said of it as `wait_p50_s`, `promised_within_p90`, `paused_by_break`…;
    a folded group has no values of its own, and `folded` says how many it is."""
    if isinstance(view, StepsBehind):
        columns = StepBehind.__struct_fields__
        return Table(columns, tuple(tuple(getattr(step, name) for name in columns) for step in view.steps))
    lines: list[dict[str, Value]] = []
    for row in view.rows:
        said = msgspec.to_builtins(row)
        key = said.pop("key")
        values = said.get("measures") or said.get("time") or {}
        lines.append({**{name: key.get(name) for name in view.group}, **dict(_flat(values)), "folded": row.folded})
    columns = tuple(dict.fromkeys([*view.group, *(name for line in lines for name in line)]))
    return Table(columns, tuple(tuple(line.get(name) for name in columns) for line in lines))


def _flat(values: Mapping[str, Any], before: str = "") -> Iterable[tuple[str, Value]]:
    for name, value in values.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{name}_")
        else:
            yield before + name, value


def csv_of(table: Table) -> bytes:
    """UTF-8 with a byte order mark, commas, a point in numbers; what is not known is empty."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(table.columns)
    writer.writerows([_cell(value) for value in row] for row in table.rows)
    return (_MARK + written.getvalue()).encode()


def _cell(value: Value) -> Value:
    """A text that a spreadsheet would take for a formula is marked as text."""
    if isinstance(value, str) and value.startswith(_FORMULAS):
        return "'" + value
    return value
