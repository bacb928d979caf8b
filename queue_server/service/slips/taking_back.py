"""Jobs that were sent and are asked back, at the agents that hold them.

To *take back* is to want an answer: only a job of which no byte has left counts, since another takes its place. To
*let go* is for a ticket that is over: what can still be kept from coming out is, and the job's own end says whether.
"""

from __future__ import annotations

import asyncio

from queue_server.domain.records import Slip
from queue_server.domain.slip_life import SlipState
from queue_server.service.slips.printers import Printers
from queue_server.wire import printing as wire

ANSWER_S = 3.0
"""An agent that is linked answers within this, or it is too late."""


class TakingBack:
    """All jobs that were asked back since the server started."""

    def __init__(self, printers: Printers) -> None:
        self._printers = printers
        self._asked: set[str] = set()
        self._waiters: dict[str, asyncio.Future[bool]] = {}

    def __contains__(self, job: str | None) -> bool:
        """It was asked back: what had not left by then never leaves."""
        return job in self._asked

    def forget(self) -> None:
        self._asked.clear()

    async def take_back(self, slip: Slip) -> bool:
        """Whether a queued job was taken back before its first byte. False where the agent is not there, too."""
        link = self._printers.ready_link(slip.printer)
        if slip.state is not SlipState.QUEUED or not slip.sent or slip.job is None:
            return False
        if link is None or slip.job in self._waiters:
            return False
        waiter: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiters[slip.job] = waiter
        self._asked.add(slip.job)
        link.send(wire.Cancel(job=slip.job))
        try:
            async with asyncio.timeout(ANSWER_S):
                return await waiter
        except TimeoutError:
            return False
        finally:
            self._waiters.pop(slip.job, None)

    def let_go(self, slip: Slip) -> None:
        """Ask the agent to keep it from coming out, if the agent is there; one that comes later is asked then."""
        link = self._printers.ready_link(slip.printer)
        if link is not None and slip.job is not None:
            self._asked.add(slip.job)
            link.send(wire.Cancel(job=slip.job, begun=True))

    def answered(self, answer: wire.Cancelled | wire.TooLate) -> bool:
        """Take an agent's answer. True where the job is gone and nobody waited to be told."""
        gone = isinstance(answer, wire.Cancelled)
        if not gone:
            self._asked.discard(answer.job)
        waiter = self._waiters.get(answer.job)
        if waiter is None or waiter.done():
            return gone
        waiter.set_result(gone)
        return False
