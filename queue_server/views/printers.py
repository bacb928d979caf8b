"""The printers as staff see them, and the tickets whose paper may be missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice

from msgspec import Struct

from queue_server.domain.lifecycle import StepState
from queue_server.domain.records import Ticket
from queue_server.domain.slip_life import OPEN, SlipState
from queue_server.domain.state import State
from queue_server.views.instants import rfc3339
from queue_server.views.names import agency_of, codes, service_name
from queue_server.wire.printers import PaperView, PrintersView, PrinterView, TestView, TroubleView
from queue_server.wire.printing import Hello, Status

PAPERS = 50
"""More than this nobody prints again by hand."""

OF_USE = frozenset({StepState.WAITING, StepState.CALLED, StepState.PARKED, StepState.NO_SHOW, StepState.SERVING})

MISSING = frozenset({SlipState.NOT_PRINTED, SlipState.UNKNOWN})
"""No paper came out, or nobody can say."""


class Known(Struct, frozen=True, kw_only=True):
    """What the server knows of one printer. `state` is `ready`, `warning` or `down`; instants are milliseconds."""

    state: str
    reason: str | None
    last_seen: str | None
    linked: bool = False
    hello: Hello | None = None
    status: Status | None = None
    version: str | None = None
    troubles: tuple[tuple[int, str, str | None], ...] = ()
    """When, why, about which number; oldest first."""
    test: tuple[int, str, str | None] | None = None
    """When, state, reason."""


def printers_view(state: State, known: dict[str, Known], *, agencies: frozenset[str] | None = None) -> PrintersView:
    """All printers; the tickets of `agencies`, or all."""
    queued = Counter(ticket.slip.printer for ticket in state.tickets.values() if ticket.slip.state in OPEN)
    return PrintersView(
        printers=tuple(_printer(state, id_, known[id_], queued[id_]) for id_ in state.rules.printers),
        papers=tuple(islice(_papers(state, agencies), PAPERS)),
        reasons=codes(state.rules.reasons),
        timezone=state.rules.timezone,
    )


def missing_paper(state: State) -> Iterator[Ticket]:
    """Tickets that are still of use and whose paper is not known to have come out, newest first."""
    for ticket in reversed(state.tickets.values()):
        if ticket.slip.state in MISSING and ticket.step.state in OF_USE:
            yield ticket


def _papers(state: State, agencies: frozenset[str] | None) -> Iterable[PaperView]:
    for ticket in missing_paper(state):
        if agencies is not None and not any(agency_of(state.rules, s.service) in agencies for s in ticket.steps):
            continue
        slip = ticket.slip
        yield PaperView(
            ticket=ticket.id,
            number=ticket.number,
            service=service_name(state.rules, ticket.step.service),
            issued_at=rfc3339(ticket.issued_at),
            state=slip.state,
            reason=slip.reason,
            printer=slip.printer,
            copy=not (slip.clean and slip.state is SlipState.NOT_PRINTED),
        )


def _printer(state: State, id_: str, known: Known, queued: int) -> PrinterView:
    rules, hello, status = state.rules.printers[id_], known.hello, known.status
    caps = status.caps if status else hello.caps if hello else None
    asked = caps is not None and caps.status != ()
    shown = "error" if known.state == "down" else known.state
    return PrinterView(
        id=id_,
        name=rules.name,
        state=shown if known.linked else "offline",
        reason=known.reason,
        detail=status.detail if status and not status.ready else "",
        kiosks=tuple(kiosk.id for kiosk in state.rules.kiosks.values() if kiosk.printer == id_),
        fallback=rules.fallback,
        width=hello.paper.dots if hello else rules.width_dots,
        dpi=hello.paper.dpi if hello else rules.dpi,
        device=hello.device if hello else None,
        version=known.version,
        last_seen=known.last_seen,
        confirms=caps.confirms if caps is not None and asked else None,
        status=asked,
        clear=caps.clear if caps else False,
        mode=hello.paper.mode if hello else rules.mode,
        slow_s=status.slow_s if status else None,
        near_end=status.near_end if status else False,
        mm_since_near_end=status.mm_since_near_end if status else 0,
        tickets_left=status.tickets_left if status else None,
        queued=queued,
        printed=status.printed if status else 0,
        not_printed=status.not_printed if status else 0,
        unknown=status.unknown if status else 0,
        troubles=tuple(TroubleView(at=rfc3339(at), reason=why, number=n) for at, why, n in reversed(known.troubles)),
        test=TestView(at=rfc3339(known.test[0]), state=known.test[1], reason=known.test[2]) if known.test else None,
    )
