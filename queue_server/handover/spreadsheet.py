"""A whole report as XLSX: the finding and its figures on the first sheet, each table on one of its own.

Cells are typed: counts and shares are numbers, times are times of a spreadsheet (parts of a day; longer or
shorter is in seconds, since a spreadsheet's times have no sign), texts are texts and
never formulas. Filters and fixed headings are there as in a table made by hand.
"""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO
from typing import Any

import xlsxwriter

from queue_server.handover.commas import UNITS, exported, marked
from queue_server.reports.report import Report
from queue_server.reports.tables import Cell, Section

KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

DAY_S = 86_400
FORMS = {
    "seconds": "[h]:mm:ss",
    "share": "0.0%",
    "clock": "hh:mm",
    "change": "+#,##0;-#,##0;0",
    "count": "#,##0",
    "tenths": "0.0",
    "date": "yyyy-mm-dd",
}
WIDEST = 60


def xlsx_of(report: Report, title: str) -> bytes:
    out = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties({"title": title, "comments": report.finding})
        forms: dict[str, Any] = {kind: book.add_format({"num_format": form}) for kind, form in FORMS.items()}
        forms["head"] = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        forms["title"] = book.add_format({"bold": True, "font_size": 14})
        forms["day"] = book.add_format({"num_format": FORMS["date"], "align": "left"})
        forms["wrap"] = book.add_format({"text_wrap": True, "valign": "top"})
        names: set[str] = set()
        _first(book.add_worksheet(_named(report.period, names)), report, title, forms)
        for section in report.sections:
            _section(book.add_worksheet(_named(section.name or section.id, names)), section, forms)
    return out.getvalue()


def _first(sheet: Any, report: Report, title: str, forms: dict[str, Any]) -> None:
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 3, 16)
    sheet.set_column(4, 8, 34)
    sheet.write_string(0, 0, title, forms["title"])
    sheet.write_string(1, 0, report.period)
    sheet.merge_range(2, 0, 2, 4, report.finding, forms["wrap"])
    sheet.set_row(2, 45)
    for place, head in enumerate(report.heads, 1):
        sheet.write_string(3, place, head, forms["head"])
    for row, tile in enumerate(report.tiles, 4):
        sheet.write_string(row, 0, tile.name)
        for place, value in enumerate(tile.values, 1):
            _cell(sheet, row, place, Cell(value=value), tile.kind, forms)
        for place, note in enumerate(tile.notes, 4):
            sheet.write_string(row, place, note)
    row = 5 + len(report.tiles)
    if report.imported:
        sheet.write_string(row, 0, report.imported)
        row += 2
    if report.notes:
        sheet.write_string(row, 0, report.notes_title, forms["head"])
    for below, (day, note) in enumerate(report.notes, row + 1):
        sheet.write_datetime(below, 0, date.fromisoformat(day), forms["day"])
        sheet.write_string(below, 1, note)


def _section(sheet: Any, section: Section, forms: dict[str, Any]) -> None:
    table = section.exported
    columns, marks = exported(table), marked(table)
    sheet.write_string(0, 0, section.title, forms["title"])
    for place, (_, column) in enumerate(columns):
        sheet.write_string(
            2, place, column.label + (UNITS[column.kind] if column.kind == "change" else ""), forms["head"]
        )
        longest = max((len(row[columns[place][0]].said) for row in table.rows), default=0)
        sheet.set_column(place, place, min(WIDEST, max(10, longest, len(column.label)) + 2))
    if marks:
        sheet.write_string(2, len(columns), table.few, forms["head"])
        sheet.write_column(3, len(columns), marks)
    for row, cells in enumerate(table.rows, 3):
        for place, (at, column) in enumerate(columns):
            _cell(sheet, row, place, cells[at], column.kind, forms)
    last = 2 + len(table.rows)
    if columns and table.rows:
        sheet.autofilter(2, 0, last, len(columns) - 1 + bool(marks))
        sheet.freeze_panes(3, 1)
    if section.how:
        sheet.write_string(last + 2, 0, section.how)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _cell(sheet: Any, row: int, place: int, cell: Cell, kind: str, forms: dict[str, Any]) -> None:
    if cell.value is None:
        return
    if isinstance(cell.value, str) and kind == "date":
        sheet.write_datetime(row, place, date.fromisoformat(cell.value), forms[kind])
    elif isinstance(cell.value, str):
        sheet.write_string(row, place, cell.value)
    elif kind in ("seconds", "clock"):
        sheet.write_number(row, place, cell.value / DAY_S, forms[kind])
    else:
        sheet.write_number(row, place, cell.value, forms.get(kind))


def _named(text: str, names: set[str]) -> str:
    """A sheet's name: at most 31 signs, none of those that are not allowed, each once."""
    name = re.sub(r"[\[\]:*?/\\']", " ", text).strip()[:28] or "report"
    while name.lower() in names:
        name += "+"
    names.add(name.lower())
    return name
