"""The whole hall for its supervisors: counters, services, today's figures, and what needs somebody now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from queue_server.domain.admission import availability
from queue_server.domain.counter_life import CounterState
from queue_server.domain.presence import WALKING, presence
from queue_server.domain.records import Estimate, Ticket
from queue_server.domain.state import State
from queue_server.views.alerts import alerts, by_need, idle_since
from queue_server.views.desk import counters_of
from queue_server.views.figures import DayFigures, figures
from queue_server.views.instants import rfc3339, seconds
from queue_server.views.names import agency_of, codes, evacuation_view, held_reason, held_text, named
from queue_server.views.offers import counter_moves
from queue_server.views.queues import place_of
from queue_server.views.standing import judged
from queue_server.views.waits import counters_open, longest, told_newcomer
from queue_server.wire.api import DeviceView
from queue_server.wire.live import Alert, FloorCounter, FloorService, FloorView


def floor_view(
    state: State,
    now: int,
    estimates: Mapping[str, Estimate],
    devices: Iterable[DeviceView] = (),
    alarms: Iterable[Alert] = (),
    *,
    agencies: frozenset[str] | None = None,
    clerks: Mapping[str, str] | None = None,
    unattended: frozenset[str] = frozenset(),
    day: DayFigures | None = None,
) -> FloorView:
    """Everything, or what concerns `agencies`. `day` has the figures as they were counted so far.

    `alarms` are the server's own (clock, journal). `clerks` are names by pseudonym; who has
    none there is shown by the pseudonym. `unattended` counters should call by themselves, and nobody would see it.
    """
    rules = state.rules
    services = [s.id for s in rules.services.values() if agencies is None or s.agency in agencies]
    counters = list(counters_of(state, agencies))
    open_counters = counters_open(state)
    needs = alerts(state, now, services, counters, devices, unattended)
    late = {alert.subject for alert in needs if alert.kind == "over_target"}
    return FloorView(
        mall=rules.name,
        day=state.day,
        languages=rules.languages,
        agencies=named(agency for agency in rules.agencies.values() if agencies is None or agency.id in agencies),
        zones=named(rules.zones.values()),
        figures=figures(state, now, frozenset(services), day),
        counters=tuple(_counter(state, counter, now, agencies, clerks or {}) for counter in counters),
        services=judged([_service(state, service, now, estimates, open_counters) for service in services], late),
        alerts=by_need((*alarms, *needs)),
        devices={one.id: one.name for kind in (rules.boards, rules.printers, rules.kiosks) for one in kind.values()},
        held=held_reason(state),
        held_text=held_text(state),
        evacuation=evacuation_view(state),
        reasons=codes(rules.reasons),
        timezone=rules.timezone,
    )


def _counter(
    state: State, counter: str, now: int, agencies: frozenset[str] | None, clerks: Mapping[str, str]
) -> FloorCounter:
    """A ticket for another agency than the reader's is not named, nor who serves it."""
    record, config = state.counters[counter], state.rules.counters[counter]
    ticket = state.tickets[record.ticket] if record.ticket else None
    doing, reason = presence(state, counter)
    shown = ticket
    if ticket is not None and agencies is not None and agency_of(state.rules, ticket.step.service) not in agencies:
        shown = None
    return FloorCounter(
        id=counter,
        label=config.label,
        zone=config.zone,
        state="called" if doing == WALKING else doing,
        clerk=clerks.get(record.clerk, record.clerk) if record.clerk and shown is ticket else None,
        number=shown.number if shown else None,
        service=shown.step.service if shown else None,
        since=rfc3339(_since(state, counter, ticket)),
        reason=reason,
        help_since=rfc3339(record.help_since),
        services=config.services,
        served=state.finished.get(counter, 0),
        moves=counter_moves(state, record, now),
    )


def _since(state: State, counter: str, ticket: Ticket | None) -> int:
    """When what the counter does now began."""
    record = state.counters[counter]
    if ticket is not None:
        return ticket.step.started_at or ticket.step.called_at or record.since
    if record.state is not CounterState.OPEN:
        return record.since
    return idle_since(state, counter) or record.free_since or record.since


def _service(
    state: State, service: str, now: int, estimates: Mapping[str, Estimate], open_counters: Mapping[str, int]
) -> FloorService:
    rules = state.rules.services[service]
    why, _ = availability(state, service, now, estimates.get(service))
    told = told_newcomer(state, service, now, estimates, open_counters)
    most, whose = longest(state, state.lanes.get(service, {}).values(), now)
    return FloorService(
        id=service,
        agency=rules.agency,
        name=rules.name,
        open=why is None,
        reason=why,
        waiting=state.waiting(service),
        longest_wait_s=seconds(most),
        target_s=seconds(rules.targets["regular"]),
        open_counters=open_counters.get(service, 0),
        issued=state.issued.get(service, 0),
        served=len(state.served.get(service, ())),
        estimated_wait=told.estimated_wait,
        wait_reason=told.wait_reason,
        longest=place_of(state, whose, now) if whose else None,
        moves=() if not state.open else ("resume",) if service in state.paused else ("pause",),
    )
