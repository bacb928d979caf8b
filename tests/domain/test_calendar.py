"""Business days and openings, above all where clocks change and where a mall is open past midnight."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from queue_server.domain import calendar
from queue_server.domain.calendar import bounds, business_day, instant, openings

JAKARTA = ZoneInfo("Asia/Jakarta")
BERLIN = ZoneInfo("Europe/Berlin")  # clocks go on by an hour on 29 March 2026 at 02:00, back on 25 October at 03:00
HOUR = 3_600_000
MINUTE = 60_000


def at(written: str) -> int:
    """Milliseconds of an RFC 3339 time."""
    return round(datetime.fromisoformat(written).timestamp() * 1000)


Week = list[list[tuple[int, int]]]
NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def week(**days: list[tuple[float, float]]) -> Week:
    """Openings in hours, by weekday."""
    return [[(int(a * 60), int(b * 60)) for a, b in days.get(name, [])] for name in NAMES]


def openings_of(
    week: calendar.Week, differing: dict, day: date, starts: int, zone: ZoneInfo
) -> tuple[tuple[int, int], ...]:
    """The openings of a business day that is as long as it should be."""
    return openings(week, differing, bounds(day, starts, zone), zone)


EVERY_DAY: Week = [[(480, 960)] for _ in NAMES]


def test_a_business_day_begins_at_its_hour():
    """What happens before the configured hour belongs to the day before."""
    starts = 4 * 60

    assert business_day(at("2026-11-24T03:59:59+07:00"), starts, JAKARTA) == date(2026, 11, 23)
    assert business_day(at("2026-11-24T04:00:00+07:00"), starts, JAKARTA) == date(2026, 11, 24)
    assert bounds(date(2026, 11, 24), starts, JAKARTA) == (
        at("2026-11-24T04:00:00+07:00"),
        at("2026-11-25T04:00:00+07:00"),
    )


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-10-26", 24)])
def test_a_day_is_as_long_as_the_clocks_make_it(day, hours):
    """The day on which clocks go on is an hour shorter, the other an hour longer."""
    start, end = bounds(date.fromisoformat(day), 0, BERLIN)

    assert end - start == hours * HOUR


@pytest.mark.parametrize(("day", "hours"), [("2026-03-28", 23), ("2026-03-29", 24), ("2026-10-24", 25)])
def test_a_change_counts_for_the_business_day_that_it_falls_into(day, hours):
    """Where days begin at four, a change at night still belongs to the day before."""
    start, end = bounds(date.fromisoformat(day), 4 * 60, BERLIN)

    assert end - start == hours * HOUR


def test_a_wall_time_that_is_skipped_is_the_moment_of_the_change():
    """Nothing is at half past two when clocks jump from two to three, so it means three."""
    change = at("2026-03-29T03:00:00+02:00")

    assert instant(date(2026, 3, 29), 150, BERLIN) == change
    assert instant(date(2026, 3, 29), 120, BERLIN) == change
    assert instant(date(2026, 3, 29), 180, BERLIN) == change
    assert instant(date(2026, 3, 29), 119, BERLIN) == change - MINUTE


def test_a_wall_time_that_occurs_twice_is_the_first():
    """Half past two comes twice when clocks go back; the first one counts."""
    assert instant(date(2026, 10, 25), 150, BERLIN) == at("2026-10-25T02:30:00+02:00")
    assert instant(date(2026, 10, 25), 180, BERLIN) == at("2026-10-25T03:00:00+01:00")


def test_a_change_of_half_an_hour_is_found():
    """Lord Howe changes its clocks by thirty minutes."""
    howe = ZoneInfo("Australia/Lord_Howe")

    assert instant(date(2026, 10, 4), 135, howe) == at("2026-10-04T02:30:00+11:00")


def test_several_openings_a_day():
    """Lunch and Friday prayer are gaps between openings."""
    hours = week(thu=[(8, 16)], fri=[(8, 11.5), (13, 16)])

    thursday = openings_of(hours, {}, date(2026, 11, 26), 0, JAKARTA)
    friday = openings_of(hours, {}, date(2026, 11, 27), 0, JAKARTA)
    saturday = openings_of(hours, {}, date(2026, 11, 28), 0, JAKARTA)

    assert thursday == ((at("2026-11-26T08:00+07:00"), at("2026-11-26T16:00+07:00")),)
    assert friday == (
        (at("2026-11-27T08:00+07:00"), at("2026-11-27T11:30+07:00")),
        (at("2026-11-27T13:00+07:00"), at("2026-11-27T16:00+07:00")),
    )
    assert saturday == ()


def test_dates_that_differ_stand_in_for_the_weekday():
    """A holiday closes, a short day shortens, and only on its own date."""
    hours = EVERY_DAY
    differing = {date(2026, 12, 24): [(480, 720)], date(2026, 12, 25): []}

    assert openings_of(hours, differing, date(2026, 12, 24), 0, JAKARTA) == (
        (at("2026-12-24T08:00+07:00"), at("2026-12-24T12:00+07:00")),
    )
    assert openings_of(hours, differing, date(2026, 12, 25), 0, JAKARTA) == ()
    assert openings_of(hours, differing, date(2026, 12, 26), 0, JAKARTA) == (
        (at("2026-12-26T08:00+07:00"), at("2026-12-26T16:00+07:00")),
    )


def test_an_opening_past_midnight_is_one_with_a_later_start_of_day():
    """A mall open from eight in the evening until two is open six hours on one business day that begins at four."""
    hours = week(fri=[(20, 26)])

    friday = openings_of(hours, {}, date(2026, 11, 27), 4 * 60, JAKARTA)
    saturday = openings_of(hours, {}, date(2026, 11, 28), 4 * 60, JAKARTA)

    assert friday == ((at("2026-11-27T20:00+07:00"), at("2026-11-28T02:00+07:00")),)
    assert saturday == ()


def test_an_opening_is_cut_where_the_business_day_ends():
    """With days from midnight, the evening and the hours after it are on two business days."""
    hours = week(fri=[(20, 26)])

    assert openings_of(hours, {}, date(2026, 11, 27), 0, JAKARTA) == (
        (at("2026-11-27T20:00+07:00"), at("2026-11-28T00:00+07:00")),
    )
    assert openings_of(hours, {}, date(2026, 11, 28), 0, JAKARTA) == (
        (at("2026-11-28T00:00+07:00"), at("2026-11-28T02:00+07:00")),
    )


def test_early_hours_belong_to_the_business_day_that_is_still_going_on():
    """Saturday from midnight to two, where days begin at four, is open on Friday's business day."""
    hours = week(sat=[(0, 2)])

    assert openings_of(hours, {}, date(2026, 11, 27), 4 * 60, JAKARTA) == (
        (at("2026-11-28T00:00+07:00"), at("2026-11-28T02:00+07:00")),
    )
    assert openings_of(hours, {}, date(2026, 11, 28), 4 * 60, JAKARTA) == ()


