"""What has happened, in the past tense: the only thing that the journal keeps and that changes the state.

Events carry what was decided (number, counter, credit), never what led to it, so replaying them needs nothing else.
Nothing personal and no free text is ever in one: clerks are pseudonyms, reasons are configured codes, notes references.
`at` is milliseconds since the epoch by the mall's clock. `then` is true on every event but the first of one command:
undo takes a command back as a whole.
"""

from __future__ import annotations

from msgspec import Struct

from queue_server.domain.records import Address, CounterRecord, Promise, Ticket
from queue_server.domain.rules import Rules

HOLD = "hold"
"""The reason of a hold for which nobody has said why."""

EVACUATION = "evacuation"
"""The reason of an evacuation for which nobody has said why."""

AWAY = "away"
"""The pause reason of a counter whose clerk's screen has gone."""


class Event(Struct, frozen=True, kw_only=True, omit_defaults=True, tag=True, gc=False):
    at: int
    then: bool = False


class DayOpened(Event, frozen=True, kw_only=True):
    """A business day begins.

    `mall` is the mall's id, and `journal` a random name that its history got on the first day: with `before` they say
    of each day alone whose it is and what it follows. A copy of a journal has the same name, another journal never.
    `type`, `day`, `before`, `mall` and `journal` keep name and form for ever: chains are checked by these alone.

    `before` is the closing hash of the day before (hex), `carried` the tickets it left waiting. `clock_was` is there
    where the mall's clock was ahead and was put back to `at` from it: only then does a day begin before the one before
    ended. The tickets' times move with the clock; numbers and quotas go on from `ordinals`, `ranks` and `issued`.
    """

    mall: str
    journal: str
    day: str
    starts_at: int
    ends_at: int
    before: str = ""
    carried: tuple[Ticket, ...] = ()
    clock_was: int | None = None
    ordinals: dict[str, int] = {}
    ranks: dict[str, int] = {}
    issued: dict[str, int] = {}


class RulesSet(Event, frozen=True, kw_only=True):
    """These rules hold from now on. `source` is `config` or `supervisor`."""

    rules: Rules
    source: str = "config"
    by: str | None = None
    reason: str | None = None


class DayClosed(Event, frozen=True, kw_only=True):
    """`by` ended it before its time, to put the mall's clock back."""

    by: str | None = None


class Restarted(Event, frozen=True, kw_only=True):
    """The server came back within the day; nobody could act since `down_since`.

    `why`: `restart` of the server, `sleep` of the machine or the process, `clock` where the mall's clock was put
    forward to `at` and what lies between never was.
    """

    down_since: int
    why: str = "restart"


class Stopped(Event, frozen=True, kw_only=True):
    """The server was stopped in good order: it was there until now."""


class AlertBegan(Event, frozen=True, kw_only=True):
    """By `rule` people are told of what is so since `since`: `kind` of `subject`, with `count` waiting."""

    rule: str
    kind: str
    subject: str
    since: int
    count: int | None = None
    reason: str | None = None


class AlertEnded(Event, frozen=True, kw_only=True):
    """It is over since `until`, and long enough to say so."""

    rule: str
    subject: str
    until: int


class HallHeld(Event, frozen=True, kw_only=True):
    """Nobody is called. `by` is None and `since` known where a new day takes over the hold of the day before.

    `evacuation`: everybody leaves the building, from now on or, where it goes on into a new day, from then.
    """

    reason: str
    by: str | None = None
    since: int | None = None
    evacuation: bool = False


class EvacuationEnded(Event, frozen=True, kw_only=True):
    """People may come back in; the hall stays held until it is released."""

    by: str
    reason: str | None = None


class HallReleased(Event, frozen=True, kw_only=True):
    """`by` is None where the hold ended with the business day."""

    by: str | None = None
    reason: str | None = None


class ServicePaused(Event, frozen=True, kw_only=True):
    service: str
    reason: str
    by: str


class ServiceResumed(Event, frozen=True, kw_only=True):
    service: str
    by: str
    reason: str | None = None


# Tickets


