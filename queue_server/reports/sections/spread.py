"""How long serving took."""

from __future__ import annotations

from collections.abc import Sequence

from queue_server.charts.bars import Mark, spread
from queue_server.domain.measures import rank
from queue_server.reports.numbers import FEWEST
from queue_server.reports.sections.cells import count_cell
from queue_server.reports.tables import Cell, Column, Section, Table
from queue_server.reports.words import Words

STEPS_S = (60, 120, 300, 600, 900, 1800, 3600)
MOST_BARS = 24


def spread_of_service(times: Sequence[tuple[int, int]], words: Words) -> Section | None:
    """How long serving took, as bars; what is longer than nearly all is in the last one. `times` are seconds, and how
    often."""
    if not times:
        return None
    many = sum(count for _, count in times)
    half, most, reach = (_at(times, rank(many, percent)) for percent in (50, 90, 99))
    step = next((one for one in STEPS_S if reach / one < MOST_BARS), STEPS_S[-1])
    bars = min(MOST_BARS, reach // step + 1)
    counts = [0] * bars
    for one, count in times:
        counts[min(bars - 1, one // step)] += count
    edges = [words.wait(step * at) for at in range(bars)]
    until = [words.wait(step * (at + 1)) for at in range(bars - 1)] + [words.t("and_longer")]
    title = words.t("title.spread" if many >= FEWEST else "plain.spread", half=words.wait(half), most=words.wait(most))
    said = [
        (f"{edge} – {end}", f"{words.t('col.people')}: {words.count(count)}")
        for edge, end, count in zip(edges, until, counts, strict=True)
    ]
    chart = spread(
        "spread",
        title,
        words.t("desc.spread"),
        edges,
        counts,
        said,
        words.count,
        [
            Mark(at=half / step, said=words.t("half_mark", time=words.wait(half))),
            Mark(at=min(bars, most / step), said=words.t("most_mark", time=words.wait(most)), class_="most"),
        ],
    )
    rows = tuple(
        (Cell(value=f"{edge} – {end}", said=f"{edge} – {end}"), count_cell(count, words))
        for edge, end, count in zip(edges, until, counts, strict=True)
    )
    columns = (Column(label=words.t("col.service_time")), Column(label=words.t("col.people"), kind="count"))
    return Section(
        id="spread",
        title=title,
        chart=chart,
        table=Table(columns=columns, rows=rows),
        how=words.t("how.spread"),
        wide=False,
    )


def _at(times: Sequence[tuple[int, int]], place: int) -> int:
    """What stands at a place, counted from 0, were each written as often as it came."""
    for seconds, count in times:
        if place < count:
            return seconds
        place -= count
    return times[-1][0]
