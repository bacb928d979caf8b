"""The API's own description, OpenAPI 3.1, made from the table of routes and the typed messages.

Nothing in it is written twice: paths, roles and codes stand in routes.py, summaries are the handlers' docstrings,
bodies and answers their annotations, statuses come from errors.py.
"""

from __future__ import annotations

import inspect
import re
from collections import defaultdict
from collections.abc import Iterable
from types import NoneType
from typing import Any, get_args

import msgspec
from aiohttp import web

from queue_server.errors import STATUS
from queue_server.web import problems
from queue_server.web.endpoint import JSON, Route, body_of, view_of
from queue_server.web.identity.access import STAFF_COOKIE
from queue_server.web.routes import ROOT, ROUTES
from queue_server.web.topics import TOPICS
from queue_server.wire.api import Problem
from queue_server.wire.live import Greeting

PATH = ROOT + "/openapi.json"

VERSION = "1"
"""Of the API. Which program answers is for whoever looks after the house (`/healthz`)."""

ALWAYS = ("unavailable", "rate_limited", "unauthorized", "internal")
"""Any call may be refused with these; a token that lets nobody in is refused where none is needed, too."""
COMMANDS = ("invalid", "forbidden")

BODIES = {
    "400": "That is no request: its head or its body is malformed.",
    "408": "The body did not come in time.",
    "413": "The body is too large.",
    "415": "The body has a Content-Encoding.",
}
"""What a body itself may be refused for."""

ABOUT = """\
Queues of a public service mall. Instants are RFC 3339 in UTC, durations whole seconds, texts for people
`{language: text}`. Errors are RFC 9457 problem details with a stable `code`. Every POST may carry an `Idempotency-Key`.
A call that lists it remembers it for 24 hours per caller and path: the same again does nothing and gets the first
status, with the ticket as it is now or the first answer. To do one of the others twice does no harm. An answer leaves
when what it says is on disk; after 503 nothing is known, send it again with the same key."""

SECURITY = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "A token of `antrean token`."},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": STAFF_COOKIE,
        "description": "Set by POST /sign-in. With it, requests that change something also need `X-Antrean: 1`, or"
        " must come from the server's own pages.",
    },
}

KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]([ -~]*[!-~])?$"},
    "description": "Chosen by the caller, new for each thing that is meant, the same when it is sent again.",
}


def routes() -> list[web.RouteDef]:
    document = msgspec.json.encode(describe(VERSION))

    async def openapi(request: web.Request) -> web.StreamResponse:
        return web.Response(body=document, headers=JSON)

    return [web.get(PATH, openapi)]


def describe(version: str, table: Iterable[Route] = ROUTES) -> dict[str, Any]:
    """The whole document, as plain data."""
    table = tuple(table)
    types = [type_ for route in table for type_ in (body_of(route.handler), *_views(route)) if type_ is not NoneType]
    # one by one by their text, since not every annotation can be hashed alike
    unique = list({repr(type_): type_ for type_ in [*types, Problem, Greeting]}.values())
    schemas, components = msgspec.json.schema_components(unique, ref_template="#/components/schemas/{name}")
    schema_of = dict(zip(map(repr, unique), schemas, strict=True))
    paths: dict[str, dict[str, Any]] = defaultdict(dict)
    for route in table:
        paths[route.path][route.method.lower()] = _operation(route, schema_of)
    paths[ROOT + "/live"]["get"] = _live(schema_of)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Antrean", "version": version, "description": ABOUT},
        "servers": [{"url": "/"}],
        "paths": dict(sorted(paths.items())),
        "components": {"schemas": components, "securitySchemes": SECURITY},
    }


def _views(route: Route) -> list[Any]:
    """What the route answers with, NoneType for 204."""
    view = view_of(route.handler)
    if view is None:
        return [NoneType]
    return list(get_args(view)) if NoneType in get_args(view) else [view]


