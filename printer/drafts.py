"""From a job to a slip that can be sent: its layout and logo are found, or asked for, and it is drawn."""

from __future__ import annotations

import msgspec
import structlog

from printer.confirming import Work
from printer.memory import Memory
from printer.press import Press, WrongLogo, texts_of
from queue_server.wire.printing import Ack, Job, Paper, SlipLayout, SlipView, hash_of, layout_of

log = structlog.get_logger("printer")


class Drafts:
    """Draws jobs with one press and what the agent's memory holds."""

    def __init__(self, press: Press, memory: Memory) -> None:
        self._press = press
        self._memory = memory

    def refused(self, job: Job) -> Ack | None:
        """Why a job can never be printed."""
        if missing := self._press.uncovered(*texts_of(job.data)):
            log.error("no font for a text", ticket=job.ticket, characters=missing)
            return Ack(job=job.job, verdict="rejected", reason="uncovered", detail=missing)
        if not (len(job.seq4) == 4 and job.seq4.isascii() and job.seq4.isprintable()):
            return Ack(job=job.job, verdict="rejected", reason="invalid", detail="seq4")
        return None

    def missing(self, job: Job, paper: Paper) -> tuple[str, ...]:
        """What it names by hash and is not here yet; text has no use for a logo."""
        logo = job.data.logo if isinstance(job.data, SlipView) and paper.mode == "raster" else None
        named = (job.layout, logo)
        return tuple(wanted for wanted in named if wanted and self._memory.asset(wanted) is None)

    def brought(self, named: str, data: bytes) -> None:
        """Something that was asked for; empty bytes: there is no such thing."""
        if data and hash_of(data) != named:
            log.warning("an asset is not what its hash says", hash=named)
        elif data:
            self._memory.keep_asset(named, data)

    def drawn(self, job: Job, paper: Paper) -> Work:
        """The job as bytes; what is missing or wrong is left out. Slow: to be called in a thread."""
        layout, logo = self._layout(job), self._logo(job)
        try:
            made = self._press.made(job.data, paper, layout=layout, logo=logo)
        except WrongLogo as error:
            log.warning("logo left out", ticket=job.ticket, error=str(error))
            made = self._press.made(job.data, paper, layout=layout)
        return Work(job.seq4, made)

    def _layout(self, job: Job) -> SlipLayout | None:
        data = self._memory.asset(job.layout) if job.layout else None
        if data is None:
            return None
        try:
            return layout_of(data)
        except msgspec.DecodeError as error:
            log.warning("layout not understood, using our own", error=str(error))
            return None

    def _logo(self, job: Job) -> bytes | None:
        named = job.data.logo if isinstance(job.data, SlipView) else None
        return self._memory.asset(named) if named else None
