"""A board's waiting list: who waits at its counters, and how long each may still wait.

In the order in which they are due, whoever of them is called first. Where the mall keeps its queue blind, by number and
without waits, from which the order could be told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from heapq import merge
from itertools import islice

from queue_server.domain.dispatch import order_of
from queue_server.domain.records import Estimate
from queue_server.domain.state import State
from queue_server.views.waits import place_in_line
from queue_server.wire.boards import BoardWaiting

MOST = 120
"""So many are listed. Whoever waits behind them sees on the slip, or on the phone, how long it may take."""


def waiting_list(state: State, services: Iterable[str], estimates: Mapping[str, Estimate]) -> tuple[BoardWaiting, ...]:
    """`estimates` are for newcomers, by service, and for tickets."""
    order = merge(*(order_of(state, service) for service in services))
    tickets = [state.tickets[candidate.ticket] for candidate in islice(order, MOST)]
    if state.rules.policy.blind:
        return tuple(BoardWaiting(number=number) for number in sorted(ticket.number for ticket in tickets))
    rows = []
    for ticket in tickets:
        _, told = place_in_line(state, ticket, estimates)
        rows.append(
            BoardWaiting(number=ticket.number, estimated_wait=told.estimated_wait, wait_reason=told.wait_reason)
        )
    return tuple(rows)
