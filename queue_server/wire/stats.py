"""What reports ask, and what they are answered: `GET /api/v1/stats` and the tickets behind each number.

A *step* is one service on a ticket's journey, from the moment it was queued. It counts on the business day on which its
ticket was issued, in the half-hour (the mall's local one) in which its wait began. What is measured how, with an
example of each rule: docs/statistics.md.
"""

from __future__ import annotations

from msgspec import Struct, field

from queue_server.wire.api import Texts

FEWEST = 20
"""A percentile of fewer cases than this is chance: it is given, and `few` says so."""

DIMENSIONS = (
    "agency",
    "service",
    "counter",
    "clerk",
    "category",
    "channel",
    "kiosk",
    "language",
    "outcome",
    "fate",
    "half_hour",
    "weekday",
    "day",
    "week",
    "month",
)
"""By what steps may be grouped, and what may be asked for. `fate` is how a step ended: served transferred no_show
abandoned open unknown. Half-hours are written `09:30`, weekdays `1` (Monday) to `7`, weeks `2026-W48`, months
`2026-11`."""

MOST_LISTED = 500
"""Steps behind a number in one answer."""

MOST_GROUPED = 3
"""By so many dimensions at once."""

NONE = ""
"""Asks for what has no value there: `kiosk=` are the tickets that were taken at none."""


UNTIL = "until"
"""Asks, as `2026-11-24T10:30`, of that day only for those whose wait began before that half-hour."""


class StatsQuestion(Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """Business days from `from` to `to`, both included, as `2026-11-24`; `where` narrows a dimension to some values,
    and may say `until`."""

    from_: str
    to: str
    group: tuple[str, ...] = ()
    where: dict[str, tuple[str, ...]] = field(default_factory=dict)


class Times(Struct, frozen=True, kw_only=True):
    """Of some waits, walks or services, each in whole seconds rounded down. All empty where there is none.

    A percentile is the smallest value that so many in a hundred stay within. `few`: there are fewer than 20.
    """

    count: int
    mean_s: float | None = None
    p50_s: int | None = None
    p90_s: int | None = None
    p95_s: int | None = None
    max_s: int | None = None
    few: bool = False


class Promised(Struct, frozen=True, kw_only=True):
    """What citizens were told to expect, against what came true: of `count` waits with an estimate, the shares that
    were within the time told for half of them (`p50`, so 0.5 would be right) and for nine in ten (`p90`, 0.9); both in
    the unit in which it was told, so that "no wait" holds for less than a minute."""

    count: int
    within_p50: float | None = None
    within_p90: float | None = None
    p50_mean_s: float | None = None
    p90_mean_s: float | None = None
    wait_mean_s: float | None = None


class Measures(Struct, frozen=True, kw_only=True):
    """What is said of a group of steps. Shares run from 0 to 1 and are empty where nothing was to be counted.

    `steps` = `served` + `transferred` + `no_shows` + `abandoned` + `open` (still on their way) + `unknown` (imported,
    and nobody wrote down how they ended). Where all are unknown, how many ended in which way is not known either: the
    first four and `returned` are then null, never 0. `issued` are those that were their ticket's first. `returned` came
    back after a no-show. `within_target` is the service level: the share of the waits that were no longer than
    promised. `no_show_share` and `abandoned_share` are of the steps that are over, and of which it is known how.
    """

    steps: int
    issued: int
    served: int | None
    transferred: int | None
    no_shows: int | None
    abandoned: int | None
    open: int
    unknown: int
    returned: int | None
    wait: Times
    walk: Times
    service: Times
    within_target: float | None
    no_show_share: float | None
    abandoned_share: float | None
    promised: Promised


class StatsRow(Struct, frozen=True, kw_only=True):
    """One group: its value in each dimension that was asked for (null where there is none), and its measures.

    `folded` is how many groups are together in it, since each alone would have shown one person's work; its key is then
    empty. Without measures it would show one person's work even so.
    """

    key: dict[str, str | None]
    measures: Measures | None
    folded: int = 0


class StatsView(Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """`rows` in the order of their keys, `total` of all of them together (null where that would show one person's
    work). `where` is what was counted, with what the caller's own agency narrows it to.

    `mall` are the whole mall's totals of these days, for whoever sees one agency only. `names` are what the values were
    called, by dimension. `days` had tickets. `until` is the instant up to which today is counted, where it is.
    """

    from_: str
    to: str
    group: tuple[str, ...]
    where: dict[str, tuple[str, ...]]
    timezone: str
    days: int
    until: str | None
    rows: tuple[StatsRow, ...]
    total: Measures | None
    mall: Measures | None = None
    names: dict[str, dict[str, Texts]] = field(default_factory=dict)


class StepBehind(Struct, frozen=True, kw_only=True):
    """One step behind a number. `step` counts from 0; `clerk` is null for whoever may not know."""

    ticket: str
    step: int
    number: str
    day: str
    service: str
    agency: str
    category: str
    channel: str
    fate: str
    state: str
    queued_at: str
    first_called_at: str | None
    started_at: str | None
    counter: str | None
    clerk: str | None
    outcome: str | None
    wait_s: int | None
    walk_s: int | None
    service_s: int | None
    target_s: int | None
    within_target: bool | None


class StepsBehind(Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """The steps behind a number, longest wait first; `count` is how many there are in all."""

    from_: str
    to: str
    where: dict[str, tuple[str, ...]]
    count: int
    offset: int
    steps: tuple[StepBehind, ...]


TIME_DIMENSIONS = ("agency", "service", "counter", "clerk", "half_hour", "weekday", "day", "week", "month")
"""By what the time of counters may be grouped, and asked for. `service` is of whom the clerk served or called, empty
while nobody was there; `agency` is then the one for which the counter works, empty where it works for several."""


class CounterTime(Struct, frozen=True, kw_only=True):
    """How long counters were open, and what of that: somebody was served, was called and on the way, nobody was there
    while people waited whom it could call, nobody was there, or it was paused (`paused_by` reason, also while the hall
    was held). Whole seconds, each rounded down."""

    open_s: int
    serving_s: int
    walking_s: int
    idle_waiting_s: int
    idle_s: int
    paused_s: int
    paused_by: dict[str, int]


class CounterTimeRow(Struct, frozen=True, kw_only=True):
    """As a `StatsRow`, with `time` instead of measures."""

    key: dict[str, str | None]
    time: CounterTime | None
    folded: int = 0


class CounterTimeView(Struct, frozen=True, kw_only=True, rename={"from_": "from"}):
    """As a `StatsView`, of counters' time; `total` is also null where nothing is known of any of these days."""

    from_: str
    to: str
    group: tuple[str, ...]
    where: dict[str, tuple[str, ...]]
    timezone: str
    days: int
    until: str | None
    rows: tuple[CounterTimeRow, ...]
    total: CounterTime | None
    names: dict[str, dict[str, Texts]] = field(default_factory=dict)
