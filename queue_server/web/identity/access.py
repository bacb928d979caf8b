"""Who asks, and whether that role is let in: bearer tokens, the cookie of who signed in, and cookies of devices' pages.

A program says `Authorization: Bearer …`. A browser has cookies: one for staff, one each for a kiosk's and a display's
page, so that all pages may be open in one browser; a call takes the first whose role it lets in. A request that changes
something and is let in by a cookie must come from our own pages, since browsers send cookies along with forged ones.
Which role may do what stands in permissions.py; whose data it is, in scope.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from time import monotonic
from urllib.parse import urlsplit

from aiohttp import web
from msgspec import Struct

from queue_server.errors import Forbidden, Unauthorized
from queue_server.registry.passes import PREFIX as PASS
from queue_server.registry.passes import Passes
from queue_server.registry.roles import Role
from queue_server.registry.sessions import BY_PROVIDER, Session
from queue_server.registry.store import Registry
from queue_server.registry.tokens import LONGEST, PREFIX, Token, is_pseudonym
from queue_server.web.permissions import STAFF

COOKIES = {"kiosk": "antrean_kiosk", "display": "antrean_display"}
STAFF_COOKIE = "antrean_staff"
BROWSER_COOKIE = "antrean_browser"
"""Says only that somebody signed in with this browser before; guesses.py reads it."""
TYPE = "application/json"
OURS = "X-Antrean"
"""A header that another site's page cannot send with our cookies."""

SESSION_MS = 12 * 3600_000
BELIEVED_S = 1.0
"""So long a token that was found is not looked up again; a revoked one stops within this."""
BELIEVED = 1_000


class Caller(Struct, frozen=True, kw_only=True):
    """Who asks. `role` is empty for anyone without a token; `clerk` is the pseudonym that events carry."""

    id: str
    role: str
    name: str
    clerk: str = ""
    counter: str | None = None
    agencies: tuple[str, ...] | None = None
    """Whose staff they are; None for the whole mall."""
    skills: tuple[str, ...] | None = None
    shows: str | None = None
    """The board that a display was let in for."""
    by_cookie: bool = False
    by_provider: bool = False
    session: str = ""
    """Which of this person's browsers; no secret."""
    held: str = ""
    """Why this session lets nobody in for now: one of `HELD`."""


WANTS_FACTOR = "second_factor"
"""Admins must have a second factor here, and this one has not set it up yet."""
LOCKED = "locked"
"""Whoever is signed in has locked this browser, or left it alone, and shows who they are again."""
HELD = frozenset({WANTS_FACTOR, LOCKED})
"""Each is a reason that a screen can explain, and what leads out of it is let through (`Route.held`)."""

BY_PASS = Caller(id="pass", role=str(Role.ADMIN), name="this machine", clerk="machine")
"""A command of `antrean` beside the server."""

NOBODY = Caller(id="", role="", name="")

CALLER = web.RequestKey("CALLER", Caller)
ROUTE = web.RequestKey("ROUTE", str)
"""What the log says of a request: who, and the pattern that its address matched."""


class Doors:
    """Who is let in, looked up in the registry and believed for a moment."""

    def __init__(
        self,
        registry: Registry,
        factor_for: Callable[[], frozenset[str]] = frozenset,
        is_left: Callable[[Session], bool] = lambda session: False,
    ) -> None:
        """`factor_for` are the roles that need a second factor, `is_left` says that nobody is at a session any more."""
        self._registry = registry
        self._is_left = is_left
        self._factor_for = factor_for
        self._passes = Passes(registry.secret("passes"))
        self._found: dict[str, tuple[float, Caller]] = {}

    def bearer(self, secret: str) -> Caller | None:
        """Whose token it is."""
        return self._believed(secret)

    def shown(self, secret: str, request: web.Request) -> Caller | None:
        """Whose token it is; or a pass for this very request, of a command on the server's own machine."""
        if not secret.startswith(PASS):
            return self._believed(secret)
        fits = self._passes.take(secret, f"{request.method} {request.path}", self._registry.now())
        return BY_PASS if fits else None

    def cookies(self, request: web.Request) -> Iterator[Caller]:
        """Everybody whom this browser's cookies let in, staff first."""
        cookies = request.cookies
        for name in (STAFF_COOKIE, *COOKIES.values()):
            secret = cookies.get(name)
            if secret and (caller := self._believed(secret, by_cookie=True)) is not None:
                yield caller

    def forget(self, secret: str) -> None:
        """Look this one up again next time."""
        self._found.pop(secret, None)
        self._found.pop("cookie " + secret, None)

    def forget_all(self) -> None:
        """Something in the registry has changed: look everybody up again."""
        self._found.clear()
        self._registry.tokens.forget_found()

    def _believed(self, secret: str, *, by_cookie: bool = False) -> Caller | None:
        now, key = monotonic(), ("cookie " + secret if by_cookie else secret)
        known = self._found.get(key)
        if known is not None and now < known[0]:
            return known[1]
        caller = self._look_up(secret, by_cookie)
        if caller is not None:
            if len(self._found) >= BELIEVED:
                self._found.clear()
            self._found[key] = (now + BELIEVED_S, caller)
        return caller

    def _look_up(self, secret: str, by_cookie: bool) -> Caller | None:
        if secret.startswith(PREFIX):
            token = self._registry.tokens.find(secret)
            return of_token(token, by_cookie) if token else None
        session = self._registry.sessions.find(secret) if by_cookie else None
        return self.of_session(session) if session else None

    def of_session(self, session: Session) -> Caller:
        person = session.person
        is_locked = session.locked_at is not None or self._is_left(session)
        wants = person.role in self._factor_for() and not session.has_factor and session.way != BY_PROVIDER
        return Caller(
            id=f"person:{person.id}",
            role=str(person.role),
            name=person.name,
            clerk=person.id,
            agencies=person.agencies,
            skills=person.skills,
            by_cookie=True,
            by_provider=session.way == BY_PROVIDER,
            session=session.id,
            held=LOCKED if is_locked else WANTS_FACTOR if wants else "",
        )


