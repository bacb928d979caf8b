"""What the mall offers now: for everybody (`GET /mall`), and for one kiosk's touchscreen.

A service is open while a ticket for it would be given. A kiosk leaves out services that are fed by a paper roll, since
it cannot give their numbers.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache

from msgspec import Struct

from queue_server.domain.admission import availability, kiosk_open
from queue_server.domain.records import Estimate
from queue_server.domain.rules import Interval, Kiosk, Service
from queue_server.domain.state import State
from queue_server.views.instants import rfc3339
from queue_server.views.names import evacuation_view, held_reason, held_text
from queue_server.views.presentation import IDLE_S, USUAL, KioskLook, Presentation
from queue_server.views.waits import counters_open, told_newcomer
from queue_server.wire.api import MallAgency, MallService, MallView, Named, Priority
from queue_server.wire.live import KioskPanel, KioskView

COMMON = 4
"""So many services stand on a kiosk's first page."""

ENOUGH = 5
"""Tickets of a day that make a service a common one; fewer are chance."""

_BY_HOURS = ("closed_now", "closed_today")
"""Reasons that a clock ends."""

_GIVEN_AWAY = ("quota_reached", "full")
"""Reasons that another day ends."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(milliseconds=1)


class Now(Struct, frozen=True, kw_only=True):
    """What a menu is made of. `estimates` are for newcomers, by service; `later` says when a service that does not open
    any more today opens next; `tz` is the mall's time zone."""

    state: State
    at: int
    estimates: Mapping[str, Estimate]
    look: Presentation
    later: Mapping[str, int]
    tz: tzinfo


_NO_DAY: Mapping[str, int] = {}


def mall_view(
    state: State,
    now: int,
    estimates: Mapping[str, Estimate],
    look: Presentation = USUAL,
    *,
    tz: tzinfo,
    later: Mapping[str, int] = _NO_DAY,
) -> MallView:
    """`estimates`, `later` and `tz` are as in `Now`."""
    rules = state.rules
    here = Now(state=state, at=now, estimates=estimates, look=look, later=later, tz=tz)
    agencies = _agencies(here, rules.services.keys())
    return MallView(
        name=rules.name,
        languages=rules.languages,
        open=_any_open(agencies),
        agencies=agencies,
        categories=_categories(state),
        held=held_reason(state),
        evacuation=evacuation_view(state),
        timezone=rules.timezone,
        opens_at=_first_opening(agencies),
        long_wait_s=look.long_wait_s,
    )


def kiosk_view(
    state: State,
    kiosk: str,
    now: int,
    estimates: Mapping[str, Estimate],
    printer: tuple[str, str | None],
    look: Presentation = USUAL,
    *,
    tz: tzinfo,
    later: Mapping[str, int] = _NO_DAY,
    opens_later: int | None = None,
    speaks: Collection[str] = (),
) -> KioskView:
    """One kiosk. `printer` is what is known of its printer: `ready`, `warning` or `down`, and why; `opens_later` is
    when its own hours open it after today; `speaks` are the languages in which its screen can be read aloud.

    A kiosk that the mall does not list offers everything, and no paper.
    """
    rules = state.rules
    config = rules.kiosks.get(kiosk) or Kiosk(id=kiosk, name={})
    offered = [service for service in (config.services or rules.services) if not rules.services[service].paper_roll]
    here = Now(state=state, at=now, estimates=estimates, look=look, later=later, tz=tz)
    agencies = tuple(agency for agency in _agencies(here, offered, own_order=bool(config.services)) if agency.services)
    own_look = look.kiosks.get(kiosk, KioskLook())
    hours = kiosk_open(state, kiosk, now)
    paper, why = printer if config.printer else ("none", None)
    return KioskView(
        kiosk=kiosk,
        mall=rules.name,
        languages=config.languages or rules.languages,
        open=hours and _any_open(agencies),
        held=held_reason(state),
        held_text=held_text(state),
        evacuation=evacuation_view(state, (config.zone,) if config.zone else None),
        agencies=agencies,
        categories=_categories(state, at_kiosk=True),
        printer=paper,
        printer_reason=why,
        idle_s=look.idle_s.get(kiosk, IDLE_S),
        timezone=rules.timezone,
        accent=look.accent,
        opens_at=_first_opening(agencies) if hours else _kiosk_opens(here, config, opens_later, agencies),
        speaks=tuple(code for code in config.languages or rules.languages if code in speaks),
        panel=KioskPanel(dots_per_mm=look.dots_per_mm[kiosk]) if kiosk in look.dots_per_mm else None,
        common=_common(state, look.common.get(kiosk), agencies) if "common" in own_look.pages else (),
        hours=hours,
        long_wait_s=look.long_wait_s,
        layout=own_look.layout,
        pages=own_look.pages,
        choose_by=own_look.choose_by,
        codes=own_look.codes,
        keys=own_look.keys,
    )


def _kiosk_opens(here: Now, kiosk: Kiosk, later: int | None, agencies: tuple[MallAgency, ...]) -> str | None:
    """When its own hours open it next, today or `later`; no sooner than its first service opens."""
    ended = here.state.ended_early
    opens = next((start for start, _ in kiosk.open or () if start > here.at and not ended), later)
    first = _first_opening(agencies)
    return max(first or "", rfc3339(opens)) if opens is not None else None


