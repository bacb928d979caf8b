"""What config.toml may say: one class per table, one field per key, with its default.

docs/settings.md describes every key; a test holds the two equal. Durations are milliseconds, times of day minutes
since local midnight. Texts are `{language: text}` and complete: one text for all languages is spread over them.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, field

from queue_server.settings.asking import Question as Question
from queue_server.settings.board_tables import Board as Board
from queue_server.settings.board_tables import Media as Media
from queue_server.settings.board_tables import Theme as Theme
from queue_server.settings.kinds import WORKING_DAYS as WORKING_DAYS
from queue_server.settings.kinds import Hours as Hours
from queue_server.settings.kinds import Positive as Positive
from queue_server.settings.kinds import Prefixed as Prefixed
from queue_server.settings.kinds import Share as Share
from queue_server.settings.kinds import Table as Table
from queue_server.settings.kinds import TextLists as TextLists
from queue_server.settings.kinds import Texts as Texts
from queue_server.settings.kinds import Week as Week
from queue_server.settings.values import ClockTime, Colour, Duration, MallId, Rate, duration, rate

PUSH_SERVICES = ("fcm.googleapis.com", "push.services.mozilla.com", "push.apple.com", "notify.windows.com")
"""Of Chrome, Firefox, Safari and Edge, with all that is below them."""


class Mall(Table, frozen=True, kw_only=True):
    id: MallId
    """Stands in the journal from the first day on and never changes."""
    name: Texts
    languages: tuple[str, ...]
    """The first one is spoken where nobody has chosen."""
    timezone: str
    day_starts: ClockTime = ClockTime(0)
    public_url: str = ""
    """What the QR codes say; empty means wherever the server listens."""
    accent: Colour | None = None
    logo: str | None = None


class Server(Table, frozen=True, kw_only=True):
    host: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535)] = 8080
    certificate: str | None = None
    """A file beside config.toml, with the chain; with `key` the server speaks TLS itself."""
    key: str | None = None
    proxies: tuple[str, ...] = ()
    """Addresses or networks of reverse proxies that are believed."""
    watchers: tuple[str, ...] = ("127.0.0.1", "::1")
    """Addresses or networks that may read the figures and the reasons of health without a token."""


class Limits(Table, frozen=True, kw_only=True):
    """Each is at most so many in so long, or None for no limit."""

    tickets_per_kiosk: Rate | None = rate("30 per minute")
    lookups: Rate | None = rate("30 per minute")
    """Only answers 404 count, per address; what is found is never refused."""
    per_ticket: Rate | None = rate("120 per minute")
    """About one ticket, by whoever has its id and no token."""
    per_token: Rate | None = rate("1200 per minute")
    """By one device, program or person who is let in."""
    sign_in: Rate | None = rate("10 per minute")
    """Only refused ones count, per address."""
    pairing: Rate | None = rate("20 per minute")
    """Codes that new screens ask for, per address."""
    requests: Rate | None = None
    connections: Annotated[int, Meta(ge=20)] = 1_000
    """At once, per address."""


class SignIn(Table, frozen=True, kw_only=True):
    """How people show who they are."""

    second_factor: Literal["offered", "admins"] = "offered"
    """Whether admins must have one; whoever has one is asked for it."""
    lock_after: Duration = duration("15m")
    """A session with which nobody does anything for so long is locked; zero for never."""
    badge: Literal["off", "with_pin", "alone"] = "off"
    """Whether people sign in by badge; alone it is enough for clerks only."""
    technician: str | None = None  # where the PIN of the kiosks' own menu stands: a file, or `env:NAME`


class Oidc(Table, frozen=True, kw_only=True):
    """An identity provider by which people sign in, beside accounts of this mall; none without an issuer."""

    issuer: str = ""
    client_id: str = ""
    secret_file: str | None = None
    """Where its secret stands: a file beside config.toml, or `env:NAME`."""
    name: Texts = field(default_factory=Texts)
    """What it is called on the sign-in page."""
    scopes: tuple[str, ...] = ("openid", "profile")
    name_claim: str = "name"
    role_claim: str = "roles"
    roles: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """By role here, what of the claim means it; the first that fits counts, and nobody without one is let in."""
    agency_claim: str = "agencies"
    agencies: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """By agency here; where none stands, all are the whole mall's."""


class Reports(Table, frozen=True, kw_only=True):
    """Whose work figures show."""

    clerks: Literal["nobody", "own", "supervisors"] = "supervisors"
    """Who sees figures by clerk: nobody, each their own, or supervisors and managers, too."""
    fold: bool = False
    """For whoever may not see them: groups of one person's work are put together."""
    clerks_for: Duration | None = None
    """How long figures are told by clerk; None for as long as there are any."""


