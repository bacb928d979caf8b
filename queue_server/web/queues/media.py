"""Pictures and videos on boards: what each shows, what staff upload and take off, and the files themselves.

/media/{board}/{file}    one file, to whoever may see that board; its name is a hash, so a browser keeps it
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import Any

from aiohttp import web
from msgspec import Struct

from queue_server.errors import IllegalMove, Invalid, NotFound
from queue_server.languages.tables import name_of
from queue_server.media.items import Item
from queue_server.media.kinds import FORMS
from queue_server.media.taking import MEGABYTE
from queue_server.registry.media import Uploaded
from queue_server.views.instants import rfc3339
from queue_server.web import scope
from queue_server.web.ask import Ask, Nothing
from queue_server.web.edge.headers import SECURITY
from queue_server.web.identity.access import BY_PASS, HELD, Caller, admit
from queue_server.web.noting import doer
from queue_server.web.page.visit import Shown, Visit
from queue_server.web.parts import PARTS, Parts
from queue_server.web.permissions import BOARDS, SUPERVISORS
from queue_server.web.queues.timed import texts_of, when
from queue_server.wire.media import (
    MediaChangeRequest,
    MediaFault,
    MediaItem,
    MediaList,
    MediaRequest,
    MediaSaid,
    MediaView,
    UploadView,
)

KEPT = "private, max-age=31536000, immutable"

PIECE = 256 * 1024
"""So much of an upload comes in each `Room.piece_s`."""
UPLOAD_S = 1800.0
"""All of it has."""


async def of_board(ask: Ask[None]) -> tuple[MediaItem, ...]:
    """The pictures and videos of a board, also those that are not due yet: its displays go by the mall's clock."""
    board = ask["board"]
    return tuple(MediaItem(**_said(one, board)) for one in ask.parts.media.of(board))


async def media(ask: Ask[None]) -> MediaList:
    """All that boards show, what is wrong with files in folders, and how much room uploads have."""
    parts = ask.parts
    found: dict[str, MediaView] = {}
    for board in _with_media(parts):
        for one in parts.media.of(board):
            if one.source == "folder":
                before = found.get(one.id)
                there = (*(before.boards or ()), board) if before else (board,)
                found[one.id] = _view(parts, one, there)
    uploads = tuple(_view(parts, one, one.boards) for one in parts.media.uploaded)
    return MediaList(
        items=(*uploads, *found.values()),
        faults=tuple(
            MediaFault(board=board, file=trouble.file, reason=trouble.reason, detail=trouble.detail)
            for board, trouble in parts.media.troubles
        ),
        used=await asyncio.to_thread(parts.media.uploads.used),
        quota=parts.settings().media.quota * MEGABYTE,
    )


async def upload(ask: Ask[Nothing]) -> UploadView:
    """Send a picture, a video or captions as the body, as it is; what it is, is seen by its content."""
    parts, request, caller = ask.parts, ask.request, ask.caller

    def still() -> None:
        """A token may be revoked meanwhile; a browser that is locked meanwhile sends to the end."""
        if caller is not BY_PASS:
            admit(parts.doors, request, SUPERVISORS, HELD)

    try:
        async with asyncio.timeout(UPLOAD_S):
            taken = await parts.media.uploads.receive(_pieces(request, parts.lines.room.piece_s), caller.id, still)
    except TimeoutError:
        raise web.HTTPRequestTimeout from None
    return UploadView(file=taken.name.partition(".")[0], kind=taken.form.kind, bytes=taken.file.size)


