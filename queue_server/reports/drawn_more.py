"""Further sections: what counters did with their time, who was lost, and whether the promises were true."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from queue_server.charts.bars import Part, divided
from queue_server.reports.drawn import Behind
from queue_server.reports.numbers import FEWEST, CounterTime, Group
from queue_server.reports.period import Period
from queue_server.reports.tables import Cell, Column, Section, Table
from queue_server.reports.words import Words

STATES = (
    ("serving", "part-serving"),
    ("walking", "part-walking"),
    ("idle_waiting", "part-waiting"),
    ("idle", "part-idle"),
    ("paused", "part-paused"),
)
MOST_COUNTERS = 40


def counter_time(found: Sequence[CounterTime], words: Words, *, few: bool, of: Period | None = None) -> Section | None:
    """Each counter's time by state. `few`: too few were called for its shares to say anything.

    `of`: the days that it is of, where that is not all of them.
    """
    if not found:
        return None
    order = {counter: place for place, counter in enumerate(words.rules.counters)}
    those = sorted(found, key=lambda one: (order.get(one.counter, len(order)), one.counter))[:MOST_COUNTERS]
    whole = sum(sum(one.seconds.values()) for one in found)
    serving = sum(one.seconds.get("serving", 0) for one in found)
    idle = sum(one.seconds.get("idle_waiting", 0) for one in found)
    title = words.t(
        "plain.counters" if few else "title.counters",
        serving=words.share(serving / whole if whole else None),
        idle=words.share(idle / whole if whole else None),
    )
    if of is not None:
        title = f"{title} ({words.t('counters_of', days=words.period(of))})"
    bars = []
    for one in those:
        name = words.name("counter", one.counter)
        parts = []
        for state, class_ in STATES:
            seconds = one.seconds.get(state, 0)
            said = f"{name} · {words.t(f'counter_time.{state}')}: {words.wait(seconds)}"
            parts.append(Part(class_=class_, value=seconds, said=said))
        bars.append((name, parts))
    keys = [(class_, words.t(f"counter_time.{state}")) for state, class_ in STATES]
    rows = tuple(
        (
            Cell(value=words.name("counter", one.counter), said=words.name("counter", one.counter)),
            *(Cell(value=one.seconds.get(state, 0), said=words.wait(one.seconds.get(state, 0))) for state, _ in STATES),
        )
        for one in those
    )
    columns = (
        Column(label=words.t("counter")),
        *(Column(label=words.t(f"counter_time.{state}"), kind="seconds") for state, _ in STATES),
    )
    return Section(
        id="counters",
        title=title,
        chart=divided("counters", title, words.t("desc.counters"), bars, keys),
        table=Table(columns=columns, rows=rows),
        how=words.t("how.counters"),
    )


def lost(found: Sequence[Group], words: Words, behind: Behind) -> Section | None:
    """Who did not come when called, and who left before."""
    those = [group for group in found if group.no_shows or group.abandoned]
    if not those:
        return None
    known = [group for group in found if group.no_shows is not None]
    missed, called = sum(group.no_shows or 0 for group in known), sum(group.count for group in known)
    those.sort(key=lambda group: -((group.no_shows or 0) + (group.abandoned or 0)))
    rows = tuple(
        (
            Cell(value=words.name("service", group.key[0]), said=words.name("service", group.key[0])),
            replace(
                _count(group.no_shows, words),
                link=behind(service=group.key[0], fate="no_show") if group.no_shows else "",
            ),
            Cell(value=group.no_show_share, said=words.share(group.no_show_share), few=group.few and group.count > 0),
            replace(
                _count(group.abandoned, words),
                link=behind(service=group.key[0], fate="abandoned") if group.abandoned else "",
            ),
            Cell(value=group.abandoned_share, said=words.share(group.abandoned_share)),
        )
        for group in those[:12]
    )
    columns = (
        Column(label=words.t("service")),
        Column(label=words.t("col.missed"), kind="count"),
        Column(label=words.t("col.share_called"), kind="share"),
        Column(label=words.t("col.left"), kind="count"),
        Column(label=words.t("col.share_issued"), kind="share"),
    )
    key = "title.lost" if called >= FEWEST else "plain.lost"
    title = words.t(key, n=words.count(missed), count=missed, share=words.share(missed / called if called else None))
    return Section(
        id="lost",
        title=title,
        table=Table(columns=columns, rows=rows),
        how=words.t("how.lost"),
        open=True,
        wide=False,
    )


def promises(found: Sequence[Group], words: Words, behind: Behind) -> Section | None:
    """What kiosks and phones told people to expect, against what came."""
    those = [group for group in found if group.promised]
    told = sum(group.promised for group in those)
    if not told:
        return None
    half = sum((group.kept_half or 0) * group.promised for group in those) / told
    most = sum((group.kept_most or 0) * group.promised for group in those) / told
    those.sort(key=lambda group: (group.promised < FEWEST, group.kept_most or 0, -group.promised))
    shown = [(words.name("service", group.key[0]), {"service": group.key[0]}, group) for group in those[:12]]
    whole = Group(promised=told, kept_half=half, kept_most=most)
    rows = tuple(
        (
            Cell(value=name, said=name),
            _count(group.promised, words),
            Cell(
                value=group.kept_half,
                said=words.share(group.kept_half),
                few=group.promised < FEWEST,
                link=behind(**of, promise="over_p50"),
            ),
            Cell(
                value=group.kept_most,
                said=words.share(group.kept_most),
                few=group.promised < FEWEST,
                out=group.promised >= FEWEST and (group.kept_most or 0) < 0.8,
                link=behind(**of, promise="over_p90"),
            ),
        )
        for name, of, group in (*shown, (words.t("all_together"), {}, whole))
    )
    columns = (
        Column(label=words.t("service")),
        Column(label=words.t("col.told"), kind="count"),
        Column(label=words.t("col.kept_half"), kind="share"),
        Column(label=words.t("col.kept_most"), kind="share"),
    )
    key = "title.promises_true" if most >= 0.85 else "title.promises_short"
    if told < FEWEST:
        key = "plain.promises"
    return Section(
        id="promises",
        title=words.t(key, half=words.share(half), most=words.share(most)),
        table=Table(columns=columns, rows=rows),
        how=words.t("how.promises"),
        open=True,
        wide=False,
    )


def _count(value: float | None, words: Words) -> Cell:
    return Cell(value=value, said=words.count(value))
