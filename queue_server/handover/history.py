"""The whole history of a mall as CSV in one folder, for other programs: tables as the journal has them.

UTF-8 with a byte order mark, commas, instants in UTC (RFC 3339), lengths in the unit that the column's name says. What
is not known is empty and never zero. A text that a spreadsheet would take for a formula gets an apostrophe in front.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

from queue_server.domain.lifecycle import StepState
from queue_server.handover.commas import harmless
from queue_server.journal.sqlite.copied import TABLES, Copied
from queue_server.views.instants import rfc3339

ABOUT = """\
A copy of a mall's history, made by `antrean export`. docs/handover.md of Antrean says what each column means.

events.csv         everything that happened, in its order: the rows of the chain, the event as JSON in `data`
steps.csv          one row for each step of a ticket's journey that is over, or whose day is
counter_spans.csv  what each counter did with its day
days.csv           the business days, and what things were called on them (`names`, JSON)
hall_spans.csv     when the hall was held, evacuated or the server away

Instants are UTC, as 2026-11-24T02:00:00.000Z. What is not known is empty.
There are no names, phone numbers or notes in it: `clerk`, `by` and `note` are pseudonyms and references.
"""

Progress = Callable[[int], None]
"""Told of so many more rows."""

EACH = 1_000


def write(source: Copied, folder: Path, progress: Progress) -> dict[str, int]:
    """Fill an empty folder; gives the number of rows by table."""
    counts = {}
    (folder / "README.txt").write_text(ABOUT, encoding="utf-8")
    for table in TABLES:
        columns = source.columns(table)
        count = 0
        with (folder / f"{table}.csv").open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(columns)
            for row in source.rows(table):
                told = dict(zip(columns, row, strict=True))
                if table == "steps":
                    told = _unknown(told)
                writer.writerow([written(name, value) for name, value in told.items()])
                count += 1
                if count % EACH == 0:
                    progress(EACH)
        progress(count % EACH)
        counts[table] = count
    return counts


def _unknown(step: dict[str, Any]) -> dict[str, Any]:
    """Without the zeros by which the journal says of a step that nothing is known."""
    names: tuple[str, ...] = ()
    if step["from_log"]:
        names = ("credit", "calls", "served_ms", "held_ms", "missed")
    elif step["state"] == StepState.UNKNOWN:
        names = ("credit", "served_ms", "held_ms", "missed")
    elif step["finished_at"] is not None and step["service_s"] is None:
        names = ("served_ms",)
    return {**step, **{name: None for name in names if step[name] == 0}}


def written(column: str, value: object) -> str | int | float:
    """One cell."""
    if value is None:
        return ""
    if isinstance(value, bytes):
        return value.hex() if column == "hash" else harmless(value.decode())
    if isinstance(value, int) and (column == "at" or column.endswith("_at")):
        return rfc3339(value)
    return harmless(value) if isinstance(value, str) else value  # type: ignore[return-value]  # the rest are numbers