def of_token(token: Token, by_cookie: bool = False) -> Caller:
    # one of an older version may be called anything, and events keep what somebody is called
    own = token.name and len(token.name) <= LONGEST and not is_pseudonym(token.name)
    name = token.name if token.name and own else token.pseudonym
    return Caller(
        id=f"token:{token.id}",
        role=str(token.role),
        name=name,
        clerk=name if token.role in STAFF else "",
        counter=token.counter,
        agencies=token.agencies,
        shows=token.shows,
        by_cookie=by_cookie,
    )


def admit(doors: Doors, request: web.Request, who: frozenset[str], held: frozenset[str] = frozenset()) -> Caller:
    """Whoever asks, if one of the roles `who`; also one whose session waits for what is in `held`.

    Raises Unauthorized or Forbidden.
    """
    header = request.headers.get("Authorization")
    if header is not None:
        scheme, _, secret = header.partition(" ")
        caller = doors.shown(secret.strip(), request) if scheme.lower() == "bearer" else None
        if caller is None:
            raise Unauthorized("That token lets nobody in.", reason="token")
        return _checked(caller, who)
    callers = tuple(doors.cookies(request)) if "Cookie" in request.headers else ()
    if not callers:
        if who and "" not in who:
            raise Unauthorized("Sign in, or send a token: Authorization: Bearer …", reason="nobody")
        return NOBODY
    fitting = [one for one in callers if not who or one.role in who]
    caller = next((one for one in fitting if not one.held or one.held in held), None)
    if caller is None:
        if not who or "" in who:  # what anybody may, a reader of this browser may too, in nobody's name
            return NOBODY
        if fitting:
            raise Forbidden("This session waits for something else first.", reason=fitting[0].held)
        caller = _checked(callers[0], who)
    if request.method not in ("GET", "HEAD") and not from_our_pages(request):
        raise Forbidden(f"Send the header {OURS}: 1 with this.", reason="cross_site")
    return caller


def _checked(caller: Caller, who: frozenset[str]) -> Caller:
    if who and caller.role not in who:
        raise Forbidden(f"The role {caller.role} may not do that.", reason="role", role=caller.role)
    return caller


def from_a_page(request: web.Request) -> bool:
    """A browser sends this for a page, of whichever site; programs do not say so."""
    return "Origin" in request.headers or "Sec-Fetch-Site" in request.headers


def from_our_pages(request: web.Request) -> bool:
    """No other site's page can have made the browser send this."""
    headers = request.headers
    site, origin = headers.get("Sec-Fetch-Site"), headers.get("Origin")
    if site not in (None, "same-origin", "none") or (origin is not None and urlsplit(origin).netloc != request.host):
        return False  # whatever else it says
    return headers.get(OURS) == "1" or site == "same-origin" or origin is not None


def keep_token(doors: Doors, request: web.Request) -> web.Response:
    """A page that was opened with `?token=…`: a kiosk's or display's becomes its cookie, and the address forgets it.

    Staff sign in: a link that somebody sends must not make the reader somebody else. The address that is left is one
    of this house whatever was asked for: a path that begins with two slashes would be another machine's.
    """
    caller = doors.bearer(request.query["token"])
    rest = str(request.rel_url.without_query_params("token"))
    response = web.Response(status=303, headers={"Location": "/" + rest.lstrip("/\\")})
    if caller is not None and caller.role in COOKIES:
        set_cookie(response, request, COOKIES[caller.role], request.query["token"], lasting=True)
    return response


def set_cookie(response: web.Response, request: web.Request, name: str, secret: str, *, lasting: bool = False) -> None:
    """A cookie that scripts cannot read and other sites cannot use; a `lasting` one for what nobody types anew."""
    age = 400 * 86_400 if lasting else SESSION_MS // 1000
    response.set_cookie(
        name, secret, max_age=age, path="/", httponly=True, samesite="Strict", secure=request.scheme == "https"
    )
