"""From a request to a handler and back: who asks, what the body says, one JSON answer. Every API route goes this way.

What a handler takes and gives stands in its annotations, from which bodies are decoded and OpenAPI is made. Before it
runs, a request that came before under the same key is answered, the ticket in the path is looked up, free words are
kept, and the route's scope is checked: once, here. Its view is made in the same moment as its command is decided,
without awaiting in between; no answer and no refusal leaves before what it saw is on disk, which is waited for here and
nowhere else.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from time import monotonic
from typing import Any, get_args, get_origin, get_type_hints

import msgspec
from aiohttp import web
from msgspec import Struct
from msgspec.structs import replace

from queue_server.domain.rules import Rules
from queue_server.errors import Invalid, Refused
from queue_server.registry.roles import DEVICES
from queue_server.service.keys import Key
from queue_server.service.touches import DeviceTold
from queue_server.web.ask import Ask, Done, key_of
from queue_server.web.edge.headers import OVER_TLS, SECURITY
from queue_server.web.edge.written import Heads, Written
from queue_server.web.identity.access import CALLER, ROUTE, TYPE, Caller, admit
from queue_server.web.parts import Parts
from queue_server.web.permissions import STAFF
from queue_server.web.queues import words_kept
from queue_server.web.queues.lookups import look_up
from queue_server.web.queues.showing import SHOWS
from queue_server.web.scope import Scope

Handler = Callable[[Ask[Any]], Awaitable[Any]]

NOTES = ("note", "text")
"""Fields of bodies that are notes."""


def usual_reasons(rules: Rules) -> Mapping[str, object]:
    return rules.reasons


# in the form that responses copy fastest
JSON = web.Response(headers={"Content-Type": TYPE, **SECURITY}).headers

CSV = "text/csv; charset=utf-8"

HEADS = Heads(JSON)
HEADS_TLS = Heads(web.Response(headers={**JSON, **OVER_TLS}).headers)

_encode = msgspec.json.Encoder().encode


class Route(Struct, frozen=True):
    """One line of the table in routes.py. `who` are the roles that are let in, empty for anyone; `scope` says whose
    data it touches.

    `codes` are the refusals that a client of this call must expect beside those of every call; `query` names its
    parameters in the query string, `maybe` those that may be left out. `reasons` are the codes that the body's reason
    may be, `speaker` is who asks where that depends on the body. `held` says which sessions that let nobody in for now
    may ask this all the same: it leads out of that. A route that `streams` reads its body itself, piece by piece. What
    the registry alone keeps of a call, and a repeat would make again, is done `once` under its key; what the journal
    records always is.
    """

    method: str
    path: str
    handler: Handler
    who: frozenset[str]
    scope: Scope
    codes: str = ""
    status: int = 200
    query: tuple[str, ...] = ()
    maybe: tuple[str, ...] = ()
    reasons: Callable[[Rules], Mapping[str, object]] = usual_reasons
    speaker: Callable[[Parts, web.Request, Caller, Any], Caller] | None = None
    held: frozenset[str] = frozenset()
    streams: bool = False
    once: bool = False

    @property
    def heeds_key(self) -> bool:
        """Whether an Idempotency-Key has an effect: elsewhere doing a thing twice does no harm."""
        return self.method == "POST" and (self.once or commands(self.handler))


def endpoint(route: Route, parts: Parts) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """The handler that aiohttp calls: who asks and what, replays, look-ups, words, whose it is; then what is wanted."""
    who, status, path, speaker, held = route.who, route.status, route.path, route.speaker, route.held
    engine, personal = parts.engine, parts.registry.personal
    decode = msgspec.json.Decoder(body_of(route.handler)).decode
    posted, answers, by_hand = route.method == "POST", _answers(route), is_by_hand(route)

    async def serve(request: web.Request) -> web.StreamResponse:
        request[ROUTE] = path
        caller = request[CALLER] = admit(parts.doors, request, who, held)
        if parts.seen.note(parts.registry.devices, caller, monotonic()):
            parts.hub.happened(DeviceTold())
        if by_hand and caller.session:
            parts.registry.sessions.did(caller.session)
        body: Any = None
        key: Key | None = None
        if posted:
            whole = request.body_exists and not route.streams
            raw = await _body(request, parts.lines.room.body_s) if whole else b""
            body = understood(decode, raw, request)
            if speaker is not None:
                caller = speaker(parts, request, caller, body)
            named = request.headers.get("Idempotency-Key")
            if named is not None and not route.streams:
                key = key_of(parts, request, caller, named, compared(body, raw))
        ask = Ask(parts, request, caller, body, key, status)
        try:
            view = await answers(ask)
        except Refused:
            await engine.settled(ask.lives)
            if ask.words:  # an event may name them, though the answer to it is a refusal
                await words_kept.keep_or_forget(personal, ask.words, used=ask.carried_out)
            raise
        payload = None if view is None else _encode(view)
        await engine.settled(ask.lives)
        if ask.words:
            await words_kept.keep_or_forget(personal, ask.words, used=ask.carried_out)
        return answer(payload, status, ask)

    return serve


def is_by_hand(route: Route) -> bool:
    """Somebody does something with it, and is at their session. What a screen's page may send it sends by itself."""
    return route.method == "POST" and bool(route.who) and not route.who & DEVICES


def compared(body: Any, raw: bytes) -> bytes:
    """What says whether the same body comes again. Not what a citizen said of themselves: the journal keeps a hash of
    this for ever, by which a number could be guessed."""
    return raw if getattr(body, "citizen", None) is None else _encode(replace(body, citizen=None))


