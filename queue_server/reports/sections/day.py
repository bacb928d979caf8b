"""Waits through the day, half-hour by half-hour."""

from __future__ import annotations

from collections.abc import Sequence

from queue_server.charts.waits import Slot as ChartSlot
from queue_server.charts.waits import Words as ChartWords
from queue_server.charts.waits import waits_through_the_day
from queue_server.reports.numbers import Group, Slot, said_half_hour
from queue_server.reports.sections.cells import Behind, clock_cell, count_cell, share_cell, tenths_cell, wait_cell
from queue_server.reports.sections.worst_said import worst_said
from queue_server.reports.tables import Column, Section, Table
from queue_server.reports.words import Words


def through_the_day(
    half_hours: Sequence[Group],
    slots: Sequence[Slot],
    target: float | None,
    words: Words,
    behind: Behind,
    *,
    several: bool = False,
    differ: bool = False,
) -> Section | None:
    """`several`: it is of more than one day, and its title says so beside the heat map's. `differ`: there are targets,
    and no one line is that of all."""
    known = {int(group.key[0] or 0): group for group in half_hours}
    busy = [*known, *(at for at, slot in enumerate(slots) if (slot.counters or 0) >= 0.05)]
    if not known:
        return None
    span = range(min(busy), max(busy) + 1)
    drawn = []
    for at in span:
        group, slot = known.get(at, Group()), slots[at] if at < len(slots) else Slot()
        said: tuple[str, ...] = (
            f"{words.half_hour(at)}–{words.half_hour(at + 1)}",
            f"{words.t('half')}: {words.wait(group.half)}",
            f"{words.t('most')}: {words.wait(group.most)}",
            f"{words.t('called')}: {words.count(group.count)}",
        )
        if slots:
            said += (
                f"{words.t('waiting')}: {words.tenths(slot.waiting)}",
                f"{words.t('counters_open')}: {words.tenths(slot.counters)}",
            )
        drawn.append(
            ChartSlot(
                label=words.half_hour(at) if at % 2 == 0 else "",
                half=group.half,
                most=group.most,
                waiting=slot.waiting if slots else None,
                counters=slot.counters if slots else None,
                said=said,
            )
        )
    title = worst_said("day", known.values(), words)
    if several:
        title = words.t("title.day_together", said=title)
    labels = ChartWords(
        title=title,
        desc=words.t("desc.day"),
        half=words.t("half"),
        most=words.t("most"),
        target=words.t("target_line"),
        waiting=words.t("waiting"),
        counters=words.t("counters_open"),
        waits=lambda seconds: words.wait(seconds) if seconds else "0",
        count=words.count,
    )
    rows = [
        (
            clock_cell(at, words, link=behind(half_hour=said_half_hour(at))),
            count_cell(group.count, words),
            wait_cell(group.half, words, few=group.few),
            wait_cell(group.most, words, few=group.few),
            share_cell(group.within, words),
            tenths_cell(slots[at].waiting if slots else None, words),
            tenths_cell(slots[at].counters if slots else None, words),
        )
        for at, group in sorted(known.items())
    ]
    columns = (
        Column(label=words.t("col.half_hour"), kind="clock"),
        Column(label=words.t("col.called"), kind="count"),
        Column(label=words.t("half"), kind="seconds"),
        Column(label=words.t("most"), kind="seconds"),
        Column(label=words.t("tile.within"), kind="share"),
        Column(label=words.t("waiting"), kind="tenths"),
        Column(label=words.t("counters_open"), kind="tenths"),
    )
    return Section(
        id="day",
        title=title,
        chart=waits_through_the_day("day", drawn, target, labels),
        table=Table(columns=columns, rows=tuple(rows)),
        how=f"{words.t('how.targets_differ')} {words.t('how.day')}" if differ else words.t("how.day"),
    )
