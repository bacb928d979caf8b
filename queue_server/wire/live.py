"""What `/api/v1/live` pushes: one frame per topic, always the whole view, numbered within one boot of the server.

`boot` changes when the server starts anew; `seq` counts frames of that boot's state. A client that sees another
`boot`
or `version` than it started with reloads itself.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from queue_server.wire.api import (
    BoardServing,
    CounterQueue,
    CounterView,
    Evacuation,
    MallAgency,
    Named,
    Place,
    Texts,
    TicketView,
    Wait,
)
from queue_server.wire.media import MediaId

VERSION = 1
"""The protocol's version; it grows when a page or device of another version would misunderstand."""


class Greeting(Struct, frozen=True, kw_only=True):
    """The first frame on each connection. `update` says which side is older: `server`, `client` or None."""

    version: int
    boot: str
    build: str
    """Identifies the pages' files; a page that was loaded under another build reloads itself when idle."""
    now: str
    update: str | None = None


class Heartbeat(Struct, frozen=True, kw_only=True):
    """What a screen says of itself: the `build` of its page's files, its size in the panel's dots, its loudspeaker
    (`blocked` until somebody touches the page), the kind and place of what failed last.

    An agent has no page and no size (an empty build, 0). It says its `version`, and what keeps its panel from showing
    what it should.
    """

    kind: Literal["heartbeat"]
    build: Annotated[str, Meta(max_length=64)]
    width: Annotated[int, Meta(ge=0, le=100_000)]
    height: Annotated[int, Meta(ge=0, le=100_000)]
    version: Annotated[str, Meta(pattern=r"^[\w.+-]{1,40}$")] | None = None
    sound: Literal["on", "blocked", "off"] | None = None
    error: Annotated[str, Meta(pattern=r"^[\w.: -]{1,100}$")] | None = None
    broken: Annotated[tuple[MediaId, ...], Meta(max_length=20)] = ()
    """Pictures and videos that it could not show."""


class AskPicture(Struct, frozen=True, kw_only=True):
    """To a display's page: draw yourself, and send the picture under this name (`POST /pictures/{picture}`)."""

    picture: str


class SignView(Struct, frozen=True, kw_only=True):
    """What stands over one counter. `state`: open paused closed; `at_counter`: called serving, or None for nobody."""

    counter: str
    label: str
    state: str
    number: str | None
    at_counter: str | None
    seq: int
    """Of the call, the journal's own; 0 without one."""
    recall: bool
    reason: Texts
    """Why it is paused, in the mall's words."""
    back_at: str | None
    """When its services open again today, while it is not open and nor are they."""
    over: bool = False
    """It is closed, none of its services opens again today, and nobody waits for one: its display may go dark."""
    speaks: tuple[str, ...] = ()
    """What is spoken there, each language by its own name."""
    mall: Texts
    languages: tuple[str, ...]
    timezone: str
    held: str | None
    held_text: Texts
    evacuation: Evacuation | None = None


class KioskPanel(Struct, frozen=True, kw_only=True):
    """The screen of a kiosk: what is touched is drawn in millimetres."""

    dots_per_mm: float


class KioskView(Struct, frozen=True, kw_only=True):
    """What a kiosk's page offers. `printer` is `ready`, `warning`, `down` or `none`; `opens_at`, while no service is
    open, is when the first one opens."""

    kiosk: str
    mall: Texts
    languages: tuple[str, ...]
    open: bool
    held: str | None
    held_text: Texts
    agencies: tuple[MallAgency, ...]
    categories: tuple[Named, ...]
    printer: str
    printer_reason: str | None
    idle_s: int
    timezone: str
    accent: str | None = None
    evacuation: Evacuation | None = None
    opens_at: str | None = None
    common: tuple[str, ...] = ()
    """Services that most people come for, offered at once."""
    panel: KioskPanel | None = None
    speaks: tuple[str, ...] = ()
    """Languages in which the screen can be read aloud."""
    hours: bool = True
    """Whether this kiosk gives numbers at this hour; where not, `open` is false whatever the services are."""
    long_wait_s: int = 0
    """From which expected wait on somebody is asked whether they still want a ticket; 0 for never."""
    layout: str = "agencies"
    """What the first page lists: `agencies`, or all `services` at once."""
    pages: tuple[str, ...] = ("common", "search", "priority", "details", "several")
    choose_by: str = "screen"
    """`screen`, or `codes`: it has a reader or a box of buttons alone."""
    codes: dict[str, str] = {}
    """What a reader may read here, in capitals: which service each is."""
    keys: dict[str, str] = {}
    """Which key of a box of buttons is which service."""


class UndoView(Struct, frozen=True, kw_only=True):
    command: str
    until: str


class Destination(Struct, frozen=True, kw_only=True):
    """Where a ticket may be sent. `closed` says why none may now: `paused closed_today closed_now`, or null."""

    id: str
    name: Texts
    closed: str | None = None


