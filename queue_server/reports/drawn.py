"""The sections of a report: each a chart whose title is what it found, and the same numbers as a table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from msgspec.structs import replace

from queue_server.charts.bars import Mark, spread
from queue_server.charts.course import Line, course, spark
from queue_server.charts.heat import Cell as HeatCell
from queue_server.charts.heat import heat_map
from queue_server.charts.waits import Slot as ChartSlot
from queue_server.charts.waits import Words as ChartWords
from queue_server.charts.waits import waits_through_the_day
from queue_server.domain.measures import rank
from queue_server.reports.numbers import FEWEST, Group, Slot, said_half_hour
from queue_server.reports.tables import Cell, Column, Section, Table, Tile
from queue_server.reports.words import Words
from queue_server.reports.worst import worst

Behind = Callable[..., str]
"""The address of the steps behind a number; what is named narrows it."""

LEVEL = 0.9
"""What a service level is drawn against: nine in ten within the target."""


def tiles(
    whole: Group, earlier: Group, usual: Group, target: float | None, words: Words, behind: Behind
) -> tuple[Tile, ...]:
    """What everybody asks first, each with what it was before and what is usual."""

    def compared(then: str, usually: str) -> tuple[str, ...]:
        notes = [words.t("was_before", value=then) if then else "", words.t("usual", value=usually) if usually else ""]
        return tuple(note for note in notes if note)

    half = compared(_said(words.wait, earlier.half), _said(words.wait, usual.half))
    return (
        Tile(
            id="half",
            name=words.t("tile.half"),
            said=words.wait(whole.half),
            notes=((words.t("target", value=words.wait(target)),) if target else ()) + half,
            link=behind(),
            out=target is not None and (whole.half or 0) > target,
            few=whole.few and whole.count > 0,
        ),
        Tile(
            id="most",
            name=words.t("tile.most"),
            said=words.wait(whole.most),
            notes=compared(_said(words.wait, earlier.most), _said(words.wait, usual.most)),
            few=whole.few and whole.count > 0,
        ),
        Tile(
            id="within",
            name=words.t("tile.within"),
            said=words.share(whole.within),
            notes=compared(_said(words.share, earlier.within), _said(words.share, usual.within)),
            out=whole.within is not None and whole.within < LEVEL,
            few=whole.few and whole.within is not None,
            link=behind(promise="late") if whole.within is not None and whole.within < 1 else "",
        ),
        Tile(
            id="served",
            name=words.t("tile.served"),
            said=words.count(whole.served),
            notes=(
                words.t("of_issued", n=words.count(whole.issued)),
                *compared(_said(words.count, earlier.served if earlier.issued else None), ""),
            ),
            link=behind(fate="served") if whole.served else "",
        ),
        Tile(
            id="lost",
            name=words.t("tile.lost"),
            said=words.count(whole.no_shows),
            notes=(
                words.t("share_of_called", share=words.share(whole.no_show_share)),
                words.t("left_before", n=words.count(whole.abandoned), count=whole.abandoned),
            ),
            link=behind(fate="no_show") if whole.no_shows else "",
        ),
    )


def _said(say: Callable[[float | None], str], value: float | None) -> str:
    return "" if value is None else say(value)


def through_the_day(
    half_hours: Sequence[Group], slots: Sequence[Slot], target: float | None, words: Words, behind: Behind
) -> Section | None:
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
    title = _worst_said("day", known.values(), words)
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
            Cell(value=words.half_hour(at), said=words.half_hour(at), link=behind(half_hour=said_half_hour(at))),
            _count(group.count, words),
            _wait(group.half, words, few=group.few),
            _wait(group.most, words, few=group.few),
            _share(group.within, words),
            _tenths(slots[at].waiting if slots else None, words),
            _tenths(slots[at].counters if slots else None, words),
        )
        for at, group in sorted(known.items())
    ]
    columns = (
        Column(label=words.t("col.half_hour")),
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
        how=words.t("how.day"),
    )


def _worst_said(which: str, groups: Iterable[Group], words: Words) -> str:
    """The title of `day` or `week`. `when` comes last in a key: the half-hour of a day, or of a weekday."""
    found = worst(groups)
    if found is None:
        return words.t(f"plain.{which}")

    def when(group: Group) -> dict[str, object]:
        at = int(group.key[-1] or 0)
        day = words.weekday(int(group.key[0] or 0)) if which == "week" else ""
        return {"day": day, "first": words.half_hour(at), "last": words.half_hour(at + 1)}

    top, steady, half = found.top, found.steady, words.wait(found.top.half)
    if not top.few:
        return words.t(f"title.{which}", **when(top), half=half)
    said = words.t(f"title.{which}_few", **when(top), half=half, n=words.count(top.count))
    if steady is None:
        return said
    return words.t(f"title.{which}_both", **when(steady), said=said, many=FEWEST, half=words.wait(steady.half))


def week(
    cells: Sequence[Group], words: Words, behind: Behind, notes: Sequence[tuple[str, str]], *, whole: bool
) -> Section | None:
    """Weekday by half-hour. Of a single day, the eight weeks up to it."""
    known = {(int(cell.key[0] or 0), int(cell.key[1] or 0)): cell for cell in cells if cell.half is not None}
    if not known:
        return None
    days = sorted({day for day, _ in known})
    slots = range(min(at for _, at in known), max(at for _, at in known) + 1)
    title = _worst_said("week", known.values(), words)
    noted = {date.fromisoformat(when).weekday() for when, _ in notes}

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
            return HeatCell(value=group.half, short=f"{short}*", said=f"{said} * {words.t('few')}")
        return HeatCell(value=group.half, short=short, said=said)

    rows = [
        (
            Cell(value=words.weekday(day), said=words.weekday(day)),
            *(
                replace(
                    _wait(group.half, words, few=group.few),
                    link=behind(weekday=day + 1, half_hour=said_half_hour(at)),
                )
                if (group := known.get((day, at)))
                else _wait(None, words)
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
    labels = [("col.weekday", "text"), ("col.half_hour", "text"), ("col.called", "count"), ("half", "seconds")]
    return Table(
        columns=tuple(Column(label=words.t(label), kind=kind) for label, kind in labels),
        rows=tuple(
            (
                Cell(value=words.weekday(day), said=words.weekday(day)),
                Cell(value=words.half_hour(at), said=words.half_hour(at)),
                _count(group.count, words),
                _wait(group.half, words, few=group.few),
            )
            for (day, at), group in sorted(known.items())
        ),
    )


def services(
    found: Sequence[Group], earlier: Sequence[Group], trends: Sequence[Group], words: Words, behind: Behind
) -> Section | None:
    """The table by service, those that miss their target most first."""
    if not found:
        return None
    then = {group.key[0]: group for group in earlier}
    lines: dict[object, dict[object, float | None]] = defaultdict(dict)
    for one in trends:
        lines[one.key[0]][one.key[1]] = one.half
    steps = sorted({trend.key[1] for trend in trends}, key=str if _texts(trends) else _number)
    order = sorted(found, key=lambda group: (group.few, group.within is None, group.within or 0, -group.count))
    rows = []
    for group in order:
        service = group.key[0]
        trend = [lines[service].get(step) for step in steps]
        rule = words.rules.services.get(str(service))
        target = rule.targets["regular"] / 1000 if rule else None
        old = then.get(service, Group())
        picture = spark(
            f"trend-{service}", words.t("title.trend", service=words.name("service", service)), trend, target=target
        )
        rows.append(
            (
                Cell(
                    value=words.name("service", service),
                    said=words.name("service", service),
                    link=behind(service=service),
                ),
                Cell(
                    value=words.name("agency", words.agency_of(str(service))),
                    said=words.name("agency", words.agency_of(str(service))),
                ),
                _count(group.count, words),
                _wait(group.half, words, few=group.few, out=target is not None and (group.half or 0) > target),
                _wait(group.most, words, few=group.few),
                _wait(target, words),
                Cell(
                    value=group.within,
                    said=words.share(group.within),
                    out=group.within is not None and group.within < LEVEL,
                    few=group.few and group.within is not None,
                    link=behind(service=service, promise="late")
                    if group.within is not None and group.within < 1
                    else "",
                ),
                Cell(value=None, said=words.change(group.half, old.half)),
                Cell(value=picture if len([one for one in trend if one is not None]) > 1 else ""),
                _wait(group.service_half, words),
                replace(
                    _share(group.no_show_share, words),
                    link=behind(service=service, fate="no_show") if group.no_shows else "",
                ),
            )
        )
    worst = order[0]
    key = "title.services_calm"
    if worst.few or worst.within is None:
        key = "plain.services"
    elif worst.within < LEVEL:
        key = "title.services"
    columns = tuple(
        Column(label=words.t(label), kind=kind)
        for label, kind in (
            ("service", "text"),
            ("agency", "text"),
            ("col.called", "count"),
            ("half", "seconds"),
            ("most", "seconds"),
            ("target_col", "seconds"),
            ("tile.within", "share"),
            ("col.before", "text"),
            ("col.trend", "picture"),
            ("col.service_time", "seconds"),
            ("col.no_shows", "share"),
        )
    )
    return Section(
        id="services",
        title=words.t(key, service=words.name("service", worst.key[0]), within=words.share(worst.within)),
        table=Table(columns=columns, rows=tuple(rows)),
        how=f"{words.t('how.services')} {words.t('how.target')}",
        open=True,
    )


def _texts(trends: Sequence[Group]) -> bool:
    return any(isinstance(trend.key[1], str) for trend in trends)


def _number(value: object) -> int:
    return value if isinstance(value, int) else -1


def level(found: Sequence[Group], words: Words, notes: Sequence[tuple[str, str]]) -> Section | None:
    """The share within the target, week by week."""
    those = [group for group in found if group.within is not None]
    if len(those) < 2:
        return None
    labels = [words.day(date.fromisoformat(str(group.key[0])), short=True) for group in those]
    first, last = those[0].within or 0, those[-1].within or 0
    key = "title.level_rose" if last > first + 0.02 else "title.level_fell" if last < first - 0.02 else "title.level"
    if those[0].few or those[-1].few:
        key = "plain.level"
    title = words.t(key, first=words.share(first), last=words.share(last))
    said = [
        (
            words.t("week_of", day=label),
            f"{words.t('tile.within')}: {words.share(group.within)}",
            f"{words.t('called')}: {words.count(group.count)}",
        )
        for label, group in zip(labels, those, strict=True)
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
        (Cell(value=label, said=label), _count(group.count, words), _share(group.within, words))
        for label, group in zip(labels, those, strict=True)
    )
    columns = (
        Column(label=words.t("col.week")),
        Column(label=words.t("col.called"), kind="count"),
        Column(label=words.t("tile.within"), kind="share"),
    )
    return Section(
        id="level",
        title=title,
        chart=chart,
        table=Table(columns=columns, rows=rows),
        how=words.t("how.level"),
        wide=False,
    )


def _in_week(day: str, monday: str) -> bool:
    return 0 <= (date.fromisoformat(day) - date.fromisoformat(monday)).days < 7


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
        (Cell(value=f"{edge} – {end}", said=f"{edge} – {end}"), _count(count, words))
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


def _tenths(value: float | None, words: Words) -> Cell:
    return Cell(value=None if value is None else round(value, 2), said=words.tenths(value))


def _count(value: float, words: Words) -> Cell:
    return Cell(value=value, said=words.count(value))


def _wait(value: float | None, words: Words, *, few: bool = False, out: bool = False) -> Cell:
    return Cell(value=value, said=words.wait(value), few=few and value is not None, out=out)


def _share(value: float | None, words: Words) -> Cell:
    return Cell(value=value, said=words.share(value))
