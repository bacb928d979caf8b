"""One table of a report as CSV, as spreadsheets open it: UTF-8 with a byte order mark, numbers as numbers.

Where decimals have a comma, columns are parted by semicolons, as Excel expects it of such a language. Times are whole
seconds, shares from 0 to 1, as the column says. A text that a spreadsheet would take for a formula gets an
apostrophe in front.
"""

from __future__ import annotations

import csv
from io import StringIO

from queue_server.languages.locales import decimal_text
from queue_server.reports.tables import Cell, Column, Table

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A text that begins with one of these would be reckoned by a spreadsheet."""

UNITS = {"seconds": " (s)", "share": " (0-1)"}


def csv_of(table: Table, *, comma: bool) -> bytes:
    """`comma`: decimals have one."""
    out = StringIO()
    writer = csv.writer(out, delimiter=";" if comma else ",", lineterminator="\r\n")
    shown = exported(table)
    writer.writerow([harmless(column.label + UNITS.get(column.kind, "")) for _, column in shown])
    for row in table.rows:
        writer.writerow([_written(row[place], comma) for place, _ in shown])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def exported(table: Table) -> list[tuple[int, Column]]:
    """The columns that are more than a picture, with their places."""
    return [(place, column) for place, column in enumerate(table.columns) if column.kind != "picture"]


def harmless(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text


def comma_in(language: str) -> bool:
    """Whether decimals have a comma in this language."""
    return "," in decimal_text(1.5, language)


def _written(cell: Cell, comma: bool) -> str:
    if cell.value is None:
        return ""
    if isinstance(cell.value, str):
        return harmless(cell.value)
    number = f"{cell.value:.6f}".rstrip("0").rstrip(".")
    return number.replace(".", ",") if comma else number
