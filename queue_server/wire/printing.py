"""What the server and the agent beside a printer say to each other, and what a slip says to its reader.

They speak over `/api/v1/live?topic=printer:<id>`, one JSON object per message, the kind under `type`:

    server: greeting -> agent: hello -> then both ways, in any order
    job -> ack (accepted, duplicate, rejected), waiting (told at once why it stays queued), sending, result
    result is repeated until result_ack; cancel -> cancelled, or too_late once the first byte may have left
    need -> asset: layouts and logos travel once, by the hash of their bytes
    status: on every change, and every 30 seconds

Two rules give each slip once, or say that it is not known: a job id prints at most once however often it is
sent, and the agent never sends a job's bytes a second time. Times are lengths (`ttl_ms`), never clock
times, since two machines' clocks are never compared.
"""

from __future__ import annotations

import hashlib
from typing import Annotated, Literal, TypeVar

import msgspec

#: Goes up when an agent of the version before could not understand, or would misunderstand, what is said.
PROTOCOL = 1

#: How the two ends recognise each other before the version is agreed.
SPEAKS = "antrean-printing"

#: Why no slip comes out now. `head_hot` passes by itself; `no_status` is a printer that does not answer;
#: `feed_button` is somebody holding it; `fault` is anything that the printer itself cannot name.
Cause = Literal[
    "paper_out",
    "cover_open",
    "cutter",
    "head_hot",
    "feed_button",
    "fault",
    "offline",
    "unreachable",
    "no_status",
]

#: Why a slip ended as it did, beyond the causes: the connection broke; the printer may have lost its memory
#: with its power; it took the job and never confirmed; it cannot confirm; a spooler took it; its time to
#: live ran out; it was cancelled; `uncovered` is a letter that no font has.
Why = Literal[
    "paper_out",
    "cover_open",
    "cutter",
    "head_hot",
    "feed_button",
    "fault",
    "offline",
    "unreachable",
    "no_status",
    "lost",
    "power",
    "unconfirmed",
    "unproven",
    "spooled",
    "expired",
    "uncovered",
    "no_layout",
    "invalid",
]

Outcome = Literal["printed", "not_printed", "unknown", "expired"]

#: What an outcome rests on, strongest first: the printer repeated the job's id after the cut; its cutter
#: counted one more; it said that it had taken everything and had no fault; the spooler said so; nothing.
Evidence = Literal["id", "counter", "gs_r", "spooler", "none"]

JobState = Literal["received", "sending", "final"]

PartKind = Literal["head", "number", "service", "category", "when", "ahead", "then", "bring", "track", "footer"]
Size = Literal["small", "normal", "large"]
Mode = Literal["raster", "text"]
SignKind = Literal["elderly", "disabled", "pregnant", "infant", "appointment", "other"]


#: What an agent names or says is bounded: it comes into memory, lists for staff and the log.
Word = Annotated[str, msgspec.Meta(max_length=64)]
Line = Annotated[str, msgspec.Meta(max_length=500)]

Said = TypeVar("Said")


class _Said(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag_field="type"):
    """A message: frozen, by keyword, its kind under `type`."""


