"""What somebody wants: the imperative. `decide` answers each with events or with a refusal.

Time, identifiers and chance come in here (`at`, ticket and job ids, estimates), so that deciding is pure. Whoever wants
something names the ids; the engine stamps `at` and hands over the `estimates`, by `newcomer(service, category)`, of
which deciding takes the one that it needs. `by` is a clerk's or supervisor's pseudonym. Where a move may name the
`ticket` that it means, a stale screen never marks the wrong person: if that ticket is no longer the counter's, the move
is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from msgspec import Struct

from queue_server.domain.events import HOLD
from queue_server.domain.records import Estimate, Outlook, Ticket
from queue_server.domain.rules import Rules


class Command(Struct, frozen=True, kw_only=True, gc=False):
    """`at` is when it is decided (milliseconds): the engine's affair."""

    at: int = 0


NO_ESTIMATES: Mapping[str, Estimate] = MappingProxyType({})
"""Nothing is known of any service's wait."""

NO_OUTLOOKS: Mapping[str, Outlook] = MappingProxyType({})
"""Nothing is known of any printer."""


# The day and the hall


class OpenDay(Command, frozen=True, kw_only=True):
    """`mall` and `journal` name the history that the day belongs to: as on the day before; new ones on the first day.

    `carry` is false where a day could not be opened with the tickets that the one before left waiting.
    """

    mall: str
    journal: str
    day: str
    starts_at: int
    ends_at: int
    rules: Rules
    before: str = ""
    carry: bool = True
    clock_was: int | None = None
    """What the mall's clock showed when it was put back to `at`: the same people are in the hall as a moment ago."""


class CloseDay(Command, frozen=True, kw_only=True):
    """The day ends before its time: the mall's clock is about to be put back, and a new day begins at once."""

    by: str


class SetRules(Command, frozen=True, kw_only=True):
    rules: Rules
    source: str = "config"
    by: str | None = None
    reason: str | None = None


class NoteRestart(Command, frozen=True, kw_only=True):
    """The server is back; `at` is now. The outage began at `since`, or with the last event. `why` as in `Restarted`."""

    since: int | None = None
    why: str = "restart"


class NoteStop(Command, frozen=True, kw_only=True):
    """The server is being stopped in good order."""


class Raised(Struct, frozen=True, kw_only=True, gc=False):
    """What a rule for alerts has found; as in `AlertBegan`."""

    rule: str
    kind: str
    subject: str
    since: int
    count: int | None = None
    reason: str | None = None


class NoteAlerts(Command, frozen=True, kw_only=True):
    """These begin; those that end are given by rule and subject, with since when it is over (milliseconds)."""

    began: tuple[Raised, ...] = ()
    ended: tuple[tuple[str, str, int], ...] = ()


class Tick(Command, frozen=True, kw_only=True):
    """What time alone brings about is due; while the clock is in doubt (`closes` false) no day ends.

    `unattended` are counters that call nobody by themselves now, since their clerks' screens do not answer. `leave` is
    for a day that could not be closed: it ends without the tickets of which that is the fault (`failing`), or without
    ending any (`all`).
    """

    unattended: frozenset[str] = frozenset()
    closes: bool = True
    leave: str = ""


class HoldHall(Command, frozen=True, kw_only=True):
    reason: str = HOLD
    by: str


class EvacuateHall(Command, frozen=True, kw_only=True):
    """Everybody leaves the building: a hold, and more."""

    by: str
    reason: str | None = None


class EndEvacuation(Command, frozen=True, kw_only=True):
    """People may come back in; the hall stays held."""

    by: str
    reason: str | None = None


class ReleaseHall(Command, frozen=True, kw_only=True):
    by: str
    reason: str | None = None


class PauseService(Command, frozen=True, kw_only=True):
    service: str
    reason: str
    by: str


class ResumeService(Command, frozen=True, kw_only=True):
    service: str
    by: str
    reason: str | None = None


# Tickets


class IssueTicket(Command, frozen=True, kw_only=True):
    """`ticket` is a fresh random id, `slip_job` a fresh job id used if there is a printer.

    `counter` addresses a walk-up's ticket.
    `desk` is the only counter where the asker may work, if bound to one. `outlooks` says, by printer, what becomes of
    the slip; where one is missing, nobody knows yet.
    """

    ticket: str
    services: tuple[str, ...]
    category: str = "regular"
    language: str | None = None
    channel: str = "kiosk"
    kiosk: str | None = None
    by: str | None = None
    counter: str | None = None
    desk: str | None = None
    printer: str | None = None
    note: str | None = None
    citizen: str | None = None
    booked_at: int | None = None
    slip_job: str | None = None
    outlooks: Mapping[str, Outlook] = NO_OUTLOOKS
    estimates: Mapping[str, Estimate] = NO_ESTIMATES


class EnterRoll(Command, frozen=True, kw_only=True):
    """Staff saw the number last torn off a paper roll; `tickets` are enough fresh ids for those up to it.

    `first` says where the roll began today, if not at the prefix's start: paper does not begin anew each morning.
    `category` is of whoever tore off the last one; of the others nobody knows any.
    """

    service: str
    last: int
    first: int | None = None
    category: str = "regular"
    tickets: tuple[str, ...]
    by: str


class TakeRollBack(Command, frozen=True, kw_only=True):
    """The last entry of a service's paper roll was mistyped."""

    service: str
    by: str


class CancelTicket(Command, frozen=True, kw_only=True):
    ticket: str
    by: str | None = None


class LeaveTicket(Command, frozen=True, kw_only=True):
    """Nobody saw the answer that gave this ticket. `withdrawn` is its slip's job if its agent has given that back."""

    ticket: str
    withdrawn: str | None = None


