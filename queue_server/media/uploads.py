"""Files that staff send: taken in piece by piece, judged by their first bytes, kept under a hash of their content.

    taken = await uploads.receive(chunks, who, still)      # on disk, whole, or Invalid or IllegalMove says why not

Nothing of a file is believed but its bytes. A file that nobody puts on a board goes after an hour.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import time
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import suppress
from pathlib import Path
from secrets import token_hex

from queue_server.errors import IllegalMove, Invalid, Unavailable
from queue_server.media.items import File
from queue_server.media.kinds import FORMS, HEAD, Wrong, form_of
from queue_server.media.taking import MEGABYTE, Limits, Taken, as_it_is, take

AT_ONCE = 4
"""Uploads, of as many senders; whoever comes then is asked to come again."""
UNUSED_S = 3600.0
LEFT_FREE = 500 * MEGABYTE
"""Of the disk: what happens in the hall must always be written down."""
_WRITTEN = 1 << 20
"""So much is gathered before it is written."""


class Uploads:
    """`folder` is ours alone; `limits` and `quota` (bytes) are asked each time."""

    def __init__(self, folder: Path, limits: Callable[[], Limits], quota: Callable[[], int]) -> None:
        self._folder = folder
        self._limits = limits
        self._quota = quota
        self._coming: dict[str, int] = {}
        """How many bytes have come so far, by their sender."""

    async def receive(self, chunks: AsyncIterator[bytes], who: str, still: Callable[[], object]) -> Taken:
        """Raises Invalid, IllegalMove, Unavailable; then nothing is kept. `who` sends one file after the other; `still`
        raises as soon as they may not any more, and is asked again and again.
        """
        if who in self._coming or len(self._coming) >= AT_ONCE:
            raise IllegalMove("Other files are coming just now; try again in a moment.", reason="uploads_busy")
        self._coming[who] = 0
        part = self._folder / f".{token_hex(8)}.part"
        try:
            await asyncio.to_thread(self._folder.mkdir, mode=0o700, parents=True, exist_ok=True)
            await self._write(part, chunks, who, still)
            return await asyncio.to_thread(self._keep, part)
        except Wrong as wrong:
            raise Invalid(wrong.detail, reason=wrong.reason) from None
        except (ConnectionError, TimeoutError):
            raise  # whoever sent it is gone, or too slow
        except OSError as error:
            raise Unavailable(f"The file cannot be kept: {error.strerror}.") from error
        finally:
            del self._coming[who]
            await asyncio.shield(asyncio.to_thread(part.unlink, missing_ok=True))

    def find(self, key: str) -> File | None:
        """The file of that hash, if it is here."""
        for ending in FORMS:
            path = self._folder / f"{key}.{ending}"
            with suppress(OSError):
                return as_it_is(path)
        return None

    def used(self) -> int:
        """Bytes."""
        with suppress(OSError):
            return sum(entry.stat().st_size for entry in os.scandir(self._folder))
        return 0

    def drop(self, names: Collection[str]) -> None:
        """These are on no board any more."""
        for name in names:
            (self._folder / name).unlink(missing_ok=True)

    def sweep(self, used: Collection[str]) -> None:
        """What nobody has put on a board, or has taken off, goes."""
        before = time.time() - UNUSED_S
        with suppress(OSError):
            for entry in os.scandir(self._folder):
                if entry.name not in used and entry.stat().st_mtime < before:
                    Path(entry.path).unlink(missing_ok=True)

    async def _write(self, part: Path, chunks: AsyncIterator[bytes], who: str, still: Callable[[], object]) -> None:
        """Raises Wrong as soon as that is known, IllegalMove where there is no room."""
        gathered, size, most = bytearray(), 0, 0
        async for chunk in chunks:
            gathered += chunk
            size += len(chunk)
            self._coming[who] = size
            if not most and len(gathered) >= HEAD:
                most = self._limits().most(form_of(bytes(gathered[:HEAD])))
            if most and size > most:
                raise Wrong("too_large", f"That kind of file may have {most / MEGABYTE:.3g} MB.")
            if len(gathered) >= _WRITTEN and most:
                still()
                await self._find_room()
                await asyncio.to_thread(_append, part, bytes(gathered))
                gathered.clear()
        if not size:
            raise Wrong("empty", "The file is empty.")
        if not most:
            form_of(bytes(gathered))
        still()
        await self._find_room()
        await asyncio.to_thread(_append, part, bytes(gathered), last=True)

    async def _find_room(self) -> None:
        """For all that has come of any upload, whether it is written yet or not. Raises IllegalMove."""
        coming = sum(self._coming.values())
        kept, written, free = await asyncio.to_thread(self._lying)
        if kept + coming > self._quota() or free - max(coming - written, 0) < LEFT_FREE:
            raise IllegalMove("There is no room for it: take something off the boards first.", reason="no_room")

    def _lying(self) -> tuple[int, int, int]:
        """Bytes of files that are whole, of those that are coming, and free on the disk."""
        sizes: dict[bool, int] = {False: 0, True: 0}
        for entry in os.scandir(self._folder):
            with suppress(FileNotFoundError):
                sizes[entry.name.endswith(".part")] += entry.stat().st_size
        return sizes[False], sizes[True], shutil.disk_usage(self._folder).free

    def _keep(self, part: Path) -> Taken:
        taken = take(part, self._limits(), self._folder)
        to = self._folder / taken.name
        if taken.file.path == part:
            part.replace(to)
        os.utime(to)  # from now on it has its hour
        _sync(to)
        _sync(self._folder)
        return Taken(form=taken.form, name=taken.name, file=as_it_is(to))


def _append(path: Path, content: bytes, last: bool = False) -> None:
    with os.fdopen(os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY | os.O_NOFOLLOW, 0o600), "ab") as file:
        file.write(content)
        if last:
            file.flush()
            os.fsync(file.fileno())


def _sync(path: Path) -> None:
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
