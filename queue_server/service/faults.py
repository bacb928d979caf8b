"""What has failed in one part while the rest of the hall goes on: noted here, logged once, shown until it works again.

A view, a tick, a printer's job or a listener that raises is that part's own trouble. Whoever runs it does so inside
`part`, tries it again in its own time, and nobody else notices. Names of tickets are secrets and never come here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import TracebackType

from msgspec import Struct

from queue_server.errors import Unavailable
from queue_server.service.logs import log, where

MOST = 200
"""So many are kept; the ones that came first say enough."""


class Fault(Struct, frozen=True, kw_only=True):
    """`kind` is `view`, `slips`, `estimates`, `deadlines`…; `subject` which of them, as it may be shown.

    `since` by the mall's clock (milliseconds).
    """

    kind: str
    subject: str
    error: str
    since: int

    @property
    def said(self) -> str:
        """For an operator, in English."""
        what = f"{self.kind} {self.subject}".strip()
        return f"A part of the server fails and is tried again: {what} ({self.error}). Its log says where."


class Faults:
    """`now` gives the mall's time (milliseconds); `changed` are told when one comes or goes."""

    def __init__(self, now: Callable[[], int]) -> None:
        self.changed: list[Callable[[Fault], None]] = []
        self._now = now
        self._found: dict[tuple[str, str], Fault] = {}
        self._logged: dict[tuple[str, str], set[str]] = {}
        """In which ways each has failed since it worked last."""

    def __iter__(self) -> Iterator[Fault]:
        return iter(tuple(self._found.values()))

    def of(self, kind: str, subject: str) -> Fault | None:
        return self._found.get((kind, subject))

    def part(self, kind: str, subject: str = "", *passing: type[Exception], shown: str | None = None) -> Part:
        """Whatever goes wrong in this block is that part's fault and goes no further, but what is `passing` through.

        `shown` is the subject as it may be logged, where its own name is a secret.
        """
        return Part(self, kind, subject, passing, shown)

    def note(self, kind: str, subject: str, error: Exception, *, shown: str | None = None) -> None:
        """It failed. What fails again in the same way is not logged again."""
        name, known = type(error).__name__, self._found.get((kind, subject))
        if known is None and len(self._found) >= MOST:
            return
        logged = self._logged.setdefault((kind, subject), set())
        if name in logged:
            return
        logged.add(name)
        since = known.since if known is not None else self._now()
        fault = Fault(kind=kind, subject=subject if shown is None else shown, error=name, since=since)
        self._found[kind, subject] = fault
        # a message that is not our own may name a ticket or hold personal words: only where it happened is said
        detail = error.detail if isinstance(error, Unavailable) else None
        log.error("part_failed", part=kind, subject=fault.subject, error=name, detail=detail, at=where(error))
        self._tell(fault)

    def over(self, kind: str, subject: str = "") -> None:
        """It works, again or still."""
        if not self._found:
            return
        fault = self._found.pop((kind, subject), None)
        self._logged.pop((kind, subject), None)
        if fault is not None:
            log.info("part_works_again", part=kind, subject=fault.subject)
            self._tell(fault)

    def _tell(self, fault: Fault) -> None:
        for tell in self.changed:
            tell(fault)


class Part:
    """The block of one part: an error in it is noted as that part's and ends there."""

    __slots__ = ("_faults", "_kind", "_passing", "_shown", "_subject")

    def __init__(
        self, faults: Faults, kind: str, subject: str, passing: tuple[type[Exception], ...], shown: str | None
    ) -> None:
        self._faults = faults
        self._kind = kind
        self._subject = subject
        self._passing = passing
        self._shown = shown

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if error is None:
            self._faults.over(self._kind, self._subject)
            return False
        if not isinstance(error, Exception) or isinstance(error, self._passing):
            return False
        self._faults.note(self._kind, self._subject, error, shown=self._shown)
        return True