class TicketIssued(Event, frozen=True, kw_only=True):
    """A citizen has a place.

    The first service waits, the others are planned; `slip_job` asks `printer` for the paper. `slip_sent`: its agent is
    there, so the job leaves as soon as this is on disk. `slip_reason` is why it has to wait, where that is known.
    """

    ticket: str
    number: str
    prefix: str
    ordinal: int
    services: tuple[str, ...]
    category: str
    language: str
    promise: Promise
    channel: str = "kiosk"
    kiosk: str | None = None
    by: str | None = None
    booked_at: int | None = None
    address: Address | None = None
    note: str | None = None
    printer: str | None = None
    slip_job: str | None = None
    slip_expires_at: int | None = None
    slip_sent: bool = False
    slip_reason: str | None = None


class TicketCancelled(Event, frozen=True, kw_only=True):
    """`by` is a clerk's pseudonym, or None for the citizen."""

    ticket: str
    by: str | None = None


class TicketLeft(Event, frozen=True, kw_only=True):
    """Nobody saw the answer that gave this ticket: whoever asked for it had gone."""

    ticket: str


class RollTakenBack(Event, frozen=True, kw_only=True):
    """These `tickets` of a paper roll were entered by mistake: nobody holds them, and their numbers come anew.

    `ordinal` is the last one that stays entered, or None where the day's first entry is taken back whole.
    """

    service: str
    prefix: str
    ordinal: int | None
    tickets: tuple[str, ...]
    by: str


class TicketExpired(Event, frozen=True, kw_only=True):
    ticket: str


class TicketReturned(Event, frozen=True, kw_only=True):
    ticket: str
    credit: int
    by: str | None = None
    reason: str | None = None


class AddressReleased(Event, frozen=True, kw_only=True):
    """A step that waited for one counter or clerk waits for all from now on."""

    ticket: str


class CasesSet(Event, frozen=True, kw_only=True):
    ticket: str
    cases: int
    by: str


class NoteAttached(Event, frozen=True, kw_only=True):
    ticket: str
    note: str | None
    by: str


class OutcomeCorrected(Event, frozen=True, kw_only=True):
    ticket: str
    step: int
    outcome: str
    reason: str
    by: str


class PersonalDataErased(Event, frozen=True, kw_only=True):
    """Personal rows and their key under this reference are gone."""

    reference: str


# Who runs the mall


class ActNoted(Event, frozen=True, kw_only=True):
    """Somebody was let in or refused, or changed who may do what: `what` is one of domain/acts.py.

    `act` is random, and names the act's row in the registry, which has the address for as long as that is kept. `by`
    is whoever did it and `about` whom or what it was about: pseudonyms, numbers of tokens, ids of devices. `why` is a
    code. `times`: so many alike within a minute. `done_at` is when it happened (milliseconds, real time), where no
    server ran then. `details` are codes: the role before and after, the number of rows.
    """

    act: str
    what: str
    by: str | None = None
    about: str | None = None
    agency: str | None = None
    why: str | None = None
    times: int = 1
    done_at: int | None = None
    details: dict[str, str] = {}


class ClosingSigned(Event, frozen=True, kw_only=True):
    """The hash that closed `day`, signed with the mall's key: whoever makes the chain anew cannot make this.

    `row` and `hash` are those of the day's `DayClosed`; `public_key` is the mall's and `signature` that of
    Ed25519 over what journal/closing.py says, all in hex.
    """

    day: str
    row: int
    hash: str
    public_key: str
    signature: str


# At the counter


class TicketCalled(Event, frozen=True, kw_only=True):
    """`due_at` is when the step was due at this counter; `why` says how it came to be next.

    `why`: `due` (the due-time rule), `addressed` (it waited for this counter or clerk), `picked` (chosen by the
    clerk), `auto`.
    """

    counter: str
    clerk: str
    ticket: str
    due_at: int
    why: str = "due"


class TicketRecalled(Event, frozen=True, kw_only=True):
    counter: str
    ticket: str


class ServiceStarted(Event, frozen=True, kw_only=True):
    counter: str
    ticket: str


class ServiceFinished(Event, frozen=True, kw_only=True):
    """`credit` and `promise` are for the journey's next step, if there is one.

    `counter` is None at the end of the day.
    """

    ticket: str
    counter: str | None = None
    outcome: str | None = None
    credit: int = 0
    promise: Promise | None = None


