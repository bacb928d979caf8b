"""What lies in a board's folder: pictures and videos by name, each with what is said of it beside.

    menu.jpg     menu.toml                  alt, from, until, hours, days, priority
    film.mp4     film.id.vtt  film.en.vtt   captions by language (film.vtt: the mall's first), or no_speech there

Files whose names begin with a dot or end like one that is being copied are passed over, and so is whatever was written
to a moment ago. Looks at files and draws pictures, so it is for a thread, never for the event loop.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta, Struct, field

from queue_server.media.items import File, Item, Trouble, When
from queue_server.media.kinds import CAPTIONS, Wrong
from queue_server.media.taking import Limits, Taken, take
from queue_server.settings.values import NotWritten, day, span
from queue_server.wire.media import Priority, Weekday

SETTLED_S = 2.0
"""What was written to so lately may still be copied."""
MOST = 100
"""Files of one folder; more make a round that nobody sees the end of."""
_PASSED_OVER = (".part", ".tmp", ".crdownload", ".filepart", ".swp", "~")
_SYSTEMS = {"thumbs.db", "desktop.ini"}
_BESIDE = (".toml", ".vtt")

Known = dict[tuple[str, int, int], Taken | Wrong]
"""By name, size and time: what came of a file, so that it is read once."""


class Beside(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"since": "from"}):
    """What NAME.toml says of NAME.jpg or NAME.mp4."""

    alt: str | dict[str, str] = ""
    no_speech: bool = False
    since: Any = None
    until: Any = None
    """A date, shown to its end, or a date and a time."""
    hours: tuple[str, ...] = ()
    days: Annotated[tuple[Weekday, ...], Meta(max_length=7)] = ()
    priority: Priority = "normal"


class Lying(Struct, frozen=True, kw_only=True):
    """What was found: items in the order of their names, the files behind them by what they are served as."""

    items: tuple[Item, ...] = ()
    files: dict[str, File] = field(default_factory=dict)
    troubles: tuple[Trouble, ...] = ()


class Folder:
    """One folder. `made` is where what is drawn anew goes; without it nothing is written, for a check."""

    def __init__(self, path: Path, made: Path | None, limits: Limits, language: str, timezone: str) -> None:
        self.path = path
        self.made = made
        self.limits = limits
        self.language = language
        self.zone = ZoneInfo(timezone)
        self._known: Known = {}

    def look(self, now: float | None = None) -> Lying:
        """All of it as it is now. `now` is of the clock by which files are written."""
        try:
            names = sorted(path.name for path in self.path.iterdir() if path.is_file() and not _is_none(path.name))
        except OSError:
            lacking = Trouble(file="", reason="no_folder", detail=f"There is no folder {self.path} that can be read.")
            return Lying(troubles=(lacking,))
        look = _Look(self, names, self._known, time.time() if now is None else now)
        found = look.all()
        self._known = look.known
        return found


class _Look:
    """One look at a folder; what was known of files that have not changed is known still."""

    def __init__(self, folder: Folder, names: list[str], before: Known, now: float) -> None:
        self.folder = folder
        self.names = names
        self.before = before
        self.now = now
        self.known: Known = {}
        self.files: dict[str, File] = {}
        self.troubles: list[Trouble] = []

    def all(self) -> Lying:
        shown = [name for name in self.names if not name.endswith(_BESIDE)]
        items: list[Item] = []
        for name in shown:
            try:
                item = self._item(name)
                if item is not None and len(items) >= MOST:
                    raise Wrong("too_many", f"{MOST} files of a folder are shown; take some out.")
            except Wrong as wrong:
                self.troubles.append(Trouble(file=name, reason=wrong.reason, detail=wrong.detail))
                continue
            if item is not None:
                items.append(item)
        self._name_lonely({Path(name).stem for name in shown})
        return Lying(items=tuple(items), files=self.files, troubles=tuple(self.troubles))

    def _item(self, name: str) -> Item | None:
        """None for what is being copied. Raises Wrong."""
        taken = self._take(name)
        if taken is None:
            return None
        if taken.form.kind == "captions":
            raise Wrong("unknown_type", "Captions are called like their video, with .vtt.")
        beside = self._beside(name)
        captions = self._captions(name, beside) if taken.form.kind == "video" else {}
        self.files[taken.name] = taken.file
        return Item(
            id=taken.name.partition(".")[0],
            kind="video" if taken.form.kind == "video" else "picture",
            file=taken.name,
            name=name,
            source="folder",
            alt=self._alt(name, beside),
            captions=captions,
            when=self._when(beside),
            bytes=taken.file.size,
        )

    def _take(self, name: str) -> Taken | None:
        path = self.folder.path / name
        try:
            stat = path.stat()
        except OSError:
            raise Wrong("unreadable", "It cannot be read; let the server's account read it.") from None
        if 0 <= self.now - stat.st_mtime < SETTLED_S:
            return None
        key = (name, stat.st_size, stat.st_mtime_ns)
        known = self.before.get(key)
        if known is None or (isinstance(known, Taken) and not known.file.is_there()):
            try:
                known = take(path, self.folder.limits, self.folder.made)
            except Wrong as wrong:
                known = wrong
            except OSError as error:  # of the disk's making, and gone with it: the next look tries again
                raise Wrong("unreadable", f"It cannot be read, or not be made ready: {error.strerror}.") from error
        self.known[key] = known
        if isinstance(known, Wrong):
            raise known
        return known

    def _captions(self, name: str, beside: Beside) -> dict[str, str]:
        stem, found = Path(name).stem, {}
        for other in (other for other in self.names if other.endswith(".vtt") and other.startswith(f"{stem}.")):
            language = other.removeprefix(f"{stem}.").removesuffix("vtt").rstrip(".") or self.folder.language
            try:
                taken = self._take(other)
            except Wrong as wrong:
                raise Wrong(wrong.reason, f"{other}: {wrong.detail}") from None
            if taken is None or taken.form is not CAPTIONS:
                raise Wrong("captions_wrong", f"{other} is no WebVTT.")
            self.files[taken.name] = taken.file
            found[language] = taken.name
        if not found and not beside.no_speech:
            raise Wrong("no_captions", f"It has no captions: add {stem}.vtt, or no_speech = true in {stem}.toml.")
        return found

    def _beside(self, name: str) -> Beside:
        path = self.folder.path / f"{Path(name).stem}.toml"
        try:
            said = msgspec.toml.decode(path.read_bytes(), type=Beside)
            for opening in said.hours:
                span(opening)
            for said_day in (said.since, said.until):
                if said_day is not None and not isinstance(said_day, datetime):
                    day(said_day)
        except FileNotFoundError:
            return Beside()
        except (msgspec.DecodeError, NotWritten, UnicodeDecodeError, OSError) as error:
            raise Wrong("beside_wrong", f"{path.name}: {error}.") from error
        return said

    def _alt(self, name: str, beside: Beside) -> dict[str, str]:
        said = {self.folder.language: beside.alt} if isinstance(beside.alt, str) else beside.alt
        alt = {language: " ".join(text.split()) for language, text in said.items() if text.strip()}
        if not alt:
            todo = f'Nobody has said what it shows: write alt = "…" into {Path(name).stem}.toml.'
            self.troubles.append(Trouble(file=name, reason="no_alt", detail=todo, shown=True))
        return alt

    def _when(self, beside: Beside) -> When:
        since, until = self._instant(beside.since, timedelta()), self._instant(beside.until, timedelta(days=1))
        return When(since=since, until=until, hours=beside.hours, days=beside.days, priority=beside.priority)

    def _instant(self, said: Any, after: timedelta) -> int | None:
        if said is None:
            return None
        if not isinstance(said, datetime):
            said = datetime.combine(day(said) + after, time_of_day(), self.folder.zone)
        at: datetime = said if said.tzinfo else said.replace(tzinfo=self.folder.zone)
        return round(at.timestamp() * 1000)

    def _name_lonely(self, stems: Iterable[str]) -> None:
        """What is said of a file that is not there: most likely that one is called otherwise."""
        for name in (name for name in self.names if name.endswith(_BESIDE)):
            stem = name.removesuffix(".toml").removesuffix(".vtt")
            if not {stem, stem.rpartition(".")[0]} & set(stems):
                lonely = Trouble(file=name, reason="alone", detail="There is no picture or video of that name.")
                self.troubles.append(lonely)


def _is_none(name: str) -> bool:
    """Of the system's, or being copied."""
    return name.startswith(".") or name.lower() in _SYSTEMS or name.lower().endswith(_PASSED_OVER)
