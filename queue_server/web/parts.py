"""What the web edge needs of the house; compose fills it, and every handler reaches it through its `Ask`."""

from __future__ import annotations

import asyncio
from collections import Counter as Tally
from collections.abc import Callable
from pathlib import Path
from weakref import WeakSet

from aiohttp import web
from msgspec import Struct, field

from queue_server.handover.persons import Journal
from queue_server.media.library import Library
from queue_server.notices.phones.telling import PhoneTelling
from queue_server.registry.store import Registry
from queue_server.reports.story import TicketEvents
from queue_server.reports.that_day import ThatDay
from queue_server.service.certificate import Certificate
from queue_server.service.closings import Closings
from queue_server.service.engine import Engine
from queue_server.service.hub import Hub
from queue_server.service.reports import Reports
from queue_server.service.rulebook import Later
from queue_server.service.screens import Screens
from queue_server.service.slips.printing import Printing
from queue_server.service.turns import Turns
from queue_server.settings import Settings
from queue_server.speech.announcements import Announcements
from queue_server.views.board import Place
from queue_server.views.figures import DayFigures
from queue_server.views.presentation import Presentation
from queue_server.web.edge.limits import Limit
from queue_server.web.edge.lines import Lines
from queue_server.web.edge.meter import Meter
from queue_server.web.identity.access import Caller, Doors
from queue_server.web.identity.callers import Callers
from queue_server.web.identity.guesses import Guesses
from queue_server.web.identity.idle import Idle
from queue_server.web.identity.recheck import Recheck
from queue_server.web.identity.technicians import Technicians
from queue_server.web.machines.heartbeats import Heartbeats
from queue_server.web.machines.pictures import Pictures
from queue_server.web.machines.seen import Seen
from queue_server.web.page.pages import Pages
from queue_server.web.page.previews import Previews
from queue_server.web.queues.poster_codes import PosterCodes
from queue_server.web.reading.press import Press
from queue_server.web.repeats import Repeats
from queue_server.wire.printing import Paper, SlipLayout, SlipView


class Limits(Struct, kw_only=True, eq=False):
    """One for each rule of `[limits]` that the web edge holds."""

    tickets: Limit = field(default_factory=lambda: Limit("tickets_per_kiosk"))
    lookups: Limit = field(default_factory=lambda: Limit("lookups"))
    per_ticket: Limit = field(default_factory=lambda: Limit("per_ticket"))
    per_token: Limit = field(default_factory=lambda: Limit("per_token"))
    pairing: Limit = field(default_factory=lambda: Limit("pairing"))
    requests: Limit = field(default_factory=lambda: Limit("requests"))
    links: Limit = field(default_factory=lambda: Limit("sign_in"))
    """Links of invitations that are none."""


class Drawing(Struct, frozen=True, kw_only=True):
    """How slips are drawn, for previews: what an agent would do with the same view."""

    preview: Callable[[SlipView, Paper, SlipLayout, bytes | None], bytes]
    """A PNG of the exact dots, with a logo's bytes. Takes time: for a thread. Raises Unavailable without fonts."""
    layout: Callable[[], SlipLayout]
    """The mall's own."""
    logo: Callable[[str | None], bytes | None]
    """An agency's logo, or the mall's."""


class Parts(Struct, kw_only=True, eq=False):
    """`settings` gives config.toml as it was last taken; `version` is the program's."""

    engine: Engine
    hub: Hub
    registry: Registry
    printing: Printing
    screens: Screens
    settings: Callable[[], Settings]
    presentation: Callable[[], Presentation]
    opens_later: Callable[[], Later]
    """By service, when it opens for the first time after today."""
    pages: Pages
    version: str
    boot: str
    doors: Doors
    drawing: Drawing
    may: Callable[[Caller], tuple[str, ...]]
    """What each caller may, by its name in the tables of calls, topics and pages."""
    speech: Announcements
    media: Library
    reports: Reports
    """Answers what the statistics are asked."""
    lines: Lines
    """Every connection that is open."""
    recheck: Recheck
    """Every websocket, and whether its holder would still be let in."""
    idle: Idle
    """Which sessions were left alone."""
    phones: PhoneTelling
    """Which phones are told of which tickets."""
    closings: Closings | None = None
    """Each day's closing hash, as it was signed."""
    certificate: Certificate | None = None
    """What the server speaks TLS with itself."""
    past: TicketEvents
    """The events of one ticket of any day; takes time: for a thread."""
    records: Journal
    """All that the journal has of somebody; for a thread, too."""
    that_day: ThatDay
    """What things were called on any days; for a thread, too."""
    reload: Callable[[], Settings] | None = None
    """Reads config.toml again; raises ConfigWrong."""
    config: Path | None = None
    """Where that file is."""
    places: dict[str, Place] = field(default_factory=dict)
    """What boards say that only rules and looks change."""
    meter: Meter = field(default_factory=Meter)
    limits: Limits = field(default_factory=Limits)
    guesses: Guesses = field(default_factory=Guesses)
    """Who may try a secret."""
    previews: Previews = field(default_factory=Previews)
    press: Press = field(default_factory=Press)
    """Prints reports."""
    linked: Tally[tuple[str, str]] = field(default_factory=Tally)
    """How many live connections each device has, by kind and id."""
    heartbeats: Heartbeats = field(default_factory=Heartbeats)
    """What screens said of themselves."""
    pictures: Pictures = field(default_factory=Pictures)
    callers: Callers = field(default_factory=Callers)
    """Which token has called whom."""
    on_their_way: dict[bytes, asyncio.Event] = field(default_factory=dict)
    """Keys under which a ticket is being given (queues/places.py)."""
    daily_lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    """Held while a ticket is given to somebody whose tickets are counted."""
    seen: Seen = field(default_factory=Seen)
    technicians: Technicians = field(default_factory=Technicians)
    """Whose menu is open on a kiosk."""
    alarms: list[str] = field(default_factory=list)
    """What an operator must look at, beside the engine's: one sentence each, that says what to do."""
    day_figures: DayFigures = field(default_factory=DayFigures)
    """The floor's figures, counted as events come."""
    poster: PosterCodes = field(default_factory=PosterCodes)
    """The codes by which phones take tickets."""
    turns: Turns = field(default_factory=Turns)
    """Which of the displays that hear each other may speak."""
    repeats: Repeats = field(default_factory=Repeats)
    """What was answered to calls that are carried out once."""
    sockets: WeakSet[web.WebSocketResponse] = field(default_factory=WeakSet)


PARTS = web.AppKey("PARTS", Parts)
