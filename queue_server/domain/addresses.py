"""Addresses: one counter or clerk alone may call a step. Given here, and ended here; then the step waits for all.

An address ends when

- its time is over, which a hold of the hall lengthens (`is_over_at`, `prolonged`);
- its counter closes or its clerk moves on (`left_behind`), or rules take the service away there (`left_behind`);
- an undo brings back a ticket whose addressee is gone (`left_behind`, `loses`);
- it is put back at a counter that does not serve it any more (`no_use_at`);
- the day ends and the step waits on (`as_day_ends`);
- a parked or no-show ticket returns: it waits for all (effects/tickets.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from queue_server.domain.counter_life import CounterState
from queue_server.domain.events import AddressReleased, AnyEvent
from queue_server.domain.lanes import tag_of
from queue_server.domain.lifecycle import StepState
from queue_server.domain.records import Address, CounterRecord, Ticket
from queue_server.domain.rules import Rules
from queue_server.domain.state import State
from queue_server.errors import CounterClosed, Invalid


def given(state: State, counter: str | None, service: str, at: int, *, clerk: str | None = None) -> Address | None:
    """An address to one counter that is open and serves that service, or to the `clerk` who works there."""
    if counter is None:
        return None
    record = state.counter(counter)
    if record.state is CounterState.CLOSED:
        raise CounterClosed("That counter is closed.", reason="closed", counter=counter)
    if service not in state.serves(counter):
        raise Invalid("That counter does not serve this.", reason="counter_does_not_serve", counter=counter)
    until = at + state.rules.policy.address_limit_ms
    return Address(counter=counter, until=until) if clerk is None else Address(clerk=clerk, until=until)


class Reach:
    """Which services each counter and clerk may call, with these records under these rules."""

    def __init__(self, rules: Rules, records: Mapping[str, CounterRecord]) -> None:
        self._services: dict[str, frozenset[str]] = {}
        for id_, record in records.items():
            if record.state is CounterState.CLOSED or id_ not in rules.counters:
                continue
            served = frozenset(rules.counters[id_].services)
            if record.skills is not None:
                served &= frozenset(record.skills)
            self._services[f"counter:{id_}"] = served
            self._services[f"clerk:{record.clerk}"] = served

    def misses(self, tag: str, service: str) -> bool:
        """Whoever the address (as lanes are filed by) names cannot call this service."""
        return tag != "" and service not in self._services.get(tag, frozenset())


def left_behind(state: State, records: Mapping[str, CounterRecord], rules: Rules | None = None) -> list[str]:
    """The waiting tickets whose addressee cannot call them once the counters are as `records` say (by id)."""
    addressed = [
        (service, tag, lane) for service, lanes in state.lanes.items() for (_, tag), lane in lanes.items() if tag
    ]
    if not addressed:  # nearly always, and the floor asks for every counter
        return []
    reach = Reach(rules or state.rules, records)
    return [entry.ticket for service, tag, lane in addressed if reach.misses(tag, service) for entry in lane]


def loses(ticket: Ticket, rules: Rules, records: Mapping[str, CounterRecord]) -> bool:
    """This ticket, waiting as it is given, has an addressee who cannot call it."""
    step = ticket.step
    return step.state is StepState.WAITING and Reach(rules, records).misses(tag_of(step.address), step.service)


def released(at: int, tickets: Iterable[str]) -> list[AnyEvent]:
    """These tickets wait for all, as part of the command that left them behind."""
    return [AddressReleased(at=at, then=True, ticket=ticket) for ticket in tickets]


def no_use_at(state: State, ticket: Ticket, counter: str) -> bool:
    """It waited for this counter or its clerk, who may not serve it any more since the rules changed."""
    return ticket.step.address is not None and ticket.step.service not in state.serves(counter)


def as_day_ends(ticket: Ticket, at: int) -> list[AnyEvent]:
    """Whoever waits on into another day waits for all."""
    return [AddressReleased(at=at, ticket=ticket.id)] if ticket.step.address is not None else []


def is_over_at(state: State, at: int, ticket: str) -> bool:
    """The address of a waiting ticket ends at this moment. In a hold nobody runs out of time: it is prolonged after."""
    step = state.tickets[ticket].step
    waits = step.state is StepState.WAITING and state.held is None
    return waits and step.address is not None and step.address.until == at


def prolonged(address: Address, held: int) -> Address:
    """It lasts longer by what was `held` of its time (milliseconds)."""
    return address if address.until is None else replace(address, until=address.until + held)