class Audit(Table, frozen=True, kw_only=True):
    """Who did what, and how others can hold the mall to it."""

    key_file: str | None = None
    """The mall's Ed25519 key, a PEM file beside config.toml; otherwise one in the data folder, made at first start."""
    publish: str | None = None
    """A folder into which the closing hashes are copied at the end of each day."""
    to: tuple[str, ...] = ()
    """Recipients who are told each day's closing hash."""


class Privacy(Table, frozen=True, kw_only=True):
    """What is personal, and for how long."""

    addresses: Duration = duration("90d")
    """How long it is kept from which address staff signed in, were refused, or did anything."""
    citizens: Duration = duration("1d")
    """How long after a ticket has ended its citizen's name or phone is kept."""
    notes: Duration = duration("90d")
    """How long after they were written notes and reasons in staff's own words are kept; a day at least."""
    key_file: str | None = None
    """What personal words are sealed by (a file beside config.toml, or `env:NAME`); otherwise one in the data folder,
    made when it is needed."""


class Policy(Table, frozen=True, kw_only=True):
    """How counters work in this mall."""

    no_show_calls: Positive = 2
    no_show_apart: Duration = duration("10s")
    no_show_then: Literal["no_show", "parked"] = "no_show"
    max_recalls: Annotated[int, Meta(ge=0)] = 5
    grace: Duration = duration("30m")
    undo: Duration = duration("10s")
    finish_on_call_next: bool = True
    picking: bool = False
    blind: bool = False
    auto_call_after: Duration = duration("10s")
    away_after: Duration = duration("1m")
    address_limit: Duration = duration("20m")
    closing: Literal["off", "warn", "stop"] = "warn"
    long_wait: Duration | None = None
    """From which expected wait on people are asked whether they still want a ticket."""
    slip_limit: Duration = duration("25s")
    unclaimed: Literal["tell", "cancel"] = "tell"
    step_away: tuple[Duration, ...] = ()
    step_away_times: Positive = 2


class Poster(Table, frozen=True, kw_only=True):
    """Tickets on phones, by a code on a screen at the entrance."""

    tickets: bool = False
    code_lasts: Duration = duration("2m")
    per_code: Positive = 20


class Push(Table, frozen=True, kw_only=True):
    """Messages to citizens' phones while their ticket's page is closed."""

    on: bool = False
    contact: str = ""
    """Where a push service's operator reaches the mall: `mailto:…` or `https://…`."""
    key_file: str | None = None
    """The mall's key for this (a PEM file of P-256 beside config.toml, or `env:NAME`); otherwise one in the data
    folder, made when it is needed."""
    near: Annotated[int, Meta(ge=0)] = 2
    """With at most so many people ahead somebody is told that it is nearly their turn."""
    names_service: bool = False
    """Whether a message, which stands on a locked screen, says what somebody comes for."""
    through: tuple[str, ...] = PUSH_SERVICES
    proxy: str = ""
    """Through which the Internet is reached, `http://host:port`; empty where there is none in between."""


class Credits(Table, frozen=True, kw_only=True, rename={"give_back": "return"}):
    """Which share of the wait so far counts when a ticket waits again; negative sends it further back."""

    transfer: Share = 1.0
    next_service: Share = 1.0
    give_back: Share = 0.5
    put_back: Share = 1.0
    step_away: Share = 1.0


class Category(Table, frozen=True, kw_only=True):
    name: Texts
    target_share: Annotated[float, Meta(gt=0, le=10)] = 1.0
    """Which share of a service's target this category waits, where the service names no other."""
    at_kiosk: bool = True


class Agency(Table, frozen=True, kw_only=True):
    name: Texts
    colour: Colour | None = None
    logo: str | None = None


class Service(Table, frozen=True, kw_only=True):
    agency: str
    name: Texts
    prefix: Prefixed
    target: Duration = duration("15m")
    targets: dict[str, Duration] = field(default_factory=dict)
    hours: Hours | Week = Hours("default")
    quota: Annotated[int, Meta(ge=0)] | None = None
    expected: Duration = duration("5m")
    help: Texts = field(default_factory=Texts)
    simple: Texts = field(default_factory=Texts)
    """The same as `help` in short words, for whoever switches them on at a kiosk."""
    cost: Texts = field(default_factory=Texts)
    takes: Texts = field(default_factory=Texts)
    """What is to be paid, and how long until one has what one came for: kiosks say both beside what to bring."""
    documents: TextLists = field(default_factory=TextLists)
    words: tuple[Annotated[str, Meta(min_length=2, max_length=40)], ...] = ()
    """What people call it, in whatever language: kiosks and staff find it by these words, too."""
    codes: tuple[Annotated[str, Meta(min_length=3, max_length=40, pattern="^[!-~]+$")], ...] = ()
    """Bar and QR codes on forms and posters that mean it."""
    paper_roll: bool = False
    carry_over: bool = False


