"""The heat map: weekday by half-hour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from msgspec.structs import replace

from queue_server.charts.heat import Cell as HeatCell
from queue_server.charts.heat import heat_map
from queue_server.reports.numbers import Group, said_half_hour
from queue_server.reports.sections.cells import Behind, clock_cell, count_cell, wait_cell
from queue_server.reports.sections.worst_said import worst_said
from queue_server.reports.tables import Cell, Column, Section, Table
from queue_server.reports.words import Words


def week(
    cells: Sequence[Group], words: Words, behind: Behind, notes: Sequence[tuple[str, str]], *, whole: bool
) -> Section | None:
    """Weekday by half-hour. `whole`: of the whole span; otherwise of the eight weeks up to a single day."""
    known = {(int(cell.key[0] or 0), int(cell.key[1] or 0)): cell for cell in cells if cell.half is not None}
    if not known:
        return None
    days = sorted({day for day, _ in known})
    slots = range(min(at for _, at in known), max(at for _, at in known) + 1)
    said = worst_said("week", known.values(), words)
    title = said if whole else words.t("title.eight_weeks", said=said)
    noted = {date.fromisoformat(when).weekday() for when, _ in notes}

    def those(day: int, at: int) -> str:
        return behind(weekday=day + 1, half_hour=said_half_hour(at))

    def cell(day: int, at: int) -> HeatCell:
        group = known.get((day, at))
        if group is None or group.half is None:
            return HeatCell()
        said = words.t(
            "cell.week",
            day=words.weekday(day),
            first=words.half_hour(at),
            half=words.wait(group.half),
            n=words.count(group.count),
        )
        short = str(round(group.half / 60))
        if group.few:
            short, said = f"{short}*", f"{said} * {words.t('few')}"
        return HeatCell(value=group.half, short=short, said=said, link=those(day, at))

    rows = [
        (
            Cell(value=words.weekday(day), said=words.weekday(day)),
            *(
                replace(wait_cell(group.half, words, few=group.few), link=those(day, at))
                if (group := known.get((day, at)))
                else wait_cell(None, words)
                for at in slots
            ),
        )
        for day in days
    ]
    columns = (
        Column(label=words.t("col.weekday")),
        *(Column(label=words.half_hour(at), kind="seconds") for at in slots),
    )
    return Section(
        id="week",
        title=title,
        chart=heat_map(
            "week",
            title,
            words.t("desc.week"),
            [words.weekday(day) + " \u2731" * (day in noted) for day in days],
            [words.half_hour(at) for at in slots],
            [[cell(day, at) for at in slots] for day in days],
        ),
        table=Table(columns=columns, rows=tuple(rows)),
        how=words.t("how.week" if whole else "how.week_of_day"),
        sheet=week_sheet(known, words),
    )


def week_sheet(known: Mapping[tuple[int, int], Group], words: Words) -> Table:
    """One row for each cell, with how many were called."""
    labels = [("col.weekday", "text"), ("col.half_hour", "clock"), ("col.called", "count"), ("half", "seconds")]
    return Table(
        columns=tuple(Column(label=words.t(label), kind=kind) for label, kind in labels),
        rows=tuple(
            (
                Cell(value=words.weekday(day), said=words.weekday(day)),
                clock_cell(at, words),
                count_cell(group.count, words),
                wait_cell(group.half, words, few=group.few),
            )
            for (day, at), group in sorted(known.items())
        ),
    )