class ReturnTicket(Command, frozen=True, kw_only=True):
    ticket: str
    by: str | None = None
    reason: str | None = None


class StepAway(Command, frozen=True, kw_only=True):
    """Whoever holds the ticket lets others pass for a while; `for_ms` is one of the times that the mall offers.

    `by` is a clerk's pseudonym where one says it for them.
    """

    ticket: str
    for_ms: int
    by: str | None = None


class ComeBack(Command, frozen=True, kw_only=True):
    """They are here again, sooner than they said; `by` as in `StepAway`."""

    ticket: str
    by: str | None = None


class SetCases(Command, frozen=True, kw_only=True):
    ticket: str
    cases: int
    by: str


class AttachNote(Command, frozen=True, kw_only=True):
    ticket: str
    note: str | None
    by: str


class CorrectOutcome(Command, frozen=True, kw_only=True):
    """`earlier` is the ticket as an earlier day left it, where today's state does not hold it."""

    ticket: str
    step: int
    outcome: str
    reason: str
    by: str
    earlier: Ticket | None = None


class ForgetPerson(Command, frozen=True, kw_only=True):
    reference: str


# Who runs the mall


class NoteAct(Command, frozen=True, kw_only=True):
    """What somebody did is to be kept for whoever asks one day; the fields are those of `ActNoted`."""

    act: str
    what: str
    by: str | None = None
    about: str | None = None
    agency: str | None = None
    why: str | None = None
    times: int = 1
    done_at: int | None = None
    details: Mapping[str, str] = MappingProxyType({})


class NoteClosing(Command, frozen=True, kw_only=True):
    """A day's closing hash was signed; the fields are those of `ClosingSigned`."""

    day: str
    row: int
    hash: str
    public_key: str
    signature: str


# At the counter


class CounterCommand(Command, frozen=True, kw_only=True):
    counter: str
    clerk: str


class OpenCounter(CounterCommand, frozen=True, kw_only=True):
    skills: tuple[str, ...] | None = None


class PauseCounter(CounterCommand, frozen=True, kw_only=True):
    reason: str


class ResumeCounter(CounterCommand, frozen=True, kw_only=True):
    pass


class CloseCounter(CounterCommand, frozen=True, kw_only=True):
    """`by` and `reason`: a supervisor closes it for its clerk."""

    by: str | None = None
    reason: str | None = None


class CallNext(CounterCommand, frozen=True, kw_only=True):
    """`outcome` is for the ticket that is being served, where the mall finishes it by calling the next."""

    ticket: str | None = None
    outcome: str | None = None
    estimates: Mapping[str, Estimate] = NO_ESTIMATES


class CallTicket(CounterCommand, frozen=True, kw_only=True):
    ticket: str
    estimates: Mapping[str, Estimate] = NO_ESTIMATES


class Recall(CounterCommand, frozen=True, kw_only=True):
    ticket: str | None = None


class StartService(CounterCommand, frozen=True, kw_only=True):
    ticket: str | None = None


class FinishService(CounterCommand, frozen=True, kw_only=True):
    ticket: str | None = None
    outcome: str | None = None
    estimates: Mapping[str, Estimate] = NO_ESTIMATES


class MarkNoShow(CounterCommand, frozen=True, kw_only=True):
    ticket: str | None = None


class ParkTicket(CounterCommand, frozen=True, kw_only=True):
    """Also parks a ticket that waits, if `ticket` names it."""

    ticket: str | None = None
    reason: str | None = None


class TransferTicket(CounterCommand, frozen=True, kw_only=True):
    """To a service, a counter or a clerk (the last two may go with a service).

    Also moves a waiting ticket that `ticket` names.
    """

    ticket: str | None = None
    service: str | None = None
    to_counter: str | None = None
    to_clerk: str | None = None
    estimates: Mapping[str, Estimate] = NO_ESTIMATES


class PutBack(CounterCommand, frozen=True, kw_only=True):
    """`by` and `reason`: a supervisor takes the call back."""

    ticket: str | None = None
    by: str | None = None
    reason: str | None = None


class Undo(CounterCommand, frozen=True, kw_only=True):
    ticket: str | None = None


class SetAutoCall(CounterCommand, frozen=True, kw_only=True):
    on: bool


class AskHelp(CounterCommand, frozen=True, kw_only=True):
    pass


class AnswerHelp(Command, frozen=True, kw_only=True):
    counter: str
    by: str


class ScreenBack(Command, frozen=True, kw_only=True):
    """A clerk's screen is there again: a counter of theirs that was paused as away goes on."""

    counter: str
    clerk: str


class ScreenGone(Command, frozen=True, kw_only=True):
    """A clerk's screen has been away for longer than the mall allows."""

    counter: str
    clerk: str


# Paper


class RequestSlip(Command, frozen=True, kw_only=True):
    """A reprint (`by` and `reason` say who and why), or another attempt by itself (`by` None).

    `until` (milliseconds) ends an attempt by itself when the first one's time would have been over. `withdrawn` is the
    job before it if its agent has given that back unprinted.
    """

    ticket: str
    job: str
    printer: str | None = None
    reason: str | None = None
    by: str | None = None
    until: int | None = None
    withdrawn: str | None = None


class ReportSlip(Command, frozen=True, kw_only=True):
    ticket: str
    job: str
    state: str
    reason: str | None = None
    evidence: str | None = None
    sent: bool = False
    stayed: bool = False


ESTIMATED = frozenset({IssueTicket, CallNext, CallTicket, FinishService, TransferTicket})
"""Those by which a step may begin, so that somebody is promised a wait."""
