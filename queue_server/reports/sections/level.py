"""The share within the target, week by week."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from msgspec.structs import replace

from queue_server.charts.course import Line, course
from queue_server.reports.numbers import Group
from queue_server.reports.sections.cells import LEVEL, count_cell, share_cell
from queue_server.reports.tables import Cell, Column, Section, Table
from queue_server.reports.words import Words


def level(
    found: Sequence[Group], words: Words, notes: Sequence[tuple[str, str]], days: Mapping[str, int]
) -> Section | None:
    """The share within the target, week by week. `days` of each week that there are: one day is no trend."""
    those = [group for group in found if group.within is not None]
    if len(those) < 2:
        return None
    alone = [days.get(str(group.key[0])) == 1 for group in those]
    steady = [group for group, one in zip(those, alone, strict=True) if not group.few and not one]
    labels = [
        words.day(date.fromisoformat(str(group.key[0])), short=True) + ("" if group in steady else "*")
        for group in those
    ]
    first, last = (steady[0].within or 0, steady[-1].within or 0) if steady else (0, 0)
    key = "title.level_rose" if last > first + 0.02 else "title.level_fell" if last < first - 0.02 else "title.level"
    if len(steady) < 2:
        key = "plain.level"
    title = words.t(key, first=words.share(first), last=words.share(last))
    said = [
        (
            words.t("week_of", day=label),
            f"{words.t('tile.within')}: {words.share(group.within)}",
            f"{words.t('called')}: {words.count(group.count)}",
            *((words.t("one_day"),) if one else ()),
        )
        for label, group, one in zip(labels, those, alone, strict=True)
    ]
    weeks = [str(group.key[0]) for group in those]
    marks = ["; ".join(note for day, note in notes if _in_week(day, week)) or None for week in weeks]
    chart = course(
        "level",
        title,
        words.t("desc.level"),
        labels,
        [Line(name=words.t("tile.within"), class_="half", values=tuple(group.within for group in those))],
        [(*lines, mark) if mark else lines for lines, mark in zip(said, marks, strict=True)],
        words.share,
        target=(LEVEL, words.t("level_line")),
        share=True,
        marks=marks,
    )
    rows = tuple(
        (
            Cell(value=week, said=f"{label} ({words.t('one_day')})" if one else label),
            count_cell(group.count, words),
            replace(share_cell(group.within, words), few=group.few),
        )
        for label, week, group, one in zip(labels, weeks, those, alone, strict=True)
    )
    columns = (
        Column(label=words.t("col.week"), kind="date"),
        Column(label=words.t("col.called"), kind="count"),
        Column(label=words.t("tile.within"), kind="share"),
    )
    return Section(
        id="level",
        title=title,
        chart=chart,
        table=Table(columns=columns, rows=rows),
        how=words.t("how.level") if len(steady) == len(those) else f"{words.t('how.level')} {words.t('how.level_few')}",
        wide=False,
    )


def _in_week(day: str, monday: str) -> bool:
    return 0 <= (date.fromisoformat(day) - date.fromisoformat(monday)).days < 7
