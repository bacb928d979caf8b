"""The parts of a report: tiles, and sections of a chart with the same numbers as a table, typed for exports."""

from __future__ import annotations

from msgspec import Struct

Value = str | float | None


class Column(Struct, frozen=True, kw_only=True):
    """`kind`: text, count, tenths, seconds, change (seconds more or less), clock (seconds from midnight), share,
    date (2026-11-24), picture (a small trend, not exported)."""

    label: str
    kind: str = "text"


class Cell(Struct, frozen=True, kw_only=True):
    """`value` is typed, `said` is read; `link` leads to what is behind it, `few` says that it is of too few cases."""

    value: Value = None
    said: str = ""
    link: str = ""
    few: bool = False
    out: bool = False
    """Out of line: over its target."""


class Table(Struct, frozen=True, kw_only=True):
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    few: str = ""
    """Heads the column of an exported table that marks rows with a number of too few cases."""


class Section(Struct, frozen=True, kw_only=True):
    """`id` names it in addresses and exports; `title` is what it found; `how` says how it was measured."""

    id: str
    title: str
    chart: str = ""
    table: Table
    how: str = ""
    open: bool = False
    """Whether the table is the section itself, and not what lies behind a chart."""
    wide: bool = True
    notes: tuple[str, ...] = ()
    """What was noted on the days that its chart is of."""
    name: str = ""
    """In a word, for the sheet of a spreadsheet."""
    sheet: Table | None = None
    """What is exported, where that is more than a page has room for."""

    @property
    def exported(self) -> Table:
        return self.sheet or self.table


class Tile(Struct, frozen=True, kw_only=True):
    id: str
    name: str
    said: str
    notes: tuple[str, ...] = ()
    link: str = ""
    out: bool = False
    few: bool = False
    kind: str = "count"
    """Of `values`, as a column's."""
    values: tuple[Value, Value, Value] = (None, None, None)
    """Typed for exports: of this span, of the one before, and the usual."""
