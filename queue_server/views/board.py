"""What one kind of display shows: the calls in its zones, who is at the counters there, how many wait.

Calls come newest first with the journal's own `seq`, more of them than rows, so that a display which was passed over
for a moment still announces each one. A call that no longer holds is gone: undone, put back, returned to the queue,
cancelled or expired.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from heapq import merge
from itertools import islice
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from queue_server.domain.admission import why_closed
from queue_server.domain.dispatch import order_of
from queue_server.domain.lifecycle import GIVEN_UP, StepState
from queue_server.domain.records import Estimate, Step, Ticket
from queue_server.domain.rules import Counter, Rules
from queue_server.domain.state import Call, State
from queue_server.errors import NotFound
from queue_server.views.entrance import agencies_now
from queue_server.views.instants import rfc3339
from queue_server.views.legibility import call_mm, row_mm, short_side_mm
from queue_server.views.names import evacuation_view, held_reason, held_text, named
from queue_server.views.presentation import USUAL, USUAL_BOARD, BoardLook, Presentation
from queue_server.views.waiting_list import waiting_list
from queue_server.wire.api import BoardServing
from queue_server.wire.boards import BoardAnnouncement, BoardCall, BoardView
from queue_server.wire.media import BoardMedia

LEAST_CALLS = 12
"""Five calls within a second must all be there, on a board of one row too."""

LOOK_BACK = 2000
"""Calls of the whole hall that are looked through for a zone's own, so that a quiet zone costs no more each hour."""

WAITING_LIST = 24

CLOSED = ("closed_today", "closed_now")
"""By its hours. A service that is paused or has given out its tickets does not close the hall."""

NO_ESTIMATES: Mapping[str, Estimate] = {}
NOT_LATER: Mapping[str, int] = {}

Speech = Callable[[BoardCall, int, tuple[str, ...]], tuple[str, ...]]
"""Where the files lie that speak a call, made at this time, in these languages."""


class Place(Struct, frozen=True, kw_only=True):
    """Where a board hangs: what only rules and looks say of it, worked out once for as long as both stay.

    A view is made with each call, between the disk and every display, and most of it is this.
    """

    rules: Rules
    look: Presentation
    shown: BoardLook
    counters: dict[str, Counter]
    services: tuple[str, ...]
    blank: BoardView
    """The view of a hall in which nothing happens."""


def place_of(rules: Rules, board: str, look: Presentation = USUAL) -> Place:
    """Raises NotFound for a board that the mall does not have."""
    if board not in rules.boards:
        raise NotFound(f"There is no board {board!r}.", board=board)
    config, shown = rules.boards[board], look.boards.get(board, USUAL_BOARD)
    counters = {id_: counter for id_, counter in rules.counters.items() if counter.zone in config.zones}
    zones = [rules.zones[zone] for zone in config.zones if zone in rules.zones]
    return Place(
        rules=rules,
        look=look,
        shown=shown,
        counters=counters,
        services=tuple(dict.fromkeys(service for counter in counters.values() for service in counter.services)),
        blank=BoardView(
            board=board,
            calls=(),
            serving=(),
            waiting=0,
            name=config.name,
            mall=rules.name,
            languages=config.languages,
            zones=named(zones),
            directions={zone.id: zone.direction for zone in zones if zone.direction},
            rows=shown.rows,
            sound=shown.sound,
            held=None,
            held_text={},
            notice=config.notice,
            waiting_list=(),
            timezone=rules.timezone,
            counters=tuple(counters),
            repeat=shown.repeat,
            earshot=shown.earshot,
            layout=shown.layout,
            alternate=shown.alternate,
            arrows=shown.arrows,
            plans={zone: plan for zone, plan in look.plans.items() if zone in config.zones},
            panel_mm=round(short_side_mm(shown.inches), 1) if shown.farthest_m else 0,
            call_mm=round(call_mm(shown.farthest_m), 1),
            row_mm=round(row_mm(shown.farthest_m), 1),
        ),
    )


