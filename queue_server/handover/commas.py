"""One table of a report as CSV, as spreadsheets open it: UTF-8 with a byte order mark, numbers as numbers.

Where decimals have a comma, columns are parted by semicolons, as Excel expects it of such a language. Times are whole
seconds, hours of the day 07:30, shares from 0 to 1, as the column says. A text that a spreadsheet would take for a
formula gets an apostrophe in front.
"""

from __future__ import annotations

import csv
from io import StringIO

from queue_server.languages.locales import decimal_text
from queue_server.reports.tables import Cell, Column, Table

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins with one of these would be reckoned by a spreadsheet."""

UNITS = {"seconds": " (s)", "change": " (s)", "share": " (0-1)"}


def csv_of(table: Table, *, comma: bool) -> bytes:
    """`comma`: decimals have one."""
    out = StringIO()
    writer = csv.writer(out, delimiter=";" if comma else ",", lineterminator="\r\n")
    shown = exported(table)
    marks = marked(table)
    heads = [column.label + UNITS.get(column.kind, "") for _, column in shown] + [table.few] * bool(marks)
    writer.writerow([harmless(head) for head in heads])
    for at, row in enumerate(table.rows):
        writer.writerow([_written(row[place], column.kind, comma) for place, column in shown] + marks[at : at + 1])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def exported(table: Table) -> list[tuple[int, Column]]:
    """The columns that are more than a picture, with their places."""
    return [(place, column) for place, column in enumerate(table.columns) if column.kind != "picture"]


def marked(table: Table) -> list[str]:
    """A `*` for each row with a number of too few cases; empty where none has one, or nothing is to be said of it."""
    marks = ["*" if any(cell.few for cell in row) else "" for row in table.rows]
    return marks if table.few and any(marks) else []


def harmless(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text


def comma_in(language: str) -> bool:
    """Whether decimals have a comma in this language."""
    return "," in decimal_text(1.5, language)


def _written(cell: Cell, kind: str, comma: bool) -> str:
    if cell.value is None:
        return ""
    if isinstance(cell.value, str):
        return harmless(cell.value)
    if kind == "clock":
        return f"{int(cell.value) // 3_600:02}:{int(cell.value) // 60 % 60:02}"
    number = f"{cell.value:.6f}".rstrip("0").rstrip(".")
    return number.replace(".", ",") if comma else number
