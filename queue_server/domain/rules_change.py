"""Why changed rules cannot be taken in the middle of a day: somebody's place or number rests on what they remove.

Everything else (hours, targets, quotas, texts, counters' services, new things) may change at any time. So may kiosks,
printers, boards, zones, agencies and codes go: the day does without them. A slip that nobody prints any more ends by
its own time, and what has gone is shown by its id.
"""

from __future__ import annotations

from msgspec import Struct

from queue_server.domain.counter_life import CounterState
from queue_server.domain.lifecycle import FINAL
from queue_server.domain.records import Ticket
from queue_server.domain.rules import Prefix, Rules
from queue_server.domain.state import ABSENT, State
from queue_server.letters import prefix_look


class InUse(Struct, frozen=True, kw_only=True):
    """What of the day so far a change must leave alone."""

    services: frozenset[str] = frozenset()
    """Services with a step that is not over: planned, waiting, called, serving, parked or a no-show that may return."""
    counters: frozenset[str] = frozenset()
    """Counters that are open or paused."""
    awaited: frozenset[str] = frozenset()
    """Counters whose people were parked there or did not come, and may yet, or that somebody waits for alone."""
    prefixes: frozenset[str] = frozenset()
    """Prefixes of which a number was given today, or is carried over."""
    categories: frozenset[str] = frozenset()
    """Categories of tickets that are not over."""


def in_use(state: State) -> InUse:
    """All that the state still names and cannot do without: the one place that says so, at a reload and at a start."""
    here = [ticket for ticket in state.tickets.values() if ticket.step.state not in FINAL]
    return InUse(
        services=frozenset(step.service for ticket in here for step in ticket.steps if step.state not in FINAL),
        counters=frozenset(record.id for record in state.counters.values() if record.state is not CounterState.CLOSED),
        awaited=frozenset(counter for ticket in here if (counter := _awaited(ticket)) is not None),
        prefixes=frozenset(state.ordinals) | frozenset(ticket.prefix for ticket in here),
        categories=frozenset(ticket.category for ticket in here),
    )


def _awaited(ticket: Ticket) -> str | None:
    """The counter that a ticket may come back to, or that alone may call it."""
    step = ticket.step
    if step.address is not None and step.address.counter is not None:
        return step.address.counter
    return step.counter if step.state in ABSENT else None


def breaking_changes(old: Rules, new: Rules, in_use: InUse) -> list[str]:
    """One sentence for each reason why `new` cannot follow `old` today; empty if it can."""
    return [
        *_time_zone(old, new),
        *_services(old, new, in_use),
        *_prefixes(old, new, in_use),
        *_counters(old, new, in_use),
        *_categories(old, new, in_use),
    ]


def _time_zone(old: Rules, new: Rules) -> list[str]:
    if old.timezone == new.timezone:
        return []
    return [f"The time zone {old.timezone} cannot change within a day."]


def _services(old: Rules, new: Rules, in_use: InUse) -> list[str]:
    found = []
    for id_ in sorted(in_use.services & old.services.keys()):
        if id_ not in new.services:
            found.append(f"The service {id_} cannot go: tickets for it are not over.")
        elif new.services[id_].prefix != old.services[id_].prefix:
            found.append(
                f"The service {id_} cannot change its prefix {old.services[id_].prefix}"
                f" to {new.services[id_].prefix}: tickets for it are not over."
            )
    return found


def _prefixes(old: Rules, new: Rules, in_use: InUse) -> list[str]:
    """A prefix that was used today stays with its services, and goes on counting as it began."""
    found = []
    given = {prefix_look(prefix): prefix for prefix in in_use.prefixes}
    for id_, service in new.services.items():
        prefix = given.get(prefix_look(service.prefix))
        if prefix is None or (id_ in old.services and old.services[id_].prefix == service.prefix):
            continue
        owners = [owner for owner, one in old.services.items() if one.prefix == prefix]
        if prefix != service.prefix:
            found.append(f"The prefix {service.prefix} of {id_} looks like {prefix}: numbers were given with it today.")
        elif owners and not any(_share(new, owner, id_) for owner in owners):
            found.append(f"The prefix {prefix} cannot go to {id_}: {owners[0]} gave numbers with it today.")
    for prefix in sorted(in_use.prefixes):
        was, now = old.prefixes.get(prefix, Prefix()), new.prefixes.get(prefix, Prefix())
        if (was.start, was.step) != (now.start, now.step):
            found.append(f"The numbers of the prefix {prefix} cannot start or step otherwise: some were given today.")
    return found


def _share(rules: Rules, one: str, other: str) -> bool:
    """Both services count in one series, as only those of one agency may."""
    if one not in rules.services:
        return False
    here, there = rules.services[one], rules.services[other]
    return (here.prefix, here.agency) == (there.prefix, there.agency)


def _counters(old: Rules, new: Rules, in_use: InUse) -> list[str]:
    gone = old.counters.keys() - new.counters.keys()
    return [
        *(f"The counter {id_} cannot go: it is open." for id_ in sorted(gone & in_use.counters)),
        *(
            f"The counter {id_} cannot go: somebody who was called there may come back to it."
            for id_ in sorted(gone & in_use.awaited - in_use.counters)
        ),
    ]


def _categories(old: Rules, new: Rules, in_use: InUse) -> list[str]:
    gone = sorted(in_use.categories & old.categories.keys() - new.categories.keys())
    return [f"The category {id_} cannot go: tickets in it are not over." for id_ in gone]