async def show(ask: Ask[MediaRequest]) -> MediaView:
    """Put an upload on boards: what it shows in words, its captions, when it is due."""
    body, parts = ask.body, ask.parts
    file, kind = await _uploaded(parts, body.file)
    if kind == "captions":
        raise Invalid("Captions belong to a video.", reason="field", field="file")
    captions = {language: await _captions(parts, key) for language, key in body.captions.items()}
    if kind == "video" and not captions and not body.no_speech:
        raise Invalid("Give it captions, or say that nobody speaks in it.", reason="no_captions")
    size = await asyncio.to_thread(parts.media.uploads.find, body.file)
    put = Uploaded(
        id="",
        file=file,
        kind=kind,
        name=" ".join(body.name.split()) or file,
        bytes=size.size if size else 0,
        captions=captions,
        by=doer(ask.caller) or ask.caller.id,
        **_told(ask, body),
    )
    made = await asyncio.to_thread(parts.registry.media.add, put, address=ask.request.remote)
    if made is None:
        raise IllegalMove("As many pictures and videos stand on the boards as may; take one off first.", reason="full")
    return await _now(parts, made.id)


async def change(ask: Ask[MediaChangeRequest]) -> MediaView:
    """Say anew when it is due, where, and what it shows, and exchange a video's captions; the file stays what it is."""
    parts, known = ask.parts, await _known(ask)
    captions = await _exchanged(parts, known, ask.body)
    put = Uploaded(
        id=known.id,
        file=known.file,
        kind=known.kind,
        name=" ".join(ask.body.name.split()) or known.name,
        bytes=known.bytes,
        captions=captions,
        by=known.by,
        **_told(ask, ask.body),
    )
    by = doer(ask.caller) or ask.caller.id
    await asyncio.to_thread(parts.registry.media.change, put, by=by, address=ask.request.remote)
    view = await _now(parts, known.id)
    await _drop(parts, known.captions.values())
    return view


async def _exchanged(parts: Parts, known: Uploaded, body: MediaChangeRequest) -> dict[str, str]:
    """The captions that a video has from now on."""
    if body.captions and known.kind != "video":
        raise Invalid("Captions belong to a video.", reason="field", field="captions")
    captions = dict(known.captions)
    for language, key in body.captions.items():
        if key is not None:
            captions[language] = await _captions(parts, key)
        else:
            captions.pop(language, None)
    if known.captions and not captions and not body.no_speech:
        raise Invalid("Give it captions, or say that nobody speaks in it.", reason="no_captions")
    return captions


async def remove(ask: Ask[Nothing]) -> None:
    """Take a picture or video off the boards; its file goes, too."""
    parts, known = ask.parts, await _known(ask)
    by = doer(ask.caller) or ask.caller.id
    await asyncio.to_thread(parts.registry.media.remove, known.id, by=by, address=ask.request.remote)
    await parts.media.look()
    await _drop(parts, (known.file, *known.captions.values()))


async def _drop(parts: Parts, names: Iterable[str]) -> None:
    """These files, as far as nothing that stands on a board is made of them."""
    still = {name for one in parts.media.uploaded for name in (one.file, *one.captions.values())}
    await asyncio.to_thread(parts.media.uploads.drop, set(names) - still)


async def _known(ask: Ask[MediaChangeRequest] | Ask[Nothing]) -> Uploaded:
    found = await asyncio.to_thread(ask.parts.registry.media.list)
    for one in found:
        if one.id == ask["media"]:
            return one
    raise NotFound("There is no such picture or video.")


async def _now(parts: Parts, id_: str) -> MediaView:
    """On the boards at once, and as it is there."""
    await parts.media.look()
    for one in parts.media.uploaded:
        if one.id == id_:
            return _view(parts, one, one.boards)
    raise NotFound("Somebody has taken it off meanwhile.")


def _told(ask: Ask[Any], body: MediaSaid) -> dict[str, Any]:
    since, until = when(body, ask.engine.now(), ask.engine.state.rules)
    shows = _with_media(ask.parts)
    for board in body.boards:
        if board not in shows:
            raise IllegalMove(f"The board {board} shows no media.", reason="no_media", board=board)
    return {
        "alt": texts_of(body.alt, "alt"),
        "boards": body.boards or None,
        "since": since,
        "until": until,
        "hours": body.hours,
        "days": body.days,
        "priority": body.priority,
    }


async def _uploaded(parts: Parts, key: str) -> tuple[str, str]:
    """Name and kind of a file that has come."""
    found = await asyncio.to_thread(parts.media.uploads.find, key)
    if found is None:
        raise NotFound("That file is not here, or not any more: send it again.", reason="no_upload")
    return found.path.name, FORMS[found.path.suffix[1:]].kind


