"""The mall's clock against a wall clock and a monotonic clock that the test sets."""

from __future__ import annotations

from queue_server.service.clock import JUMP_MS, MallClock


class Hands:
    def __init__(self) -> None:
        self.wall = 1_000_000.0
        self.monotonic = 50.0

    def pass_(self, seconds: float, *, wall: float | None = None) -> None:
        self.monotonic += seconds
        self.wall += seconds if wall is None else wall


def clock_of(hands: Hands, **options: int) -> MallClock:
    return MallClock(wall=lambda: hands.wall, monotonic=lambda: hands.monotonic, **options)


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
