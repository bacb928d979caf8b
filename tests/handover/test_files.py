"""Reports as files, opened again by another program."""

from __future__ import annotations

import csv
import subprocess
from datetime import datetime, time, timedelta
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

from queue_server.handover.commas import comma_in, csv_of
from queue_server.handover.spreadsheet import xlsx_of
from queue_server.reports.report import Report
from queue_server.reports.tables import Cell, Column, Section, Table, Tile
from tests.web.edge import Edge

TABLE = Table(
    columns=(
        Column(label="Layanan"),
        Column(label="Selesai", kind="count"),
        Column(label="Tunggu", kind="seconds"),
        Column(label="Tepat", kind="share"),
        Column(label="Tren", kind="picture"),
    ),
    rows=(
        (Cell(value="KTP-el"), Cell(value=31), Cell(value=1_865.0), Cell(value=0.875), Cell(value="<svg/>")),
        (Cell(value='=HYPERLINK("x")'), Cell(value=0), Cell(), Cell(), Cell()),
    ),
)
BY_WEEK = Table(columns=(Column(label="Minggu", kind="date"),), rows=((Cell(value="2026-09-28", said="28 Sep"),),))


def read(content: bytes, delimiter: str) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8-sig")), delimiter=delimiter))


@pytest.mark.parametrize(("comma", "delimiter", "share"), [(True, ";", "0,875"), (False, ",", "0.875")])
def test_a_table_is_csv_that_a_spreadsheet_opens(comma: bool, delimiter: str, share: str):
    """A byte order mark, decimals and separators of the language, nothing where nothing is known, and no formula."""
    content = csv_of(TABLE, comma=comma)

    assert content.startswith(b"\xef\xbb\xbf")
    assert read(content, delimiter) == [
        ["Layanan", "Selesai", "Tunggu (s)", "Tepat (0-1)"],
        ["KTP-el", "31", "1865", share],
        ['\'=HYPERLINK("x")', "0", "", ""],
    ]


def test_the_decimal_sign_is_the_languages():
    """Indonesian writes a comma, English a point."""
    assert comma_in("id")
    assert not comma_in("en")


def test_a_report_is_a_workbook_of_typed_cells():
    """Another program reads numbers as numbers, times as times, texts as texts; empty cells stay empty."""
    report = Report(
        period="November 2026",
        compared="",
        finding="Waits rose.",
        kind="calm",
        tiles=(
            Tile(id="waits", name="Waits", said="31 min", kind="seconds", values=(1_865, 600, None)),
            Tile(id="within", name="Within", said="50 %", kind="share", values=(0.5, None, 0.9)),
        ),
        heads=("November 2026", "Before", "Usual"),
        sections=(
            Section(id="services", title="By service", table=TABLE),
            Section(id="level", title="By week", table=BY_WEEK),
        ),
    )

    book = load_workbook(BytesIO(xlsx_of(report, "Mall")))

    first, services, weeks = book.worksheets
    rows = [[cell.value for cell in row] for row in services.iter_rows(min_row=3, max_row=5)]
    assert first["A3"].value == "Waits rose."
    assert rows[0] == ["Layanan", "Selesai", "Tunggu", "Tepat"]
    assert rows[1][:2] == ["KTP-el", 31]
    assert rows[1][2] in (time(0, 31, 5), timedelta(seconds=1_865))
    assert rows[1][3] == 0.875
    assert rows[2] == ['=HYPERLINK("x")', 0, None, None]
    assert services["A5"].data_type == "s"
    assert [cell.value for cell in first[4]][1:4] == ["November 2026", "Before", "Usual"]
    assert [cell.value for cell in first[5]][:4] == ["Waits", timedelta(seconds=1_865), timedelta(minutes=10), None]
    assert [cell.value for cell in first[6]][:4] == ["Within", 0.5, None, 0.9]
    assert _day(weeks["A4"].value) == "2026-09-28"


def test_hours_and_changes_are_typed_in_every_file():
    """A half-hour is a time of the day, in XLSX a spreadsheet's; what is longer or shorter is seconds with a sign."""
    table = Table(
        columns=(Column(label="Jam", kind="clock"), Column(label="Dibanding", kind="change")),
        rows=(
            (Cell(value=27_000, said="07.30"), Cell(value=120.0, said="2 menit lebih lama")),
            (Cell(value=28_800, said="08.00"), Cell(value=-45.0, said="1 menit lebih singkat")),
            (Cell(value=0, said="00.00"), Cell(said="")),
        ),
    )
    sections = (Section(id="day", title="Hari", table=table),)
    report = Report(period="p", compared="", finding="f", kind="calm", tiles=(), sections=sections)

    lines = read(csv_of(table, comma=True), ";")
    _, sheet = load_workbook(BytesIO(xlsx_of(report, "Mall"))).worksheets
    rows = [[cell.value for cell in row[:2]] for row in sheet.iter_rows(min_row=3, max_row=6)]

    assert lines == [["Jam", "Dibanding (s)"], ["07:30", "120"], ["08:00", "-45"], ["00:00", ""]]
    assert rows == [["Jam", "Dibanding (s)"], [time(7, 30), 120], [time(8, 0), -45], [time(0, 0), None]]


