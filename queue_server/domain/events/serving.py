"""What happened to a ticket at a counter, from its call on, and what was taken back of it."""

from __future__ import annotations

from queue_server.domain.events.event import Event
from queue_server.domain.records import Address, CounterRecord, Promise, Ticket


class TicketCalled(Event, frozen=True, kw_only=True):
    """`due_at` is when the step was due at this counter; `why` says how it came to be next.

    `why`: `due` (the due-time rule), `addressed` (it waited for this counter or clerk), `picked` (chosen by the
    clerk), `auto`.
    """

    counter: str
    clerk: str
    ticket: str
    due_at: int
    why: str = "due"


class TicketRecalled(Event, frozen=True, kw_only=True):
    counter: str
    ticket: str


class ServiceStarted(Event, frozen=True, kw_only=True):
    counter: str
    ticket: str


class ServiceFinished(Event, frozen=True, kw_only=True):
    """`credit` and `promise` are for the journey's next step, if there is one.

    `counter` is None at the end of the day.
    """

    ticket: str
    counter: str | None = None
    outcome: str | None = None
    credit: int = 0
    promise: Promise | None = None


class TicketMissed(Event, frozen=True, kw_only=True):
    """A no-show: called and did not come. `parked` where the mall keeps such people rather than marking them."""

    counter: str
    ticket: str
    parked: bool = False


class TicketPutBack(Event, frozen=True, kw_only=True):
    """Called by mistake. `by` and `reason` say who took it back and why, where that was not the counter's clerk."""

    counter: str
    ticket: str
    credit: int
    by: str | None = None
    reason: str | None = None


class TicketParked(Event, frozen=True, kw_only=True):
    ticket: str
    counter: str | None = None
    reason: str | None = None
    by: str | None = None


class TicketTransferred(Event, frozen=True, kw_only=True):
    """A step of `service` waits elsewhere; `address` narrows who may call it.

    `planned` where the journey leads there anyway: that step comes first now, and no new one is made.
    """

    ticket: str
    service: str
    credit: int
    promise: Promise
    counter: str | None = None
    address: Address | None = None
    planned: bool = False
    reason: str | None = None
    by: str | None = None


class Undone(Event, frozen=True, kw_only=True):
    """The counter's last command is taken back: tickets and counters are again as carried here, times included.

    `seqs` is the first and the last `seq` of the command; calls and service times recorded in it are forgotten.
    """

    counter: str
    command: str
    seqs: tuple[int, int]
    tickets: tuple[Ticket, ...]
    counters: tuple[CounterRecord, ...]
