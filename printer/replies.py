"""What the agent says to the server, and when something is news to it. Pure.

A job is answered once it is on disk. What was begun cannot be taken back; what was not begun, or never heard of,
can.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from queue_server.wire.printing import (
    PROTOCOL,
    SPEAKS,
    Ack,
    Cancelled,
    Cause,
    FromAgent,
    Greeting,
    JobState,
    OpenJob,
    Result,
    Sending,
    TooLate,
    Waiting,
)


def behind(greeting: Greeting) -> Literal["server", "agent"] | None:
    """Which side must be updated before the two understand each other; None: neither."""
    if greeting.speaks == SPEAKS and greeting.protocol == PROTOCOL:
        return None
    return "server" if greeting.protocol < PROTOCOL else "agent"


def to_job(job: str, *, taken: bool, causes: tuple[Cause, ...], result: Result | None) -> Iterator[FromAgent]:
    """`taken`: it is new and on disk. `result` is how it ended, where it was here before."""
    if taken:
        yield Ack(job=job, verdict="accepted")
        if causes:
            yield Waiting(job=job, reason=causes[0])
        return
    yield Ack(job=job, verdict="duplicate")
    if result is not None:
        yield result


def to_cancel(job: str, *, cancelled: bool, state: JobState | None) -> FromAgent:
    """`cancelled`: it had not begun. `state` is None for a job that was never heard of."""
    return Cancelled(job=job) if cancelled or state is None else TooLate(job=job)


def of_trouble(job: str, causes: tuple[Cause, ...], known: tuple[OpenJob, ...]) -> Iterator[FromAgent]:
    """How the printer is while `job` is in hand; told of those behind it, too, which another printer may make."""
    reason = causes[0] if causes else None
    yield Sending(job=job, reason=reason)
    if reason is not None:
        for other in known:
            if other.state == "received":
                yield Waiting(job=other.job, reason=reason)
