"""All that boards may show: what lies in their folders and what staff have uploaded, as of the last look.

    library.of("hall")               what that board shows, now or some time
    library.mark("hall")             changes whenever that does
    library.file("hall", name)       the file behind an address of that board, while it is what it was

Folders are looked at every few seconds, in a thread; the outcome replaces the one before as a whole.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path

import msgspec
from msgspec import Struct, field

from queue_server.media.folder import Folder, Lying
from queue_server.media.items import File, Item, Trouble, When
from queue_server.media.taking import MEGABYTE, Limits
from queue_server.media.uploads import Uploads
from queue_server.registry.media import Media, Uploaded
from queue_server.settings import Settings

LOOK_EVERY_S = 2.0
SWEEP_EVERY_S = 600.0


class Seen(Struct, frozen=True, kw_only=True):
    """One look: per board its items, and the files behind them; what is wrong in folders; every upload."""

    items: dict[str, tuple[Item, ...]] = field(default_factory=dict)
    files: dict[str, dict[str, File]] = field(default_factory=dict)
    troubles: tuple[tuple[str, Trouble], ...] = ()
    uploads: tuple[Item, ...] = ()
    marks: dict[str, str] = field(default_factory=dict)


class Library:
    """`settings` gives config.toml as it was last taken, `config_folder` is where it lies; `changed` is told."""

    def __init__(self, data: Path, settings: Callable[[], Settings], config_folder: Path, uploaded: Media) -> None:
        self.changed: list[Callable[[], None]] = []
        self.uploads = Uploads(data / "media", lambda: limits_of(settings()), lambda: settings().media.quota * MEGABYTE)
        self._made = data / "media-made"
        self._settings = settings
        self._config_folder = config_folder
        self._uploaded = uploaded
        self._folders: dict[str, Folder] = {}
        self._seen = Seen()
        self._looking = asyncio.Lock()

    @property
    def troubles(self) -> tuple[tuple[str, Trouble], ...]:
        return self._seen.troubles

    @property
    def uploaded(self) -> tuple[Item, ...]:
        return self._seen.uploads

    def of(self, board: str) -> tuple[Item, ...]:
        return self._seen.items.get(board, ())

    def mark(self, board: str) -> str:
        """Empty where it has nothing."""
        return self._seen.marks.get(board, "")

    def file(self, board: str, name: str) -> Path | None:
        """Takes a moment of the disk's: for a thread."""
        file = self._seen.files.get(board, {}).get(name)
        return file.path if file is not None and file.is_there() else None

    async def look(self) -> None:
        """Everything as it is now, and whoever is to be told."""
        async with self._looking:
            seen = await asyncio.to_thread(self._look)
            if seen == self._seen:
                return
            before, self._seen = self._seen.marks, seen
        if before != seen.marks:
            for tell in self.changed:
                tell()

    async def run(self) -> None:
        """For as long as the server runs."""
        swept = -SWEEP_EVERY_S
        while True:
            await self.look()
            now = asyncio.get_running_loop().time()
            if now - swept > SWEEP_EVERY_S:
                swept = now
                await asyncio.to_thread(self._sweep)
            await asyncio.sleep(LOOK_EVERY_S)

    def _look(self) -> Seen:
        settings = self._settings()
        with_media = [id_ for id_, board in settings.boards.items() if board.media is not None]
        lying = self._lying(settings)
        uploads: list[Item] = []
        kept: dict[str, File] = {}
        for one in self._uploaded.list():
            files = {name: self.uploads.find(name.partition(".")[0]) for name in (one.file, *one.captions.values())}
            there = {name: file for name, file in files.items() if file is not None}
            uploads.append(_item(one, missing=len(there) < len(files)))
            kept |= there
        items, all_files = {}, {}
        for id_ in with_media:
            found = lying.get(id_, Lying())
            own = tuple(one for one in uploads if not one.missing and (one.boards is None or id_ in one.boards))
            items[id_] = _without_twins((*found.items, *own))
            names = {name for one in own for name in (one.file, *one.captions.values())}
            all_files[id_] = {**found.files, **{name: file for name, file in kept.items() if name in names}}
        return Seen(
            items=items,
            files=all_files,
            troubles=tuple((id_, trouble) for id_, found in lying.items() for trouble in found.troubles),
            uploads=tuple(uploads),
            marks={id_: _mark(shown) for id_, shown in items.items() if shown},
        )

    def _lying(self, settings: Settings) -> dict[str, Lying]:
        """By board; a folder of several boards is looked at once."""
        folders: dict[str, Folder] = {}
        found: dict[str, Lying] = {}
        looked: dict[str, Lying] = {}
        for id_, board in settings.boards.items():
            if board.media is None or board.media.folder is None:
                continue
            named = board.media.folder
            if named not in folders:
                folders[named] = self._folder(settings, named)
                looked[named] = folders[named].look()
            found[id_] = looked[named]
        self._folders = folders
        return found

    def _folder(self, settings: Settings, named: str) -> Folder:
        made = folder_of(settings, self._config_folder, named, self._made)
        known = self._folders.get(named)
        if known is not None and (known.path, known.limits, known.language) == (made.path, made.limits, made.language):
            return known
        self._made.mkdir(mode=0o700, parents=True, exist_ok=True)
        return made

    def _sweep(self) -> None:
        seen = self._seen
        used = {name for one in seen.uploads for name in (one.file, *one.captions.values())}
        self.uploads.sweep(used)
        if not self._made.is_dir() or any(trouble.reason == "no_folder" for _board, trouble in seen.troubles):
            return  # a folder that is away for a moment comes back with the same pictures
        drawn = {name for files in seen.files.values() for name in files}
        for path in self._made.iterdir():
            if path.name not in drawn:
                path.unlink(missing_ok=True)


def limits_of(settings: Settings) -> Limits:
    return Limits(picture=settings.media.picture * MEGABYTE, video=settings.media.video * MEGABYTE)


def folder_of(settings: Settings, config_folder: Path, named: str, made: Path | None) -> Folder:
    """`made` as of Folder."""
    mall = settings.mall
    return Folder(config_folder / named, made, limits_of(settings), mall.languages[0], mall.timezone)


def _item(one: Uploaded, *, missing: bool) -> Item:
    return Item(
        id=one.id,
        kind="video" if one.kind == "video" else "picture",
        file=one.file,
        name=one.name,
        source="upload",
        alt=one.alt,
        captions=one.captions,
        when=When(since=one.since, until=one.until, hours=one.hours, days=one.days, priority=one.priority),
        boards=one.boards,
        bytes=one.bytes,
        by=one.by,
        missing=missing,
    )


def _without_twins(items: tuple[Item, ...]) -> tuple[Item, ...]:
    """A file that lies there twice is shown once."""
    return tuple({one.id: one for one in items}.values())


def _mark(items: tuple[Item, ...]) -> str:
    return blake2b(msgspec.json.encode(items), digest_size=8).hexdigest()