async def _captions(parts: Parts, key: str) -> str:
    name, kind = await _uploaded(parts, key)
    if kind != "captions":
        raise Invalid("Captions are a WebVTT file.", reason="field", field="captions")
    return name


async def _pieces(request: web.Request, within_s: float) -> AsyncIterator[bytes]:
    piece = b"begins"
    while piece:
        async with asyncio.timeout(within_s):
            piece = await _piece(request)
        yield piece


async def _piece(request: web.Request) -> bytes:
    """A whole one, or the last."""
    piece = bytearray()
    while len(piece) < PIECE and (more := await request.content.read(PIECE - len(piece))):
        piece += more
    return bytes(piece)


async def media_page(visit: Visit, caller: Caller, language: str) -> Shown:
    """What stands on the boards, and, for whoever may, a way to put something there; the list itself is asked for."""
    parts, rules = visit.request.app[PARTS], visit.rules
    boards = {id_: rules.boards[id_].name for id_ in _with_media(parts) if id_ in rules.boards}
    codes = (*rules.languages, *(code for board in boards for code in rules.boards[board].languages))
    spoken = [{"id": code, "name": name_of(code)} for code in dict.fromkeys(codes)]
    limits = parts.settings().media
    return Shown(
        data={
            "timezone": rules.timezone,
            "boards": boards,
            "shows": {id_: rules.boards[id_].zones for id_ in boards},
            "zones": {zone.id: zone.name for zone in rules.zones.values()},
        },
        values={"spoken_there": spoken, "shows_any": bool(boards), "limits": limits},
    )


# What is said of one


def _with_media(parts: Parts) -> tuple[str, ...]:
    return tuple(id_ for id_, look in parts.presentation().boards.items() if look.media)


def _said(one: Item, board: str) -> dict[str, Any]:
    return {
        "id": one.id,
        "kind": one.kind,
        "src": f"/media/{board}/{one.file}",
        "alt": one.alt,
        "captions": {language: f"/media/{board}/{name}" for language, name in one.captions.items()},
        "since": rfc3339(one.when.since),
        "until": rfc3339(one.when.until),
        "hours": one.when.hours,
        "days": one.when.days,
        "priority": one.when.priority,
    }


def _view(parts: Parts, one: Item, boards: tuple[str, ...] | None) -> MediaView:
    shows = _with_media(parts)
    board = next((board for board in boards or shows if board in shows), "")
    broken = sorted(id_ for (kind, id_), heard in parts.heartbeats.last.items() if one.id in heard.said.broken)
    return MediaView(
        **_said(one, board),
        name=one.name,
        source=one.source,
        boards=boards,
        bytes=one.bytes,
        by=_name(parts, one.by),
        broken_on=tuple(broken),
        missing=one.missing,
    )


def _name(parts: Parts, by: str | None) -> str | None:
    person = parts.registry.people.get(by) if by else None
    return person.name if person else by


class Fetching(Struct, frozen=True, kw_only=True):
    """A file of this board is asked for, in the words of scopes."""

    parts: Parts
    caller: Caller
    subject: str
    body: None = None


def routes(parts: Parts) -> list[web.RouteDef]:
    async def file(request: web.Request) -> web.StreamResponse:
        board, name = request.match_info["board"], request.match_info["file"]
        caller = admit(parts.doors, request, BOARDS)
        scope.BOARD.check(Fetching(parts=parts, caller=caller, subject=board))
        path = await asyncio.to_thread(parts.media.file, board, name)
        if path is None:
            raise NotFound("There is no such picture or video on that board any more.")
        mime = FORMS[name.partition(".")[2]].mime
        return web.FileResponse(path, headers={**SECURITY, "Cache-Control": KEPT, "Content-Type": mime})

    endings = "|".join(FORMS)
    return [web.get(f"/media/{{board:[^/]{{1,64}}}}/{{file:[0-9a-f]{{30}}\\.(?:{endings})}}", file)]
