"""What a supervisor must act on now: decided here, from the hall and from what is known of its devices.

While the hall is held or the day is over nobody is late and nobody idle. Nothing is said about displays and printers
while the mall takes nobody, since they are switched off over night.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from queue_server.domain.admission import why_closed
from queue_server.domain.dispatch import next_for, order_of, target
from queue_server.domain.lanes import BOOKED
from queue_server.domain.lifecycle import StepState
from queue_server.domain.measures import late
from queue_server.domain.presence import IDLE_WAITING, presence
from queue_server.domain.records import Ticket
from queue_server.domain.rules import Counter, Kiosk
from queue_server.domain.slip_life import SlipState
from queue_server.domain.state import State
from queue_server.views.instants import rfc3339, seconds
from queue_server.views.printers import missing_paper
from queue_server.views.waits import counters_open, longest
from queue_server.wire.api import DeviceView
from queue_server.wire.live import Alert

ASK_MS = 10 * 60_000
"""So long after its slip was given up a citizen is still near the kiosk."""

SHOWN = 4
"""So many numbers or services stand in one alert."""

IDLE_MS = 60_000
"""A counter may be free for so long while people wait: its clerk still writes something down."""

SEEN = frozenset({SlipState.PRINTING, SlipState.PRINTED, SlipState.UNKNOWN})
"""Of such a slip somebody may have seen the paper."""


def alerts(
    state: State,
    now: int,
    services: Iterable[str],
    counters: Iterable[str],
    devices: Iterable[DeviceView],
    unattended: frozenset[str] = frozenset(),
) -> tuple[Alert, ...]:
    """Whatever somebody must act on for these services and at these counters."""
    counters, services = tuple(counters), tuple(services)
    moving = state.open and state.held is None
    found = [*_help(state, counters)]
    if moving:
        found += _over_target(state, now, services)
        found += _unserved(state, now, services)
        found += _crowded(state, services)
        found += _idle(state, now, counters)
        found += _unattended(state, [counter for counter in counters if counter in unattended])
        found += _unclaimed(state, frozenset(services))
    if any(why_closed(state, service, now) is None for service in state.rules.services):
        found += _devices(state, devices)
        found += _slips(state, now, frozenset(services))
    return tuple(found)


FIRST = (
    "journal",
    "day",
    "clock",
    "help",
    "unserved",
    "over_target",
    "queue",
    "unattended",
    "idle_while_waiting",
    "unclaimed",
    "kiosk",
    "slips",
    "printer",
    "fault",
    "speech",
    "rules",
    "display",
)
"""Kinds in the order of what people suffer: what stops the whole hall, who asks for help, whom nobody serves, who waits
too long; what only looks wrong comes last."""


def by_need(found: Iterable[Alert]) -> tuple[Alert, ...]:
    """Of one kind the sharper first, then what lasts longest; a kind of another house comes last."""
    places = {kind: place for place, kind in enumerate(FIRST)}
    return tuple(
        sorted(
            found,
            key=lambda alert: (
                places.get(alert.kind, len(FIRST)),
                alert.severity != "alert",
                alert.since is None,
                alert.since or "",
            ),
        )
    )


def _help(state: State, counters: Iterable[str]) -> Iterator[Alert]:
    for counter in counters:
        since = state.counters[counter].help_since
        if since is not None:
            label = state.rules.counters[counter].label
            yield Alert(
                kind="help",
                subject=counter,
                text=f"Counter {label} asks for help.",
                since=rfc3339(since),
                severity="alert",
                fields={"label": label},
            )


def _over_target(state: State, now: int, services: Iterable[str]) -> Iterator[Alert]:
    """One for each service whose next ticket is past its due time; an alert once it is late by the target again."""
    for service in services:
        first = next(order_of(state, service), None)
        if first is None:
            continue
        ticket = state.tickets[first.ticket]
        by = late(state, ticket.step, first.due_at, now)
        if by <= 0:
            continue
        category = BOOKED if ticket.step.booked_at is not None else ticket.category
        yield Alert(
            kind="over_target",
            subject=service,
            text=f"{ticket.number} should have been called {by // 60_000} min ago.",
            since=rfc3339(first.due_at),
            severity="alert" if by > target(state.rules.services[service].targets, category) else "warning",
            fields={"number": ticket.number, "late_s": seconds(by), "waiting": state.waiting(service)},
        )


def _unserved(state: State, now: int, services: Iterable[str]) -> Iterator[Alert]:
    """One for all services for which people wait and no counter is open, those first for which most of them wait."""
    left = unserved(state, services)
    if left:
        waiting, shown, more = sum(left.values()), list(left)[:SHOWN], max(0, len(left) - SHOWN)
        yield Alert(
            kind="unserved",
            subject=shown[0],
            text=f"No counter is open for {', '.join(shown)}{f' and {more} more' if more else ''} ({waiting} waiting).",
            since=rfc3339(min(unserved_since(state, service, now) for service in left)),
            fields={
                "waiting": waiting,
                "services": len(left),
                "named": ", ".join(f"{service} {left[service]}" for service in shown),
                "more": more,
                "reason": "many" if more else "several" if len(left) > 1 else None,
            },
        )


def unserved(state: State, services: Iterable[str]) -> dict[str, int]:
    """How many wait for each of these services that no open counter serves, the most first."""
    served = counters_open(state)
    left = {service: state.waiting(service) for service in services if not served.get(service)}
    return {service: left[service] for service in sorted(left, key=left.__getitem__, reverse=True) if left[service]}


def unserved_since(state: State, service: str, now: int) -> int:
    """Since when people wait and nobody is there: from the first who waits, or when its last counter left."""
    _, first = longest(state, state.lanes.get(service, {}).values(), now)
    queued = first.step.queued_at if first is not None else None
    left = (
        state.counters[counter.id].since for counter in state.rules.counters.values() if service in counter.services
    )
    return max(queued or 0, max(left, default=0), state.moving_since)


def _crowded(state: State, services: Iterable[str]) -> Iterator[Alert]:
    """One for each service with a longer queue than a rule of config.toml allows: what was told of, and is still so."""
    crowded = {alert.subject: alert for alert in state.alerts.values() if alert.kind == "queue"}
    for service in services:
        if service in crowded:
            waiting = state.waiting(service)
            yield Alert(
                kind="queue",
                subject=service,
                text=f"{waiting} people wait for {service}.",
                since=rfc3339(crowded[service].since),
                fields={"waiting": waiting},
            )


def idle_since(state: State, counter: str) -> int | None:
    """Since when a counter is free while somebody waits whom it may call (milliseconds), or None if it is not."""
    best = next_for(state, counter) if presence(state, counter)[0] == IDLE_WAITING else None
    if best is None:
        return None
    record, queued = state.counters[counter], state.tickets[best.ticket].step.queued_at
    return max(record.free_since or record.since, queued or 0, state.moving_since)


def _idle(state: State, now: int, counters: Iterable[str]) -> Iterator[Alert]:
    for counter in counters:
        since = idle_since(state, counter)
        if since is not None and now - max(since, state.resumed_at) >= IDLE_MS:  # nobody could call meanwhile
            label = state.rules.counters[counter].label
            yield Alert(
                kind="idle_while_waiting",
                subject=counter,
                text=f"Counter {label} is free while people wait.",
                since=rfc3339(since),
                fields={"label": label, "idle_s": seconds(now - since)},
            )


def _unattended(state: State, counters: Iterable[str]) -> Iterator[Alert]:
    """Counters that would call by themselves, if their clerks' screens were there."""
    for counter in counters:
        label = state.rules.counters[counter].label
        yield Alert(
            kind="unattended",
            subject=counter,
            text=f"Counter {label} calls nobody by itself: its clerk's screen does not answer.",
            fields={"label": label},
        )


