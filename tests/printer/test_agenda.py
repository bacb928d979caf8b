"""What the agent does next, and how long it waits: order and time, decided without a printer."""

import pytest

from printer.agenda import (
    Attend,
    Idle,
    Learned,
    LookLater,
    Settle,
    Step,
    Tries,
    Unsettled,
    Waiting,
    learned,
    next_step,
    next_turn,
    not_begun,
    too_late,
)
from printer.machine import Ending, Limits, Owed
from queue_server.wire.printing import Job, Outcome
from tests.printer.conftest import slip

LIMITS = Limits(recheck=1.0, idle=10.0)
WAITING = Waiting(Job(job="j1", ticket="t1", seq4="ab12", ttl_ms=60_000, data=slip()), received_ms=1_000)


def left_over(outcome: Outcome | None = None) -> Unsettled:
    return Unsettled("j0", Owed("ab11", before=100, whole=None), 500, outcome)


def test_a_slip_left_half_done_comes_before_the_next():
    """What became of a slip is known before another one begins."""
    turn = next_turn(left_over(), WAITING, causes=("paper_out",), since_look_ms=0, limits=LIMITS)

    assert turn == Settle(left_over())


def test_a_printer_that_is_ill_is_not_asked_again_at_once():
    """Once the server has heard `unknown`, the printer is only looked at until it is well, and then asked."""
    told = left_over("unknown")
    ill = next_turn(told, WAITING, causes=("unreachable",), since_look_ms=0, limits=LIMITS)
    well = next_turn(told, WAITING, causes=(), since_look_ms=0, limits=LIMITS)

    assert (ill, well) == (LookLater(LIMITS.recheck), Settle(told))


def test_a_job_that_waits_has_its_turn():
    """Even where the printer was ill when it was last looked at: a try shows whether it still is."""
    assert next_turn(None, WAITING, causes=("cover_open",), since_look_ms=0, limits=LIMITS) == Attend(WAITING)


@pytest.mark.parametrize(
    ("causes", "since_look_ms", "pause_s"),
    [((), 0, 10.0), ((), 4_000, 6.0), ((), 11_000, 0.0), (("paper_out",), 0, 1.0)],
)
def test_an_idle_printer_is_looked_at_now_and_then(causes: tuple, since_look_ms: int, pause_s: float):
    """Sooner while it is not ready; the time since the last look counts."""
    assert next_turn(None, None, causes=causes, since_look_ms=since_look_ms, limits=LIMITS) == Idle(pause_s)


@pytest.mark.parametrize(
    ("told", "ending", "brought"),
    [
        (None, Ending("unknown", open=True), Learned.AN_END),
        (None, Ending("printed", "counter"), Learned.AN_END),
        ("unknown", Ending("printed", "counter"), Learned.AN_END),
        ("unknown", Ending("unknown", open=True), Learned.NOTHING_YET),
        ("unknown", Ending("unknown"), Learned.NOTHING_EVER),
    ],
)
def test_unknown_is_told_once(told: Outcome | None, ending: Ending, brought: Learned):
    """The server hears `unknown` once, and again only what is known better."""
    assert learned(told, ending) is brought


def test_time_to_live_goes_on_while_a_job_waits():
    """It counts from receipt; a job of another boot has none left."""
    assert WAITING.left_ms(21_000) == 40_000
    assert WAITING._replace(received_ms=None).left_ms(21_000) == 0


@pytest.mark.parametrize(
    ("left_ms", "now_ms", "missing", "stopping", "step"),
    [
        (0, 5_000, True, True, Step.END),
        (1, 5_000, True, True, Step.LEAVE),
        (1, 6_499, True, False, Step.WAIT),
        (1, 6_500, True, False, Step.PRINT),
        (1, 5_000, False, False, Step.PRINT),
    ],
)
def test_a_job_is_ended_left_kept_waiting_or_printed(
    left_ms: int, now_ms: int, missing: bool, stopping: bool, step: Step
):
    """Its time comes first, then a stop; a logo is waited for a second and a half."""
    assert next_step(Tries(5_000), left_ms=left_ms, now_ms=now_ms, missing=missing, stopping=stopping) is step


def test_a_printer_out_of_reach_is_tried_less_and_less_often():
    """After one, two, five and then every ten looks; one that answers is tried at every look."""
    tries, pauses = Tries(0), []
    for _ in range(5):
        tries = tries.after("unreachable")
        pauses.append(tries.pause_s(60_000, LIMITS))

    assert pauses == [1.0, 2.0, 5.0, 10.0, 10.0]
    assert tries.after("paper_out").pause_s(60_000, LIMITS) == 1.0


def test_no_pause_outlives_the_job():
    """A job whose time runs out ends then, and not at the next try."""
    assert Tries(0, "unreachable", 4).pause_s(2_500, LIMITS) == 2.5


def test_a_job_that_is_too_old_says_why():
    """The printer's fault where it had one, else it was never its turn."""
    assert too_late("paper_out") == Ending("not_printed", "none", "paper_out")
    assert too_late(None) == Ending("expired", "none", "expired")


def test_what_the_printer_refused_at_the_door_waits_while_it_is_wanted():
    """Only a job that was begun can have been let go of meanwhile; it then ends."""
    ended = Ending("not_printed", "none", "cover_open")

    assert not_begun("cover_open", taken_back=True, wanted=True) == "cover_open"
    assert not_begun("cover_open", taken_back=False, wanted=False) == "cover_open"
    assert not_begun("cover_open", taken_back=True, wanted=False) == ended
