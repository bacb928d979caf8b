"""What is known of each printer: its agent's link, how it is, what went wrong lately, what came out.

Nothing here decides about a slip; printing.py does. All of it is learned anew after a restart: from the agents,
and what went wrong with slips from the day itself.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable
from operator import itemgetter
from secrets import randbelow

from msgspec import Struct
from msgspec.structs import replace

from queue_server.domain.records import Ticket
from queue_server.domain.slip_life import SlipState
from queue_server.wire import printing as wire

PASSING = frozenset({"head_hot", "feed_button"})
"""Causes that go away by themselves: no reason to look for another printer."""

AMBER_MS = 10_000
"""A cause that passes by itself is staff's business once it has lasted so long."""

LOOKING = "not_looked"
"""Why nothing is promised of a printer whose agent has come and not looked at it yet."""

LAST_TROUBLES = 10
"""So many are kept for each printer."""

Device = tuple[str, str | None]
"""`ready`, `warning` (it prints, and wants somebody soon) or `down`, and why."""

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_ROUND = len(_ALPHABET) ** 4


class Trouble(Struct, frozen=True, kw_only=True):
    """Something that went wrong. `number` is the ticket's, where it was about one."""

    at: int
    reason: str
    number: str | None = None


class TestSlip(Struct, frozen=True, kw_only=True):
    """The last test slip of a printer, and what became of it."""

    __test__ = False  # not a test of pytest's

    job: str
    at: int
    state: SlipState = SlipState.QUEUED
    reason: str | None = None


class Link:
    """One agent's connection. `send` writes a message, best effort; a lost link loses nothing."""

    def __init__(self, printer: str, send: Callable[[bytes], None]) -> None:
        self.printer = printer
        self.hello: wire.Hello | None = None
        self.status: wire.Status | None = None
        self.status_at = 0
        self._send = send

    def send(self, message: wire.FromServer) -> None:
        self._send(wire.encode(message))


class Printers:
    """Every printer that has shown itself. `now` gives the mall's time (milliseconds)."""

    def __init__(self, now: Callable[[], int]) -> None:
        self.links: dict[str, Link] = {}
        self.last_seen: dict[str, int] = {}
        self.troubles: dict[str, deque[Trouble]] = {}
        self.tests: dict[str, TestSlip] = {}
        self.outcomes: Counter[tuple[str, SlipState]] = Counter()
        """How jobs ended since the server started, by printer and state."""
        self.changed: list[Callable[[str], None]] = []
        self._now = now
        self._started = now()
        self._gone: dict[str, int] = {}
        # a number that an open job of an earlier link or run of the server has would confirm the wrong slip
        self._serial = randbelow(_ROUND)

    def ready_link(self, printer: str | None) -> Link | None:
        """The link of an agent that has said hello."""
        link = self.links.get(printer or "")
        return link if link is not None and link.hello is not None else None

    def device(self, printer: str) -> Device:
        link = self.ready_link(printer)
        if link is None:
            return "down", "agent_offline"
        status = link.status
        if status is None:
            return "down", LOOKING
        if not status.ready:
            cause = status.reasons[0] if status.reasons else "offline"
            if not PASSING.issuperset(status.reasons or ("offline",)):
                return "down", cause
            lasted = status.for_s * 1000 + self._now() - link.status_at
            return ("warning", cause) if lasted > AMBER_MS else ("ready", None)
        return ("warning", "paper_low") if status.near_end else ("ready", None)

    def away_ms(self, printer: str | None) -> int | None:
        """How long its agent has not been linked; None while it is."""
        if self.ready_link(printer) is not None:
            return None
        return self._now() - self._gone.get(printer or "", self._started)

    def last_error(self, printer: str) -> str | None:
        """The newest trouble's code since the server started."""
        kept = self.troubles.get(printer)
        return kept[-1].reason if kept else None

    def attach(self, link: Link) -> None:
        """There is one link for each printer at a time; whoever comes second is turned away before this."""
        if self.ready_link(link.printer) is not None:
            self._gone[link.printer] = self._now()
        self.links[link.printer] = link
        self.tell(link.printer)

    def detach(self, link: Link) -> None:
        if self.links.get(link.printer) is link:
            del self.links[link.printer]
            self._gone[link.printer] = self._now()
            self.trouble(link.printer, "agent_offline")
            self.tell(link.printer)

    def heard(self, printer: str) -> None:
        self.last_seen[printer] = self._now()

    def status(self, link: Link, status: wire.Status) -> None:
        """How it says that it is; what is newly wrong is a trouble."""
        before = link.status.reasons if link.status else ()
        link.status, link.status_at = status, self._now()
        if not status.ready and status.reasons and status.reasons != before:
            self.trouble(link.printer, status.reasons[0])
        self.tell(link.printer)

    def trouble(self, printer: str, reason: str, number: str | None = None) -> None:
        kept = self.troubles.setdefault(printer, deque(maxlen=LAST_TROUBLES))
        kept.append(Trouble(at=self._now(), reason=reason, number=number))

    def trouble_before(self, tickets: Iterable[Ticket]) -> None:
        """After a start: what went wrong with today's slips before it."""
        found = [
            (ticket.slip.told_at, ticket.slip.printer, ticket.slip.reason, ticket.number)
            for ticket in tickets
            if ticket.slip.state in (SlipState.NOT_PRINTED, SlipState.UNKNOWN) and ticket.slip.told_at is not None
        ]
        for at, printer, reason, number in sorted(found, key=itemgetter(0)):
            if printer is not None and reason is not None:
                kept = self.troubles.setdefault(printer, deque(maxlen=LAST_TROUBLES))
                kept.append(Trouble(at=at, reason=reason, number=number))

    def tell(self, printer: str) -> None:
        for tell in self.changed:
            tell(printer)

    def seq4(self) -> str:
        """Four printable characters; they come round after a million jobs."""
        number, base = self._serial, len(_ALPHABET)
        self._serial = (number + 1) % _ROUND
        return "".join(_ALPHABET[number // base**place % base] for place in (3, 2, 1, 0))

    # Test slips

    def testing(self, printer: str, job: str) -> None:
        self.tests[printer] = TestSlip(job=job, at=self._now())
        self.tell(printer)

    def about_test(self, printer: str, message: wire.Ack | wire.Waiting | wire.Sending | wire.Result) -> bool:
        """Whether that was about this printer's test slip."""
        test = self.tests.get(printer)
        if test is None or test.job != message.job:
            return False
        match message:
            case wire.Ack() if message.verdict == "rejected":
                test = replace(test, state=SlipState.NOT_PRINTED, reason=message.reason or "invalid")
            case wire.Waiting():
                test = replace(test, reason=message.reason)
            case wire.Sending():
                test = replace(test, state=SlipState.PRINTING, reason=None)
            case wire.Result():
                expired = message.outcome == "expired"
                state = SlipState.NOT_PRINTED if expired else SlipState(message.outcome)
                test = replace(test, state=state, reason=message.reason)
            case _:
                return True
        self.tests[printer] = test
        self.tell(printer)
        return True
