"""What only shows: colours, rows, sounds, idle times and everyday words of the mall's screens.

Nothing is decided by it and no journal has it, so a change of it is nothing that happened: it comes from config.toml as
the server last read it, while rules come from the journal. Texts are rules: they are what people were told.
"""

from __future__ import annotations

from msgspec import Struct, field

from queue_server.wire.api import Question


class BoardLook(Struct, frozen=True, kw_only=True):
    layout: str = "calls"
    """What stands beside the calls: `calls` before, `serving`, `waiting` or `entrance`."""
    inches: float = 0
    farthest_m: float = 0
    alternate: bool = False
    arrows: dict[str, str] = field(default_factory=dict)
    """Where each zone lies, by its id."""
    rows: int = 6
    """How many calls are listed below the newest."""
    sound: bool = True
    repeat: int = 0
    volume: tuple[tuple[int, int], ...] = ()
    """Minutes since midnight and the percent that hold from then on, in order."""
    earshot: str = ""
    """What displays that hear each other have in common."""
    waiting_list: bool = False
    """Whether the numbers that wait are listed, too."""
    media: str = ""
    """Where pictures and videos stand: `beside` calls or `between` them; empty where the board has none."""
    picture_s: int = 12
    """How long a picture stands."""

    def volume_at(self, minute: int) -> int:
        """In percent; before the day's first change yesterday's last one holds."""
        held = [percent for since, percent in self.volume if since <= minute]
        return held[-1] if held else self.volume[-1][1] if self.volume else 100


class KioskLook(Struct, frozen=True, kw_only=True):
    layout: str = "agencies"
    """What the first page lists: `agencies`, or all `services` at once."""
    pages: tuple[str, ...] = ("common", "search", "priority", "details", "several")
    """What it shows beside the choices: quick ones, the search, the categories, what to bring before the ticket,
    several services on one."""
    choose_by: str = "screen"
    codes: dict[str, str] = field(default_factory=dict)
    """The service of each code that is read there."""
    keys: dict[str, str] = field(default_factory=dict)
    """The service of each key of its box of buttons."""


class Presentation(Struct, frozen=True, kw_only=True):
    """By id, where there are many of a thing; what is not named looks as usual."""

    accent: str | None = None
    theme: tuple[str, ...] = ()
    """The displays' ground, ink, soft and call, where they are the mall's own."""
    """The colour of buttons and links."""
    stripes: dict[str, str] = field(default_factory=dict)
    """The colour beside an agency's name."""
    idle_s: dict[str, int] = field(default_factory=dict)
    """After so long without a touch a kiosk starts again."""
    words: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """What people call a service: it is found by these words, too."""
    simple: dict[str, dict[str, str]] = field(default_factory=dict)
    """What a service is for, in short words."""
    costs: dict[str, dict[str, str]] = field(default_factory=dict)
    takes: dict[str, dict[str, str]] = field(default_factory=dict)
    """What is to be paid for a service, and how long it takes."""
    common: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The services that a kiosk's first page offers at once, where the mall says which."""
    kiosks: dict[str, KioskLook] = field(default_factory=dict)
    long_wait_s: int = 0
    """From which expected wait on a queue is long; 0 for never."""
    dots_per_mm: dict[str, float] = field(default_factory=dict)
    """Of the panels of kiosks whose size the mall has said."""
    plans: dict[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    """Of each zone that has one, a small map: rows of ids of counters, `.` for a gap, `*` for the display."""
    tongues: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """What is spoken at a counter, where the mall says so: codes of languages."""
    boards: dict[str, BoardLook] = field(default_factory=dict)
    asks: dict[str, tuple[Question, ...]] = field(default_factory=dict)
    """What may be asked of whoever comes for a service."""


IDLE_S = 60

USUAL = Presentation()
"""Of a mall that says nothing of its looks."""

USUAL_BOARD = BoardLook()
