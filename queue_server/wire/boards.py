"""What a board says to its displays: calls, who is at the counters, and what its layout shows beside them."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct

from queue_server.wire.api import BoardServing, Evacuation, Named, Texts, Wait, Word
from queue_server.wire.media import BoardMedia, Language, Line, Timed


class BoardCall(Struct, frozen=True, kw_only=True):
    """`seq` is the journal's own, so a display announces each call once and in order."""

    seq: int
    number: str
    counter: str
    label: str
    zone: str
    at: str
    recall: bool
    category: str = "regular"
    language: str = ""
    """The language that the citizen chose."""
    moved: bool = False
    """The citizen was on the way to another counter, which has sent them on: not there any more, but here."""
    speech: tuple[str, ...] = ()
    """Where what is said aloud lies, one sound file for each language, while the call is fresh."""


class BoardWaiting(Struct, frozen=True, kw_only=True):
    """Somebody who waits. `wait_reason` says why no wait is told, where anything does: `no_counter`."""

    number: str
    estimated_wait: Wait | None = None
    wait_reason: str | None = None


class BoardAgency(Struct, frozen=True, kw_only=True):
    """How an agency stands for somebody who comes in now.

    `state`: `open` while any of its services gives tickets; otherwise `paused`, `full` (no more tickets today) or
    `closed`. The wait spans what is told of its open services.
    """

    id: str
    name: Texts
    colour: str | None
    state: str
    waiting: int
    estimated_wait: Wait | None = None
    wait_reason: str | None = None
    opens_at: str | None = None
    """Of a closed one: when the first of its services opens, where that is known."""
    zones: tuple[str, ...] = ()
    """Where its counters stand, of the zones that the board knows."""


class BoardAnnouncement(Timed, frozen=True, kw_only=True):
    """A line at the foot, from and until a time of the mall's clock; while an urgent one stands, no other does."""

    id: str
    texts: Texts
    since: str
    until: str | None
    urgent: bool


class AnnouncementView(BoardAnnouncement, frozen=True, kw_only=True):
    """`boards` is null for all."""

    boards: tuple[str, ...] | None


class AnnouncementRequest(Timed, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`texts` by language, 160 characters each; `boards` empty for all; times RFC 3339, or by the mall's own clocks."""

    texts: Annotated[dict[Language, Line], Meta(max_length=12)]
    boards: Annotated[tuple[Word, ...], Meta(max_length=64)] = ()
    since: Annotated[str, Meta(max_length=40)] | None = None
    until: Annotated[str, Meta(max_length=40)] | None = None
    urgent: bool = False


class BoardView(Struct, frozen=True, kw_only=True):
    board: str
    calls: tuple[BoardCall, ...]
    """Newest first."""
    serving: tuple[BoardServing, ...]
    """Everybody at the counters of the board's zones, called or served."""
    waiting: int
    name: Texts
    mall: Texts
    languages: tuple[str, ...]
    zones: tuple[Named, ...]
    directions: dict[str, Texts]
    rows: int
    sound: bool
    held: str | None
    """The reason's code while the hall is held."""
    held_text: Texts
    notice: Texts
    waiting_list: tuple[str, ...]
    timezone: str
    counters: tuple[str, ...] = ()
    """The ids of all counters in the board's zones, in the mall's order."""
    evacuation: Evacuation | None = None
    open: bool = True
    """Whether any service at the board's counters gives tickets, or somebody still waits there."""
    volume: int = 100
    """In percent, at this hour."""
    repeat: int = 0
    """How often an announcement is spoken again at once, while no other waits."""
    earshot: str = ""
    """Boards of one earshot take turns at speaking; empty where this one hears no other."""
    sound_test: tuple[str, ...] = ()
    """What a test of the sound plays after the chime, one file for each language."""
    layout: str = "calls"
    """`calls`, `serving`, `waiting` or `entrance`: what stands beside the calls."""
    queue: tuple[BoardWaiting, ...] = ()
    """Of a waiting list: who waits, in the order in which they are due; by number where the mall is blind."""
    agencies: tuple[BoardAgency, ...] = ()
    """Of an entrance: all of the mall's, in its order."""
    alternate: bool = False
    """Languages one at a time, in turn."""
    arrows: dict[str, str] = {}
    """Where zones lie, as seen from this board: `left right up down up-left up-right`."""
    plans: dict[str, tuple[tuple[str, ...], ...]] = {}
    """Small maps of zones: rows of ids of counters, `.` for a gap, `*` for the display."""
    announcements: tuple[BoardAnnouncement, ...] = ()
    """Those that stand now or will; the urgent first."""
    media: BoardMedia | None = None
    """Pictures and videos, where the board shows any."""
    panel_mm: float = 0
    """The shorter side of the panel; 0: nobody has said how large it is."""
    call_mm: float = 0
    """How high the capitals of a called number must be for the farthest seat; `row_mm` those of lists."""
    row_mm: float = 0


class BoardTurn(Struct, frozen=True, kw_only=True):
    """`turn`: `speak`, `wait` (ask again in a moment) or `heard` (another display has spoken this call, or does)."""

    turn: str
