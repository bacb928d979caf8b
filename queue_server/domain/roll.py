"""Deciding about pre-printed paper rolls: which numbers were torn off, and taking a mistyped entry back.

Staff enter the last number that was torn off, and everybody up to it has a ticket. Paper does not begin anew each
morning, so the day's first entry also says where it began, unless that is near the prefix's start. The last entry may
be taken back as far as nobody has been called from it: a slip of the finger must not fill the queue with people whom
nobody has seen.
"""

from __future__ import annotations

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain.admission import admit
from queue_server.domain.codes import check_category
from queue_server.domain.lifecycle import FINAL, StepState
from queue_server.domain.numbering import following, number
from queue_server.domain.promise import promise
from queue_server.domain.records import Ticket
from queue_server.domain.rules import Prefix
from queue_server.domain.state import State
from queue_server.errors import IllegalMove, Invalid, QuotaReached

MAX_ROLL = 200
"""More numbers than this at once is a slip of the finger, not a roll."""

MOST = 999_999_999
"""No roll has a number above this."""

UNASKED = 10
"""So many numbers a day's first entry may hold from the prefix's start without saying that it began there."""


def roll_numbers(state: State, service: str, last: int, first: int | None = None) -> list[int]:
    """The ordinals torn off since the last entry, up to `last`; `first` begins a day's roll."""
    prefix = state.rules.services[service].prefix
    before = state.ordinals.get(prefix)
    if first is not None and before is not None:
        raise Invalid("The roll has begun today; enter only the last number.", reason="roll", last=before)
    rules = state.rules.prefixes.get(prefix, Prefix())
    for field, ordinal in (("first", first), ("last", last)):
        if ordinal is not None and not _printed(rules, ordinal):
            raise Invalid(f"{ordinal} is no number of this roll.", reason="roll", field=field)
    torn = _torn(rules, before, first, last)
    if before is None and first is None and len(torn) > UNASKED:
        start = number(prefix, torn[0])
        raise Invalid(
            f"Nothing was entered today; say which number was torn off first ({start}, if the roll is a new one).",
            reason="roll_first",
            field="first",
            start=start,
        )
    if not torn or torn[-1] != last:
        raise Invalid(
            f"{number(prefix, last)} does not follow the last number entered.",
            reason="roll",
            last=before,
        )
    for ordinal in torn:
        _refuse_held(state, number(prefix, ordinal))
    return torn


def _printed(rules: Prefix, ordinal: int) -> bool:
    """The roll can have this number: it is one of the prefix's range, or lies past it where that goes on."""
    end = MOST if rules.used_up == "continue" else rules.end
    return rules.start <= ordinal <= end and (ordinal - rules.start) % rules.step == 0


def _torn(rules: Prefix, before: int | None, first: int | None, last: int) -> list[int]:
    """What follows `before` (or begins with `first`) up to `last`; ends elsewhere if `last` is too far or never."""
    torn: list[int] = []
    ordinal = before
    while ordinal != last and len(torn) < MAX_ROLL:
        ordinal = first if first is not None and not torn else following(rules, ordinal)
        torn.append(ordinal)
    return torn


def _refuse_held(state: State, text: str) -> None:
    """Paper cannot skip a number, so whoever still holds it must be done first."""
    holder = state.numbers.get(text)
    if holder is not None and state.tickets[holder].step.state not in FINAL:
        raise IllegalMove(f"Somebody still holds {text}; end that ticket first.", reason="number_held", number=text)


def enter_roll(state: State, command: c.EnterRoll) -> list[e.AnyEvent]:
    """Everybody up to the last number waits; `category` is of whoever tore that one off."""
    _check_roll(state, command.service)
    check_category(state, command.category)
    admit(state, command.service, command.at, None)
    rules = state.rules.services[command.service]
    torn = roll_numbers(state, command.service, command.last, command.first)
    if len(command.tickets) < len(torn):
        raise Invalid("Not enough ticket ids for the numbers torn off.", reason="roll", needed=len(torn))
    left = None if rules.quota is None else rules.quota - state.issued.get(command.service, 0)
    if left is not None and len(torn) > left:
        raise QuotaReached("Today's tickets for this service are given out.", reason="quota_reached", left=left)
    categories = [*("regular" for _ in torn[1:]), command.category]
    return [
        e.TicketIssued(
            at=command.at,
            then=position > 0,
            ticket=ticket,
            number=number(rules.prefix, ordinal),
            prefix=rules.prefix,
            ordinal=ordinal,
            services=(command.service,),
            category=category,
            language=state.rules.languages[0],
            promise=promise(state, command.service, category, None),
            channel="roll",
            by=command.by,
        )
        for position, (ticket, ordinal, category) in enumerate(zip(command.tickets, torn, categories, strict=False))
    ]


def _check_roll(state: State, service: str) -> None:
    state.check_service(service)
    if not state.rules.services[service].paper_roll:
        raise Invalid("This service has no paper roll; take a ticket at a kiosk.", reason="no_roll")


def take_back(state: State, command: c.TakeRollBack) -> list[e.AnyEvent]:
    """The last entry's numbers are as if never entered, from behind the last one whom somebody has dealt with on."""
    _check_roll(state, command.service)
    prefix = state.rules.services[command.service].prefix
    entry = state.rolls.get(prefix)
    if entry is None:
        raise IllegalMove(_nothing_left(state, prefix), reason="undo_nothing")
    kept = list(entry.tickets)
    while kept and _is_untouched(state.tickets[kept[-1]]):
        kept.pop()
    if len(kept) == len(entry.tickets):
        raise IllegalMove("The last number entered has been called already.", reason="undo_acted_on")
    return [
        e.RollTakenBack(
            at=command.at,
            service=command.service,
            prefix=prefix,
            ordinal=state.tickets[kept[-1]].ordinal if kept else entry.before,
            tickets=tuple(entry.tickets[len(kept) :]),
            by=command.by,
        )
    ]


def _nothing_left(state: State, prefix: str) -> str:
    if any(ticket.channel == "roll" and ticket.prefix == prefix for ticket in state.tickets.values()):
        return "The last entry was taken back already; those before it stay."
    return "There is nothing to take back; nothing was entered."


def _is_untouched(ticket: Ticket) -> bool:
    """Nobody has dealt with whoever would hold this number, other than to give the place up."""
    step = ticket.step
    waits = step.state in (StepState.WAITING, StepState.CANCELLED)
    return waits and ticket.current == 0 and step.first_called_at is None