async def _body(request: web.Request, within_s: float) -> bytes:
    """All of it. Raises HTTPRequestTimeout for one that trickles in."""
    if request.content.is_eof():  # nearly every body comes with its head
        return await request.read()
    try:
        async with asyncio.timeout(within_s):
            return await request.read()
    except TimeoutError:
        raise web.HTTPRequestTimeout from None


def _answers(route: Route) -> Handler:
    """The view that answers a request. One that comes again under its key is answered as things are now."""
    handler, check = route.handler, route.scope.check
    looks_up = "{ticket}" in route.path
    if not commands(handler):

        async def looks(ask: Ask[Any]) -> Any:
            _check_often(ask)
            if looks_up:
                ask.ticket = await look_up(ask.parts, ask.request, ask.caller, ask["ticket"])
            check(ask)
            if route.once and ask.key is not None:
                return await ask.parts.repeats.once(ask.parts.registry.once, ask.key, lambda: handler(ask))
            return await handler(ask)

        return looks

    show, write = SHOWS[view_of(handler)], _writes(route)

    async def acts(ask: Ask[Any]) -> Any:
        known = ask.engine.replayed(ask.key)
        if known is not None:
            ask.lives = ask.engine.lives
            return await show(ask, known)
        _check_often(ask)
        if looks_up:
            ask.ticket = await look_up(ask.parts, ask.request, ask.caller, ask["ticket"])
        if write is not None:
            await write(ask)
        check(ask)
        if ask.note is not None:
            about = words_kept.ticket_meant(ask.engine.state, ask.request.match_info, ask.body)
            words_kept.check_not_held(ask.parts, about)
        _note_place(ask)
        done: Done[Any] = await handler(ask)
        return await show(ask, done.result)

    return acts


def _note_place(ask: Ask[Any]) -> None:
    """From where staff act, which the journal does not know; kept for as long as addresses are."""
    caller, address = ask.caller, ask.request.remote
    if caller.clerk and address and caller.role in STAFF:
        ask.parts.registry.acts.was_at(caller.clerk, address, ask.engine.now())


def _check_often(ask: Ask[Any]) -> None:
    """Nobody asks without end, whatever they may do; what is sent again under its key costs nothing."""
    caller, rate = ask.caller, ask.parts.settings().limits.per_token
    if rate is not None and caller.role:
        now = monotonic()
        ask.parts.limits.per_token.take(caller.id, rate, now)


def _writes(route: Route) -> Callable[[Ask[Any]], Awaitable[None]] | None:
    """How the words of a body are kept, if it has any: a `reason` that is no code, a note."""
    fields: tuple[str, ...] = getattr(body_of(route.handler), "__struct_fields__", ())
    reasoned, note = "reason" in fields, next((name for name in fields if name in NOTES), None)
    if not reasoned and note is None:
        return None

    async def write(ask: Ask[Any]) -> None:
        personal, state = ask.parts.registry.personal, ask.engine.state
        about = words_kept.ticket_meant(state, ask.request.match_info, ask.body)
        if reasoned and ask.body.reason:
            known = route.reasons(state.rules)
            ask.reason = await words_kept.reason_code(personal, ask.body.reason, known, ask.words, about)
        text: str | None = getattr(ask.body, note) if note is not None else None
        if text and text.strip():
            ask.note = await words_kept.keep(personal, "note", text, ask.words, about)

    return write


def answer(payload: bytes | None, status: int, ask: Ask[Any]) -> web.StreamResponse:
    if ask.csv is not None:
        return web.Response(body=ask.csv, status=status, headers={**SECURITY, "Content-Type": CSV})
    if payload is not None and not ask.cookies and Written.usual(ask.request):
        return Written(HEADS_TLS if ask.request.scheme == "https" else HEADS, status, payload)
    if payload is None:
        response = web.Response(status=204, headers=SECURITY)
    else:
        response = web.Response(body=payload, status=status, headers=JSON)
    for set_cookie in ask.cookies:
        set_cookie(response)
    return response


def body_of(handler: Handler) -> Any:
    """What a handler's body is, from its `Ask[…]`."""
    hints = get_type_hints(handler)
    asked = next(hint for name, hint in hints.items() if name != "return" and get_origin(hint) is Ask)
    return get_args(asked)[0]


def view_of(handler: Handler) -> Any:
    """What a request is answered with; includes None where that may be 204."""
    given = get_type_hints(handler)["return"]
    return get_args(given)[0] if commands(handler) else given


def commands(handler: Handler) -> bool:
    """It carries out a command, and is answered with what that came to."""
    return get_origin(get_type_hints(handler)["return"]) is Done


def understood(decode: Callable[[bytes], Any], raw: bytes, request: web.Request) -> Any:
    """The typed body; an empty one counts as `{}`. Raises Invalid that names the field."""
    if raw and request.headers.get("Content-Type", TYPE) != TYPE and request.content_type != TYPE:
        raise Invalid("Send the body as application/json.", reason="content_type")
    try:
        return decode(raw or b"{}")
    except msgspec.ValidationError as error:
        said, field = _said(str(error))
        raise Invalid(said, reason="field", field=field) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Invalid("The body is not JSON, or nested too deeply.", reason="json") from None


_AT = re.compile(r"(?P<said>.*) - at `\$\.?(?P<where>[^`]*)`")
_NAMED = re.compile(r"(?:missing required|contains unknown) field `([^`]*)`")


def _said(error: str) -> tuple[str, str]:
    """msgspec's message for people, and the field that it is about."""
    at = _AT.fullmatch(error)
    said, where = (at["said"], at["where"]) if at else (error, "")
    if named := _NAMED.search(said):
        where = f"{where}.{named[1]}".lstrip(".")
        known = "missing" in said
        return (f"The field `{where}` is missing." if known else f"There is no field `{where}`."), where
    return f"`{where or 'body'}`: {said[0].lower()}{said[1:]}.", where
