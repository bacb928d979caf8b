"""Spans of days: how they are named, asked for and compared."""

from __future__ import annotations

from datetime import date

import pytest

from queue_server.reports.period import NAMED, Period, asked, before, earlier, name_of, named, usual

TODAY = date(2026, 11, 25)  # a Wednesday


def span(first: str, last: str) -> Period:
    return Period(first=date.fromisoformat(first), last=date.fromisoformat(last))


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("today", "2026-11-25", "2026-11-25"),
        ("yesterday", "2026-11-24", "2026-11-24"),
        ("this_week", "2026-11-23", "2026-11-25"),
        ("last_week", "2026-11-16", "2026-11-22"),
        ("last_month", "2026-10-01", "2026-10-31"),
        ("this_quarter", "2026-10-01", "2026-11-25"),
        ("last_quarter", "2026-07-01", "2026-09-30"),
        ("last_year", "2025-01-01", "2025-12-31"),
    ],
)
def test_a_named_span_is_made_of_whole_days(name: str, first: str, last: str):
    """What goes on ends today, what is over is whole."""
    assert named(name, TODAY) == span(first, last)
    assert name_of(span(first, last), TODAY) == name


@pytest.mark.parametrize(
    ("first", "last", "then"),
    [
        ("2026-11-24", "2026-11-24", ("2026-11-23", "2026-11-23")),
        ("2026-11-16", "2026-11-22", ("2026-11-09", "2026-11-15")),
        ("2026-11-23", "2026-11-27", ("2026-11-16", "2026-11-20")),
        ("2026-11-16", "2026-11-27", ("2026-11-02", "2026-11-13")),
        ("2026-03-01", "2026-03-31", ("2026-02-01", "2026-02-28")),
        ("2026-01-01", "2026-12-31", ("2025-01-01", "2025-12-31")),
        ("2026-07-01", "2026-09-30", ("2026-04-01", "2026-06-30")),
        ("2026-01-01", "2026-11-28", ("2025-01-01", "2025-11-28")),
        ("2028-01-01", "2028-02-29", ("2027-10-01", "2027-11-29")),
        ("2026-10-01", "2026-11-28", ("2026-07-01", "2026-08-28")),
        ("2026-03-01", "2026-03-30", ("2026-02-01", "2026-02-28")),
        ("2026-01-01", "2026-01-20", ("2025-12-01", "2025-12-20")),
        ("2026-06-01", "2026-06-04", ("2026-05-25", "2026-05-28")),
    ],
)
def test_a_span_is_compared_with_the_one_before(first: str, last: str, then: tuple[str, str]):
    """The day, month, quarter or year before, as far as this one goes; of any other span the same weekdays, that both
    may have as many days of work."""
    assert before(span(first, last)) == span(*then)


def test_a_step_back_leads_to_a_whole_one():
    """From a month that goes on to all of the month before, and from there on again."""
    assert earlier(span("2026-11-01", "2026-11-25")) == span("2026-10-01", "2026-10-31")
    assert earlier(span("2026-11-24", "2026-11-24")) == span("2026-11-23", "2026-11-23")


def test_usual_are_the_same_weekdays_of_the_eight_weeks_before():
    """A Tuesday is compared with Tuesdays."""
    tuesday = span("2026-11-24", "2026-11-24")

    assert (usual(tuesday), tuesday.weekdays) == (span("2026-09-29", "2026-11-23"), frozenset({1}))


def test_an_address_may_say_anything():
    """Dates go before names, turned round if need be; what cannot be read is yesterday; no span is endless."""
    assert asked({"from": "2026-11-10", "to": "2026-11-02"}, TODAY) == span("2026-11-02", "2026-11-10")
    assert asked({"from": "nonsense"}, TODAY) == span("2026-11-24", "2026-11-24")
    assert asked({"period": "for ever"}, TODAY) == named("yesterday", TODAY)
    assert asked({"from": "0001-01-01", "to": "2026-11-02"}, TODAY).days < 4_000
    assert all(named(name, TODAY).days >= 1 for name in NAMED)
