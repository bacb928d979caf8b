"""From a request to a handler and back: who asks, what the body says, one JSON answer. Every API route goes this way.

A handler gets an `Ask` and returns a view (None is 204). What it takes and gives stands in its annotations, from which
bodies are decoded and OpenAPI is made. It makes its view in the same moment as its command is decided, without awaiting
in between; no answer and no refusal leaves before what it saw is on disk, which is waited for here and nowhere else.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any, Generic, TypeVar, get_args, get_origin, get_type_hints

import msgspec
from aiohttp import web
from msgspec import Struct

from queue_server.domain.commands import Command
from queue_server.errors import Invalid, Refused
from queue_server.service.engine import Result
from queue_server.service.keys import Key
from queue_server.service.touches import DeviceTold
from queue_server.web import words_kept
from queue_server.web.access import CALLER, ROUTE, Caller, admit
from queue_server.web.parts import Parts

Body = TypeVar("Body")
Handler = Callable[["Ask[Any]"], Awaitable[Any]]

LONGEST_KEY = 200
"""Characters of an Idempotency-Key."""

SECURITY = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Server": "Antrean",
    "X-Content-Type-Options": "nosniff",
}
"""On every answer that does not say otherwise itself, as pages do."""

TYPE = "application/json"

# in the form that responses copy fastest
JSON = web.Response(headers={"Content-Type": TYPE, **SECURITY}).headers

_encode = msgspec.json.Encoder().encode


class Nothing(Struct, frozen=True, forbid_unknown_fields=True):
    """A body without fields; it may be left out."""


class Route(Struct, frozen=True):
    """One line of the table in routes.py. `who` are the roles that are let in, empty for anyone.

    `codes` are the refusals that a client of this call must expect beside those of every call; `query` names its
    parameters in the query string.
    """

    method: str
    path: str
    handler: Handler
    who: frozenset[str]
    codes: str = ""
    status: int = 200
    query: tuple[str, ...] = ()


class Ask(Generic[Body]):
    """One request, understood: who asks (`caller`), what (`body`), and the key under which it is remembered."""

    __slots__ = ("body", "caller", "cookies", "done", "key", "lives", "parts", "request", "words")

    def __init__(self, parts: Parts, request: web.Request, caller: Caller, body: Body, key: Key | None) -> None:
        self.parts = parts
        self.request = request
        self.caller = caller
        self.body = body
        self.key = key
        self.cookies: list[Callable[[web.Response], None]] = []
        self.words: list[str] = []
        self.done = False
        self.lives: int | None = None

    def __getitem__(self, name: str) -> str:
        """A part of the path."""
        return self.request.match_info[name]

    async def carry_out(self, command: Command, status: int = 200) -> Result:
        """What the command came to, under this request's key. Make the view of it before awaiting anything else."""
        engine = self.parts.engine
        result = await engine.carry_out(command, self.key, status)
        self.lives = engine.lives
        self.done = bool(result.events)
        return result


def endpoint(route: Route, parts: Parts) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """The handler that aiohttp calls."""
    handler, who, status, path = route.handler, route.who, route.status, route.path
    engine = parts.engine
    decode = msgspec.json.Decoder(body_of(handler)).decode
    commands = route.method == "POST"

    async def serve(request: web.Request) -> web.StreamResponse:
        request[ROUTE] = path
        caller = request[CALLER] = admit(parts.doors, request, who)
        if parts.seen.note(parts.registry.devices, caller, monotonic()):
            parts.hub.happened(DeviceTold())
        body: Any = None
        key: Key | None = None
        if commands:
            raw = await request.read() if request.body_exists else b""
            body = understood(decode, raw, request)
            named = request.headers.get("Idempotency-Key")
            if named is not None:
                key = remembered(parts, request, caller, named, raw)
        ask = Ask(parts, request, caller, body, key)
        try:
            view = await handler(ask)
        except Refused:
            await engine.settled(ask.lives)
            if ask.words:  # an event may name them, though the answer to it is a refusal
                await words_kept.settle(parts, ask.words, used=ask.done)
            raise
        payload = None if view is None else _encode(view)
        await engine.settled(ask.lives)
        if ask.words:
            await words_kept.settle(parts, ask.words, used=ask.done)
        return answer(payload, status, ask)

    return serve


def answer(payload: bytes | None, status: int, ask: Ask[Any]) -> web.Response:
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
    """What a handler answers with; includes None where it may answer 204."""
    return get_type_hints(handler)["return"]


def remembered(
    parts: Parts, request: web.Request, caller: Caller, named: str, raw: bytes, *, path: str | None = None
) -> Key:
    """The Idempotency-Key of this caller and the request's path, or another, as it is kept."""
    if not 0 < len(named) <= LONGEST_KEY or not (named.isascii() and named.isprintable()):
        raise Invalid(f"An Idempotency-Key is 1 to {LONGEST_KEY} ASCII characters.", reason="idempotency_key")
    return parts.engine.hashes(caller.id, path or request.path, named, raw)


def understood(decode: Callable[[bytes], Any], raw: bytes, request: web.Request) -> Any:
    """The typed body; an empty one counts as `{}`. Raises Invalid that names the field."""
    if raw and request.headers.get("Content-Type", TYPE) != TYPE and request.content_type != TYPE:
        raise Invalid("Send the body as application/json.", reason="content_type")
    try:
        return decode(raw or b"{}")
    except msgspec.ValidationError as error:
        said, field = _said(str(error))
        raise Invalid(said, reason="field", field=field) from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Invalid("The body is not JSON.", reason="json") from None


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
