"""What boards show beside calls: pictures and videos, and when anything stands there that staff put up."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from queue_server.wire.api import Texts, Word

Opening = Annotated[str, Meta(max_length=11, pattern=r"^\d\d:\d\d-\d\d:\d\d$")]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Priority = Literal["low", "normal", "high"]
Key = Annotated[str, Meta(max_length=30, pattern=r"^[0-9a-f]{30}$")]
"""What a file is called: a hash of its content."""

MediaId = Annotated[str, Meta(pattern=r"^[0-9a-f]{16,30}$")]

Language = Annotated[str, Meta(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=16)]
Line = Annotated[str, Meta(max_length=160, pattern=r"^[^\x00-\x1f\x7f\u202a-\u202e\u2028\u2029]*$")]
"""Nothing that steers, breaks the line, or turns the order of what others wrote beside it."""


class Timed(Struct, frozen=True, kw_only=True):
    """At which hours and on which weekdays of the mall something stands, always where none are named; and before what.

    Of all that is due only what has the highest `priority` is shown: `low` fills what nothing else takes.
    """

    hours: Annotated[tuple[Opening, ...], Meta(max_length=6)] = ()
    days: Annotated[tuple[Weekday, ...], Meta(max_length=7)] = ()
    priority: Priority = "normal"


class BoardMedia(Struct, frozen=True, kw_only=True):
    """That a board shows pictures and videos: `place` is `beside` or `between` calls, `picture_s` how long a picture
    stands, `of` changes with the list that `GET /boards/{board}/media` gives.
    """

    place: str
    picture_s: int
    of: str


class MediaItem(Timed, frozen=True, kw_only=True):
    """One picture or video: `kind` says which. It stands from `since` until `until`, null for no such limit.

    `captions` are addresses of WebVTT by language, none where nobody speaks in it.
    """

    id: str
    kind: Literal["picture", "video"]
    src: str
    alt: Texts
    captions: dict[str, str] = {}
    since: str | None = None
    until: str | None = None


class MediaView(MediaItem, frozen=True, kw_only=True):
    """For staff: `boards` is null for all, `source` is `upload` or `folder`, `by` who uploaded it. `broken_on` are
    displays that could not show it; `missing`: its file is gone.
    """

    name: str
    source: Literal["upload", "folder"]
    boards: tuple[str, ...] | None
    bytes: int
    by: str | None = None
    broken_on: tuple[str, ...] = ()
    missing: bool = False


class MediaFault(Struct, frozen=True, kw_only=True):
    """A file in a folder that is not shown, or not as it should be, and why: a code, and a sentence in English."""

    board: str
    file: str
    reason: str
    detail: str


class MediaList(Struct, frozen=True, kw_only=True):
    """All that boards show, what is wrong with files in folders, and the room that uploads have, in bytes."""

    items: tuple[MediaView, ...]
    faults: tuple[MediaFault, ...]
    used: int
    quota: int


class UploadView(Struct, frozen=True, kw_only=True):
    """A file that has come: put it on boards within the hour (`POST /media`), or it goes again."""

    file: str
    kind: Literal["picture", "video", "captions"]
    bytes: int


class MediaSaid(Timed, frozen=True, kw_only=True):
    """`alt` says in a line what is to be seen, by language. `boards` empty for all; times as of announcements."""

    alt: Annotated[dict[Language, Line], Meta(max_length=12)]
    name: Annotated[str, Meta(max_length=120, pattern=r"^[^\x00-\x1f\x7f]*$")] = ""
    boards: Annotated[tuple[Word, ...], Meta(max_length=64)] = ()
    since: Annotated[str, Meta(max_length=40)] | None = None
    until: Annotated[str, Meta(max_length=40)] | None = None
    no_speech: bool = False
    """Nobody speaks in this video, so it needs no captions."""


class MediaChangeRequest(MediaSaid, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`captions` (by language) are what uploads gave, in the place of what there is in that language; null takes them
    off. Other languages keep theirs.
    """

    captions: Annotated[dict[Language, Key | None], Meta(max_length=12)] = {}


class MediaRequest(MediaSaid, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`file` and `captions` (by language) are what uploads gave; a video has captions, or `no_speech`."""

    file: Key
    captions: Annotated[dict[Language, Key], Meta(max_length=12)] = {}
