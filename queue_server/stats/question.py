"""Which questions can be asked: days, groups and conditions, checked before anything is counted. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from queue_server.errors import Invalid
from queue_server.letters.days import day_said
from queue_server.wire.stats import DIMENSIONS, MOST_GROUPED, TIME_DIMENSIONS, UNTIL, StatsQuestion

LONGEST_DAYS = 12 * 366
MOST_VALUES = 500
"""Values of one condition."""
LONGEST_VALUE = 100

_FIXED = {
    "half_hour": re.compile(r"([01]\d|2[0-3]):[03]0"),
    "weekday": re.compile(r"[1-7]"),
    "day": re.compile(r"\d{4}-\d\d-\d\d"),
    "week": re.compile(r"\d{4}-W\d\d"),
    "month": re.compile(r"\d{4}-\d\d"),
    "until": re.compile(r"\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[03]0"),
    "fate": re.compile(r"served|transferred|no_show|abandoned|open|unknown"),
}


def question_of(asked: Iterable[tuple[str, str]], today: str) -> StatsQuestion:
    """From a query string's pairs. `from` and `to` are today where they are not said; a name that comes more than once
    has several values, and `group` names its dimensions with commas between. Raises Invalid."""
    said: dict[str, list[str]] = {}
    for name, value in asked:
        said.setdefault(name, []).append(value)
    from_ = _one(said, "from", today)
    to = _one(said, "to", max(from_, today))
    group = tuple(name for value in said.pop("group", []) for name in value.split(",") if name)
    where = {name: tuple(dict.fromkeys(values)) for name, values in said.items()}
    question = StatsQuestion(from_=from_, to=to, group=group, where=where)
    check(question)
    return question


def _one(said: dict[str, list[str]], name: str, otherwise: str) -> str:
    values = said.pop(name, [otherwise])
    if len(values) != 1:
        raise Invalid(f"Say `{name}` once.", reason="field", field=name)
    return values[0]


def check(question: StatsQuestion) -> None:
    """Raises Invalid where it cannot be answered."""
    first, last = _day(question.from_, "from"), _day(question.to, "to")
    if last < first:
        raise Invalid("`to` is before `from`.", reason="field", field="to")
    if (last - first).days > LONGEST_DAYS:
        raise Invalid("Ask for no more than twelve years at once.", reason="field", field="from")
    for name in question.group:
        if name not in DIMENSIONS:
            raise Invalid(f"One can group by {', '.join(DIMENSIONS)}.", reason="field", field="group")
    if len(set(question.group)) < len(question.group) or len(question.group) > MOST_GROUPED:
        raise Invalid(f"Group by up to {MOST_GROUPED} different dimensions.", reason="field", field="group")
    for name, values in question.where.items():
        _check_values(name, values)


def check_counter_time(question: StatsQuestion) -> None:
    """The same for the time of counters, which have no category, channel…"""
    check(question)
    for name in (*question.group, *question.where):
        if name not in TIME_DIMENSIONS:
            field = "group" if name in question.group else name
            said = f"The time of counters is known by {', '.join(TIME_DIMENSIONS)}."
            raise Invalid(said, reason="field", field=field)


def _check_values(name: str, values: tuple[str, ...]) -> None:
    if name not in (*DIMENSIONS, UNTIL):
        raise Invalid(f"There is no `{name}` to ask for: {', '.join(DIMENSIONS)}.", reason="field", field=name)
    form = _FIXED.get(name)
    if len(values) > MOST_VALUES or any(len(value) > LONGEST_VALUE for value in values):
        raise Invalid(f"Those are too many values of `{name}`, or too long ones.", reason="field", field=name)
    if name == UNTIL and len(values) > 1:
        raise Invalid(f"Say `{name}` once.", reason="field", field=name)
    if form is not None and not all(form.fullmatch(value) for value in values):
        raise Invalid(f"That is no {name.replace('_', '-')}.", reason="field", field=name)


def _day(text: str, field: str) -> date:
    try:
        return day_said(text)
    except ValueError:
        raise Invalid(f"`{field}` is a day such as 2026-11-24.", reason="field", field=field) from None


def date_of(day: str) -> date:
    """Of a business day; one that was opened again has the same date (`2026-11-24.2`)."""
    return date.fromisoformat(day[:10])
