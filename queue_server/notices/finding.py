"""What the rules for alerts find in the hall now. Pure: `since` is None where only whoever looks again and again knows.

While the hall is held or closed nobody is late and nobody idle; devices matter only while the mall takes somebody: over
night they are switched off.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from heapq import nsmallest

from msgspec import Struct

from queue_server.domain.admission import why_closed
from queue_server.domain.dispatch import order_of
from queue_server.domain.measures import late
from queue_server.domain.state import State
from queue_server.settings.tables import AlertRule
from queue_server.views.alerts import idle_since, unserved, unserved_since
from queue_server.wire.api import DeviceView

PAPER = ("paper_low", "paper_out")
"""What a printer says of its roll."""


class Found(Struct, frozen=True, kw_only=True):
    """`since` by the mall's clock (milliseconds); `count` people wait; `reason` is a device's own code.

    Nobody could act on it before `counts_from`.
    """

    subject: str
    since: int | None = None
    counts_from: int = 0
    count: int | None = None
    reason: str | None = None


Key = tuple[str, str]
"""A rule and what it is about."""


def find(
    state: State, now: int, rules: Mapping[str, AlertRule], devices: Callable[[], Iterable[DeviceView]]
) -> dict[Key, tuple[AlertRule, Found]]:
    """Everything that is so now, however short yet. `devices` are asked for where a rule wants them."""
    if not state.open:
        return {}
    taking = any(why_closed(state, service, now) is None for service in state.rules.services)
    found: dict[Key, tuple[AlertRule, Found]] = {}
    for name, rule in rules.items():
        if rule.when in _OF_DEVICES:
            some = _OF_DEVICES[rule.when](devices()) if taking else ()
        elif state.held is not None and rule.when != "help":
            some = ()
        else:
            some = _OF_THE_HALL[rule.when](state, now, rule)
        found.update(((name, one.subject), (rule, one)) for one in some)
    return found


def services_of(state: State, rule: AlertRule) -> list[str]:
    """Those that a rule is about: the named ones, those of the named agencies, or all."""
    return [
        id_
        for id_, service in state.rules.services.items()
        if (not rule.services or id_ in rule.services) and (not rule.agencies or service.agency in rule.agencies)
    ]


def _counters_of(state: State, rule: AlertRule) -> Iterator[str]:
    services = frozenset(services_of(state, rule))
    for id_, counter in state.rules.counters.items():
        if not services.isdisjoint(counter.services):
            yield id_


def _over_target(state: State, now: int, rule: AlertRule) -> Iterator[Found]:
    for service in services_of(state, rule):
        first = next(order_of(state, service), None)
        if first is None:
            continue
        by = late(state, state.tickets[first.ticket].step, first.due_at, now)
        if by > 0:
            yield Found(subject=service, since=now - by, count=state.waiting(service))


def _queue(state: State, now: int, rule: AlertRule) -> Iterator[Found]:
    for service in services_of(state, rule):
        if (waiting := state.waiting(service)) > rule.more_than:
            yield Found(subject=service, since=_longer_since(state, service, rule.more_than), count=waiting)


def _longer_since(state: State, service: str, most: int) -> int:
    """Since when more than `most` of those who wait now were there at once; those who left since then are not known."""
    joined = (
        state.tickets[entry.ticket].step.queued_at or 0 for lane in state.lanes[service].values() for entry in lane
    )
    return max(nsmallest(most + 1, joined)[-1], state.moving_since)


def _unserved(state: State, now: int, rule: AlertRule) -> Iterator[Found]:
    for service, waiting in unserved(state, services_of(state, rule)).items():
        yield Found(subject=service, since=unserved_since(state, service, now), count=waiting)


def _idle(state: State, now: int, rule: AlertRule) -> Iterator[Found]:
    for counter in _counters_of(state, rule):
        if (since := idle_since(state, counter)) is not None:
            yield Found(subject=counter, since=since, counts_from=state.resumed_at)


def _help(state: State, now: int, rule: AlertRule) -> Iterator[Found]:
    for counter in _counters_of(state, rule):
        if (since := state.counters[counter].help_since) is not None:
            yield Found(subject=counter, since=since)


def _device(devices: Iterable[DeviceView]) -> Iterator[Found]:
    """Printers that print nothing; kiosks and displays that were there and are gone."""
    for device in devices:
        reason = _reason(device)
        if device.kind == "printer":
            down = device.state not in ("ready", "online", "warning") and reason not in PAPER
        else:
            down = device.state == "offline" and device.last_seen is not None
        if down:
            yield Found(subject=f"{device.kind} {device.id}", since=_instant(device), reason=reason)


def _paper(devices: Iterable[DeviceView]) -> Iterator[Found]:
    for device in devices:
        reason = _reason(device)
        if device.kind == "printer" and reason in PAPER:
            yield Found(subject=f"printer {device.id}", reason=reason)


def _reason(device: DeviceView) -> str:
    return str(device.details.get("reason") or device.state)


def _instant(device: DeviceView) -> int | None:
    if device.state != "offline" or device.last_seen is None:
        return None
    return int(datetime.fromisoformat(device.last_seen).timestamp() * 1_000)


_OF_THE_HALL: dict[str, Callable[[State, int, AlertRule], Iterable[Found]]] = {
    "over_target": _over_target,
    "queue": _queue,
    "unserved": _unserved,
    "idle": _idle,
    "help": _help,
}
_OF_DEVICES: dict[str, Callable[[Iterable[DeviceView]], Iterable[Found]]] = {"device": _device, "paper": _paper}
