"""What config.toml may say of boards: what each shows, how it sounds, its media, the colours of all.

As tables.py, which has them with the others.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, field

from queue_server.settings.kinds import Table, Texts
from queue_server.settings.values import Colour, Volumes


class BoardMedia(Table, frozen=True, kw_only=True):
    """Pictures and videos on one board."""

    place: Literal["beside", "between"] = "between"
    """`beside` the calls, in the place of what is less urgent, or `between` them, on the whole board."""
    folder: str | None = None
    """Beside config.toml; what lies in it is shown. None: only what staff upload."""
    seconds: Annotated[int, Meta(ge=5, le=600)] = 12
    """How long a picture stands. A video stands until it is over."""


class Media(Table, frozen=True, kw_only=True):
    """How large files of boards may be, in megabytes, and all that were uploaded together."""

    picture: Annotated[int, Meta(ge=1, le=200)] = 20
    video: Annotated[int, Meta(ge=1, le=4000)] = 200
    quota: Annotated[int, Meta(ge=10, le=1_000_000)] = 2000


class Board(Table, frozen=True, kw_only=True):
    zones: tuple[str, ...]
    name: Texts = field(default_factory=Texts)
    layout: Literal["calls", "serving", "waiting", "entrance"] = "calls"
    """What stands beside the calls: those before, everybody at the counters, everybody who waits, or all agencies."""
    languages: tuple[str, ...] = ()
    rows: Annotated[int, Meta(ge=1, le=12)] = 6
    inches: Annotated[float, Meta(ge=0, le=200)] = 0
    """The diagonal of its smallest panel; 0: nobody has said."""
    farthest: Annotated[float, Meta(ge=0, le=100)] = 0
    """Metres to the farthest seat from which it must be read."""
    alternate: bool = False
    """One language at a time, in turn, instead of the first one always and another beside it."""
    arrows: dict[str, Literal["left", "right", "up", "down", "up-left", "up-right"]] = field(default_factory=dict)
    """Where each zone lies, as seen by whoever reads this board."""
    sound: bool = True
    repeat: Annotated[int, Meta(ge=0, le=2)] = 0
    """How often an announcement is spoken again at once, while nobody else waits to be called."""
    volume: Volumes = Volumes()
    earshot: Annotated[str, Meta(max_length=32)] = ""
    """Displays of boards that name the same one hear each other, and never speak at once."""
    waiting_list: bool = False
    notice: Texts = field(default_factory=Texts)
    media: BoardMedia | None = None
    """None: it shows calls, and nothing else."""


class Theme(Table, frozen=True, kw_only=True):
    """The colours of the hall's displays; what else they need is made of these."""

    ground: Colour = Colour("#0E1420")
    ink: Colour = Colour("#FFFFFF")
    soft: Colour = Colour("#B8C0CC")
    """Of what matters less."""
    call: Colour = Colour("#FFD34D")
    """Of a called number and its counter's frame."""
