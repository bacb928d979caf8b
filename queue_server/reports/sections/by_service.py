"""The table by service, those that miss their target most first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from queue_server.charts.course import spark
from queue_server.reports.finding import WORTH_S, misses_most, worth
from queue_server.reports.numbers import FEWEST, Group
from queue_server.reports.sections.cells import LEVEL, Behind, change_cell, count_cell, share_cell, wait_cell
from queue_server.reports.tables import Cell, Column, Section, Table
from queue_server.reports.words import Words


def by_service(
    found: Sequence[Group],
    earlier: Sequence[Group],
    trends: Sequence[Group],
    targets: Mapping[str, Sequence[float]],
    words: Words,
    behind: Behind,
    step: str,
) -> Section | None:
    """The table by service, those that miss their target most first. `targets` are those of each that held, `step` is
    what the trends are by."""
    if not found:
        return None
    then = {group.key[0]: group for group in earlier}
    lines: dict[object, dict[object, Group]] = defaultdict(dict)
    for one in trends:
        lines[one.key[0]][one.key[1]] = one
    steps = sorted({trend.key[1] for trend in trends}, key=str if _texts(trends) else _number)
    order = sorted(found, key=lambda group: (group.few, group.within is None, group.within or 0, -group.count))
    rows = []
    for group in order:
        service = group.key[0]
        trend = _trend([lines[service].get(at) for at in steps], step)
        held = targets.get(str(service), ())
        target = held[-1] if held else None
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
                count_cell(group.count, words),
                wait_cell(group.half, words, few=group.few, out=target is not None and (group.half or 0) > target),
                wait_cell(group.most, words, few=group.few),
                Cell(value=target if len(held) < 2 else words.target(held), said=words.target(held)),
                Cell(
                    value=group.within,
                    said=words.share(group.within),
                    out=group.within is not None and group.within < LEVEL,
                    few=group.few and group.within is not None,
                    link=behind(service=service, promise="late")
                    if group.within is not None and group.within < 1
                    else "",
                ),
                _against_cell(group, old, words),
                Cell(value=picture if len([one for one in trend if one is not None]) > 1 else ""),
                wait_cell(group.service_half, words),
                replace(
                    share_cell(group.no_show_share, words),
                    link=behind(service=service, fate="no_show") if group.no_shows else "",
                ),
            )
        )
    worst = misses_most(found)
    key = "plain.services" if worst is None else "title.services_calm"
    if worst is not None and (worst.within or 0) < LEVEL:
        key = "title.services"
    worst = worst or order[0]
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
            ("col.before", "change"),
            ("col.trend", "picture"),
            ("col.service_time", "seconds"),
            ("col.no_shows", "share"),
        )
    )
    ended = [
        (count_cell(group.issued, words), count_cell(group.served, words), count_cell(group.transfers, words))
        for group in order
    ]
    more = tuple(Column(label=words.t(label), kind="count") for label in ("col.queued", "tile.served", "col.passed_on"))
    return Section(
        id="services",
        title=words.t(key, service=words.name("service", worst.key[0]), within=words.share(worst.within)),
        table=Table(columns=columns, rows=tuple(rows)),
        sheet=Table(columns=(*columns, *more), rows=tuple((*row, *how) for row, how in zip(rows, ended, strict=True))),
        how=f"{words.t('how.services')} {words.t('how.target')}",
        open=True,
    )


WORTH_POINTS = 0.05
"""A share in target that fell by less is as before."""


def against(now: Group, old: Group, words: Words) -> str:
    """What became of the wait of half the people; and of that of nine in ten, or of the share in target, where these
    got worse and half did not feel it."""
    half, grown = words.change(now.half, old.half), (now.half or 0) - (old.half or 0)
    if not half or now.few or old.few or (grown > 0 and worth(grown, old.half, WORTH_S)):
        return half
    most = (now.most or 0) - (old.most or 0)
    worse = ""
    if most > 0 and worth(most, old.most, WORTH_S):
        worse = words.t("against.most", change=words.change(now.most, old.most))
    elif now.within is not None and old.within is not None and old.within - now.within >= WORTH_POINTS:
        worse = words.t("against.within", now=words.share(now.within), before=words.share(old.within))
    if not worse or half == words.t("as_before"):
        return worse or half
    return f"{half} · {worse}"


def _against_cell(group: Group, old: Group, words: Words) -> Cell:
    cell = change_cell(group.half, old.half, words)
    return replace(cell, said=against(group, old, words), few=cell.value is not None and (group.few or old.few))


def _trend(points: Sequence[Group | None], step: str) -> list[float | None]:
    """What is drawn of a trend: nothing where either half of it is of too few cases, or of a single day."""
    middle = len(points) // 2
    for half in (points[:middle], points[-middle:]):
        known = [group for group in half if group is not None and group.half is not None]
        if sum(group.count for group in known) < FEWEST or (step == "day" and len(known) < 2):
            return []
    return [None if group is None else group.half for group in points]


def _texts(trends: Sequence[Group]) -> bool:
    return any(isinstance(trend.key[1], str) for trend in trends)


def _number(value: object) -> int:
    return value if isinstance(value, int) else -1