def board_view(
    state: State,
    board: str,
    look: Presentation = USUAL,
    *,
    place: Place | None = None,
    now: int | None = None,
    speech: Speech | None = None,
    estimates: Mapping[str, Estimate] = NO_ESTIMATES,
    later: Mapping[str, int] = NOT_LATER,
    announcements: tuple[BoardAnnouncement, ...] = (),
    media: BoardMedia | None = None,
    sound_test: tuple[str, ...] = (),
) -> BoardView:
    """Raises NotFound for a board that the mall does not have. Without `speech`, or sound, no call is spoken.

    `place` is what `place_of` made of the same rules and looks, if that is kept. `now` is for what only time changes:
    whether the hall is open, and the volume of this hour. `estimates` are for newcomers, by service, and for tickets;
    `later` says when a service opens that does not open any more today.
    """
    place = place or place_of(state.rules, board, look)
    shown, services, blank = place.shown, place.services, place.blank
    zones = place.rules.boards[board].zones
    calls = _calls(state, place.counters, max(2 * shown.rows, LEAST_CALLS))
    return replace(
        blank,
        calls=_spoken(calls, blank.languages, speech if shown.sound else None),
        serving=serving_at(state, place.counters.values()),
        waiting=sum(map(state.waiting, services)),
        held=held_reason(state),
        held_text=held_text(state),
        evacuation=evacuation_view(state, zones),
        waiting_list=_waiting_list(state, services) if shown.waiting_list else (),
        open=now is None or _is_open(state, services, now),
        volume=shown.volume_at(_minute(now, blank.timezone)) if now is not None and shown.volume else 100,
        queue=waiting_list(state, services, estimates) if shown.layout == "waiting" else (),
        agencies=agencies_now(state, now, place.look, estimates, later, zones)
        if shown.layout == "entrance" and now
        else (),
        announcements=announcements,
        media=media,
        sound_test=sound_test,
    )


def _is_open(state: State, services: Iterable[str], now: int) -> bool:
    """Somebody may come, or waits: after hours the last ones are still called."""
    return any(state.waiting(service) or why_closed(state, service, now) not in CLOSED for service in services)


def _minute(now: int, timezone: str) -> int:
    local = datetime.fromtimestamp(now / 1000, ZoneInfo(timezone))
    return local.hour * 60 + local.minute


def serving_at(state: State, counters: Iterable[Counter]) -> tuple[BoardServing, ...]:
    """Who is at these counters, called or serving."""
    present = []
    for counter in counters:
        record = state.counters[counter.id]
        if record.ticket is not None:
            ticket = state.tickets[record.ticket]
            present.append(
                BoardServing(
                    counter=counter.id,
                    label=counter.label,
                    number=ticket.number,
                    zone=counter.zone,
                    state=ticket.state,
                )
            )
    return tuple(present)


def _calls(state: State, counters: dict[str, Counter], most: int) -> list[tuple[int, BoardCall]]:
    """Each with its time."""
    shown: list[tuple[int, BoardCall]] = []
    for call in islice(reversed(state.calls), LOOK_BACK):
        counter = counters.get(call.counter)
        if counter is None or not _holds(state, call):
            continue
        ticket = state.tickets[call.ticket]
        made = BoardCall(
            seq=call.seq,
            number=ticket.number,
            counter=call.counter,
            label=counter.label,
            zone=counter.zone,
            at=rfc3339(call.at),
            recall=call.recall,
            category=ticket.category,
            language=ticket.language,
            moved=_was_underway(ticket, call),
        )
        shown.append((call.at, made))
        if len(shown) == most:
            break
    return shown


def _spoken(
    calls: list[tuple[int, BoardCall]], languages: tuple[str, ...], speech: Speech | None
) -> tuple[BoardCall, ...]:
    if speech is None:
        return tuple(call for _, call in calls)
    # from the oldest on, which is heard first
    spoken = [replace(call, speech=speech(call, at, languages)) for at, call in reversed(calls)]
    return tuple(reversed(spoken))


def _holds(state: State, call: Call) -> bool:
    """Some step of the ticket was called by this very call, and nobody has taken that back since.

    Putting back takes the counter off the step; when it is called anew, only what lies between its first and last call
    counts.
    """
    ticket = state.tickets.get(call.ticket)
    if ticket is None:
        return False
    for step in ticket.steps:
        if step.counter != call.counter or step.first_called_at is None or step.called_at is None:
            continue
        if step.first_called_at <= call.at <= step.called_at:
            return step.state not in GIVEN_UP and not _sent_away(step)
    return False


def _was_underway(ticket: Ticket, call: Call) -> bool:
    """Called to another counter before, which has sent the citizen on without having seen them."""
    return any(
        _sent_away(step) and step.counter != call.counter and step.called_at is not None and step.called_at <= call.at
        for step in ticket.steps
    )


def _sent_away(step: Step) -> bool:
    """Transferred or parked on the way: nobody at that counter expects the citizen any more."""
    return step.started_at is None and step.state in (StepState.TRANSFERRED, StepState.PARKED)


def _waiting_list(state: State, services: Iterable[str]) -> tuple[str, ...]:
    """Who waits, in due order; by number where the mall keeps its queue blind."""
    order = merge(*(order_of(state, service) for service in services))
    numbers = [state.tickets[candidate.ticket].number for candidate in islice(order, WAITING_LIST)]
    return tuple(sorted(numbers) if state.rules.policy.blind else numbers)
