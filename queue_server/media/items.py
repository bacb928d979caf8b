"""One picture or video of a board, wherever it came from, and when it stands there."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from msgspec import Struct, field

from queue_server.wire.media import Priority, Weekday


class When(Struct, frozen=True, kw_only=True):
    """Milliseconds of the mall's clock; hours and weekdays as they are written: `08:00-12:00`, `mon`."""

    since: int | None = None
    until: int | None = None
    hours: tuple[str, ...] = ()
    days: tuple[Weekday, ...] = ()
    priority: Priority = "normal"


class File(Struct, frozen=True, kw_only=True):
    """A file that is served under a name made of its content: `size` and `changed` say whether it is still that."""

    path: Path
    size: int
    changed: int
    """Nanoseconds."""

    def is_there(self) -> bool:
        try:
            now = self.path.stat()
        except OSError:
            return False
        return (now.st_size, now.st_mtime_ns) == (self.size, self.changed)


class Item(Struct, frozen=True, kw_only=True):
    """`file` is its address' last part (a hash and an ending), `captions` the same by language."""

    id: str
    kind: Literal["picture", "video"]
    file: str
    name: str
    source: Literal["upload", "folder"]
    alt: dict[str, str] = field(default_factory=dict)
    captions: dict[str, str] = field(default_factory=dict)
    when: When = When()
    boards: tuple[str, ...] | None = None
    bytes: int = 0
    by: str | None = None
    missing: bool = False


class Trouble(Struct, frozen=True, kw_only=True):
    """What is wrong with a file in a folder; `shown` all the same where only something is missing."""

    file: str
    reason: str
    detail: str
    shown: bool = False
