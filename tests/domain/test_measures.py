"""What is measured of a step, in milliseconds: one definition for rows, live figures, estimates and replays."""

from __future__ import annotations

from typing import Any

import pytest

from queue_server.domain.lifecycle import StepState
from queue_server.domain.measures import kept, percentile, service, service_so_far, wait, walk, within_target
from queue_server.domain.records import Promise, Step
from tests.domain.hall import MINUTE


@pytest.mark.parametrize(
    ("called", "waited"),
    [pytest.param(9 * MINUTE, 0, id="before the time booked"), pytest.param(12 * MINUTE, 2 * MINUTE, id="after it")],
)
def test_an_appointments_wait_counts_from_the_time_booked(called: int, waited: int):
    """Who comes early waits for nothing until the appointment's time."""
    step = Step(service="pass", queued_at=5 * MINUTE, booked_at=10 * MINUTE, first_called_at=called)

    assert wait(step) == waited


def test_what_has_not_happened_has_no_length():
    """A step that was never called, started or served has no wait, walk or service, rather than zero."""
    step = Step(service="pass", state=StepState.WAITING, queued_at=1)

    assert (wait(step), walk(step), service(step)) == (None, None, None)


def test_a_park_is_no_service():
    """Only the stretches at the counter count, the one that goes on included."""
    step = Step(service="pass", state=StepState.SERVING, served=MINUTE, started_at=10 * MINUTE)

    assert service_so_far(step, 12 * MINUTE) == 3 * MINUTE


@pytest.mark.parametrize(("waited", "kept"), [(5 * MINUTE, True), (5 * MINUTE + 1, False)])
def test_a_target_is_kept_to_its_last_millisecond(waited: int, kept: bool):
    """A wait as long as the target is within it; the first millisecond more is not."""
    step = Step(service="pass", promise=Promise(target=5 * MINUTE, p50=None, p90=None))

    assert within_target(step, waited) is kept


@pytest.mark.parametrize(("percent", "value"), [(0, 1), (10, 1), (11, 2), (50, 5), (90, 9), (91, 10), (100, 10)])
def test_a_percentile_is_a_value_that_occurred(percent: int, value: Any):
    """The smallest that at least so many in a hundred do not exceed."""
    assert percentile(list(range(1, 11)), percent) == value


def test_of_nothing_there_is_no_percentile():
    """No values have none."""
    assert percentile([], 50) is None


@pytest.mark.parametrize(
    ("told", "half", "most"),
    [
        pytest.param((0, 0), 59, 59, id="no wait is less than a minute"),
        pytest.param((10, 50), 59, 60, id="up to 1 min"),
        pytest.param((200, 540), 239, 540, id="3 to 9 min"),
        pytest.param((720, 1_320), 899, 1_500, id="10 to 25 min, in fives"),
        pytest.param((3_000, 7_260), 3_599, 9_000, id="half an hour to two and a half"),
    ],
)
def test_what_was_told_is_kept_in_the_unit_in_which_it_was_told(told: tuple[int, int], half: int, most: int):
    """The longest wait within the shorter and within the longer time told; a second more is over it."""
    assert (kept(half, *told)[0], kept(half + 1, *told)[0]) == (True, False)
    assert (kept(most, *told)[1], kept(most + 1, *told)[1]) == (True, False)