class DeskView(Struct, frozen=True, kw_only=True):
    """A clerk's terminal:

    one counter, what waits for it, what may be done now (`moves`, in the words of the API's paths).
    """

    counter: CounterView
    queue: CounterQueue
    moves: tuple[str, ...]
    undo: UndoView | None
    timer_from: str | None
    """Since when this ticket is called or served."""
    target_s: int | None
    """How long serving usually takes; the terminal's traffic light turns against it."""
    no_show_in_s: int
    """Seconds until a no-show may be marked, if the missing calls come as early as they count; 0 when it may."""
    calls: int
    auto_call: bool
    help_since: str | None
    serving_services: tuple[Named, ...]
    transfer_services: tuple[Destination, ...]
    transfer_counters: tuple[Named, ...]
    outcomes: tuple[Named, ...]
    pause_reasons: tuple[Named, ...]
    park_reasons: tuple[Named, ...]
    picking: bool
    blind: bool
    held: str | None
    away_after_s: int
    held_text: Texts = field(default_factory=dict)
    evacuation: Evacuation | None = None
    calls_missing: int = 0
    """So many more calls must come before a no-show; while there are any, time alone changes nothing."""
    call_counts_in_s: int = 0
    """Seconds until the next of them would count."""
    parked: tuple[TicketView, ...] = ()
    """Parked and no-show tickets that this counter may return."""
    served_today: int = 0
    closes_at: str | None = None


class FloorCounter(Struct, frozen=True, kw_only=True):
    id: str
    label: str
    zone: str
    state: str
    """`closed idle idle_waiting called serving paused`."""
    clerk: str | None
    number: str | None
    service: str | None
    since: str | None
    reason: str | None
    help_since: str | None
    services: tuple[str, ...]
    served: int
    moves: tuple[str, ...] = ()
    """What may be done in the clerk's place now, in the words of the API's paths: `help-answered put-back close`."""


class FloorService(Struct, frozen=True, kw_only=True):
    """`standing`: `open`, `no_counter` while people wait and no open counter serves them, or why nobody is taken."""

    id: str
    agency: str
    name: Texts
    open: bool
    reason: str | None
    waiting: int
    longest_wait_s: int
    target_s: int
    open_counters: int
    issued: int
    served: int
    estimated_wait: Wait | None
    longest: Place | None = None
    wait_reason: str | None = None
    """`no_counter` where no open counter serves it, and then there is no estimate."""
    standing: str = "open"
    over: bool = False
    """Whoever waits longest has waited longer than the target of their category."""
    late: bool = False
    """That, or anybody else has."""
    out_of_line: bool = False
    """Late, served by nobody, or taking nobody though it is its hour."""
    urgency: int = 0
    """Its place when what needs somebody most stands first, counted from 0."""
    moves: tuple[str, ...] = ()
    """`pause` or `resume`; none while the mall is closed."""


class Alert(Struct, frozen=True, kw_only=True):
    """`kind`: over_target queue unserved idle_while_waiting unattended unclaimed help printer slips display clock
    journal day rules speech fault connections certificate sign_in closing.

    `since` may be unknown.
    """

    kind: str
    subject: str
    text: str
    since: str | None = None
    severity: str = "warning"
    fields: dict[str, str | int | None] = field(default_factory=dict)


class Figures(Struct, frozen=True, kw_only=True):
    """Today so far. `within_target` is a share from 0 to 1, None while nobody has been called.

    It and the percentiles are of `waits` waits; percentiles of fewer than twenty say nothing and are None.
    """

    waiting: int
    longest_wait_s: int
    issued: int
    served: int
    open_counters: int
    within_target: float | None
    wait_p50_s: int | None
    wait_p90_s: int | None
    no_shows: int
    waits: int = 0


class FloorView(Struct, frozen=True, kw_only=True):
    mall: Texts
    day: str
    languages: tuple[str, ...]
    agencies: tuple[Named, ...]
    zones: tuple[Named, ...]
    figures: Figures
    counters: tuple[FloorCounter, ...]
    services: tuple[FloorService, ...]
    alerts: tuple[Alert, ...]
    held: str | None
    reasons: tuple[Named, ...]
    timezone: str
    held_text: Texts = field(default_factory=dict)
    evacuation: Evacuation | None = None
    devices: dict[str, Texts] = field(default_factory=dict)
    """What kiosks, printers and displays are called, by their ids as alerts name them."""


class TicketPageView(Struct, frozen=True, kw_only=True):
    """The ticket's own page behind the slip's QR code."""

    ticket: TicketView
    mall: Texts
    languages: tuple[str, ...]
    service: Texts
    agency: Texts
    counter_label: str | None
    direction: Texts
    held: str | None
    held_text: Texts
    documents: dict[str, tuple[str, ...]]
    serving: tuple[BoardServing, ...]
    timezone: str
    may_cancel: bool = False
    evacuation: Evacuation | None = None
    category: Texts = {}
    """Why it may wait less; empty for the usual one, which says nothing."""
    away_minutes: tuple[int, ...] = ()
    """For how long its citizen may let others pass now."""
    back_at: str | None = None
    """They did, and it waits again then."""
    return_until: str | None = None
    """So long somebody who was missed may still be taken back."""
    times_away_left: int = 0
    services: dict[str, Texts] = {}
    """The names of all services on its journey."""