class _Shown(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A part of a message."""


# -------------------------------------------------------------------------------------- what a slip says


class Fact(_Shown, frozen=True, kw_only=True):
    """A figure under its name, such as `People ahead` and `4`."""

    label: str
    value: str


class Listing(_Shown, frozen=True, kw_only=True):
    """Lines under a title, such as what to bring."""

    title: str
    lines: tuple[str, ...]


class Sign(_Shown, frozen=True, kw_only=True):
    """Why its holder may wait less."""

    kind: SignKind
    label: str


class Track(_Shown, frozen=True, kw_only=True):
    """The way to the ticket's own page."""

    #: What the QR code holds, whole.
    url: str
    #: What it is good for, in the reader's words.
    caption: str
    #: The address as it is typed: for whoever cannot aim a camera, and for the page made for them.
    line: str = ""


class SlipView(_Shown, frozen=True, kw_only=True, tag_field="type", tag="slip"):
    """All that a slip says, in its reader's language and formatted by the server: the agent translates
    nothing, counts nothing and formats no date. What is empty or None takes no paper."""

    language: str
    #: From right to left: the whole slip is mirrored.
    rtl: bool = False
    mall: str = ""
    agency: str = ""
    #: The hash of the agency's logo; drawn instead of nothing, beside the name.
    logo: str | None = None
    #: As people read it, `A 012`.
    number: str
    service: str
    sign: Sign | None = None
    date: str = ""
    time: str = ""
    ahead: Fact | None = None
    wait: Fact | None = None
    then: Listing | None = None
    bring: Listing | None = None
    track: Track | None = None
    #: The word COPY in the reader's language, with its number; only on a reprint, and always there.
    copy: str | None = None


class TestView(_Shown, frozen=True, kw_only=True, tag_field="type", tag="test"):
    """A slip that shows a technician what this printer does with the width and cut that it was given."""

    __test__ = False  # not a test of pytest's

    language: str = "en"
    rtl: bool = False
    title: str
    lines: tuple[str, ...] = ()


class Part(_Shown, frozen=True, kw_only=True):
    """One part of a layout, at its place in the order."""

    kind: PartKind
    size: Size = "normal"


class SlipLayout(_Shown, frozen=True, kw_only=True):
    """A mall's own arrangement: which parts, in which order, how large. A copy's mark is in every layout."""

    parts: tuple[Part, ...] = tuple(
        Part(kind=kind)
        for kind in (
            "head",
            "number",
            "service",
            "category",
            "when",
            "ahead",
            "track",
            "then",
            "bring",
            "footer",
        )
    )
    #: The height of the number's digits; under 13 it is no longer read at arm's length.
    number_mm: Annotated[float, msgspec.Meta(ge=13, le=40)] = 15.0
    #: The side of the QR code without its quiet zone; under 20 older phones fail.
    qr_mm: Annotated[float, msgspec.Meta(ge=20, le=45)] = 20.0
    #: By language; "" is for every language that has none of its own.
    footer: dict[str, str] = {}


class Paper(_Shown, frozen=True, kw_only=True):
    """What the printer prints on and how it parts the slips."""

    #: Dots across: 576 (80 mm at 203 dpi), 512 (80 mm at 180), 384 (58 mm).
    dots: int = 576
    dpi: int = 203
    cut: Literal["partial", "full", "none"] = "partial"
    #: How much paper is left on the roll when the near-end sensor first reports.
    near_end_mm: int = 2500
    #: Drawn as one picture; or written in the printer's own fonts, for lines on which a picture takes too long.
    mode: Mode = "raster"
    #: As python-escpos calls it; it says dots, blade and code pages where nobody else does. "" is any.
    model: str = ""


# --------------------------------------------------------------------------------- from the server


class Greeting(_Said, frozen=True, kw_only=True, tag="greeting"):
    """The first thing that is said. The agent answers `hello`, or goes away if the versions differ."""

    speaks: str = SPEAKS
    protocol: int = PROTOCOL
    #: The server's own version, for people.
    server: str
    printer: str
    #: What `config.toml` says of this printer; what the agent's own address says goes before it.
    paper: Paper = Paper()


class Job(_Said, frozen=True, kw_only=True, tag="job"):
    """Print this once. `seq4` is repeated by the printer when the slip is out."""

    job: str
    #: The ticket's number as people know it, for logs and staff; never its id.
    ticket: str
    #: Four printable characters, unique among this printer's open jobs.
    seq4: str
    #: The hash of the layout's JSON; None is the layout that comes with the agent.
    layout: str | None = None
    data: SlipView | TestView
    #: Counted by the agent from receipt. What is not being sent by then never will be.
    ttl_ms: int


class ResultAck(_Said, frozen=True, kw_only=True, tag="result_ack"):
    job: str


class Cancel(_Said, frozen=True, kw_only=True, tag="cancel"):
    """Forget this job if nothing of it was sent.

    With `begun` nobody wants its paper any more: of a job that was begun what the printer holds back is thrown away,
    as far as it can be, and its result says what became of it. An agent that does not know `begun` does only the first.
    """

    job: str
    begun: bool = False


class Asset(_Said, frozen=True, kw_only=True, tag="asset"):
    """A layout (JSON) or a logo (PNG): the bytes whose hash was named. Empty: there is no such thing."""

    hash: str
    data: bytes


class Refusal(_Said, frozen=True, kw_only=True, tag="refusal"):
    """Said instead of, or after, the greeting, before the server closes."""

    #: `version`, or a code of the API's, such as `unauthorized`.
    code: str
    detail: str
    #: Which side must be updated, when that is what it takes.
    update: Literal["agent", "server", ""] = ""


FromServer = Greeting | Job | ResultAck | Cancel | Asset | Refusal


# ----------------------------------------------------------------------------------- from the agent


class Caps(_Shown, frozen=True, kw_only=True):
    """What this printer was found to answer."""

    #: Which of `DLE EOT` 1 to 4 it answers.
    status: Annotated[tuple[int, ...], msgspec.Meta(max_length=16)] = ()
    process_id: bool = False
    #: The `GS g 2` counter of cuts that it answers to, 50 or 178; 0 is none.
    counter: int = 0
    clear: bool = False
    gs_r: bool = False

    @property
    def confirms(self) -> Evidence:
        """What staff may expect of it: the best evidence that it can give."""
        if self.process_id:
            return "id"
        if self.counter:
            return "counter"
        return "gs_r" if self.gs_r else "none"


class OpenJob(_Shown, frozen=True, kw_only=True):
    """A job whose result the server has not yet taken."""

    job: Word
    state: JobState
    outcome: Outcome | None = None


class Hello(_Said, frozen=True, kw_only=True, tag="hello"):
    protocol: int = PROTOCOL
    #: The agent's own version, for people.
    agent: Word
    printer: Word
    #: How it is linked, for staff: `tcp://10.0.0.9:9100`.
    device: Line = ""
    caps: Caps = Caps()
    paper: Paper = Paper()
    open: Annotated[tuple[OpenJob, ...], msgspec.Meta(max_length=5_000)] = ()


class Ack(_Said, frozen=True, kw_only=True, tag="ack"):
    """Sent once the job is on the agent's disk (or will never be)."""

    job: Word
    verdict: Literal["accepted", "duplicate", "rejected"]
    reason: Why | None = None
    detail: Line = ""


class Waiting(_Said, frozen=True, kw_only=True, tag="waiting"):
    """The job stays queued, and why. Said once for each cause."""

    job: Word
    reason: Cause


class Sending(_Said, frozen=True, kw_only=True, tag="sending"):
    """From here on paper may come out, and the job cannot be cancelled.

    Said again with a `reason` when something is amiss before its end is known, and without one when it goes on.
    """

    job: Word
    reason: Cause | None = None


class Result(_Said, frozen=True, kw_only=True, tag="result"):
    """How it ended; repeated until acknowledged. Only an `unknown` may be corrected by a later result."""

    job: Word
    outcome: Outcome
    evidence: Evidence = "none"
    reason: Why | None = None
    #: A piece of this slip may hang from the printer.
    torn: bool = False
    #: From receipt to the end.
    ms: int = 0


class Cancelled(_Said, frozen=True, kw_only=True, tag="cancelled"):
    job: Word


class TooLate(_Said, frozen=True, kw_only=True, tag="too_late"):
    job: Word


class Need(_Said, frozen=True, kw_only=True, tag="need"):
    """These hashes were named by jobs and are not here yet."""

    hashes: Annotated[tuple[Word, ...], msgspec.Meta(max_length=16)]


class Status(_Said, frozen=True, kw_only=True, tag="status"):
    ready: bool
    reasons: Annotated[tuple[Cause, ...], msgspec.Meta(max_length=16)] = ()
    near_end: bool = False
    #: By the printer's own counter, where it has one.
    cuts: int | None = None
    mm_since_near_end: int = 0
    #: An estimate from the length of the slips so far; None while the roll is not near its end.
    tickets_left: int | None = None
    #: How long it has been so.
    for_s: int = 0
    #: What it was found to answer, once it was asked.
    caps: Caps = Caps()
    #: Why it was not reached, in words for staff.
    detail: Line = ""
    #: So many seconds a drawn slip takes on this line, where that is long; written as text it would take one.
    slow_s: int | None = None
    #: Slips since this agent's memory began, by outcome.
    printed: int = 0
    not_printed: int = 0
    unknown: int = 0


FromAgent = Hello | Ack | Waiting | Sending | Result | Cancelled | TooLate | Need | Status

_encoder = msgspec.json.Encoder()
_from_server: msgspec.json.Decoder[FromServer] = msgspec.json.Decoder(FromServer)
_from_agent: msgspec.json.Decoder[FromAgent] = msgspec.json.Decoder(FromAgent)
_layout: msgspec.json.Decoder[SlipLayout] = msgspec.json.Decoder(SlipLayout)


def encode(message: FromServer | FromAgent | SlipLayout) -> bytes:
    return _encoder.encode(message)


def from_server(data: bytes | str) -> FromServer:
    """Raises msgspec.DecodeError for what is not a message of the server's."""
    return _decoded(_from_server, data)


def from_agent(data: bytes | str) -> FromAgent:
    """Raises msgspec.DecodeError for what is not a message of an agent's."""
    return _decoded(_from_agent, data)


def layout_of(data: bytes) -> SlipLayout:
    """Raises msgspec.DecodeError for what is not a layout."""
    return _decoded(_layout, data)


def _decoded(decoder: msgspec.json.Decoder[Said], data: bytes | str) -> Said:
    """What is nested too deeply is no message either."""
    try:
        return decoder.decode(data)
    except RecursionError:
        raise msgspec.DecodeError("nested too deeply") from None


def hash_of(data: bytes) -> str:
    """The name under which a layout or a logo travels: SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()
