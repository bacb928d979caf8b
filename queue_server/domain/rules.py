"""What the mall has agreed on for one business day: the rules that every decision reads.

Normalised from config.toml (or a supervisor's change) before it comes here, and recorded as a `RulesSet`
event, so a day can be replayed without the file. Times are integer milliseconds; hours are already instants
of this day, so nothing here knows a time zone or a weekday. Texts are `{language: text}`. What only shows, colours and
rows, is no rule: views/presentation.py.
"""

from __future__ import annotations

from msgspec import Struct, field
from msgspec.structs import replace

LONGEST_MS = 366 * 86_400_000
"""No time that a rule names is longer than a year: what is more is a mistake, and sums of it leave the calendar."""

Texts = dict[str, str]
Interval = tuple[int, int]
"""From (included) to (excluded), milliseconds since the epoch."""


class Agency(Struct, frozen=True, kw_only=True, omit_defaults=True):
    id: str
    name: Texts


class Service(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One service. `targets` has an entry for every category of the mall; `open` lists this day's intervals."""

    id: str
    agency: str
    name: Texts
    prefix: str
    targets: dict[str, int]
    open: tuple[Interval, ...] = ()
    quota: int | None = None
    help: Texts = field(default_factory=dict)
    documents: dict[str, tuple[str, ...]] = field(default_factory=dict)
    expected_ms: int = 5 * 60_000
    """How long serving one ticket usually takes, until today's own service times say better."""
    paper_roll: bool = False
    carry_over: bool = False
    occasion: Texts = field(default_factory=dict)
    """Why this day's hours differ from the usual ones: the name of a holiday, of a month of fasting…"""


class Counter(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A counter's place and what it serves; `help_after` adds milliseconds to a service's due times here."""

    id: str
    label: str
    zone: str
    services: tuple[str, ...]
    help_after: dict[str, int] = field(default_factory=dict)
    desk: bool = False
    """A reception desk: tickets are issued here."""
    printer: str | None = None
    """Where the slips of what is issued here come out, if nobody says otherwise."""


class Zone(Struct, frozen=True, kw_only=True, omit_defaults=True):
    id: str
    name: Texts
    direction: Texts = field(default_factory=dict)
    way_out: Texts = field(default_factory=dict)
    """How to leave the building from here."""


class Category(Struct, frozen=True, kw_only=True, omit_defaults=True):
    id: str
    name: Texts
    at_kiosk: bool = True


class Prefix(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The numbers of one prefix: `start`, `start + step`… to `end`, then what `used_up` says.

    `continue` goes on past the end, `wrap` starts again with numbers nobody holds, `refuse` issues no more.
    """

    start: int = 1
    end: int = 999
    step: int = 1
    used_up: str = "continue"


class Kiosk(Struct, frozen=True, kw_only=True, omit_defaults=True):
    id: str
    name: Texts
    zone: str | None = None
    printer: str | None = None
    languages: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    """What this kiosk offers, in this order; empty means everything."""
    open: tuple[Interval, ...] | None = None
    """This day's intervals; None: whenever a service is."""


class Printer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    id: str
    name: Texts
    width_dots: int = 576
    dpi: int = 203
    mode: str = "raster"
    model: str = ""
    fallback: str | None = None
    place: Texts = field(default_factory=dict)
    """Where its slips are taken, for a citizen whose own printer made none."""


class Board(Struct, frozen=True, kw_only=True, omit_defaults=True):
    id: str
    name: Texts
    zones: tuple[str, ...]
    languages: tuple[str, ...]
    notice: Texts = field(default_factory=dict)


class Credits(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Which share of the wait so far counts when a ticket waits again; negative sends it further back."""

    transfer: float = 1.0
    next_service: float = 1.0
    give_back: float = 0.5
    """For `return`: a parked or no-show ticket that waits again."""
    put_back: float = 1.0
    step_away: float = 1.0
    """For a citizen who let others pass."""


class Policy(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How this mall wants its counters to work. Milliseconds."""

    no_show_calls: int = 2
    no_show_apart_ms: int = 10_000
    no_show_then: str = "no_show"
    """`no_show` or `parked`: what becomes of somebody who did not come."""
    max_recalls: int = 5
    grace_ms: int = 30 * 60_000
    undo_ms: int = 10_000
    finish_on_call_next: bool = True
    picking: bool = False
    blind: bool = False
    auto_call_after_ms: int = 10_000
    away_after_ms: int = 60_000
    address_limit_ms: int = 20 * 60_000
    closing: str = "warn"
    """`off`, `warn` or `stop`: what a kiosk does when those who wait will fill the time that is left."""
    slip_ttl_ms: int = 25_000
    unclaimed: str = "tell"
    """`tell` or `cancel`: what becomes of a ticket whose number nobody saw, if no paper of it came out."""
    step_away_ms: tuple[int, ...] = ()
    """For how long citizens may let others pass, by themselves; empty: they may not."""
    step_away_times: int = 2
    credits: Credits = field(default_factory=Credits)


class Rules(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything agreed for one business day."""

    name: Texts
    languages: tuple[str, ...]
    timezone: str
    agencies: dict[str, Agency]
    services: dict[str, Service]
    counters: dict[str, Counter]
    zones: dict[str, Zone]
    categories: dict[str, Category]
    kiosks: dict[str, Kiosk] = field(default_factory=dict)
    printers: dict[str, Printer] = field(default_factory=dict)
    boards: dict[str, Board] = field(default_factory=dict)
    prefixes: dict[str, Prefix] = field(default_factory=dict)
    outcomes: dict[str, Texts] = field(default_factory=dict)
    pause_reasons: dict[str, Texts] = field(default_factory=dict)
    reasons: dict[str, Texts] = field(default_factory=dict)
    """Codes for everything else that wants a reason: corrections, reprints, closings, holds."""
    park_reasons: dict[str, Texts] = field(default_factory=dict)
    """Why a citizen goes away for a while; empty where the mall has one list for all."""
    policy: Policy = field(default_factory=Policy)
    evacuation: Texts = field(default_factory=dict)
    """What screens say when everybody must leave the building, where the mall has words of its own."""
    assembly_point: Texts = field(default_factory=dict)
    public_url: str = ""

    @property
    def reasons_to_park(self) -> dict[str, Texts]:
        return self.park_reasons or self.reasons


def within_bounds(rules: Rules) -> Rules:
    """The same where every target can be a time, so that a journal which has recorded an absurd one still runs."""
    absurd = [
        service
        for service in rules.services.values()
        if any(not 0 <= ms <= LONGEST_MS for ms in service.targets.values())
    ]
    if not absurd:
        return rules
    bounded = {
        service.id: replace(service, targets={c: min(max(0, ms), LONGEST_MS) for c, ms in service.targets.items()})
        for service in absurd
    }
    return replace(rules, services={**rules.services, **bounded})
