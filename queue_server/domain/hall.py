"""Deciding about the whole hall: days, rules, holds, pauses of services, and what time alone brings about."""

from __future__ import annotations

from copy import deepcopy
from heapq import heappop

from msgspec.structs import replace

from queue_server.domain import away
from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain.addresses import as_day_ends, is_over_at, left_behind, released
from queue_server.domain.codes import check_reason
from queue_server.domain.counter_life import CounterMove, may
from queue_server.domain.dispatch import next_for
from queue_server.domain.effects.moves import auto_call_at
from queue_server.domain.evolve import evolve
from queue_server.domain.lifecycle import FINAL, StepState
from queue_server.domain.records import Ticket
from queue_server.domain.rules_change import breaking_changes, in_use
from queue_server.domain.setting_back import leaving, moved
from queue_server.domain.slip_life import SlipState
from queue_server.domain.state import State, copy_of
from queue_server.errors import IllegalMove, Invalid


def open_day(state: State, command: c.OpenDay) -> list[e.AnyEvent]:
    """A business day begins with its rules and with the tickets that the day before left waiting."""
    if state.open:
        raise IllegalMove("The day is open already.", reason="day_open")
    follows = command.day > state.day or state.ended_early
    if not follows or command.ends_at <= command.at:
        raise IllegalMove(f"The day {command.day} does not follow {state.day or 'this moment'}.", reason="day_order")
    if state.day and (command.mall, command.journal) != (state.mall, state.journal):
        raise IllegalMove(
            f"This is the history of the mall {state.mall}; it never goes on as another's.", reason="mall"
        )
    carried = tuple(copy_of(ticket) for ticket in state.tickets.values() if command.carry and _carried(state, ticket))
    opened = e.DayOpened(
        at=command.at,
        mall=command.mall,
        journal=command.journal,
        day=command.day,
        starts_at=command.starts_at,
        ends_at=command.ends_at,
        before=command.before,
        carried=carried,
    )
    if command.clock_was is not None:
        opened = _put_back(state, opened, command.clock_was)
    gone = [
        e.TicketExpired(at=command.at, then=True, ticket=ticket.id)
        for ticket in carried
        if ticket.step.service not in command.rules.services
    ]
    return [opened, e.RulesSet(at=command.at, then=True, rules=command.rules), *gone, *_held_still(state, command)]


def _put_back(state: State, opened: e.DayOpened, clock_was: int) -> e.DayOpened:
    """The same people, numbers and quotas as a moment ago, by a clock that showed `clock_was`."""
    return replace(
        opened,
        clock_was=clock_was,
        carried=tuple(moved(state, ticket, opened.at - clock_was) for ticket in opened.carried),
        ordinals=dict(state.ordinals),
        ranks=dict(state.ranks),
        issued={service: count for service, count in state.issued.items() if count},
    )


def _held_still(state: State, command: c.OpenDay) -> list[e.AnyEvent]:
    """A hold ends with its day, but not in a hall that is at work while the day changes. An evacuation never does."""
    hold = state.held_over
    evacuation = hold is not None and hold.evacuated_since is not None
    if hold is not None and (evacuation or command.clock_was is not None):
        return [e.HallHeld(at=command.at, then=True, reason=hold.reason, evacuation=evacuation)]
    at_work = any(
        start <= command.starts_at < end for service in command.rules.services.values() for start, end in service.open
    )
    if hold is None or not at_work or state.ends_at != command.starts_at:
        return []
    return [e.HallHeld(at=command.at, then=True, reason=hold.reason, since=state.at)]


def set_rules(state: State, command: c.SetRules) -> list[e.AnyEvent]:
    """Other rules from now on; refused where they would take away what somebody's place or number rests on."""
    if command.rules == state.rules:
        return []
    broken = breaking_changes(state.rules, command.rules, in_use(state))
    if broken:
        raise IllegalMove(" ".join(broken), reason="rules_in_use")
    changed = e.RulesSet(
        at=command.at, rules=command.rules, source=command.source, by=command.by, reason=command.reason
    )
    lost = left_behind(state, state.counters, command.rules)
    return [changed, *released(command.at, lost)]


def note_restart(state: State, command: c.NoteRestart) -> list[e.AnyEvent]:
    """An outage, of whatever kind. If nobody knows when it began, it counts from the last event."""
    if not state.open:
        return []
    since = state.at if command.since is None else min(max(command.since, state.at), command.at)
    return [e.Restarted(at=command.at, down_since=since, why=command.why)]


def note_stop(state: State, command: c.NoteStop) -> list[e.AnyEvent]:
    return [e.Stopped(at=command.at)] if state.open else []


