"""The mall's clock against a wall clock and a clock since boot that the test sets."""

from __future__ import annotations

from typing import Any

from queue_server.service.clock import BEHIND, JUMP_MS, JUMPED, Leap, MallClock

HOUR = 3600


class Hands:
    """What the machine's clocks show (seconds), and whether a time server keeps the one on the wall."""

    def __init__(self) -> None:
        self.wall = 1_000_000.0
        self.elapsed = 50.0
        self.kept_right = False

    def pass_(self, seconds: float, *, wall: float | None = None) -> None:
        self.elapsed += seconds
        self.wall += seconds if wall is None else wall


def clock_of(hands: Hands, **options: Any) -> MallClock:
    return MallClock(
        wall=lambda: hands.wall, elapsed=lambda: hands.elapsed, kept_right=lambda: hands.kept_right, **options
    )


def test_it_shows_the_wall_clock():
    """Without a reason to do otherwise the mall's time is the wall clock's."""
    hands = Hands()
    clock = clock_of(hands)

    hands.pass_(10)

    assert clock.now() == 1_000_010_000
    assert clock.alarm is None


def test_an_offset_stays():
    """A clock started at another instant runs on from there."""
    hands = Hands()
    clock = clock_of(hands, starts_at=5_000)

    hands.pass_(60)

    assert clock.now() == 65_000


def test_it_never_starts_before_the_last_event():
    """A wall clock that lies before the last event is an alarm, and time goes on from the event."""
    hands = Hands()

    clock = clock_of(hands, floor=1_000_060_000)

    assert clock.now() == 1_000_060_000
    assert clock.alarm == "clock_behind"


def test_a_jump_is_an_alarm_and_not_followed():
    """A wall clock that is set six minutes on raises an alarm; time goes on as if nothing had been."""
    hands = Hands()
    clock = clock_of(hands)

    hands.pass_(1, wall=JUMP_MS / 1000 + 60)

    assert clock.now() == 1_000_001_000
    assert clock.alarm == "clock_jumped"


def test_a_jump_that_a_time_server_made_is_followed():
    """A machine without a battery comes up with its last time, and is put right once the network is there."""
    hands = Hands()
    clock = clock_of(hands, floor=1_000_000_000)
    hands.kept_right = True

    hands.pass_(1, wall=16 * HOUR)

    assert clock.now() == 1_000_000_000 + 16 * HOUR * 1000
    assert clock.alarm is None
    assert clock.take_leap() == Leap(since=1_000_001_000, until=1_000_000_000 + 16 * HOUR * 1000, why="clock")


def test_sleep_is_no_jump():
    """A machine that slept is as much later as its clock since boot says: no alarm, but nobody could act meanwhile."""
    hands = Hands()
    clock = clock_of(hands)

    hands.pass_(14 * HOUR)

    assert clock.now() == 1_000_000_000 + 14 * HOUR * 1000
    assert clock.alarm is None
    assert clock.take_leap() == Leap(since=1_000_000_000, until=clock.now(), why="sleep")
    assert clock.take_leap() is None


def test_a_clock_that_was_set_wrong_while_the_machine_slept_is_an_alarm():
    """Only what the clock since boot counts is believed."""
    hands = Hands()
    clock = clock_of(hands)

    hands.pass_(HOUR, wall=30 * HOUR)

    assert clock.now() == 1_000_000_000 + HOUR * 1000
    assert clock.alarm == JUMPED


def test_a_clock_that_was_behind_at_the_start_and_caught_up_asks_nobody():
    """Whatever the server would have started with, had it started now, is right."""
    hands = Hands()
    clock = clock_of(hands, floor=(1_000_000 + 8 * HOUR) * 1000)
    hands.pass_(1)
    clock.now()
    before = clock.alarm

    hands.pass_(1, wall=24 * HOUR)

    assert clock.now() == int(hands.wall * 1000)
    assert (before, clock.alarm) == (BEHIND, None)
    assert clock.take_leap() == Leap(since=(1_000_000 + 8 * HOUR + 2) * 1000, until=clock.now(), why="clock")


