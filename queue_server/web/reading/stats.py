"""Statistics over HTTP: any group of steps over any days, and the steps behind each number.

Whose steps are counted and whose work is shown is narrowed here for every question, whatever it says.
"""

from __future__ import annotations

from typing import TypeVar

from queue_server.errors import Invalid
from queue_server.stats.as_table import csv_of, table_of
from queue_server.stats.question import question_of
from queue_server.stats.sight import Sight
from queue_server.web.ask import Ask
from queue_server.web.reading.seen_by import sight_of
from queue_server.wire.stats import (
    DIMENSIONS,
    MOST_LISTED,
    TIME_DIMENSIONS,
    UNTIL,
    CounterTimeView,
    StatsQuestion,
    StatsView,
    StepsBehind,
)

TIME_ASKED = ("from", "to", "group", *TIME_DIMENSIONS, "format")
ASKED = ("from", "to", UNTIL, "group", *DIMENSIONS, "format")
"""What a question may say in its query string."""
FORM = ("format",)
PAGED = ("offset", "limit")

View = TypeVar("View", StatsView, CounterTimeView, StepsBehind)


async def stats(ask: Ask[None]) -> StatsView:
    """Waits, walks, services, no-shows and promises of any days, in any groups; exact.

    `from` and `to` are business days, today where they are left out. `group` names up to three dimensions with commas
    between; every dimension may be asked for by name, with several values if it comes several times.
    """
    question = _question(ask)
    return _in_form(ask, await ask.parts.reports.answer(question, _sight(ask)))


async def counter_time(ask: Ask[None]) -> CounterTimeView:
    """How long counters served, waited and paused, of any days, in any groups; exact.

    Asked for as `/stats`, by agency, service, counter, clerk, half-hour, weekday, day, week or month.
    """
    question = _question(ask)
    return _in_form(ask, await ask.parts.reports.counter_time(question, _sight(ask)))


async def steps_behind(ask: Ask[None]) -> StepsBehind:
    """The steps that a number was made of, those that waited longest first; asked for as the number was."""
    question = _question(ask)
    offset, limit = _number(ask, "offset", 0), _number(ask, "limit", 50)
    sight = _sight(ask)
    limit = min(limit, MOST_LISTED)
    return _in_form(ask, await ask.parts.reports.steps_behind(question, sight, offset=offset, limit=limit))


def _question(ask: Ask[None]) -> StatsQuestion:
    asked = [(name, value) for name, value in ask.request.query.items() if name not in (*FORM, *PAGED)]
    return question_of(asked, ask.engine.state.day[:10])


def _in_form(ask: Ask[None], view: View) -> View:
    """As JSON, or as a table of CSV."""
    form = ask.request.query.get("format", "json")
    if form not in ("json", "csv"):
        raise Invalid("`format` is json or csv.", reason="field", field="format")
    if form == "csv":
        ask.csv = csv_of(table_of(view))
    return view


def _number(ask: Ask[None], name: str, usual: int) -> int:
    said = ask.request.query.get(name, str(usual))
    if not (said.isascii() and said.isdigit() and len(said) < 10):
        raise Invalid(f"`{name}` is a whole number.", reason="field", field=name)
    return int(said)


def _sight(ask: Ask[None]) -> Sight:
    return sight_of(ask.caller, ask.parts.settings(), ask.engine.state.day)