def _devices(state: State, devices: Iterable[DeviceView]) -> Iterator[Alert]:
    """Printers that print nothing or soon will not; displays that were there and are gone, hang, or may not sound;
    kiosks that were there and are gone."""
    for device in devices:
        if device.kind == "printer":
            if device.state not in ("ready", "online"):
                yield _printer(state, device)
            continue
        fields: dict[str, str | int | None] = {"state": device.state, "error": device.last_error}
        if device.kind == "kiosk" and device.state == "offline" and device.last_seen is not None:
            yield Alert(
                kind=device.kind,
                subject=device.id,
                text=f"Kiosk {device.id} is not connected.",
                since=device.last_seen,
                severity="alert",
                fields=fields,
            )
        if device.kind == "display" and (reason := _wrong_with(device)) is not None:
            yield Alert(
                kind=device.kind,
                subject=device.id,
                text=f"{device.kind.capitalize()} {device.id}: {reason or device.last_error or device.state}.",
                since=device.last_seen if device.state == "offline" else None,
                fields=fields | ({"reason": reason} if reason else {}),
            )


def _wrong_with(device: DeviceView) -> str | None:
    """Why somebody must go to a display; empty where it is merely gone."""
    if device.state == "offline":
        return None if device.last_seen is None else ""
    if device.last_error == "page_hangs" and device.state == "error":
        return "page_hangs"
    if device.details.get("panel") == "silent":
        return "panel_silent"
    return "sound_blocked" if device.details.get("sound") == "blocked" else None


