"""How the printer is: what the last look found, since when, how much paper is left; and what the server was told."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import structlog

from printer.device import Look
from printer.machine import SLOW, Ending
from printer.memory import Memory
from printer.roll import Roll
from queue_server.wire.printing import Caps, Cause, Paper, Status

log = structlog.get_logger("printer")


class Condition:
    """One printer's condition. Nothing is said of it before the first look."""

    def __init__(self, memory: Memory, paper: Paper, clock_ms: Callable[[], int], picture_s: float = 0.0) -> None:
        """`picture_s` is how long a drawn slip takes on this line, as far as its address says."""
        self._memory = memory
        self._paper = paper
        self._picture_s = picture_s
        self._clock_ms = clock_ms
        self._roll = Roll(paper.near_end_mm, mm_since=float(memory.fact("mm_since", "0")))
        self._roll.near_end = memory.fact("near_end") == "yes"
        self._look: Look | None = None
        self._caps = Caps()
        self._since_ms = self.looked_ms = clock_ms()
        #: What the server was last told, without what always changes.
        self._said: Status | None = None

    @property
    def known(self) -> bool:
        """It was looked at."""
        return self._look is not None

    @property
    def paper(self) -> Paper:
        """Which is in use, as far as is known."""
        return self._paper

    @property
    def causes(self) -> tuple[Cause, ...]:
        """Why nothing is printed, as far as is known."""
        return self._look.causes if self._look is not None else ()

    def loaded(self, paper: Paper) -> None:
        """The server has said which paper it believes in."""
        self._paper = paper
        self._roll.near_end_mm = paper.near_end_mm

    def looked(self, look: Look, caps: Caps) -> Status | None:
        """Take in how it is. What to tell the server, if that is news."""
        self.looked_ms = self._clock_ms()
        if not self.known or look.causes != self.causes:
            self._since_ms = self.looked_ms
            (log.warning if look.causes else log.info)("printer", causes=look.causes, detail=look.detail or None)
        self._look = look
        if self._roll.sensed(look.near_end):
            self._memory.note("near_end", "yes" if self._roll.near_end else "no")
            self._memory.note("mm_since", f"{self._roll.mm_since:.0f}")
        self._asked(caps)
        status = self.status()
        assert status is not None
        steady = msgspec.structs.replace(status, for_s=0, cuts=None)
        if steady == self._said:
            return None
        self._said = steady
        return status

    def heard(self, causes: tuple[Cause, ...], caps: Caps) -> Status | None:
        """The same, learned on the way of a slip: of the paper's end and the cuts nothing new is known."""
        return self.looked(Look(causes, self._roll.near_end, self._look.cuts if self._look else None), caps)

    def status(self) -> Status | None:
        """All of it; None before the first look."""
        if self._look is None:
            return None
        totals = self._memory.totals()
        return Status(
            ready=not self._look.causes,
            reasons=self._look.causes,
            near_end=self._roll.near_end,
            cuts=self._look.cuts,
            mm_since_near_end=round(self._roll.mm_since),
            tickets_left=self._roll.tickets_left,
            for_s=(self._clock_ms() - self._since_ms) // 1000,
            caps=self._caps,
            detail=self._look.detail,
            slow_s=round(self._picture_s) if self._paper.mode == "raster" and self._picture_s > SLOW else None,
            printed=totals.get("printed", 0),
            not_printed=totals.get("not_printed", 0) + totals.get("expired", 0),
            unknown=totals.get("unknown", 0),
        )

    @property
    def uncut(self) -> bool:
        """A torn piece may hang from it."""
        return self._memory.fact("uncut") == "yes"

    def torn(self) -> None:
        self._memory.note("uncut", "yes")

    def delivered(self, ending: Ending, length_mm: float, *, parted: bool, sent_s: float | None) -> None:
        """A slip was sent, in `sent_s` seconds if that is known; `parted` if what hung was cut off before it."""
        if ending.outcome == "printed" and sent_s is not None and self._paper.mode == "raster":
            self._picture_s = sent_s
        if parted:
            self._memory.note("uncut", "no")
        if ending.outcome in ("printed", "unknown") or ending.torn:
            self._roll.printed(length_mm)
            if self._roll.near_end:
                self._memory.note("mm_since", f"{self._roll.mm_since:.0f}")

    def _asked(self, caps: Caps) -> None:
        """What it was found to answer is known to the next agent, too."""
        self._caps = caps
        said = msgspec.json.encode(caps).decode()
        if caps != Caps() and said != self._memory.fact("caps"):
            self._memory.note("caps", said)
            log.info("capabilities", confirms=caps.confirms, caps=said)


def known_caps(memory: Memory) -> Caps | None:
    """What the printer could prove the last time this agent's memory heard of it."""
    kept = memory.fact("caps")
    try:
        return msgspec.json.decode(kept, type=Caps) if kept else None
    except msgspec.DecodeError:
        return None