class Dates(Table, frozen=True, kw_only=True):
    """Days on which hours differ. `hours` is one timetable for all, or `{usual: instead}`; None means closed."""

    name: Texts
    first: date
    last: date | None = None
    hours: Hours | dict[str, str] | None = None
    services: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()


class Prefix(Table, frozen=True, kw_only=True):
    start: Annotated[int, Meta(ge=0)] = 1
    end: Positive = 999
    step: Positive = 1
    used_up: Literal["continue", "wrap", "refuse"] = "continue"
    shared: bool = False
    """Several services of one agency have it: one series, one range."""


class Zone(Table, frozen=True, kw_only=True):
    name: Texts
    direction: Texts = field(default_factory=Texts)
    way_out: Texts = field(default_factory=Texts)
    """How to leave the building from here."""
    plan: Annotated[tuple[str, ...], Meta(max_length=8)] = ()
    """A small map: in each row ids of counters, `.` for a gap, `*` for where the display hangs."""


class Counter(Table, frozen=True, kw_only=True):
    zone: str
    services: tuple[str, ...]
    label: str | None = None
    languages: Annotated[tuple[str, ...], Meta(max_length=8)] = ()
    """What is spoken there, whatever the mall's own are."""
    help_after: dict[str, Duration] = field(default_factory=dict)
    desk: bool = False
    printer: str | None = None


class Panel(Table, frozen=True, kw_only=True):
    """A screen that is touched, as it stands: `width` and `height` in its dots, `inches` from corner to corner."""

    inches: Annotated[float, Meta(ge=5, le=110)]
    width: Annotated[int, Meta(ge=480, le=7680)]
    height: Annotated[int, Meta(ge=480, le=7680)]


class Kiosk(Table, frozen=True, kw_only=True):
    name: Texts = field(default_factory=Texts)
    zone: str | None = None
    printer: str | None = None
    languages: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    """With `agencies` what it offers, in this order; both empty: everything."""
    hours: Hours | Week | None = None
    """None: whenever any service is open."""
    layout: Literal["agencies", "services"] = "agencies"
    """What its first page lists."""
    pages: tuple[str, ...] = ("common", "search", "priority", "details", "several")
    common: Annotated[tuple[str, ...], Meta(max_length=4)] | None = None
    """Services that its first page offers at once; None: those that most people have taken today."""
    idle: Duration = duration("1m")
    choose_by: Literal["screen", "codes"] = "screen"
    """`codes`: a reader or a box of buttons is all that it has, and what they name is given at once."""
    keys: dict[str, str] = field(default_factory=dict)
    """Which key of a box of buttons means which service."""
    panel: Panel | None = None
    """None: as if it were 21.5 inches upright, and nobody has measured whether that is so."""


class Printer(Table, frozen=True, kw_only=True):
    name: Texts = field(default_factory=Texts)
    width: Annotated[int, Meta(ge=192, le=1024, multiple_of=8)] = 576
    """Printable dots in a line: 576 on 80 mm paper at 203 dpi, 384 on 58 mm."""
    dpi: Annotated[int, Meta(ge=100, le=600)] = 203
    mode: Literal["raster", "text"] = "raster"
    """`text` writes slips in the printer's own fonts, for lines on which a picture takes too long."""
    model: Annotated[str, Meta(max_length=32)] = ""
    """As python-escpos calls it; its dots, blade and code pages are used where nothing else is said."""
    fallback: str | None = None
    place: Texts = field(default_factory=Texts)
    """Where its slips are taken, for a citizen who stands elsewhere; its name where this is empty."""


#: What may stand on a slip, in the usual order; a test holds it to what the agents draw.
SLIP_PARTS = ("head", "number", "service", "category", "when", "ahead", "track", "then", "bring", "footer")


class Slip(Table, frozen=True, kw_only=True):
    """How this mall's slips look. A copy is always marked, whatever stands here."""

    parts: tuple[str, ...] = ()
    """From top to bottom; empty means all, in the usual order."""
    large: tuple[str, ...] = ()
    small: tuple[str, ...] = ()
    number_mm: Annotated[float, Meta(ge=13, le=40)] = 15.0
    """The height of the digits; under 13 they are not read at arm's length."""
    qr_mm: Annotated[float, Meta(ge=20, le=45)] = 20.0
    """The side without its quiet zone; under 20 older phones fail."""
    footer: Texts = field(default_factory=Texts)


class Voice(Table, frozen=True, kw_only=True):
    """Who speaks one language."""

    engine: Literal["auto", "clips", "espeak", "piper", "command", "off"] = "auto"
    """`auto` is recorded clips where there are any, and espeak-ng behind them."""
    voice: Annotated[str, Meta(max_length=200)] = ""
    """The name of espeak-ng's voice, or Piper's model file."""
    command: tuple[str, ...] = ()


