"""Instants as text."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from queue_server.views.instants import rfc3339, seconds


@given(st.integers(min_value=0, max_value=4_102_444_800_000))
def test_instants_are_rfc_3339_in_utc_with_milliseconds(ms):
    """The fast way of writing an instant says what the library says."""
    expected = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)).isoformat(timespec="milliseconds")

    assert rfc3339(ms) == expected.replace("+00:00", "Z")


def test_what_has_not_happened_has_no_instant():
    """None stays None, so that a view needs no test of its own."""
    assert rfc3339(None) is None


def test_seconds_are_those_that_have_passed():
    """A wait is never said to be longer than it was."""
    assert [seconds(ms) for ms in (0, 999, 1000, 59_999)] == [0, 0, 1, 59]


def test_what_no_calendar_has_is_written_as_its_last_instant():
    """An absurd due time of an old journal is shown; it does not take the view with it."""
    assert rfc3339(2_015_539_200_000_000_000) == "9999-12-31T23:59:59.999Z"
    assert rfc3339(-(10**18)) == "1000-01-01T00:00:00.000Z"
