"""What the HTTP API says: every body in and out, typed. OpenAPI is generated from these, and pages read nothing else.

Instants are RFC 3339 UTC text, durations whole seconds (`_s`). Texts for people come as `{language: text}`; a page
picks
its own. Field names are the contract of `/api/v1` and never change meaning within it.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType, field

Texts = dict[str, str]

Word = Annotated[str, Meta(max_length=64, pattern=r"^[^\x00-\x1f\x7f]*$")]
"""A code, an id, a number: what anybody may send of it is bounded, since some of it comes into events for ever."""


class Wait(Struct, frozen=True, kw_only=True):
    """Half of those who come now wait no longer than `p50_s`, nine in ten no longer than `p90_s`."""

    p50_s: int
    p90_s: int


# Tickets


class StepView(Struct, frozen=True, kw_only=True):
    service: str
    agency: str
    state: str
    queued_at: str | None = None
    due_at: str | None = None
    first_called_at: str | None = None
    called_at: str | None = None
    started_at: str | None = None
    finished_at: str | None = None
    counter: str | None = None
    clerk: str | UnsetType | None = UNSET
    """Absent in the public view."""
    outcome: str | None = None
    waited_s: int | None = None
    """From when it was queued, or its appointment, to its first call, without holds; null before that."""


class TicketSlip(Struct, frozen=True, kw_only=True):
    """`state`: none queued printing printed not_printed unknown. `at` names the printer if it is another than the
    kiosk's own."""

    state: str
    reason: str | None = None
    at: Texts | UnsetType = UNSET


class TicketView(Struct, frozen=True, kw_only=True):
    """`state`: waiting called serving parked no_show served cancelled expired."""

    id: str
    number: str
    state: str
    category: str
    language: str
    day: str
    issued_at: str
    steps: tuple[StepView, ...]
    people_ahead: int | None
    estimated_wait: Wait | None
    track_url: str
    slip: TicketSlip
    wait_behind: int | None = None
    """Those whom the estimated wait is made of: `people_ahead`, and others whom the same counters call before."""
    wait_reason: str | None = None
    """Why a waiting ticket has no estimate: `no_counter` while no open counter can serve it."""
    cases: int = 1
    note: str | UnsetType | None = UNSET
    """Staff only: the text of the note."""
    unclaimed: bool | UnsetType = UNSET
    """Staff only, and only while true: nobody saw the number, and nobody has come with it."""
    citizen: bool | UnsetType = UNSET
    """Staff only, and only while true: its citizen gave a name or phone. Whoever has called it may read that."""
    current: int = 0
    """Which of `steps` it is at, or was last, counted from 0."""
    moves: tuple[str, ...] | UnsetType = UNSET
    """Staff only, where one ticket is asked for: what the rules would take now, in the words of the API's paths.

    `return put-back reprint correct cancel`; from a counter that is named also `call park transfer`. Who may: `/me`."""