class Speech(Table, frozen=True, kw_only=True):
    """How calls are spoken on boards with sound."""

    numbers: Literal["digits", "hundreds"] = "digits"
    speed: Annotated[int, Meta(ge=80, le=250)] = 115
    """Words a minute: in a hall that echoes, slow speech is understood."""
    loudness: Annotated[float, Meta(ge=-30, le=-14)] = -18.0
    """LUFS. The chime has as much; above -14 speech would be mostly rounded peaks."""
    clips: str = "speech"
    """A folder beside config.toml, with one folder of recordings for each language."""
    ticket_language: bool = False
    """Also speak the ticket's own language, after the board's."""


class Evacuation(Table, frozen=True, kw_only=True):
    """What every screen says when everybody must leave the building; an empty text is said in our words."""

    text: Texts = field(default_factory=Texts)
    assembly_point: Texts = field(default_factory=Texts)


class Mail(Table, frozen=True, kw_only=True):
    """The mail server that messages leave by; none without a host."""

    host: str = ""
    port: Annotated[int, Meta(ge=0, le=65535)] = 0
    """0 is the usual one of `security`: 465, 587 or 25."""
    security: Literal["tls", "starttls", "none"] = "starttls"
    sender: str = ""
    user: str = ""
    password_file: str | None = None
    """A file beside config.toml with nothing but the password."""
    authority: str | None = None
    """A PEM file with the certificate of whoever signed the mail server's, where this machine does not know it."""


class Recipient(Table, frozen=True, kw_only=True):
    """Who is told, by each of the ways that are named."""

    email: tuple[str, ...] = ()
    webhook: str = ""
    secret_file: str | None = None
    """A file beside config.toml with the secret by which a webhook is signed: `whsec_` and base64."""
    apprise_file: str | None = None
    """A file beside config.toml with addresses of Apprise, one a line: they hold passwords."""
    language: str = ""
    quiet: tuple[str, ...] = ()
    """Times of day in which nothing is sent; what is still so after them is sent then."""


class AlertRule(Table, frozen=True, kw_only=True):
    """Of what people are told, beside the floor page."""

    when: Literal["over_target", "queue", "unserved", "idle", "device", "paper", "help"]
    after: Duration = duration("5m")
    """So long it must be so before anybody is told."""
    calm: Duration = duration("5m")
    """So long it must be over before that is said."""
    more_than: Positive = 20
    """Of `queue`: so many may wait for a service."""
    agencies: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    to: tuple[str, ...] = ()


class Schedule(Table, frozen=True, kw_only=True):
    """A report that is made by itself, of the day, week or month before."""

    every: Literal["day", "week", "month"]
    at: ClockTime = ClockTime(6 * 60)
    agency: str = ""
    formats: tuple[str, ...] = ("xlsx",)
    language: str = ""
    folder: str | None = None
    to: tuple[str, ...] = ()


class Settings(Table, frozen=True, kw_only=True):
    """config.toml, whole and without mistakes. Everything that has an id keeps the file's order."""

    mall: Mall
    server: Server = Server()
    limits: Limits = Limits()
    sign_in: SignIn = SignIn()
    oidc: Oidc = field(default_factory=Oidc)
    reports: Reports = Reports()
    audit: Audit = Audit()
    privacy: Privacy = Privacy()
    policy: Policy = Policy()
    poster: Poster = Poster()
    push: Push = Push()
    credits: Credits = Credits()
    categories: dict[str, Category] = field(default_factory=dict)
    hours: dict[str, Week] = field(default_factory=dict)
    dates: dict[str, Dates] = field(default_factory=dict)
    agencies: dict[str, Agency] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)
    prefixes: dict[str, Prefix] = field(default_factory=dict)
    questions: dict[str, Question] = field(default_factory=dict)
    zones: dict[str, Zone] = field(default_factory=dict)
    evacuation: Evacuation = field(default_factory=Evacuation)
    counters: dict[str, Counter] = field(default_factory=dict)
    slip: Slip = field(default_factory=Slip)
    printers: dict[str, Printer] = field(default_factory=dict)
    kiosks: dict[str, Kiosk] = field(default_factory=dict)
    boards: dict[str, Board] = field(default_factory=dict)
    media: Media = Media()
    theme: Theme = Theme()
    mail: Mail = Mail()
    recipients: dict[str, Recipient] = field(default_factory=dict)
    alerts: dict[str, AlertRule] = field(default_factory=dict)
    schedules: dict[str, Schedule] = field(default_factory=dict)
    speech: Speech = Speech()
    voices: dict[str, Voice] = field(default_factory=dict)
    outcomes: dict[str, Texts] = field(default_factory=dict)
    pause_reasons: dict[str, Texts] = field(default_factory=dict)
    reasons: dict[str, Texts] = field(default_factory=dict)
    park_reasons: dict[str, Texts] = field(default_factory=dict)
