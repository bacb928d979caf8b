"""What stands over one counter: its number, who is called or served there, or that it is free, paused or closed."""

from __future__ import annotations

from itertools import islice

from queue_server.domain.counter_life import CounterState
from queue_server.domain.state import State
from queue_server.errors import NotFound
from queue_server.views.instants import rfc3339
from queue_server.views.names import evacuation_view, held_reason, held_text
from queue_server.views.presentation import USUAL, Presentation
from queue_server.wire.live import SignView

LOOK_BACK = 200
"""Calls of the hall among which the counter's own is looked for."""


def sign_view(state: State, counter: str, now: int, look: Presentation = USUAL) -> SignView:
    """Raises NotFound. What is spoken there is said in codes: only the edge knows what languages call themselves."""
    rules = state.rules
    if counter not in rules.counters:
        raise NotFound(f"There is no counter {counter!r}.", counter=counter)
    config, record = rules.counters[counter], state.counters[counter]
    ticket = state.tickets[record.ticket] if record.ticket is not None else None
    call = next((one for one in islice(reversed(state.calls), LOOK_BACK) if one.counter == counter), None)
    own = call is not None and ticket is not None and call.ticket == record.ticket
    return SignView(
        counter=counter,
        label=config.label,
        state=record.state,
        number=ticket.number if ticket else None,
        at_counter=str(ticket.state) if ticket else None,
        seq=call.seq if call and own else 0,
        recall=bool(call and own and call.recall),
        reason=rules.pause_reasons.get(record.pause_reason or "", {}),
        back_at=_back_at(state, counter, now) if record.state != CounterState.OPEN else None,
        over=record.state == CounterState.CLOSED and _is_over(state, counter, now),
        speaks=look.tongues.get(counter, ()),
        mall=rules.name,
        languages=rules.languages,
        timezone=rules.timezone,
        held=held_reason(state),
        held_text=held_text(state),
        evacuation=evacuation_view(state, (config.zone,)),
    )


def _back_at(state: State, counter: str, now: int) -> str | None:
    """When its services open again today; None while one of them is open, since then only its clerk knows."""
    services = [state.rules.services[service] for service in state.rules.counters[counter].services]
    openings = [interval for service in services for interval in service.open]
    if any(start <= now < end for start, end in openings):
        return None
    later = [start for start, _ in openings if start > now]
    return rfc3339(min(later)) if later else None


def _is_over(state: State, counter: str, now: int) -> bool:
    """After hours the last ones are still called, perhaps from here."""
    services = state.rules.counters[counter].services
    ended = all(end <= now for service in services for _, end in state.rules.services[service].open)
    return ended and not any(state.waiting(service) for service in services)
