"""A file as it will be served: what it is, under which name, and where it lies.

The name is a hash of what came, so a browser may keep it for ever. Pictures are drawn anew and captions written anew
into a folder of ours; a video stays where it is.
"""

from __future__ import annotations

from hashlib import blake2b
from pathlib import Path
from typing import IO

from msgspec import Struct

from queue_server.media.captions import MOST_BYTES, rewritten
from queue_server.media.films import check
from queue_server.media.items import File
from queue_server.media.kinds import CAPTIONS, HEAD, PICTURE, Form, Wrong, form_of
from queue_server.media.pictures import redraw

MEGABYTE = 1_000_000
_CHUNK = 1 << 20


class Limits(Struct, frozen=True, kw_only=True):
    """Bytes."""

    picture: int
    video: int

    def most(self, form: Form) -> int:
        return {"picture": self.picture, "video": self.video}.get(form.kind, MOST_BYTES)


class Taken(Struct, frozen=True, kw_only=True):
    """`name` is the last part of its address."""

    form: Form
    name: str
    file: File


def take(path: Path, limits: Limits, made: Path | None) -> Taken:
    """`made` is our folder; without it nothing is written, for a check. Raises Wrong, OSError."""
    with path.open("rb") as opened:
        form = form_of(opened.read(HEAD))
        before, most = as_it_is(path), limits.most(form)
        if before.size > most:
            said = (
                f"{before.size / MEGABYTE:.1f} MB are more than the {most / MEGABYTE:.3g} MB that such a file may have."
            )
            raise Wrong("too_large", said)
        opened.seek(0)
        if form is CAPTIONS:
            return _captions(rewritten(opened.read()), made, before)
        if form.kind == "video":
            check(opened, form)
            opened.seek(0)
        name = f"{_digest(opened)}.{form.ending}"
    file = _picture(path, made / name if made else None, before) if form is PICTURE else before
    return Taken(form=form, name=name, file=file)


def as_it_is(path: Path) -> File:
    stat = path.stat()
    return File(path=path, size=stat.st_size, changed=stat.st_mtime_ns)


def _digest(opened: IO[bytes]) -> str:
    digest = blake2b(digest_size=15)
    while chunk := opened.read(_CHUNK):
        digest.update(chunk)
    return digest.hexdigest()


def _picture(path: Path, to: Path | None, before: File) -> File:
    if to is None or not to.is_file():
        redraw(path, to)
    return before if to is None else as_it_is(to)


def _captions(content: bytes, made: Path | None, before: File) -> Taken:
    name = f"{blake2b(content, digest_size=15).hexdigest()}.{CAPTIONS.ending}"
    if made is None:
        return Taken(form=CAPTIONS, name=name, file=before)
    to = made / name
    if not to.is_file():
        part = to.with_suffix(".part")
        part.write_bytes(content)
        part.replace(to)
    return Taken(form=CAPTIONS, name=name, file=as_it_is(to))
