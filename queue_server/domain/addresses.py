"""Whom an address may name: a counter or clerk that can call the step. Where nobody can any more, it waits for all.

One function says who is left behind, whatever takes the addressee away: a counter closes, a clerk moves on to another
or signs out, rules take a service from a counter, an undo brings back what was.
"""

from __future__ import annotations

from collections.abc import Mapping

from queue_server.domain.lanes import tag_of
from queue_server.domain.lifecycle import StepState
from queue_server.domain.records import CounterRecord, Ticket
from queue_server.domain.rules import Rules
from queue_server.domain.state import State


class Reach:
    """Which services each counter and clerk may call, with these records under these rules."""

    def __init__(self, rules: Rules, records: Mapping[str, CounterRecord]) -> None:
        self._services: dict[str, frozenset[str]] = {}
        for id_, record in records.items():
            if record.state == "closed" or id_ not in rules.counters:
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
    reach = Reach(rules or state.rules, records)
    return [
        entry.ticket
        for service, lanes in state.lanes.items()
        for (_, tag), lane in lanes.items()
        if reach.misses(tag, service)
        for entry in lane
    ]


def loses(ticket: Ticket, rules: Rules, records: Mapping[str, CounterRecord]) -> bool:
    """This ticket, waiting as it is given, has an addressee who cannot call it."""
    step = ticket.step
    return step.state is StepState.WAITING and Reach(rules, records).misses(tag_of(step.address), step.service)