class TicketMissed(Event, frozen=True, kw_only=True):
    """A no-show: called and did not come. `parked` where the mall keeps such people rather than marking them."""

    counter: str
    ticket: str
    parked: bool = False


class TicketPutBack(Event, frozen=True, kw_only=True):
    """Called by mistake. `by` and `reason` say who took it back and why, where that was not the counter's clerk."""

    counter: str
    ticket: str
    credit: int
    by: str | None = None
    reason: str | None = None


class TicketParked(Event, frozen=True, kw_only=True):
    ticket: str
    counter: str | None = None
    reason: str | None = None
    by: str | None = None


class TicketTransferred(Event, frozen=True, kw_only=True):
    """A step of `service` waits elsewhere; `address` narrows who may call it.

    `planned` where the journey leads there anyway: that step comes first now, and no new one is made.
    """

    ticket: str
    service: str
    credit: int
    promise: Promise
    counter: str | None = None
    address: Address | None = None
    planned: bool = False
    reason: str | None = None
    by: str | None = None


class Undone(Event, frozen=True, kw_only=True):
    """The counter's last command is taken back: tickets and counters are again as carried here, times included.

    `seqs` is the first and the last `seq` of the command; calls and service times recorded in it are forgotten.
    """

    counter: str
    command: str
    seqs: tuple[int, int]
    tickets: tuple[Ticket, ...]
    counters: tuple[CounterRecord, ...]


# The counter itself


class CounterOpened(Event, frozen=True, kw_only=True):
    """`skills` narrows what this clerk may serve here; None means everything that the counter serves."""

    counter: str
    clerk: str
    skills: tuple[str, ...] | None = None


class CounterPaused(Event, frozen=True, kw_only=True):
    """`reason` is a configured code, or `away` when the clerk's screen has gone."""

    counter: str
    reason: str


class CounterResumed(Event, frozen=True, kw_only=True):
    counter: str


class CounterLeft(Event, frozen=True, kw_only=True):
    """The counter is closed; `by` whom and why, where that was not its own clerk."""

    counter: str
    by: str | None = None
    reason: str | None = None


class AutoCallSet(Event, frozen=True, kw_only=True):
    counter: str
    on: bool


class HelpAsked(Event, frozen=True, kw_only=True):
    counter: str


class HelpAnswered(Event, frozen=True, kw_only=True):
    counter: str
    by: str


# Paper


class SlipRequested(Event, frozen=True, kw_only=True):
    """A slip is to be printed again (`copy` counts from 1; 0 where every earlier attempt is known not to have
    printed).

    `reason` and `by` say why and who asked; a fail-over to a neighbouring printer has `by` None.
    """

    ticket: str
    job: str
    printer: str
    expires_at: int
    copy: int
    reason: str | None = None
    by: str | None = None


class SlipReported(Event, frozen=True, kw_only=True):
    """What is known of a job:

    `state` is `queued printing printed not_printed unknown`, `reason` and `evidence` say why.
    """

    ticket: str
    job: str
    state: str
    reason: str | None = None
    evidence: str | None = None
    sent: bool = False
    """The job has left for the agent: from now on only the agent knows whether paper comes out."""
    stayed: bool = False
    """It has not left, though it was to: the server cannot make it."""


AnyEvent = (
    DayOpened
    | RulesSet
    | DayClosed
    | Restarted
    | Stopped
    | AlertBegan
    | AlertEnded
    | HallHeld
    | EvacuationEnded
    | HallReleased
    | ServicePaused
    | ServiceResumed
    | TicketIssued
    | TicketCancelled
    | TicketLeft
    | RollTakenBack
    | TicketExpired
    | TicketReturned
    | AddressReleased
    | CasesSet
    | NoteAttached
    | OutcomeCorrected
    | PersonalDataErased
    | ActNoted
    | ClosingSigned
    | TicketCalled
    | TicketRecalled
    | ServiceStarted
    | ServiceFinished
    | TicketMissed
    | TicketPutBack
    | TicketParked
    | TicketTransferred
    | Undone
    | CounterOpened
    | CounterPaused
    | CounterResumed
    | CounterLeft
    | AutoCallSet
    | HelpAsked
    | HelpAnswered
    | SlipRequested
    | SlipReported
)