def hold(state: State, command: c.HoldHall) -> list[e.AnyEvent]:
    """Held again with another reason is the same hold, whose reason is now known better.

    Nobody is sent out of a building by a hold, and no evacuation ends by one.
    """
    if command.reason == e.EVACUATION:
        raise Invalid("A hold is no evacuation; that is a call of its own.", reason="evacuation")
    if state.evacuating:
        raise IllegalMove("The building is being evacuated; end that first.", reason="evacuation")
    if state.held is not None and command.reason in (e.HOLD, state.held.reason):
        return []
    if command.reason != e.HOLD:
        check_reason(command.reason, state.rules.reasons)
    return [e.HallHeld(at=command.at, reason=command.reason, by=command.by)]


def evacuate(state: State, command: c.EvacuateHall) -> list[e.AnyEvent]:
    """Everybody leaves the building, whether the hall was held or not; nothing hinders that."""
    if state.evacuating:
        return []
    if command.reason not in (None, e.EVACUATION):
        _check_given(state, command.reason)
    return [e.HallHeld(at=command.at, reason=command.reason or e.EVACUATION, by=command.by, evacuation=True)]


def end_evacuation(state: State, command: c.EndEvacuation) -> list[e.AnyEvent]:
    """People may come back in. The hall stays held, since nobody is at their counters yet."""
    if not state.evacuating:
        return []
    _check_given(state, command.reason)
    return [e.EvacuationEnded(at=command.at, by=command.by, reason=command.reason)]


def release(state: State, command: c.ReleaseHall) -> list[e.AnyEvent]:
    if state.held is None:
        return []
    if state.evacuating:
        raise IllegalMove("The building is being evacuated; end that first.", reason="evacuation")
    _check_given(state, command.reason)
    return [e.HallReleased(at=command.at, by=command.by, reason=command.reason)]


def _check_given(state: State, reason: str | None) -> None:
    """Why something ends need not be said; if it is, it is a reason that the mall knows."""
    if reason is not None:
        check_reason(reason, state.rules.reasons)


def pause_service(state: State, command: c.PauseService) -> list[e.AnyEvent]:
    state.check_service(command.service)
    check_reason(command.reason, state.rules.reasons)
    if state.paused.get(command.service) == command.reason:
        return []
    return [e.ServicePaused(at=command.at, service=command.service, reason=command.reason, by=command.by)]


def resume_service(state: State, command: c.ResumeService) -> list[e.AnyEvent]:
    state.check_service(command.service)
    if command.service not in state.paused:
        return []
    _check_given(state, command.reason)
    return [e.ServiceResumed(at=command.at, service=command.service, by=command.by, reason=command.reason)]


# What time alone brings about


def next_deadline(state: State, unattended: frozenset[str] = frozenset(), *, closes: bool = True) -> int | None:
    """When something is due that nobody needs to ask for (milliseconds), or None.

    The day's own end is left out where the day must not close. Entries that no longer mean anything are dropped as
    they come up, so asking costs next to nothing; so are the calls of `unattended` counters, which `watch_auto_call`
    brings up again once somebody is there.
    """
    due = _first_due(state, unattended)
    if not state.open or not closes:
        return due
    return state.ends_at if due is None else min(due, state.ends_at)


def _first_due(state: State, unattended: frozenset[str]) -> int | None:
    while state.deadlines:
        at, kind, subject = state.deadlines[0]
        if _LIVE[kind](state, at, subject) and not (kind == "auto_call" and subject in unattended):
            return at
        heappop(state.deadlines)
    return None


def tick(state: State, command: c.Tick) -> list[e.AnyEvent]:
    """The one thing that is due first, if it is due; the caller asks again until nothing is.

    Once the day is over nothing of it is stamped later than its end, and nobody is called by themselves any more.
    """
    over = state.open and command.closes and command.at >= state.ends_at
    due = _first_due(state, command.unattended)
    while over and due is not None and state.deadlines[0][1] == "auto_call":
        heappop(state.deadlines)
        due = _first_due(state, command.unattended)
    if over and (due is None or state.ends_at <= due):
        return _close(state, max(state.ends_at, state.at), command.leave)
    if due is None or due > command.at:
        return []
    _, kind, subject = state.deadlines[0]
    return _DUE[kind](state, due, subject, max(state.ends_at, state.at) if over else command.at)


