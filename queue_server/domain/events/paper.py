"""What is known of slips on paper."""

from __future__ import annotations

from queue_server.domain.events.event import Event


class SlipRequested(Event, frozen=True, kw_only=True):
    """A slip is to be printed again (`copy` counts from 1; 0 where every earlier attempt is known not to have
    printed).

    `reason` and `by` say why and who asked; a fail-over to a neighbouring printer has `by` None.
    """

    ticket: str
    job: str
    printer: str
    expires_at: int
    copy: int
    reason: str | None = None
    by: str | None = None


class SlipReported(Event, frozen=True, kw_only=True):
    """What is known of a job:

    `state` is `queued printing printed not_printed unknown`, `reason` and `evidence` say why.
    """

    ticket: str
    job: str
    state: str
    reason: str | None = None
    evidence: str | None = None
    sent: bool = False
    """The job has left for the agent: from now on only the agent knows whether paper comes out."""
    stayed: bool = False
    """It has not left, though it was to: the server cannot make it."""
