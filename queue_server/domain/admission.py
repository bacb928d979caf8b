"""Whether a service takes somebody now, and if not, why: hours, pauses, holds, quotas, closing in time.

Two questions have two answers: who comes for a ticket (`availability`), and who is sent by a transfer (`why_not_sent`).
Both are decided here and nowhere else.
"""

from __future__ import annotations

from queue_server.domain.counter_life import CounterState
from queue_server.domain.records import Estimate
from queue_server.domain.state import State
from queue_server.errors import QuotaReached, ServiceClosed

SAID = {
    "evacuation": "The building is being evacuated. Leave it now; nobody loses a place.",
    "held": "The hall is held for a moment; nobody loses a place.",
    "paused": "This service takes nobody at the moment.",
    "closed_today": "This service is not open today.",
    "closed_now": "This service is not open at this hour.",
    "full": "Those who wait will fill the time that is left today.",
    "paper_roll": "Numbers of this service come from a paper roll at the entrance.",
    "not_here": "This kiosk does not offer this service.",
    "kiosk_closed": "This kiosk gives no numbers at this hour.",
}


def why_closed(state: State, service: str, at: int) -> str | None:
    """`evacuation held paused closed_today closed_now quota_reached`, or None while it takes people."""
    own = _why_closed_itself(state, service, at)
    if state.held is None or own == "closed_today":
        return own
    return "evacuation" if state.evacuating else "held"


def _why_closed_itself(state: State, service: str, at: int) -> str | None:
    """Whether the hall is held or not."""
    rules = state.rules.services[service]
    if not state.open or not rules.open:
        return "closed_today"
    if service in state.paused:
        return "paused"
    if not any(start <= at < end for start, end in rules.open):
        return "closed_now"
    if rules.quota is not None and state.issued.get(service, 0) >= rules.quota:
        return "quota_reached"
    return None


def closing_soon(state: State, service: str, at: int, estimate: Estimate | None) -> bool:
    """Those who wait are expected to fill the time that is left until the service closes for today."""
    rules = state.rules.services[service]
    if state.rules.policy.closing == "off" or estimate is None or not rules.open:
        return False
    return at + estimate.p50 >= rules.open[-1][1]


def availability(state: State, service: str, at: int, estimate: Estimate | None) -> tuple[str | None, bool]:
    """Why no ticket would be given now, or None; and whether those who wait will fill the time that is left."""
    why = why_closed(state, service, at)
    if why is not None:
        return why, False
    soon = closing_soon(state, service, at, estimate)
    return ("full" if soon and state.rules.policy.closing == "stop" else None), soon


def admit(state: State, service: str, at: int, estimate: Estimate | None) -> None:
    """Refuse where the service takes nobody now."""
    why, _ = availability(state, service, at, estimate)
    if why == "quota_reached":
        raise QuotaReached("Today's tickets for this service are given out.", reason=why, service=service)
    if why is not None:
        raise ServiceClosed(SAID[why], reason=why, service=service)


def kiosk_open(state: State, kiosk: str | None, at: int) -> bool:
    """Within the hours of a kiosk that has hours of its own."""
    known = state.rules.kiosks.get(kiosk or "")
    return known is None or known.open is None or any(start <= at < end for start, end in known.open)


def admit_at_kiosk(state: State, kiosk: str | None, services: tuple[str, ...], at: int) -> None:
    """Refuse what this kiosk does not offer, or not now. One that the mall does not list offers everything."""
    known = state.rules.kiosks.get(kiosk or "")
    if known is None:
        return
    for service in services:
        if known.services and service not in known.services:
            raise ServiceClosed(SAID["not_here"], reason="not_here", service=service)
    if not kiosk_open(state, kiosk, at):
        raise ServiceClosed(SAID["kiosk_closed"], reason="kiosk_closed", service=services[0])


def refuse_roll(state: State, service: str) -> None:
    """A service that is fed by a paper roll gives no tickets at a kiosk."""
    if state.rules.services[service].paper_roll:
        raise ServiceClosed(SAID["paper_roll"], reason="paper_roll", service=service)


# Sending somebody there


def why_not_sent(state: State, service: str, at: int) -> str | None:
    """`paused closed_today closed_now`, or None while people may be sent there: nobody is sent where nobody is called.

    Only who comes for a ticket is kept away by a hold, a quota, a full day or a paper roll. After its hours a service
    takes who is sent as long as a counter serves it; else it is `closed_now` if it opens again today.
    """
    why = _why_closed_itself(state, service, at)
    if why == "closed_now":
        if _staffed(state, service):
            return None
        return why if _opens_again(state, service, at) is not None else "closed_today"
    return why if why in ("paused", "closed_today") else None


def admit_sent(state: State, service: str, at: int) -> None:
    """Refuse where nobody may be sent now; in a break, with the seconds until the service opens again."""
    why = why_not_sent(state, service, at)
    if why is None:
        return
    opens = _opens_again(state, service, at)
    if why == "closed_now" and opens is not None:
        raise ServiceClosed(
            "This service is closed at the moment; it opens again later today.",
            reason=why,
            service=service,
            opens_in_s=-(-(opens - at) // 1000),
        )
    over = why == "closed_today" and _why_closed_itself(state, service, at) == "closed_now"
    raise ServiceClosed("Nobody is served there any more today." if over else SAID[why], reason=why, service=service)


def _staffed(state: State, service: str) -> bool:
    """Somebody works at a counter that serves it, in a pause, too."""
    return any(
        record.state is not CounterState.CLOSED and service in state.serves(id_)
        for id_, record in state.counters.items()
    )


def _opens_again(state: State, service: str, at: int) -> int | None:
    return next((start for start, _ in state.rules.services[service].open if start > at), None)