def _operation(route: Route, schema_of: dict[str, Any]) -> dict[str, Any]:
    summary, _, more = (inspect.getdoc(route.handler) or "").partition("\n")
    found: dict[str, Any] = {
        "operationId": f"{route.handler.__module__.rpartition('.')[2]}_{route.handler.__name__.strip('_')}",
        "tags": [route.path.removeprefix(ROOT + "/").partition("/")[0]],
        "summary": summary,
        "parameters": [
            *({"name": n, "in": "path", "required": True, "schema": {"type": "string"}} for n in _named(route.path)),
            *({"name": n, "in": "query", "required": True, "schema": {"type": "string"}} for n in route.query),
            *({"name": n, "in": "query", "required": False, "schema": {"type": "string"}} for n in route.maybe),
            *([KEY] if route.heeds_key else []),
        ],
        "responses": _responses(route, schema_of),
        "security": [{"bearer": []}, {"session": []}] if route.who else [{}, {"bearer": []}, {"session": []}],
    }
    if more.strip():
        found["description"] = more.strip()
    if route.who:
        found["x-roles"] = sorted(route.who)
    found["x-scope"] = route.scope.says
    body = body_of(route.handler)
    if route.streams:
        found["requestBody"] = {"required": True, "content": {"application/octet-stream": {}}}
    elif body is not NoneType:
        content = {"application/json": {"schema": schema_of[repr(body)]}}
        found["requestBody"] = {"required": not _optional(body), "content": content}
    return found


def _named(path: str) -> list[str]:
    return re.findall(r"{(\w+)}", path)


def _optional(body: Any) -> bool:
    try:
        msgspec.convert({}, body)
    except msgspec.ValidationError:
        return False
    return True


def _responses(route: Route, schema_of: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for view in _views(route):
        if view is NoneType:
            found["204"] = {"description": "Done; there is nothing to say about it."}
        else:
            content = {"application/json": {"schema": schema_of[repr(view)]}}
            found[str(route.status)] = {"description": "Done.", "content": content}
    by_status: dict[int, list[str]] = defaultdict(list)
    for code in codes_of(route):
        by_status[STATUS[code]].append(code)
    problem = {problems.TYPE: {"schema": schema_of[repr(Problem)]}}
    for status, codes in sorted(by_status.items()):
        said = "; ".join(f"`{code}`: {problems.TITLES[code]}" for code in codes)
        found[str(status)] = {"description": said + ".", "content": problem}
    if route.method == "POST":
        found |= {status: {"description": said, "content": problem} for status, said in BODIES.items()}
    return found


def codes_of(route: Route) -> tuple[str, ...]:
    """Every code that a call may be refused with."""
    own = route.codes.split()
    if route.who:
        own.append("forbidden")
    if route.method == "POST":
        own += COMMANDS
    if route.heeds_key:
        own.append("idempotency_mismatch")
    if route.once:
        own.append("illegal_move")
    if route.query:
        own.append("invalid")
    return tuple(dict.fromkeys([*own, *ALWAYS]))


def _live(schema_of: dict[str, Any]) -> dict[str, Any]:
    problem = {problems.TYPE: {"schema": schema_of[repr(Problem)]}}
    refusals = {"401": "unauthorized", "403": "forbidden", "404": "not_found", "422": "invalid", "429": "rate_limited"}
    greeting = {"schema": schema_of[repr(Greeting)]}
    topic = {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 50}
    names = ", ".join(topic.name for topic in TOPICS)
    return {
        "operationId": "live",
        "tags": ["live"],
        "summary": f"A websocket that pushes views: {names}.",
        "description": "The first frame is the greeting, every other `{topic, boot, seq, now, view}` with the whole"
        " view.\n\n" + "\n".join(f"- `{topic.name}` shows {topic.says}." for topic in TOPICS),
        "x-topics": {
            topic.name: {"roles": sorted(topic.who), "scope": topic.scope.says, "shows": topic.says} for topic in TOPICS
        },
        "parameters": [{"name": "topic", "in": "query", "required": True, "schema": topic}],
        "responses": {
            "101": {"description": "Frames follow.", "content": {"application/json": greeting}},
            "426": {"description": "Open this as a websocket.", "content": problem},
            **{status: {"description": f"`{code}`", "content": problem} for status, code in refusals.items()},
        },
        "security": [{}, {"bearer": []}, {"session": []}],
    }