def _close(state: State, at: int, leave: str = "") -> list[e.AnyEvent]:
    """The day closes at its own hour, however late that is noticed."""
    if leave == "all":
        return [e.DayClosed(at=at)]
    if leave:
        return _all_leave(state, at, _ends_that_can(state, at), by=None)
    ends = [end for ticket in state.tickets.values() if (end := _end_of_day(state, ticket, at)) is not None]
    return _all_leave(state, at, ends, by=None)


def _ends_that_can(state: State, at: int) -> list[e.AnyEvent]:
    """What can be ended in a day that could not be closed: each end is tried on a copy, and left out if it fails."""
    trial: State = deepcopy(state)
    ends: list[e.AnyEvent] = []
    for ticket in state.tickets.values():
        try:
            end = _end_of_day(trial, trial.tickets[ticket.id], at)
            if end is not None:
                evolve(trial, end)
                ends.append(end)
        except Exception:  # noqa: BLE001, S112 - whatever is wrong with one ticket, the hall opens tomorrow
            continue
    return ends


def close_day(state: State, command: c.CloseDay) -> list[e.AnyEvent]:
    """The day ends here, since its clock was ahead; its people stay for the one that begins at the right time."""
    ends = [event for t in state.tickets.values() for event in leaving(state, t, command.at, command.by)]
    return _all_leave(state, command.at, ends, by=command.by)


def _all_leave(state: State, at: int, ends: list[e.AnyEvent], *, by: str | None) -> list[e.AnyEvent]:
    left = [
        e.CounterLeft(at=at, counter=record.id)
        for record in state.counters.values()
        if may(record.state, CounterMove.LEAVE)
    ]
    released = [e.HallReleased(at=at)] if state.held is not None else []  # its time is counted before all ends
    events: list[e.AnyEvent] = [*released, *ends, *left, e.DayClosed(at=at, by=by)]
    return [replace(event, then=place > 0) for place, event in enumerate(events)]


def _end_of_day(state: State, ticket: Ticket, at: int) -> e.AnyEvent | None:
    """Who is being served is done, who waits for a service that carries over stays, for all; the others expire."""
    step = ticket.step
    if step.state in FINAL:
        return None
    if step.state is StepState.SERVING:
        return e.ServiceFinished(at=at, ticket=ticket.id)
    if _stays(state, ticket):
        return next(iter(as_day_ends(ticket, at)), None)
    return e.TicketExpired(at=at, ticket=ticket.id)


def _carried(state: State, ticket: Ticket) -> bool:
    """Who waits on, or anybody still here where the day ended early: the same people begin the next one."""
    return _stays(state, ticket) or (state.ended_early and ticket.step.state not in FINAL)


def _stays(state: State, ticket: Ticket) -> bool:
    """Whether somebody waits on when the day is over."""
    service = state.rules.services.get(ticket.step.service)
    return ticket.step.state is StepState.WAITING and service is not None and service.carry_over


def _address_due(state: State, due: int, ticket: str, now: int) -> list[e.AnyEvent]:
    return [e.AddressReleased(at=max(due, state.at), ticket=ticket)]


def _auto_call_live(state: State, at: int, counter: str) -> bool:
    record = state.counters.get(counter)
    if record is None or state.held is not None:
        return False
    due = auto_call_at(state, record)
    return due is not None and at >= due and next_for(state, counter) is not None


def _auto_call_due(state: State, due: int, counter: str, now: int) -> list[e.AnyEvent]:
    best = next_for(state, counter)
    clerk = state.counters[counter].clerk
    if best is None or clerk is None:
        return []
    return [e.TicketCalled(at=now, counter=counter, clerk=clerk, ticket=best.ticket, due_at=best.due_at, why="auto")]


def _slip_live(state: State, at: int, ticket: str) -> bool:
    """A job that never left for its agent expires here; what was sent, the agent settles."""
    slip = state.tickets[ticket].slip
    return slip.state is SlipState.QUEUED and not slip.sent and slip.expires_at == at


def _slip_due(state: State, due: int, ticket: str, now: int) -> list[e.AnyEvent]:
    job = state.tickets[ticket].slip.job
    assert job is not None
    reason = state.tickets[ticket].slip.reason or "expired"
    return [e.SlipReported(at=now, ticket=ticket, job=job, state="not_printed", reason=reason)]


def _away_due(state: State, due: int, ticket: str, now: int) -> list[e.AnyEvent]:
    return away.back(state, state.tickets[ticket], max(due, state.at))


_LIVE = {"address": is_over_at, "away": away.is_over_at, "auto_call": _auto_call_live, "slip": _slip_live}
_DUE = {"address": _address_due, "away": _away_due, "auto_call": _auto_call_due, "slip": _slip_due}