def test_a_holiday_after_a_long_evening_does_not_close_the_evening():
    """An opening belongs to the date on which it starts, also where it ends on a holiday."""
    hours = week(thu=[(20, 26)], fri=[(8, 16)])

    assert openings_of(hours, {date(2026, 12, 25): []}, date(2026, 12, 24), 4 * 60, JAKARTA) == (
        (at("2026-12-24T20:00+07:00"), at("2026-12-25T02:00+07:00")),
    )


def test_openings_follow_the_wall_clock_on_the_day_of_a_change():
    """An opening over the change is shorter or longer, and nothing opens within the hour that is skipped."""
    night = week(sun=[(1, 4)])
    skipped = week(sun=[(2, 3)])
    spring, autumn = date(2026, 3, 29), date(2026, 10, 25)

    [(start, end)] = openings_of(night, {}, spring, 0, BERLIN)
    assert end - start == 2 * HOUR
    [(start, end)] = openings_of(night, {}, autumn, 0, BERLIN)
    assert end - start == 4 * HOUR
    assert openings_of(skipped, {}, spring, 0, BERLIN) == ()


def test_openings_that_touch_are_one():
    """The whole day, every day, is one opening from bound to bound."""
    hours: Week = [[(0, 720), (720, 1440)] for _ in NAMES]
    day = date(2026, 11, 24)

    assert openings_of(hours, {}, day, 4 * 60, JAKARTA) == (bounds(day, 4 * 60, JAKARTA),)


ZONES = st.sampled_from(["Asia/Jakarta", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Baku"])
STARTS = st.integers(0, 719)
DAYS = st.dates(date(2000, 1, 2), date(2037, 12, 30))


@given(ZONES, STARTS, st.integers(at("2000-01-02T00:00Z"), at("2037-12-30T00:00Z")))
def test_every_instant_lies_in_its_business_day(zone, starts, when):
    """Business days cover all of time, and the one of an instant contains it."""
    day = business_day(when, starts, ZoneInfo(zone))

    start, end = bounds(day, starts, ZoneInfo(zone))
    assert start <= when < end


@given(ZONES, STARTS, DAYS)
def test_business_days_follow_each_other_without_gap(zone, starts, day):
    """Where one ends the next begins."""
    assert bounds(day, starts, ZoneInfo(zone))[1] == bounds(day + timedelta(days=1), starts, ZoneInfo(zone))[0]


@given(ZONES, DAYS, st.lists(st.integers(0, 2880), min_size=2, max_size=2))
def test_wall_times_keep_their_order(zone, day, minutes):
    """A later wall time is never an earlier instant, whatever the clocks do."""
    earlier, later = sorted(minutes)

    assert instant(day, earlier, ZoneInfo(zone)) <= instant(day, later, ZoneInfo(zone))


@given(ZONES, STARTS, DAYS, st.lists(st.tuples(st.integers(0, 1439), st.integers(1, 1440)), max_size=4))
def test_openings_are_in_order_apart_and_within_the_day(zone, starts, day, spans):
    """Whatever a week says, what comes out can be read from front to back."""
    hours = [tuple((start, start + length) for start, length in spans)] * 7

    found = openings_of(hours, {}, day, starts, ZoneInfo(zone))

    start, end = bounds(day, starts, ZoneInfo(zone))
    edges = [edge for interval in found for edge in interval]
    assert edges == sorted(set(edges))
    assert all(start <= edge <= end for edge in edges)