def _printer(state: State, device: DeviceView) -> Alert:
    """What is wrong with it and where it stands; a warning while it still prints."""
    reason = str(device.details.get("reason") or device.last_error or device.state)
    left = device.details.get("tickets_left")
    about = f", about {left} slips left" if reason == "paper_low" and left is not None else ""
    stands = (*_fed_by(state.rules.kiosks, device.id), *_fed_by(state.rules.counters, device.id))
    return Alert(
        kind="printer",
        subject=device.id,
        text=f"Printer {device.id}: {reason.replace('_', ' ')}{about}.",
        since=_since(state, device),
        severity="warning" if device.state == "warning" else "alert",
        fields={
            "state": device.state,
            "error": device.last_error,
            "reason": reason,
            "kiosks": ", ".join(stands),
            "left": left if isinstance(left, int) else None,
        },
    )


def _since(state: State, device: DeviceView) -> str | None:
    """When it was last there, else since when a rule of config.toml has found it wrong."""
    if device.state == "offline" and device.last_seen is not None:
        return device.last_seen
    told = [alert.since for alert in state.alerts.values() if alert.subject == f"{device.kind} {device.id}"]
    return rfc3339(min(told)) if told else None


def _fed_by(places: Mapping[str, Kiosk] | Mapping[str, Counter], printer: str) -> list[str]:
    """Kiosks, or reception desks, whose printer it is."""
    return [id_ for id_, place in places.items() if place.printer == printer]


def _unclaimed(state: State, services: frozenset[str]) -> Iterator[Alert]:
    """One for each kiosk with tickets of these services that wait though nobody saw their numbers.

    They would be called to nobody; where a slip may have come out, somebody may hold it and still come.
    """
    left: dict[str, list[Ticket]] = {}
    for ticket in state.tickets.values():
        if ticket.unclaimed and ticket.step.state is StepState.WAITING and ticket.step.service in services:
            left.setdefault(ticket.kiosk or "", []).append(ticket)
    for kiosk, tickets in left.items():
        numbers = _numbers(tickets)
        papers = any(ticket.slip.state in SEEN for ticket in tickets)
        yield Alert(
            kind="unclaimed",
            subject=kiosk or "desk",
            text=f"Nobody saw these numbers at {kiosk or 'the desk'}: {numbers}.",
            since=rfc3339(min(ticket.issued_at for ticket in tickets)),
            fields={
                "reason": "paper" if papers else None if kiosk else "desk",
                "count": len(tickets),
                "numbers": numbers,
            },
        )


def _numbers(tickets: list[Ticket]) -> str:
    return ", ".join(ticket.number for ticket in tickets[:SHOWN]) + ("…" if len(tickets) > SHOWN else "")


def _slips(state: State, now: int, services: frozenset[str]) -> Iterator[Alert]:
    """One for each printer whose lately issued tickets of these services miss their paper; sharper where one is torn.

    Their citizens were told to note their number, so it is over when they had time to come and ask.
    """
    missing: dict[str, list[Ticket]] = {}
    for ticket in missing_paper(state):
        theirs = any(step.service in services for step in ticket.steps) and not ticket.unclaimed
        if theirs and now - (ticket.slip.expires_at or 0) <= ASK_MS:
            missing.setdefault(ticket.slip.printer or "", []).append(ticket)
    for printer, tickets in missing.items():
        torn = any(ticket.slip.reason == "torn" for ticket in tickets)
        unconfirmed = all(ticket.slip.state is SlipState.UNKNOWN for ticket in tickets)
        numbers = _numbers(tickets)
        reason = "torn" if torn else "unconfirmed" if unconfirmed else "not_printed"
        yield Alert(
            kind="slips",
            subject=printer,
            text=f"Slips of printer {printer}, {reason.replace('_', ' ')}: {numbers}.",
            severity="alert" if torn else "warning",
            fields={"reason": reason, "count": len(tickets), "numbers": numbers},
        )
