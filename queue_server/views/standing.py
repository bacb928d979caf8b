"""How a service stands, and which of them needs somebody first: said once, for every screen that lists services.

From what the floor's row of a service says already, and from who is late.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from msgspec.structs import replace

from queue_server.wire.live import FloorService

STOPPED = ("paused", "quota_reached", "full")
"""Why a service takes nobody though it is its hour."""


def judged(services: Iterable[FloorService], late: Collection[str]) -> tuple[FloorService, ...]:
    """The same services in the same order, each with its standing and its urgency.

    `late` are those where somebody has waited longer than agreed, be it whoever waits longest or anybody else.
    """
    found = [_judged(service, service.id in late) for service in services]
    places = {service.id: place for place, service in enumerate(sorted(found, key=_need, reverse=True))}
    return tuple(replace(service, urgency=places[service.id]) for service in found)


def _judged(service: FloorService, anybody_late: bool) -> FloorService:
    waits = service.waiting > 0
    over = waits and service.longest is not None and service.longest.overdue
    late = over or (waits and anybody_late)
    unmanned = waits and service.open_counters == 0
    return replace(
        service,
        standing=service.reason or ("no_counter" if unmanned else "open"),
        over=over,
        late=late,
        out_of_line=late or unmanned or service.reason in STOPPED,
    )


def _need(service: FloorService) -> tuple[int, float]:
    """Late by most first, then nobody to serve those who wait, then what takes nobody though it is its hour, then the
    longest wait, measured by its target."""
    by_target = service.longest_wait_s / max(1, service.target_s)
    if service.late:
        return 4, by_target
    if service.waiting and not service.open_counters:
        return 3, 0
    if service.out_of_line:
        return 2, 0
    return (1, by_target) if service.waiting else (0, 0)
