"""`antrean report`: any days as PDF, HTML or XLSX, from the data folder alone, with a server beside it or none."""

from __future__ import annotations

import asyncio
import re
import subprocess
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook
from playwright.async_api import Browser

from queue_server.cli import antrean
from queue_server.journal.closing import read_closings
from tests.browser import axe
from tests.waiting import until
from tests.web.edge import NINE, Edge, edge_at

DAY = "2026-11-24"


def report(folder: Path, *asked: str, **environment: str) -> Result:
    where = ["--data", str(folder / "data"), "--config", str(folder / "config.toml")]
    return CliRunner(env=environment).invoke(antrean, ["report", *where, *asked])


async def lived(edge: Edge, tickets: int = 25) -> None:
    """A morning: everybody waits for ten minutes, and is served for five."""
    await edge.post("/counters/1/open", by="clerk")
    for _ in range(tickets):
        ticket = await edge.ticket()
        edge.wait(600)
        await edge.post("/counters/1/call-next", by="clerk")
        await edge.post("/counters/1/start", by="clerk")
        edge.wait(300)
        done = await edge.post("/counters/1/finish", {"ticket": ticket["id"], "outcome": "done"}, by="clerk")
        assert done.status == 200, done


def text_of(pdf: Path) -> str:
    """As another program reads it."""
    return subprocess.run(
        ["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, encoding="utf-8"
    ).stdout


async def test_a_pdf_is_made_beside_a_running_server_and_without_one(tmp_path: Path):
    """Another program reads in it what the server answers: the day so far, finding, figures and every table."""
    async with edge_at(tmp_path) as edge:
        await lived(edge)
        beside = await asyncio.to_thread(report, tmp_path, "--day", DAY, "--pdf", str(tmp_path / "beside.pdf"))
        told = await edge.get(f"/stats?from={DAY}&to={DAY}", by=edge.token("manager", name="dewi"))
    alone = await asyncio.to_thread(
        report, tmp_path, "--day", DAY, "--lang", "en", "--pdf", str(tmp_path / "alone.pdf")
    )

    assert (beside.exit_code, alone.exit_code) == (0, 0), beside.output + alone.output
    text = text_of(tmp_path / "alone.pdf")
    assert "Tuesday, 24 November 2026" in text
    assert "Passport" in text
    assert re.search(r"Waits through the day|Waits were longest", text)
    assert told["total"]["served"] == 25
    assert re.search(r"Served.*\n(.*\n)*?.*\b25\b", text)
    assert "10 min" in text
    assert "1 / " in text.replace("1/", "1 / ")
    assert "Selasa, 24 November 2026" in text_of(tmp_path / "beside.pdf")


async def test_a_report_bears_the_hash_that_closed_its_last_day(tmp_path: Path):
    """Whoever keeps the paper can hold the mall to it, also when the report was made without its server."""
    async with edge_at(tmp_path):
        pass
    async with edge_at(tmp_path, at=NINE + 86_400_000):
        await until(lambda: (tmp_path / "data" / "closings.jsonl").is_file())
    (closing,) = read_closings((tmp_path / "data" / "closings.jsonl").read_bytes())

    await asyncio.to_thread(report, tmp_path, "--day", DAY, "--html", str(tmp_path / "r.html"))

    assert closing.day == DAY
    assert closing.hash in (tmp_path / "r.html").read_text(encoding="utf-8")


async def test_every_way_to_say_which_days(tmp_path: Path):
    """A day, a week, a month, from one to another: each says its own span; none or two at once are wrong usage."""
    async with edge_at(tmp_path):
        pass
    page = str(tmp_path / "r.html")
    spans = {
        ("--day", DAY): "Tuesday, 24 November 2026",
        ("--week", "2026-W48"): "23 – 29 November 2026",
        ("--month", "2026-11"): "1 – 30 November 2026",
        ("--from", "2026-11-20", "--to", "2026-12-02"): "20 November – 2 December 2026",
    }

    for asked, said in spans.items():
        done = await asyncio.to_thread(report, tmp_path, *asked, "--lang", "en", "--html", page)
        assert done.exit_code == 0, done.output
        assert said in Path(page).read_text(encoding="utf-8")
    wrong = [(), ("--day", DAY, "--month", "2026-11"), ("--from", DAY), ("--week", "2026-W99"), ("--month", "11")]
    for asked in wrong:
        assert (await asyncio.to_thread(report, tmp_path, *asked, "--html", page)).exit_code == 2
    assert (await asyncio.to_thread(report, tmp_path, "--day", DAY)).exit_code == 2


async def test_an_agencys_report_is_of_that_agency_alone(tmp_path: Path):
    """Whose name is not known is told the nearest that is."""
    async with edge_at(tmp_path) as edge:
        await lived(edge, 1)
    files = ("--html", str(tmp_path / "r.html"), "--xlsx", str(tmp_path / "r.xlsx"))

    own = await asyncio.to_thread(report, tmp_path, "--day", DAY, "--agency", "immigration", *files)
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    sheets = load_workbook(BytesIO((tmp_path / "r.xlsx").read_bytes())).sheetnames
    other = await asyncio.to_thread(report, tmp_path, "--day", DAY, "--agency", "registry", "--lang", "en", *files)
    unknown = await asyncio.to_thread(report, tmp_path, "--day", DAY, "--agency", "immigratio", *files)

    assert own.exit_code == 0, own.output
    assert "Passport" in page
    assert "Layanan" in sheets
    assert other.exit_code == 0
    assert "Nobody queued in this period." in (tmp_path / "r.html").read_text(encoding="utf-8")
    assert (unknown.exit_code, unknown.output) == (1, 'There is no agency "immigratio"; did you mean "immigration"?\n')


async def test_without_a_chromium_it_says_what_to_do(tmp_path: Path):
    """What to install, or which other file to take; what else was asked for is written all the same."""
    async with edge_at(tmp_path):
        pass
    asked = ("--day", DAY, "--pdf", str(tmp_path / "r.pdf"))

    none = await asyncio.to_thread(report, tmp_path, *asked, "--html", str(tmp_path / "r.html"), PATH="/nowhere")
    broken = await asyncio.to_thread(report, tmp_path, *asked, "--browser", "/bin/false")

    assert none.exit_code == 1
    assert "There is no Chromium on this machine" in none.output
    assert f"say --html {tmp_path / 'r.html'}" in none.output
    assert (tmp_path / "r.html").exists()
    assert (broken.exit_code, broken.output) == (1, "/bin/false made no PDF (exit status 1).\n")
    assert not (tmp_path / "r.pdf").exists()


async def test_without_a_journal_it_says_so(tmp_path: Path):
    """And makes neither a journal nor a report."""
    async with edge_at(tmp_path):
        pass
    done = await asyncio.to_thread(
        report, tmp_path, "--day", DAY, "--html", str(tmp_path / "r.html"), "--data", str(tmp_path / "other")
    )

    assert done.exit_code == 1
    assert "Is --data the right folder?" in done.output
    assert not (tmp_path / "other").exists()


@pytest.mark.browser
async def test_the_html_is_one_file_that_anybody_can_read(tmp_path: Path, browser: Browser):
    """It loads nothing, runs nothing, is accessible, and shows its charts."""
    async with edge_at(tmp_path) as edge:
        await lived(edge)
    done = await asyncio.to_thread(report, tmp_path, "--day", DAY, "--html", str(tmp_path / "r.html"))
    page = await browser.new_page(viewport={"width": 1366, "height": 768})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    await page.goto((tmp_path / "r.html").as_uri())
    found = await axe(page)
    charts = await page.locator("svg.chart").count()
    scripts = await page.locator("script").count()
    await page.close()

    assert done.exit_code == 0
    assert found == []
    assert (charts > 2, scripts) == (True, 0)
    assert [url for url in asked if not url.startswith("data:")] == [(tmp_path / "r.html").as_uri()]