def _common(state: State, pinned: tuple[str, ...] | None, agencies: tuple[MallAgency, ...]) -> tuple[str, ...]:
    """What the mall has pinned, or what most people have taken today; of those that are open here."""
    open_ = [service.id for agency in agencies for service in agency.services if service.open]
    if len(open_) <= COMMON:  # all of them stand there anyway
        return ()
    if pinned is not None:
        return tuple(service for service in pinned if service in open_)
    taken = [service for service in open_ if state.issued.get(service, 0) >= ENOUGH]
    return tuple(sorted(taken, key=lambda service: -state.issued[service])[:COMMON])


def _agencies(here: Now, offered: Iterable[str], *, own_order: bool = False) -> tuple[MallAgency, ...]:
    rules, stripes = here.state.rules, here.look.stripes
    services: dict[str, list[MallService]] = {rules.services[service].agency: [] for service in offered}
    open_counters = counters_open(here.state)
    for service in offered:
        services[rules.services[service].agency].append(_service(here, rules.services[service], open_counters))
    agencies = services.keys() if own_order else rules.agencies.keys()
    return tuple(
        MallAgency(
            id=agency,
            name=rules.agencies[agency].name,
            services=tuple(services.get(agency, ())),
            colour=stripes.get(agency),
        )
        for agency in agencies
    )


def _service(here: Now, service: Service, open_counters: Mapping[str, int]) -> MallService:
    state, now, estimates = here.state, here.at, here.estimates
    why, soon = availability(state, service.id, now, estimates.get(service.id))
    told = told_newcomer(state, service.id, now, estimates, open_counters)
    return MallService(
        id=service.id,
        name=service.name,
        prefix=service.prefix,
        open=why is None,
        reason=why,
        waiting=state.waiting(service.id),
        estimated_wait=told.estimated_wait,
        wait_behind=told.wait_behind,
        wait_reason=told.wait_reason,
        priority=_priority(state, service, now, estimates, open_counters),
        help=service.help,
        documents=service.documents,
        simple=here.look.simple.get(service.id, {}),
        cost=here.look.costs.get(service.id, {}),
        takes=here.look.takes.get(service.id, {}),
        words=here.look.words.get(service.id, ()),
        hours=tuple(_local(interval, here.tz) for interval in service.open),
        opens_at=_opens_at(here, service, why),
        occasion=service.occasion,
        paused_for=state.rules.reasons.get(state.paused.get(service.id, ""), {}) if why == "paused" else {},
        closes_at=rfc3339(service.open[-1][1]) if service.open and service.open[-1][1] > now else None,
        closing_soon=soon,
        asks=here.look.asks.get(service.id, ()),
    )


def _opens_at(here: Now, service: Service, why: str | None) -> str | None:
    """Later today, or on another day. What was closed early, or has given its places, does so on another day only."""
    if why not in (*_BY_HOURS, *_GIVEN_AWAY):
        return None
    ended = here.state.ended_early or why in _GIVEN_AWAY
    today = next((start for start, _ in service.open if start > here.at and not ended), None)
    opens = here.later.get(service.id) if today is None else today
    return None if opens is None else rfc3339(opens)


def _first_opening(agencies: tuple[MallAgency, ...]) -> str | None:
    if _any_open(agencies):
        return None
    return min((one.opens_at for agency in agencies for one in agency.services if one.opens_at), default=None)


def _priority(
    state: State, service: Service, now: int, estimates: Mapping[str, Estimate], open_counters: Mapping[str, int]
) -> dict[str, Priority]:
    """What each category may expect whose target is another than the usual one, where anything is known."""
    found: dict[str, Priority] = {}
    for category, target in service.targets.items():
        if target == service.targets["regular"]:
            continue
        told = told_newcomer(state, service.id, now, estimates, open_counters, category)
        if told.estimated_wait is not None:
            found[category] = Priority(estimated_wait=told.estimated_wait, wait_behind=told.wait_behind)
    return found


def _any_open(agencies: tuple[MallAgency, ...]) -> bool:
    return any(service.open for agency in agencies for service in agency.services)


def _categories(state: State, *, at_kiosk: bool = False) -> tuple[Named, ...]:
    return tuple(
        Named(id=category.id, name=category.name)
        for category in state.rules.categories.values()
        if category.at_kiosk or not at_kiosk
    )


@lru_cache(maxsize=1024)
def _local(interval: Interval, tz: tzinfo) -> tuple[str, str]:
    """From and to as the mall's clocks show them; an end at midnight reads 24:00.

    An end is read from the clocks as they go until then: where they are set on just then, they would show a later hour.
    """
    start, end = (_EPOCH + timedelta(milliseconds=at) for at in interval)
    until = ((end - _TICK).astimezone(tz).replace(tzinfo=None) + _TICK).strftime("%H:%M")
    return start.astimezone(tz).strftime("%H:%M"), "24:00" if until == "00:00" else until