class CitizenGiven(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What whoever takes a ticket says of themselves, each only where `asks` of a service has it. An empty text is the
    same as none. `phone` is 4 to 15 digits, in any script and with any spaces, hyphens and brackets; `identity` is a
    number of the kind that is asked for."""

    name: Annotated[str, Meta(max_length=80)] | None = None
    phone: Annotated[str, Meta(max_length=40)] | None = None
    identity: Annotated[str, Meta(max_length=80)] | None = None


class CitizenView(Struct, frozen=True, kw_only=True):
    """What a ticket's citizen gave, for the clerk who has called it; `purposes` say what each was given for."""

    ticket: str
    name: str | None
    phone: str | None
    identity: str | None
    purposes: dict[str, Texts]


class IssueRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`service` or `services`, one of them.

    Staff say where the slip comes out: at a `kiosk`, or of a `printer` (empty for no slip). Where they say neither it
    is the printer of the reception desk that they work at or name as `counter`, if there is one.
    """

    service: Word | None = None
    services: Annotated[tuple[Word, ...], Meta(max_length=64)] = ()
    category: Word = "regular"
    language: Word | None = None
    kiosk: Word | None = None
    counter: Word | None = None
    """A walk-up: the ticket waits for this counter alone."""
    printer: Word | None = None
    note: Annotated[str, Meta(max_length=1000)] | None = None
    citizen: CitizenGiven | None = None
    """A name or phone, where a service asks for it: kept encrypted beside the journal until some time after the end."""


class SayRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """Words on a screen, in that language: what takes longer than half a minute to say is not said."""

    language: Word
    text: Annotated[str, Meta(min_length=1, max_length=400)]


class Said(Struct, frozen=True):
    """Where they lie as sound; null where nobody here speaks the language."""

    sound: str | None


class LeaveRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`key` is the Idempotency-Key of a request whose answer nobody will see, `kiosk` where it was sent."""

    key: Annotated[str, Meta(max_length=200)]
    kiosk: Word | None = None


class StepAwayRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    minutes: Annotated[int, Meta(ge=1, le=24 * 60)]


class PosterRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`code` is what the screen's picture says."""

    code: Word
    service: Word
    category: Word = "regular"
    """One that a kiosk would offer."""
    language: Word | None = None
    citizen: CitizenGiven | None = None


class PosterView(Struct, frozen=True, kw_only=True):
    """The address that the picture says, the letters that are typed instead, and when both change."""

    scan_url: str
    typed: str
    changes_in_s: int


class ReprintRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    reason: Annotated[str, Meta(min_length=1, max_length=500)]
    printer: Word | None = None


# Counters


class CounterView(Struct, frozen=True, kw_only=True):
    """`state`: closed open paused. `ticket` is the one at the counter, called or serving."""

    id: str
    label: str
    state: str
    zone: str
    services: tuple[str, ...]
    ticket: TicketView | None
    clerk: str | None
    reason: str | None = None
    since: str | None = None


class Place(Struct, frozen=True, kw_only=True):
    """One waiting ticket in an order: its place, when it is due and why it stands there.

    `why`: `due` (the due-time rule), `addressed` (waits for one counter or clerk), `helped` (shifted by
    help_after), `booked`.
    """

    ticket: str
    number: str
    service: str
    category: str
    place: int
    queued_at: str
    due_at: str
    waited_s: int
    why: str
    overdue: bool
    language: str = ""


class CounterQueue(Struct, frozen=True, kw_only=True):
    """What waits for one counter; `next` is empty for clerks of a mall that keeps its queue blind."""

    waiting: int
    longest_wait_s: int
    next: tuple[Place, ...]


class CounterDetail(CounterView, frozen=True, kw_only=True):
    queue: CounterQueue


class TicketRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    ticket: Word | None = None


class CallRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    ticket: Word


class FinishRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    ticket: Word | None = None
    outcome: Word | None = None


class ParkRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    ticket: Word | None = None
    reason: Annotated[str, Meta(max_length=500)] | None = None


class TransferRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    ticket: Word | None = None
    service: Word | None = None
    counter: Word | None = None
    clerk: Word | None = None


class AutoCallRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    on: bool


# The mall


class Priority(Struct, frozen=True, kw_only=True):
    """What somebody of a category that waits less may expect; the fields are the service's own."""

    estimated_wait: Wait | None
    wait_behind: int | None


class Question(Struct, frozen=True, kw_only=True):
    """A kiosk may ask for this before a ticket, says why, and lets people leave it out unless it is `needed`: then
    tickets are counted by it. `asks`: name phone identity.

    Of an identity number `number` is the kind (nik fin georgia pattern) and `shapes` are how it may look: 9 is a digit,
    A a letter, * either. What is not `kept` is only counted.
    """

    id: str
    asks: str
    purpose: Texts
    number: str | None = None
    shapes: tuple[str, ...] = ()
    needed: bool = False
    kept: bool = True


class MallService(Struct, frozen=True, kw_only=True):
    """`reason` says why it is not open: closed_now closed_today paused quota_reached held full.

    `estimated_wait` is of somebody regular who comes now, and made of `wait_behind` people, of whatever service, whom
    the same counters call before; `priority` says both of each category for which they differ. `wait_reason` is
    `no_counter` where no open counter serves it, and then there is no estimate.
    """

    id: str
    name: Texts
    prefix: str
    open: bool
    reason: str | None
    waiting: int
    estimated_wait: Wait | None
    help: Texts = field(default_factory=dict)
    simple: Texts = field(default_factory=dict)
    """What it is for, in short words."""
    cost: Texts = field(default_factory=dict)
    takes: Texts = field(default_factory=dict)
    """What is to be paid, and how long until one has what one came for."""
    documents: dict[str, tuple[str, ...]] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    """What people call it, in any language: it is found by these, too."""
    hours: tuple[tuple[str, str], ...] = ()
    """Today's intervals, local time, `HH:MM`."""
    opens_at: str | None = None
    """While its hours keep it closed, when they open it next, and another day where this one's places are given; null
    where that is not within two weeks."""
    occasion: Texts = field(default_factory=dict)
    """Why they are not the usual ones: the name of a holiday, of a month of fasting…"""
    paused_for: Texts = field(default_factory=dict)
    """Why it is paused, in the mall's words."""
    closes_at: str | None = None
    """When it closes for today; null where it does not open any more."""
    closing_soon: bool = False
    wait_behind: int | None = None
    wait_reason: str | None = None
    priority: dict[str, Priority] = field(default_factory=dict)
    asks: tuple[Question, ...] = ()
    """What may be asked of whoever comes for it, and sent as `citizen`."""

    @property
    def counts_people(self) -> bool:
        """Its tickets are given to whoever says their number."""
        return any(question.needed for question in self.asks)


class MallAgency(Struct, frozen=True, kw_only=True):
    id: str
    name: Texts
    services: tuple[MallService, ...]
    colour: str | None = None


class Named(Struct, frozen=True, kw_only=True):
    id: str
    name: Texts


class MallView(Struct, frozen=True, kw_only=True):
    """`opens_at`, while no service is open, is when the first one opens."""

    name: Texts
    languages: tuple[str, ...]
    open: bool
    agencies: tuple[MallAgency, ...]
    categories: tuple[Named, ...] = ()
    held: str | None = None
    timezone: str = ""
    evacuation: Evacuation | None = None
    opens_at: str | None = None
    long_wait_s: int = 0
    """From which expected wait on somebody is asked whether they still want a ticket; 0 for never."""


# Queues, boards, devices


class QueueView(Struct, frozen=True, kw_only=True):
    """One service's queue. `order` is who would be called first, with reasons."""

    service: str
    agency: str
    name: Texts
    open: bool
    reason: str | None
    waiting: int
    longest_wait_s: int
    estimated_wait: Wait | None
    open_counters: int
    target_s: int
    order: tuple[Place, ...]
    wait_reason: str | None = None
    """`no_counter` where no open counter serves it, and then there is no estimate."""


class WayOut(Struct, frozen=True, kw_only=True):
    """How to leave the building from a zone."""

    zone: str
    name: Texts
    way: Texts


class Evacuation(Struct, frozen=True, kw_only=True):
    """Everybody must leave the building. `text` is the mall's own words, empty where it has none.

    `ways` are those that concern the reader, of zones for which the mall has said one.
    """

    since: str
    text: Texts
    assembly_point: Texts
    ways: tuple[WayOut, ...] = ()


class BoardServing(Struct, frozen=True, kw_only=True):
    counter: str
    label: str
    number: str
    zone: str
    state: str
    """`called` or `serving`."""


class DeviceView(Struct, frozen=True, kw_only=True):
    """`kind`: kiosk printer display. `state`: online, offline, error (its view cannot be made: `view_failed`; it draws
    nothing any more: `page_hangs`), or for a printer ready, warning, error.

    `details` of a screen that is there: `width` and `height` in dots, `sound` (`on`, `blocked` until somebody touches
    it, `off`), `current`, whether its page is the server's; of a panel's agent `current` and `panel`: answers, silent.
    `seen_s`: seconds since `last_seen`: the reader's clock may be another. `let_in`: a machine has a token for it,
    which can be revoked.
    """

    id: str
    kind: str
    state: str
    last_seen: str | None
    version: str | None
    last_error: str | None
    seen_s: int | None = None
    let_in: bool = False
    details: dict[str, str | int | bool | None] = field(default_factory=dict)


# Sign-in


class SignInRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: Annotated[str, Meta(max_length=1000)]
    password: Annotated[str, Meta(max_length=1000)]
    code: Annotated[str, Meta(max_length=64)] | None = None
    """Of the second factor, or one to recover by; asked for with the reason `code_needed`."""


class Me(Struct, frozen=True, kw_only=True):
    """Who is signed in. `role`: clerk supervisor manager agency_admin admin auditor (or a device's).

    `may` names each call, live topic and page that lets them in: `POST /hall/hold`, `live floor`, `page /terminal`.
    `agencies`: whose staff they are, None for the whole mall; `agency` where that is one only.
    `stands_in`: they act at anybody's counter, in the name of the clerk who is there. `held`: why this session lets
    nobody in: `second_factor` has to be set up first, or `locked`. `lock_after_s`: a browser is locked when nobody
    does anything in it for so long, 0 for never; None for a token, which cannot be locked. `lock_in_s`: so long until
    then, 0 where it is locked. `opens_by_badge`: one's badge alone opens it again. `by_provider`: an identity provider
    let them in.
    """

    role: str
    name: str
    clerk: str | None = None
    counter: str | None = None
    agency: str | None = None
    agencies: tuple[str, ...] | None = None
    may: tuple[str, ...] = ()
    stands_in: bool = False
    held: str | None = None
    lock_after_s: int | None = None
    lock_in_s: int | None = None
    opens_by_badge: bool = False
    by_provider: bool = False


# Errors


class Problem(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """RFC 9457. `code` is stable, `reason` finer; `fields` is what an explanation in another language needs."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    reason: str | None = None
    fields: dict[str, str | int | None] = field(default_factory=dict)