def test_a_clock_that_is_a_little_behind_at_the_start_comes_right_by_itself():
    """A minute is slewed away; the alarm says what is true, and goes with it."""
    hands = Hands()
    clock = clock_of(hands, floor=1_000_060_000)
    alarms = {clock.alarm}

    for _ in range(60 * 25):
        hands.pass_(1)
        clock.now()

    assert (alarms, clock.alarm) == ({BEHIND}, None)
    assert clock.now() == int(hands.wall * 1000)


def test_a_clock_that_is_set_back_is_an_alarm_until_it_is_put_right():
    """It is not behind any more once it shows the mall's time again."""
    hands = Hands()
    clock = clock_of(hands)
    hands.pass_(1, wall=-7 * HOUR)
    clock.now()
    back = clock.alarm, clock.off_ms, clock.goes_back

    hands.pass_(1, wall=7 * HOUR + 2)
    clock.now()

    assert back == (BEHIND, -(7 * HOUR + 1) * 1000, True)
    assert (clock.alarm, clock.goes_back) == (None, False)


def test_a_clock_that_was_set_back_and_then_too_far_is_an_alarm_still():
    """It was right when the server started, so what it shows now is somebody's setting."""
    hands = Hands()
    clock = clock_of(hands)
    hands.pass_(1, wall=-7 * HOUR)
    clock.now()

    hands.pass_(1, wall=20 * HOUR)

    assert clock.now() == 1_000_002_000
    assert clock.alarm == JUMPED


def test_a_confirmed_clock_that_is_behind_is_followed_back():
    """The one time that the mall's clock goes back; nobody slept, and nothing else is leapt."""
    hands = Hands()
    clock = clock_of(hands)
    hands.pass_(1, wall=-7 * HOUR)
    clock.now()

    clock.confirm()

    assert clock.now() == int(hands.wall * 1000)
    assert (clock.alarm, clock.take_leap()) == (None, None)


def test_a_first_start_in_a_wrong_year_can_be_put_right():
    """Ten years are no other than seven hours."""
    hands = Hands()
    hands.wall += 10 * 365 * 24 * HOUR
    clock = clock_of(hands)
    hands.pass_(1, wall=-10 * 365 * 24 * HOUR)
    clock.now()

    clock.confirm()

    assert clock.now() == 1_000_000_000


def test_confirming_what_is_no_alarm_changes_nothing():
    """A second supervisor presses a moment later."""
    hands = Hands()
    clock = clock_of(hands)
    hands.pass_(1, wall=2)

    clock.confirm()

    assert clock.now() == 1_000_001_050


def test_a_confirmed_jump_is_followed():
    """Once somebody confirmed the wall clock, the mall shows it."""
    hands = Hands()
    clock = clock_of(hands)
    hands.pass_(1, wall=3600)
    clock.now()

    clock.confirm()

    assert clock.alarm is None
    assert clock.now() == 1_000_000_000 + 3_600_000


def test_it_never_runs_backwards():
    """A wall clock that is set back is followed by running slower, never by going back."""
    hands = Hands()
    clock = clock_of(hands)
    seen = [clock.now()]

    hands.wall -= 60
    for _ in range(200):
        hands.pass_(0.1)
        seen.append(clock.now())

    assert seen == sorted(seen)
    assert clock.alarm is None


def test_a_small_error_is_slewed_away():
    """A wall clock that is a second ahead is caught up within its twentieth part, not by a jump."""
    hands = Hands()
    clock = clock_of(hands)
    hands.wall += 1

    hands.pass_(1)
    soon = clock.now()
    hands.pass_(60)
    later = clock.now()

    assert 1_000_001_000 < soon <= 1_000_001_050
    assert later == 1_000_062_000
