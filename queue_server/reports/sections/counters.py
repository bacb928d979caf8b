"""What counters did with their time."""

from __future__ import annotations

from collections.abc import Sequence

from queue_server.charts.bars import Part, divided
from queue_server.reports.numbers import CounterTime
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
