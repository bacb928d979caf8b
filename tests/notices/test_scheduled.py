"""Reports by themselves: once for each day, week or month, late rather than never."""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

from queue_server.notices.outbox import Outbox
from queue_server.notices.scheduled import latest, missed
from queue_server.reports.period import Period
from queue_server.settings.tables import Schedule
from queue_server.settings.values import ClockTime
from tests.notices.post import mail_server
from tests.notices.test_telling import mailed, mall
from tests.waiting import until
from tests.web.edge import CONFIG, NINE, edge_at

pytestmark = [
    # what the test's own mail server warns of: with TLS from the first byte it thinks that there is none
    pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS:UserWarning"),
    pytest.mark.filterwarnings("ignore:Session.login_data is deprecated:DeprecationWarning"),
]

DAY_MS = 86_400_000
ZONE = ZoneInfo("Asia/Jakarta")


@pytest.mark.parametrize(
    ("every", "now", "first", "last"),
    [
        ("day", "2026-11-24T06:00", date(2026, 11, 23), date(2026, 11, 23)),
        ("day", "2026-11-24T05:59", date(2026, 11, 22), date(2026, 11, 22)),
        ("week", "2026-11-24T07:00", date(2026, 11, 16), date(2026, 11, 22)),
        ("month", "2026-12-01T07:00", date(2026, 11, 1), date(2026, 11, 30)),
        ("month", "2026-12-01T05:00", date(2026, 10, 1), date(2026, 10, 31)),
    ],
)
def test_a_report_is_of_what_is_over(every: str, now: str, first: date, last: date):
    """The day, week or month before, from the time on that the schedule names."""
    schedule = Schedule(every=every, at=ClockTime(360))  # type: ignore[arg-type]  # one of the three
    local = datetime.fromisoformat(now).replace(tzinfo=ZONE)

    assert latest(schedule, local, local.date()) == Period(first=first, last=last)


def test_what_an_outage_kept_from_being_made_is_made_in_order():
    """From the one after the last that was made; nothing is made twice."""
    day = Period(first=date(2026, 11, 23), last=date(2026, 11, 23))

    assert [period.first.day for period in missed(day, "2026-11-20")] == [21, 22, 23]
    assert missed(day, "2026-11-23") == []


def made(folder: Path) -> list[str]:
    """The periods that the outbox says were made."""
    outbox = Outbox(folder / "data" / "outbox.db")
    periods = outbox.made("daily")
    outbox.close()
    return periods


async def test_a_daily_report_is_filed_and_mailed_once(tmp_path: Path):
    """Kept over a restart: yesterday's comes once, with its workbook, into the folder and by mail over TLS."""
    daily = """[schedules.daily]
every = "day"
formats = ["xlsx", "csv", "pdf"]
language = "en"
folder = "out"
to = ["duty"]
"""
    async with mail_server(tmp_path, tls="starttls") as (inbox, port):
        config = mall(tmp_path, 'email = ["duty@mall.example"]', more=mailed(port, "starttls") + daily)
        async with edge_at(tmp_path, config=config) as edge:
            await edge.called()
            await until(lambda: made(tmp_path))
        for hours in (0, 1):
            async with edge_at(tmp_path, config=config, at=NINE + DAY_MS + hours * 3_600_000):
                await until(lambda: len(made(tmp_path)) == 2)
                await until(lambda: inbox.mails)

    files = {part.get_filename(): part for part in inbox.mails[0].iter_attachments()}
    book = load_workbook(BytesIO(files["daily-2026-11-24-2026-11-24.xlsx"].get_content()))
    assert len(inbox.mails) == 1
    assert "report of the day, Tuesday, 24 November 2026" in inbox.mails[0]["subject"]
    assert (tmp_path / "out" / "daily-2026-11-24-2026-11-24.xlsx").is_file()
    assert "Services" in book.sheetnames
    assert "daily-2026-11-24-2026-11-24-services.csv" in files
    assert files["daily-2026-11-24-2026-11-24.pdf"].get_content().startswith(b"%PDF")
    assert files["daily-2026-11-24-2026-11-24.pdf"].get_content_type() == "application/pdf"


async def test_without_a_chromium_the_page_comes_in_place_of_the_pdf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The report is not kept back: the same page comes as HTML, which every browser prints."""
    monkeypatch.setenv("PATH", "/nowhere")
    daily = '[schedules.daily]\nevery = "day"\nformats = ["pdf"]\nlanguage = "en"\nfolder = "out"\n'
    config = CONFIG + daily
    async with edge_at(tmp_path, config=config):
        await until(lambda: made(tmp_path))
    async with edge_at(tmp_path, config=config, at=NINE + DAY_MS):
        await until(lambda: len(made(tmp_path)) == 2)

    (file,) = (tmp_path / "out").iterdir()
    assert file.name == "daily-2026-11-24-2026-11-24.html"
    assert "Tuesday, 24 November 2026" in file.read_text(encoding="utf-8")
