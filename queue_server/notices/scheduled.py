"""Reports that are made by themselves: of the day, week or month before, once each, late rather than never.

Which were made is kept in the outbox, in the same transaction as their messages. What an outage has kept from being
made is made afterwards, at most `MOST` of each. A schedule that is new begins with the next one.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from queue_server.errors import Unavailable
from queue_server.handover import paper
from queue_server.handover.commas import comma_in, csv_of
from queue_server.handover.spreadsheet import KIND, xlsx_of
from queue_server.languages.catalogues import say
from queue_server.notices.following import message_id
from queue_server.notices.outbox import Attached, Content, Message, Outbox
from queue_server.reports.period import Period, before, named
from queue_server.reports.report import Report
from queue_server.service.engine import Engine
from queue_server.service.logs import log
from queue_server.settings import Settings
from queue_server.settings.tables import Schedule

LOOK_S = 15.0
MOST = 12

Make = Callable[[Period, str, str], Awaitable[tuple[Report, Callable[[], str]]]]
"""A report of a span of days, of one agency (empty: the whole mall), in a language; and what writes it as one page."""


class Scheduled:
    """`real` gives real time (milliseconds); what is due goes by the mall's clock."""

    def __init__(
        self,
        engine: Engine,
        outbox: Outbox,
        settings: Callable[[], Settings],
        make: Make,
        folder: Path,
        real: Callable[[], int],
    ) -> None:
        self._engine = engine
        self._outbox = outbox
        self._settings = settings
        self._make = make
        self._folder = folder
        self._real = real

    async def run(self) -> None:
        while True:
            for name, schedule in self._settings().schedules.items():
                with self._engine.faults.part("schedules", name):
                    await self.look(name, schedule)
            await asyncio.sleep(LOOK_S)

    async def look(self, name: str, schedule: Schedule) -> None:
        """Make what is due."""
        settings = self._settings()
        zone = ZoneInfo(settings.mall.timezone)
        local = datetime.fromtimestamp(self._engine.now() / 1_000, UTC).astimezone(zone)
        last = latest(schedule, local, date.fromisoformat(self._engine.state.day[:10]))
        made = await asyncio.to_thread(self._outbox.made, name)
        if not made:
            await asyncio.to_thread(self._outbox.make, name, last.first.isoformat(), (), self._real())
            return
        for period in missed(last, made[-1]):
            await self._hand_over(name, schedule, period, settings)

    async def _hand_over(self, name: str, schedule: Schedule, period: Period, settings: Settings) -> None:
        language = schedule.language or settings.mall.languages[0]
        report, page = await self._make(period, schedule.agency, language)
        mall = settings.mall.name.get(language) or next(iter(settings.mall.name.values()))
        files = await asyncio.to_thread(
            files_of, report, page, mall, f"{name}-{period.first}-{period.last}", schedule, language
        )
        if schedule.folder:
            await asyncio.to_thread(_put, self._folder / schedule.folder, files)
        kind = say("notices", language, f"report.of.{schedule.every}")
        whose = f"{mall}, {_agency(settings, schedule, language)}" if schedule.agency else mall
        title = say("notices", language, "report.title", mall=whose, kind=kind, period=report.period)
        text = "".join(f"{said}\n" for said in (report.finding, report.closing) if said)
        content = Content(title=title, text=text, files=files)
        messages = [
            Message(
                id=message_id(self._engine.state.journal, "report", name, period.first, to),
                recipient=to,
                way="email",
                content=content,
            )
            for to in schedule.to
            if settings.recipients[to].email
        ]
        await asyncio.to_thread(self._outbox.make, name, period.first.isoformat(), messages, self._real())
        log.info("report_made", schedule=name, first=str(period.first), last=str(period.last))


def _agency(settings: Settings, schedule: Schedule, language: str) -> str:
    names = settings.agencies[schedule.agency].name
    return names.get(language) or next(iter(names.values()))


def latest(schedule: Schedule, local: datetime, open_day: date) -> Period:
    """The last day, week or month that is over, and of which it is time to tell."""
    today = min(local.date(), open_day)
    if local.hour * 60 + local.minute < schedule.at and today == local.date():
        today -= timedelta(days=1)
    return named("yesterday" if schedule.every == "day" else f"last_{schedule.every}", today)


def missed(last: Period, made: str) -> list[Period]:
    """From the one after `made` (its first day) to the last, the earliest first."""
    found: list[Period] = []
    period = last
    while period.first.isoformat() > made and len(found) < MOST:
        found.append(period)
        period = before(period)
    return found[::-1]


def files_of(
    report: Report, page: Callable[[], str], mall: str, name: str, schedule: Schedule, language: str
) -> tuple[Attached, ...]:
    """In the formats that the schedule names."""
    files: list[Attached] = []
    if "pdf" in schedule.formats:
        files.append(_on_paper(page(), name))
    if "xlsx" in schedule.formats:
        files.append(Attached(name=f"{name}.xlsx", kind=KIND, content=xlsx_of(report, mall)))
    if "csv" in schedule.formats:
        files += [
            Attached(
                name=f"{name}-{section.id}.csv",
                kind="text/csv",
                content=csv_of(section.exported, comma=comma_in(language)),
            )
            for section in report.sections
        ]
    return tuple(files)


def _on_paper(page: str, name: str) -> Attached:
    """As PDF; where no Chromium makes one, the page itself, which every browser prints."""
    try:
        return Attached(name=f"{name}.pdf", kind=paper.KIND, content=paper.pdf_of(page))
    except Unavailable as error:
        log.warning("report_not_on_paper", report=name, detail=error.detail)
        return Attached(name=f"{name}.html", kind="text/html", content=page.encode())


def _put(folder: Path, files: tuple[Attached, ...]) -> None:
    """Each whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        part = folder / f".{file.name}.part"
        part.write_bytes(file.content)
        os.replace(part, folder / file.name)