def _day(value: object) -> object:
    """A date as it is written."""
    return value.date().isoformat() if isinstance(value, datetime) else value


def test_a_workbook_lists_the_notes_of_its_days():
    """Each with its date as a date, below the figures; a note is text. That days were imported stands there, too."""
    report = Report(
        period="November 2026",
        compared="October 2026",
        finding="Waits rose.",
        kind="rose",
        tiles=(Tile(id="half", name="Half", said="18 min"),),
        sections=(),
        notes=(("2026-11-17", "Network down"), ("2026-11-18", "=1+1")),
        notes_title="Notes on days",
        imported="Imported.",
    )

    [first] = load_workbook(BytesIO(xlsx_of(report, "Mall"))).worksheets
    rows = [[_day(cell.value) for cell in row[:2]] for row in first.iter_rows(min_row=7, max_row=11)]

    assert rows[0] == ["Imported.", None]
    assert rows[2:] == [
        ["Notes on days", None],
        ["2026-11-17", "Network down"],
        ["2026-11-18", "=1+1"],
    ]
    assert first["B11"].data_type == "s"


async def served(edge: Edge) -> None:
    """One ticket that was served."""
    ticket = await edge.called()
    edge.wait(60)
    for move in ("start", "finish"):
        answer = await edge.post(f"/counters/1/{move}", {"ticket": ticket["id"]}, by="clerk")
        assert answer.status == 200, answer


async def test_the_page_gives_its_tables_as_files(edge: Edge):
    """A whole report as XLSX, each table as CSV with either decimal sign; to nobody who may not read the page."""
    await served(edge)
    manager = f"Bearer {edge.token('manager', name='dewi')}"
    asked = "/report?from=2026-11-24&to=2026-11-24&lang=id"

    book = await edge.page(f"{asked}&format=xlsx", Authorization=manager)
    table = await edge.page(f"{asked}&format=csv&part=services", Authorization=manager)
    english = await edge.page(f"{asked}&format=csv&part=services&decimal=point", Authorization=manager)
    paper = await edge.page(f"{asked}&format=pdf", Authorization=manager)
    nobody = await edge.page(f"{asked}&format=xlsx")
    missing = await edge.page(f"{asked}&format=csv&part=nothing", Authorization=manager)

    sheets = load_workbook(BytesIO(book.body)).sheetnames
    assert "Layanan" in sheets
    assert book.headers["Content-Disposition"] == 'attachment; filename="report-2026-11-24-2026-11-24.xlsx"'
    assert table.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert paper.headers["Content-Disposition"] == 'attachment; filename="report-2026-11-24-2026-11-24.pdf"'
    assert "Selasa, 24 November 2026" in text_of(paper.body)
    assert any("Passport" in row[0] for row in read(table.body, ";")[1:])
    assert any("Passport" in row[0] for row in read(english.body, ",")[1:])
    assert nobody.status in (303, 401)
    assert missing.status == 404


async def test_a_server_that_cannot_print_says_so(edge: Edge, monkeypatch: pytest.MonkeyPatch):
    """Its page offers no PDF, and whoever asks for one is told what to do."""
    await served(edge)
    monkeypatch.setenv("PATH", "/nowhere")
    manager, asked = f"Bearer {edge.token('manager', name='dewi')}", "/report?from=2026-11-24&to=2026-11-24&lang=en"

    page = await edge.page(asked, Authorization=manager)
    refused = await edge.page(f"{asked}&format=pdf", Authorization=manager)

    assert b"format=xlsx" in page.body
    assert b"format=pdf" not in page.body
    assert refused.status == 503


def text_of(pdf: bytes) -> str:
    """As another program reads it."""
    return subprocess.run(["pdftotext", "-", "-"], input=pdf, check=True, capture_output=True).stdout.decode()


async def test_an_agency_exports_its_own_only(edge: Edge):
    """Whatever the address says."""
    await served(edge)
    registry = f"Bearer {edge.token('manager', name='sari', agency='registry')}"

    table = await edge.page(
        "/report?from=2026-11-24&to=2026-11-24&format=csv&part=services&agency=immigration", Authorization=registry
    )

    assert b"Passport" not in table.body
