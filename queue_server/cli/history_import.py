"""`antrean import`: history from another system's log, or from a folder of `antrean export`, into the journal.

Needs the data folder for itself: a running server refuses it.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, date, datetime
from hashlib import blake2b
from pathlib import Path
from secrets import token_hex
from time import time_ns
from zoneinfo import ZoneInfo

import click

from queue_server.cli.options import config_option, data_option
from queue_server.cli.registry import opened
from queue_server.database import Fault, lock_folder
from queue_server.domain.acts import ActKind
from queue_server.domain.events import DayTakenBack, ImportBegan, StepImported
from queue_server.errors import Broken, Invalid, Unavailable
from queue_server.handover import mapping as forms
from queue_server.handover.foreign import Bad, Doubt, ForeignLog
from queue_server.handover.importing import Called, Intake, Progress, Taken
from queue_server.handover.own_export import FILES, OwnExport, is_export
from queue_server.journal.sqlite.importing import Importer, importing, looked_at
from queue_server.registry.acts import MACHINE
from queue_server.settings import load

TOLD = 20
"""So many bad rows are named at the terminal; `--bad` names them all."""


@click.command(short_help="Take history from another system's log, or from an export.")
@click.argument("source", required=False, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--mapping",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="How a log of another system is read (TOML); a folder of `antrean export` needs none.",
)
@click.option("--bad", type=click.Path(dir_okay=False, path_type=Path), help="A CSV file that names every bad row.")
@click.option(
    "--take-back",
    metavar="DAY[:DAY]",
    help="Import nothing, but forget what was imported of a day, or of one day to another.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be taken, and write nothing.")
@config_option
@data_option
def command(
    source: Path | None,
    mapping: Path | None,
    bad: Path | None,
    take_back: str | None,
    dry_run: bool,
    config: Path,
    data: Path,
) -> None:
    """Take the history of SOURCE into the journal: a CSV log of another system, or a folder of `antrean export`.

    The server must be stopped. Days that the mall lived itself are left alone, and today; what is there already is not
    taken twice. docs/handover.md says how a mapping is written.
    """
    if (source is None) == (take_back is None):
        raise click.UsageError("Name what to import, or say with --take-back which days to forget; one of both.")
    if take_back is not None:
        _take_back(take_back, data, dry_run)
    if source is not None:
        _import(source, mapping, bad, dry_run, config, data)


def _take_back(said: str, data: Path, dry_run: bool) -> None:
    """What was imported by mistake: the days count as never imported, and can be imported again."""
    first, _, last = said.partition(":")
    try:
        span = date.fromisoformat(first).isoformat(), date.fromisoformat(last or first).isoformat()
    except ValueError:
        raise click.UsageError(
            f'--take-back: "{said}" is no day, and no two; write 2020-01-13 or 2020-01-13:2020-01-31.'
        ) from None
    now = time_ns() // 1_000_000
    began = ImportBegan(at=now, id=token_hex(16), source="taken_back", digest="")
    with ExitStack() as stack:
        journal = stack.enter_context(looked_at(data / "journal.db") if dry_run else _journal(data, began))
        days = journal.imported(*span) if journal is not None else {}
        if isinstance(journal, Importer) and days:
            journal.take([DayTakenBack(at=now, day=day) for day in days])
    steps = sum(days.values())
    if not days:
        raise Broken(f"Nothing was imported of {' to '.join(dict.fromkeys(span))}.")
    if not dry_run:
        with opened(data) as registry:
            details = {"taken_back": len(days), "steps": steps}
            registry.acts.note(ActKind.HISTORY_IMPORTED, by=MACHINE, about=f"{span[0]}:{span[1]}", details=details)
    click.echo(f"{steps} steps of {_days(len(days))} {'would be forgotten' if dry_run else 'are forgotten'}.")


def _days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def _import(source: Path, mapping: Path | None, bad: Path | None, dry_run: bool, config: Path, data: Path) -> None:
    called = Called.by(load(config))
    form = _form(source, mapping)
    zone = forms.zone_of(form, called.timezone) if form is not None else ZoneInfo(called.timezone)
    now = time_ns() // 1_000_000
    today = datetime.fromtimestamp(now / 1_000, UTC).astimezone(ZoneInfo(called.timezone)).date()
    began = ImportBegan(
        at=now, id=token_hex(16), source="log" if form is not None else "export", digest=_digest(source, mapping)
    )
    with ExitStack() as stack:
        journal = stack.enter_context(looked_at(data / "journal.db") if dry_run else _journal(data, began))
        salt = journal.salt if journal is not None else bytes(32)
        log = ForeignLog(source, form, zone, now, salt) if form is not None else OwnExport(source, now)
        intake = stack.enter_context(closing(Intake(log, called, zone, today)))
        with _bar(_size(source), "Reading") as progress:
            read = intake.read(progress)
        with _bar(read, "Writing") as progress:
            intake.write(journal, progress)
    taken, stream = intake.taken, journal.stream if isinstance(journal, Importer) else None
    if stream is not None and taken.days:
        _note(data, stream, taken)
    _name_bad(taken.bad, bad)
    _name_doubted(taken.doubted)
    if dry_run:
        _show(intake.first, zone)
    _say(taken, stream, log)
    if not read and taken.bad:
        raise Broken("No row could be read. Is the mapping right?")


def _form(source: Path, mapping: Path | None) -> forms.Mapping | None:
    if source.is_dir():
        if not is_export(source):
            raise Invalid(f"{source} is no folder of `antrean export`: it has not all of {', '.join(FILES)}.csv.")
        return None
    if mapping is None:
        raise Invalid(f"Say with --mapping how {source.name} is read; docs/handover.md shows how one is written.")
    return forms.load(mapping)


def _digest(source: Path, mapping: Path | None) -> str:
    """Of the bytes that were read, and of what they were read by."""
    files = sorted(source / f"{name}.csv" for name in FILES) if source.is_dir() else [source]
    found = blake2b(digest_size=16)
    for path in [*files, *([mapping] if mapping is not None else [])]:
        with path.open("rb") as file:
            while part := file.read(1 << 20):
                found.update(part)
    return found.hexdigest()


def _size(source: Path) -> int:
    files = [source / f"{name}.csv" for name in FILES] if source.is_dir() else [source]
    return sum(path.stat().st_size for path in files)


@contextmanager
def _journal(data: Path, began: ImportBegan) -> Iterator[Importer]:
    with lock_folder(data):
        try:
            with importing(data / "journal.db", began) as importer:
                yield importer
        except (Fault, OSError) as error:
            raise Unavailable(
                f"{data / 'journal.db'} cannot be written: {error}. Every day is in it whole or not at all;"
                " run the same again to go on."
            ) from error


@contextmanager
def _bar(length: int, label: str) -> Iterator[Progress]:
    with click.progressbar(length=max(1, length), label=label, file=sys.stderr) as bar:

        def progress(so_far: int) -> None:
            if so_far - bar.pos >= length // 200:
                bar.update(min(so_far, length) - bar.pos)

        yield progress
        bar.update(bar.length - bar.pos if bar.length else 0)


def _note(data: Path, stream: str, taken: Taken) -> None:
    with opened(data) as registry:
        details = {"days": len(taken.days), "steps": taken.steps, "bad": len(taken.bad)}
        registry.acts.note(ActKind.HISTORY_IMPORTED, by=MACHINE, about=stream, details=details)


def _name_bad(bad: list[Bad], path: Path | None) -> None:
    for row in bad[:TOLD]:
        click.echo(f"{row.file}:{row.line}: skipped: {row.why}", err=True)
    if len(bad) > TOLD and path is None:
        click.echo(f"… and {len(bad) - TOLD} more; --bad FILE names them all.", err=True)
    if path is not None:
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([("file", "line", "why"), *bad])


def _name_doubted(rows: list[Doubt]) -> None:
    for row in rows[:TOLD]:
        click.echo(f"{row.file}:{row.line}: taken, but look: {row.why}", err=True)
    if len(rows) > TOLD:
        click.echo(f"… and {len(rows) - TOLD} more that are taken and not certain.", err=True)


def _show(steps: list[StepImported], zone: ZoneInfo) -> None:
    """So that a wrong zone, column or date format is seen before it is in the journal for good."""
    click.echo(f"The first rows, by the clock of {zone.key}:")
    for step in steps:
        times = (("queued", step.queued_at), ("called", step.first_called_at), ("started", step.started_at))
        ends = (("finished", step.finished_at), ("left", step.left_at))
        said = [
            f"{name} {datetime.fromtimestamp(at / 1_000, UTC).astimezone(zone):%Y-%m-%d %H:%M:%S}"
            for name, at in (*times, *ends)
            if at is not None
        ]
        click.echo(f"  {step.number or '-'}  {step.agency} / {step.service}: {', '.join(said)}; {step.state}")


def _say(taken: Taken, stream: str | None, log: ForeignLog | OwnExport) -> None:
    where = "would be taken" if stream is None else f"taken, in the stream {stream}" if taken.days else "taken"
    spans = f", {taken.spans} stretches of counters and of the hall" if taken.spans else ""
    click.echo(f"{_counted(taken.steps, 'step')}{spans} of {_days(len(taken.days))} {where}.")
    if taken.days:
        click.echo(f"Days: {taken.days[0]} to {taken.days[-1]}.")
    if taken.there:
        be, stay = ("was", "stays as it is") if taken.there == 1 else ("were", "stay as they are")
        click.echo(f"{_counted(taken.there, 'row')} {be} there already, and {stay}.")
    if taken.bad:
        click.echo(f"{_counted(len(taken.bad), 'bad row')} {'was' if len(taken.bad) == 1 else 'were'} skipped.")
    for day, count in sorted(taken.lived.items()):
        rows = f"{_counted(count, 'row')} {'was' if count == 1 else 'were'}"
        click.echo(f"{day}: {rows} left out: the mall lived this day itself, or is still to live it.")
    if isinstance(log, ForeignLog) and (missing := [name for name in forms.TELLING if not log.says(name)]):
        click.echo(f"Not known of any row: {', '.join(missing)}. Statistics leave out what rests on it.")


def _counted(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"
