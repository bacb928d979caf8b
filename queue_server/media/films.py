"""Whether a video is whole and a film: its boxes are walked from head to head, and what is in them is not read.

MP4 (ISO/IEC 14496-12) says in `moov` which tracks there are and where their pieces lie; WebM (RFC 8794 and 9559) in
`Tracks`, before its clusters. A file of gigabytes costs some reads of a few bytes for each part of it. Whether its
pictures can be drawn is seen by who draws them: a display says so.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import IO, NamedTuple

from queue_server.media.kinds import MP4, Form, Wrong

MOST_PARTS = 1_000_000
"""Boxes of a file; a film of three hours that was recorded live has half as many."""
MP4_CODECS = frozenset({b"avc1", b"avc3", b"av01", b"vp09"})
WEBM_CODECS = frozenset({b"V_VP8", b"V_VP9", b"V_AV1"})


class _Box(NamedTuple):
    """`begins` and `ends` are of what is in it; `ends` is None where the file does not say."""

    kind: bytes
    begins: int
    ends: int | None


def check(opened: IO[bytes], form: Form) -> None:
    """Raises Wrong for what is not whole, or has no moving pictures that browsers play."""
    size = opened.seek(0, os.SEEK_END)
    (_Mp4 if form is MP4 else _WebM)(opened).check(size)


def _broken() -> Wrong:
    return Wrong("damaged", "It is damaged or not whole; copy it anew.")


def _no_film() -> Wrong:
    return Wrong(
        "unknown_type", "There are no moving pictures in it that displays play; export it as H.264, AV1 or VP9."
    )


class _Parts:
    """Reads few bytes at a place, and counts them."""

    def __init__(self, opened: IO[bytes]) -> None:
        self._opened = opened
        self._left = MOST_PARTS

    def _at(self, place: int, length: int) -> bytes:
        """So many bytes. Raises Wrong where the file ends before."""
        self._opened.seek(place)
        found = self._opened.read(length)
        if len(found) < length:
            raise _broken()
        return found

    def _count(self) -> None:
        self._left -= 1
        if self._left < 0:
            raise Wrong("damaged", "It has far too many parts; export it anew.")


class _Mp4(_Parts):
    def check(self, size: int) -> None:
        top = [box for box in self._boxes(0, size) if box.kind in (b"moov", b"moof", b"mdat")]
        kinds = {box.kind for box in top}
        if not {b"moov", b"mdat"} <= kinds:
            raise _broken()  # a recording that was broken off has no `moov`, which comes last
        for box in top:
            if box.kind == b"moov" and self._shows(box, size, fragments=b"moof" in kinds):
                return
        raise _no_film()

    def _shows(self, moov: _Box, size: int, *, fragments: bool) -> bool:
        tracks = (box for box in self._inside(moov) if box.kind == b"trak")
        return any(self._is_film(track, size, fragments) for track in tracks)

    def _is_film(self, track: _Box, size: int, fragments: bool) -> bool:
        media = {box.kind: box for box in self._into(track, b"mdia")}
        if b"hdlr" not in media or self._at(media[b"hdlr"].begins + 8, 4) != b"vide":
            return False
        table = {box.kind: box for box in self._into(track, b"mdia", b"minf", b"stbl")}
        if b"stsd" not in table or self._at(table[b"stsd"].begins + 12, 4) not in MP4_CODECS:
            return False
        if not fragments:
            self._check_places(table, size)
        return True

    def _check_places(self, table: dict[bytes, _Box], size: int) -> None:
        """The last piece lies in the file."""
        for kind, width in ((b"stco", 4), (b"co64", 8)):
            if kind in table:
                box = table[kind]
                count = int.from_bytes(self._at(box.begins + 4, 4))
                last = box.begins + 8 + (count - 1) * width
                if not count or last + width > (box.ends or 0) or int.from_bytes(self._at(last, width)) >= size:
                    raise _broken()
                return
        raise _broken()

    def _into(self, box: _Box, *names: bytes) -> Iterator[_Box]:
        """What is in the box that these names lead to."""
        if not names:
            yield from self._inside(box)
            return
        for inner in self._inside(box):
            if inner.kind == names[0]:
                yield from self._into(inner, *names[1:])

    def _inside(self, box: _Box) -> Iterator[_Box]:
        return self._boxes(box.begins, box.ends or 0)

    def _boxes(self, begins: int, ends: int) -> Iterator[_Box]:
        while begins < ends:
            self._count()
            if ends - begins < 8:
                raise _broken()
            head = self._at(begins, 8)
            length, body = int.from_bytes(head[:4]), begins + 8
            if length == 1:
                length, body = int.from_bytes(self._at(body, 8)), body + 8
            elif length == 0:  # to the end
                length = ends - begins
            if length < body - begins or begins + length > ends:
                raise _broken()
            yield _Box(head[4:], body, begins + length)
            begins += length


_SEGMENT, _TRACKS, _CLUSTER = b"\x18\x53\x80\x67", b"\x16\x54\xae\x6b", b"\x1f\x43\xb6\x75"
_TRACK, _TYPE, _CODEC = b"\xae", b"\x83", b"\x86"
_OF_SEGMENT = frozenset(
    {_TRACKS, _CLUSTER}
    | {b"\x11\x4d\x9b\x74", b"\x15\x49\xa9\x66", b"\x1c\x53\xbb\x6b", b"\x19\x41\xa4\x69"}
    | {b"\x10\x43\xa7\x70", b"\x12\x54\xc3\x67"}
)
"""With one of them a cluster ends of which nothing says how long it is."""
_IN_CLUSTER = frozenset({b"\xe7", b"\xa3", b"\xa0", b"\xab", b"\xa7", b"\x58\x54", b"\xaf"})
_ANYWHERE = frozenset({b"\xec", b"\xbf"})


class _WebM(_Parts):
    def check(self, size: int) -> None:
        head = self._box(0, size)
        if head.ends is None:
            raise _broken()
        segment = self._box(head.ends, size)
        if segment.kind != _SEGMENT:
            raise _broken()
        shows, clusters, place = False, 0, segment.begins
        ends = size if segment.ends is None else segment.ends
        while place < ends:
            box = self._box(place, ends)
            if box.kind not in _OF_SEGMENT | _ANYWHERE:
                raise _broken()
            if box.kind == _TRACKS and box.ends is not None:
                shows = shows or self._shows(box.begins, box.ends)
            clusters += box.kind == _CLUSTER
            place = self._after(box, ends)
        if not clusters:
            raise _broken()
        if not shows:
            raise _no_film()

    def _after(self, box: _Box, ends: int) -> int:
        """Where the next part of the segment begins. Raises Wrong for an unknown length of anything but a cluster."""
        if box.ends is not None:
            return box.ends
        if box.kind != _CLUSTER:
            raise _broken()
        place = box.begins
        while place < ends:
            inner = self._box(place, ends)
            if inner.kind in _OF_SEGMENT:
                break
            if inner.ends is None or inner.kind not in _IN_CLUSTER | _ANYWHERE:
                raise _broken()
            place = inner.ends
        return place

    def _shows(self, begins: int, ends: int) -> bool:
        return any(self._is_film(one) for one in self._boxes(begins, ends) if one.kind == _TRACK)

    def _is_film(self, track: _Box) -> bool:
        kind, codec = b"", b""
        for box in self._boxes(track.begins, track.ends or 0):
            length = (box.ends or 0) - box.begins
            if box.kind == _TYPE and length <= 8:
                kind = self._at(box.begins, length)
            elif box.kind == _CODEC and length <= 64:
                codec = self._at(box.begins, length).rstrip(b"\0")
        return int.from_bytes(kind) == 1 and codec in WEBM_CODECS

    def _boxes(self, begins: int, ends: int) -> Iterator[_Box]:
        while begins < ends:
            box = self._box(begins, ends)
            if box.ends is None:
                raise _broken()
            yield box
            begins = box.ends

    def _box(self, place: int, ends: int) -> _Box:
        self._count()
        first = self._at(place, 1)
        width = 9 - first[0].bit_length()
        kind = self._at(place, width) if width <= 4 else b""
        first = self._at(place + width, 1)
        length = 9 - first[0].bit_length()
        if not kind or length > 8:
            raise _broken()
        begins = place + width + length
        said = int.from_bytes(self._at(place + width, length)) & ((1 << 7 * length) - 1)
        if said == (1 << 7 * length) - 1:
            return _Box(kind, begins, None)
        if begins + said > ends:
            raise _broken()
        return _Box(kind, begins, begins + said)
