"""`antrean report`: the report of any days as PDF, HTML or XLSX, from the data folder alone.

Works beside a running server, and without one. The PDF is made by Chromium, where there is one.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from time import time_ns

import click
from msgspec import Struct

from queue_server.cli.options import config_option, data_option
from queue_server.database import Fault
from queue_server.errors import Broken, Invalid, Unavailable
from queue_server.handover.offline import Offline, offline
from queue_server.handover.paper import NONE, chromium, pdf_of
from queue_server.handover.spreadsheet import xlsx_of
from queue_server.languages.catalogues import languages_of
from queue_server.reports.numbers import Where
from queue_server.reports.period import Period, whole
from queue_server.reports.reckoned import Reckoned
from queue_server.reports.report import Report
from queue_server.reports.words import Words
from queue_server.settings import Settings, load
from queue_server.settings.mistakes import nearest
from queue_server.stats.sight import Sight
from queue_server.web.reading.closing_line import closed_by
from queue_server.web.reading.paper import paper_of
from queue_server.web.reading.reporting import made

_file = click.Path(dir_okay=False, path_type=Path)
_date = click.DateTime(["%Y-%m-%d"])


class Asked(Struct, frozen=True, kw_only=True):
    period: Period
    filters: dict[str, str]
    language: str


@click.command(short_help="Make a report as PDF, HTML or XLSX.")
@click.option("--day", type=_date, help="One business day, such as 2026-11-24.")
@click.option("--week", help="A week, such as 2026-W48, or any of its days.")
@click.option("--month", help="A month, such as 2026-11.")
@click.option("--from", "first", type=_date, help="The first of several days…")
@click.option("--to", "last", type=_date, help="…and the last.")
@click.option("--agency", default="", help="Of one agency only: its steps, notes and names.")
@click.option("--service", default="", help="Of one service.")
@click.option("--counter", default="", help="Of one counter.")
@click.option("--category", default="", help="Of one category.")
@click.option("--lang", help="The language; the mall's first one if left out.")
@click.option("--pdf", type=_file, help="Write it as PDF; a Chromium is needed on this machine.")
@click.option("--html", type=_file, help="Write it as one HTML file, which any browser shows and prints.")
@click.option("--xlsx", type=_file, help="Write it as a workbook, each table on a sheet.")
@click.option("--browser", help="The Chromium to use, where it is found by no usual name.")
@config_option
@data_option
def command(
    day: date | None,
    week: str | None,
    month: str | None,
    first: date | None,
    last: date | None,
    agency: str,
    service: str,
    counter: str,
    category: str,
    lang: str | None,
    pdf: Path | None,
    html: Path | None,
    xlsx: Path | None,
    browser: str | None,
    config: Path,
    data: Path,
) -> None:
    """Make a report of some days: --day, --week, --month, or --from with --to; as --pdf, --html or --xlsx, or several.

    It shows what a supervisor of that agency, or of the whole mall, sees. A running server is not disturbed.
    """
    if not (pdf or html or xlsx):
        raise click.UsageError("Say what to write: --pdf FILE, --html FILE or --xlsx FILE.")
    settings = load(config)
    filters = {"agency": agency, "service": service, "counter": counter, "category": category}
    asked = Asked(
        period=_period(day, week, month, first, last),
        filters={kind: value for kind, value in filters.items() if value},
        language=_language(lang, settings),
    )
    try:
        with offline(data, settings, time_ns() // 1_000_000) as source:
            report, words = asyncio.run(_made(source, asked))
    except (Fault, OSError) as error:
        raise Unavailable(f"The journal in {data} cannot be read: {error}.") from error
    _write(report, words, asked, settings, pdf=pdf, html=html, xlsx=xlsx, browser=browser)


async def _made(source: Offline, asked: Asked) -> tuple[Report, Words]:
    agency = asked.filters.get("agency")
    own = frozenset({agency}) if agency else None
    words = source.that_day.words(asked.language, asked.period.first, asked.period.last)
    for kind, value in asked.filters.items():
        if value not in (known := _known(kind, words)):
            raise Invalid(f'There is no {kind} "{value}"{nearest(value, known) or "."}')
    where = Where(
        agencies=own,
        agency=asked.filters.get("agency", ""),
        service=asked.filters.get("service", ""),
        counter=asked.filters.get("counter", ""),
        category=asked.filters.get("category", ""),
    )
    report = await made(Reckoned(source, Sight(agencies=own)), words, source.notes, asked.period, where)
    return closed_by(report, asked.period, words, source.closings()), words


def _known(kind: str, words: Words) -> list[str]:
    """Those of these days, and those of today."""
    names, rules = words.names, words.rules
    known: dict[str, Iterable[str]] = {
        "agency": [*names.agencies, *rules.agencies],
        "service": [*names.services, *rules.services],
        "counter": [*names.counters, *rules.counters],
        "category": [*names.categories, *rules.categories],
    }
    return list(dict.fromkeys(known[kind]))


def _write(
    report: Report,
    words: Words,
    asked: Asked,
    settings: Settings,
    *,
    pdf: Path | None,
    html: Path | None,
    xlsx: Path | None,
    browser: str | None,
) -> None:
    """The PDF last, since it is what may not be possible here."""
    page = paper_of(report, words, asked.filters, settings.mall.accent, time_ns() // 1_000_000)
    if html:
        _put(html, page.encode())
    if xlsx:
        _put(xlsx, xlsx_of(report, words.pick(words.rules.name)))
    if pdf:
        if browser is None and chromium() is None:
            raise Unavailable(NONE.replace("take the report as HTML", f"say --html {pdf.with_suffix('.html')}"))
        _put(pdf, pdf_of(page, browser))


def _put(path: Path, content: bytes) -> None:
    """Whole or not at all."""
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise Broken(f"{path} cannot be written: {error}.") from error
    click.echo(f"{path}  {len(content):,} bytes")


def _period(day: date | None, week: str | None, month: str | None, first: date | None, last: date | None) -> Period:
    if sum(bool(said) for said in (day, week, month, first or last)) != 1:
        raise click.UsageError("Say of which days, in one way: --day, --week, --month, or --from with --to.")
    if day is not None:
        return Period(first=_plain(day), last=_plain(day))
    if week is not None:
        monday = _monday(week)
        return Period(first=monday, last=monday + timedelta(days=6))
    if month is not None:
        return whole("month", _first_of(month))
    if first is None or last is None or last < first:
        raise click.UsageError("Several days have both: --from DAY --to DAY, the earlier one first.")
    return Period(first=_plain(first), last=_plain(last))


def _plain(moment: date) -> date:
    """Click gives a date with a time."""
    return date(moment.year, moment.month, moment.day)


def _monday(said: str) -> date:
    found = re.fullmatch(r"(\d{4})-W(\d{1,2})", said)
    try:
        if found is not None:
            return date.fromisocalendar(int(found[1]), int(found[2]), 1)
        day = date.fromisoformat(said)
        return day - timedelta(days=day.weekday())
    except ValueError:
        raise click.UsageError(f'--week: "{said}" is no week; one is written 2026-W48.') from None


def _first_of(said: str) -> date:
    try:
        return date.fromisoformat(f"{said}-01")
    except ValueError:
        raise click.UsageError(f'--month: "{said}" is no month; one is written 2026-11.') from None


def _language(said: str | None, settings: Settings) -> str:
    known = languages_of("report")
    if said is None:
        return next((code for code in settings.mall.languages if code in known), known[0])
    if said not in known:
        raise Invalid(f'There are no reports in "{said}"; there are in {", ".join(known)}.')
    return said
