"""What somebody is promised when queued: the target, and a wait where an open counter may call them."""

from __future__ import annotations

from queue_server.domain.dispatch import has_open_counter
from queue_server.domain.records import Address, Estimate, Promise
from queue_server.domain.state import State


def promise(
    state: State, service: str, category: str, estimate: Estimate | None, address: Address | None = None
) -> Promise:
    """Of somebody who is queued now for a service; `estimate` is what is known of the wait."""
    targets = state.rules.services[service].targets
    told = estimate if has_open_counter(state, service, address) else None
    return Promise(
        target=targets.get(category, targets["regular"]),
        p50=told.p50 if told else None,
        p90=told.p90 if told else None,
    )
