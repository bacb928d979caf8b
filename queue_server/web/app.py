"""The web application: every route behind one edge, which answers for errors, headers, the log and the figures.

    app = make_app(parts, routes)      # `routes` are the pages'

Whatever goes wrong is an answer here: refusals and faults become problem details, a browser that asks for a page gets a
page. Of an answer that went well nothing is written to the log, since the journal has what it did; of every other one
the route, never the address itself, in which ticket ids and tokens may stand.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from contextlib import nullcontext
from time import monotonic, perf_counter

from aiohttp import ClientPayloadError, HttpVersion10, web
from aiohttp.typedefs import Middleware

from queue_server.errors import Refused, Unavailable
from queue_server.service.logs import log, refusals, where
from queue_server.settings import Rate, Settings
from queue_server.web import health, live, openapi, problems, sockets
from queue_server.web.edge.headers import OVER_TLS, SECURITY
from queue_server.web.edge.limits import asker_at
from queue_server.web.edge.peers import as_sent
from queue_server.web.edge.written import Written
from queue_server.web.endpoint import endpoint
from queue_server.web.identity.access import ROUTE, keep_token
from queue_server.web.noting import caller_of, note_refusal
from queue_server.web.page_table import problem_page
from queue_server.web.parts import PARTS, Parts
from queue_server.web.routes import ROUTES

LONGEST_BODY = 64 * 1024
"""Bytes. The longest thing that anybody sends is a note."""

SLOW_S = 1.0
"""An answer that took longer is worth a line in the log."""

QUIET = ("/healthz", "/readyz", "/metrics")

GONE = 499
"""Nobody is there any more to read an answer; this is only counted."""

OF_ITSELF = nullcontext()
"""Whoever asks without a proxy: their connections are counted (edge/lines.py)."""

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def make_app(parts: Parts, routes: Iterable[web.RouteDef] = ()) -> web.Application:
    app = web.Application(middlewares=[_edge(parts)], client_max_size=LONGEST_BODY)
    app[PARTS] = parts
    for route in ROUTES:
        add = app.router.add_get if route.method == "GET" else app.router.add_post
        add(route.path, endpoint(route, parts))
    app.router.add_get(live.PATH, live.endpoint(parts))
    app.router.add_routes([*health.routes(parts), *openapi.routes(), *routes])

    async def close(app: web.Application) -> None:
        await sockets.close_all(parts)

    app.on_shutdown.append(close)
    return app


def _edge(parts: Parts) -> Middleware:
    note = parts.meter.note

    @web.middleware
    async def edge(request: web.Request, handler: Handler) -> web.StreamResponse:
        started = perf_counter()
        parts.lines.begins(request)
        code: str | None = None
        try:
            settings = parts.settings()
            sender = request.remote
            if settings.server.proxies:
                request = as_sent(request, settings.server.proxies)
            with parts.lines.spoken_for(asker_at(request.remote)) if request.remote != sender else OF_ITSELF:
                response = await _answered(parts, request, handler, settings)
        except Exception as error:  # noqa: BLE001 - the last place where a fault can become an answer
            code, response = _instead(parts, request, error)
            await note_refusal(parts, request, _route(request), error)
        if not response.prepared and not isinstance(response, Written):
            _guard(response, request.scheme)
        if response.status != 101:
            seconds = perf_counter() - started
            route = _route(request)
            note(request.method, route, response.status, seconds)
            if code is not None or seconds > SLOW_S:
                _log(parts, request, route, response.status, seconds, code)
        return response

    return edge


async def _answered(parts: Parts, request: web.Request, handler: Handler, settings: Settings) -> web.StreamResponse:
    if request.version < HttpVersion10:
        raise web.HTTPVersionNotSupported
    if "Content-Encoding" in request.headers:
        _check_form(request)
    if settings.limits.requests is not None:
        _check_rate(parts, request, settings.limits.requests)
    if "token=" in request.query_string and _opens_page(request):
        return keep_token(parts.doors, request)
    return await handler(request)


def _guard(response: web.StreamResponse, scheme: str) -> None:
    """Add what no answer goes without and this one does not say otherwise."""
    if "Server" not in response.headers:
        for name, value in SECURITY.items():
            response.headers.setdefault(name, value)
    if scheme == "https":
        response.headers.update(OVER_TLS)


def _check_form(request: web.Request) -> None:
    """Bodies are read as they are: nobody here has one that is worth packing, and unpacking costs whatever it likes."""
    if request.body_exists:
        raise web.HTTPUnsupportedMediaType


def _check_rate(parts: Parts, request: web.Request, rate: Rate) -> None:
    if request.path not in QUIET:
        asker = asker_at(request.remote)
        parts.limits.requests.take(asker, rate, monotonic())


def _instead(parts: Parts, request: web.Request, error: Exception) -> tuple[str | None, web.StreamResponse]:
    """The code for the log, and the answer to what went wrong; a redirect is none of that."""
    if isinstance(error, Refused | Unavailable):
        return error.code, _for_reader(parts, request, problems.problem(error))
    if isinstance(error, web.HTTPException):
        if error.status < 400:
            return None, error
        return "http", _for_reader(parts, request, problems.of_protocol(error))
    if isinstance(error, OSError) and (request.transport is None or request.transport.is_closing()):
        return None, web.Response(status=GONE)
    if isinstance(error, ClientPayloadError):
        return "http", _for_reader(parts, request, problems.respond("invalid", 400, "The body is not whole."))
    # its own words may name a ticket or a person, so only where it happened is said
    log.error("fault", route=_route(request), error=type(error).__name__, at=where(error))
    return "internal", _for_reader(parts, request, problems.fault())


def _opens_page(request: web.Request) -> bool:
    return request.method == "GET" and not request.path.startswith("/api/") and "token" in request.query


def _for_reader(parts: Parts, request: web.Request, response: web.Response) -> web.Response:
    """Whoever asked for a page, in a browser, reads a page; everybody else the problem."""
    if request.path.startswith("/api/") or "text/html" not in request.headers.get("Accept", ""):
        return response
    page = problem_page(parts.pages, request, response.status)
    for name in ("Allow", "Retry-After", "WWW-Authenticate"):
        if name in response.headers:
            page.headers[name] = response.headers[name]
    return page


def _route(request: web.Request) -> str:
    """The pattern that the address matched, in which no ids stand."""
    known = request.get(ROUTE)
    if known is None:
        resource = request.match_info.route.resource
        known = resource.canonical if resource is not None else "none"
    return known


def _log(parts: Parts, request: web.Request, route: str, status: int, seconds: float, code: str | None) -> None:
    caller = caller_of(parts, request)
    refusals.info(
        "answer",
        method=request.method,
        route=route,
        status=status,
        code=code,
        ms=round(seconds * 1000, 1),
        role=caller.role or "anyone",
        who=caller.id or None,
    )
