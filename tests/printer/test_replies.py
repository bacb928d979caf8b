"""What the agent says to the server."""

import pytest

from printer.replies import behind, of_trouble, to_cancel, to_job
from queue_server.wire.printing import (
    PROTOCOL,
    Ack,
    Cancelled,
    Greeting,
    JobState,
    OpenJob,
    Paper,
    Result,
    Sending,
    TooLate,
    Waiting,
)

ENDED = Result(job="j1", outcome="printed", evidence="id", reason=None, torn=False, ms=900)


@pytest.mark.parametrize(("protocol", "update"), [(PROTOCOL, None), (PROTOCOL - 1, "server"), (PROTOCOL + 1, "agent")])
def test_it_is_said_which_side_must_be_updated(protocol: int, update: str | None):
    """The older one."""
    assert behind(Greeting(protocol=protocol, server="1", printer="p1", paper=Paper())) == update


def test_a_new_job_is_accepted():
    """With the reason why it has to wait, if there is one."""
    assert list(to_job("j1", taken=True, causes=(), result=None)) == [Ack(job="j1", verdict="accepted")]
    assert list(to_job("j1", taken=True, causes=("paper_out", "cover_open"), result=None)) == [
        Ack(job="j1", verdict="accepted"),
        Waiting(job="j1", reason="paper_out"),
    ]


def test_a_job_that_was_here_before_is_a_duplicate():
    """With its end, where it has one, so that a server which missed it can rest."""
    assert list(to_job("j1", taken=False, causes=("paper_out",), result=None)) == [Ack(job="j1", verdict="duplicate")]
    assert list(to_job("j1", taken=False, causes=(), result=ENDED)) == [Ack(job="j1", verdict="duplicate"), ENDED]


@pytest.mark.parametrize(
    ("cancelled", "state", "said"),
    [
        (True, "final", Cancelled(job="j1")),
        (False, None, Cancelled(job="j1")),
        (False, "sending", TooLate(job="j1")),
        (False, "final", TooLate(job="j1")),
    ],
)
def test_what_was_begun_cannot_be_cancelled(cancelled: bool, state: JobState | None, said: Cancelled | TooLate):
    """What had not begun, or was never heard of, is."""
    assert to_cancel("j1", cancelled=cancelled, state=state) == said


def test_trouble_is_told_of_the_jobs_behind_it_too():
    """Another printer may make those; what is over or under way stays here. A printer that is well again
    holds up none."""
    known = (
        OpenJob(job="j1", state="sending"),
        OpenJob(job="j2", state="received"),
        OpenJob(job="j0", state="final", outcome="printed"),
    )

    assert list(of_trouble("j1", ("paper_out",), known)) == [
        Sending(job="j1", reason="paper_out"),
        Waiting(job="j2", reason="paper_out"),
    ]
    assert list(of_trouble("j1", (), known)) == [Sending(job="j1", reason=None)]
