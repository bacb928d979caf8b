"""Signing in by an identity provider, where the mall names one: there, back, and out.

    /oidc/start?next=/floor    to the provider        /oidc/back    from there        /oidc/out    signed out there, too

Each attempt has a state, a nonce and a verifier of its own, belongs to the browser that began it, and is good once and
for ten minutes. Nobody is let in whom no role is mapped to. Whatever goes wrong leads back to the sign-in page, which
says what, and is on record; name and password work all the same.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Iterable, Mapping
from secrets import token_urlsafe
from time import monotonic
from typing import Any
from urllib.parse import quote, urlencode

from aiohttp import web
from msgspec import Struct

from queue_server.domain.acts import ActKind
from queue_server.errors import Forbidden, RateLimited, Refused, Unauthorized, Unavailable
from queue_server.registry.acts import PROVIDER
from queue_server.registry.agencies import together
from queue_server.registry.people import Person
from queue_server.registry.roles import Role
from queue_server.registry.sessions import BY_PROVIDER
from queue_server.service.logs import log
from queue_server.service.provider import Provider
from queue_server.settings import Rate
from queue_server.settings.tables import Oidc
from queue_server.web.ask import Ask
from queue_server.web.edge.limits import Limit, asker_at
from queue_server.web.identity.access import NOBODY
from queue_server.web.identity.sign_in import begin_session
from queue_server.web.parts import Parts

COOKIE = "antrean_oidc"
"""Says which browser began an attempt. It must come along from the provider's site, so it is lax; it lets nobody in."""
LIVES_S = 600
ATTEMPTS = 2_000
"""So many are remembered at once; beyond that whoever has begun the most loses their oldest."""
OF_ONE = 100
"""So many of one address; beyond that its own oldest is let go."""
LONGEST_NEXT = 1_000
"""Characters of where somebody wants to go on: it is kept while they are away."""
STARTS = Rate(count=30, per_ms=60_000)
"""So often one address may begin: a whole office may stand behind it, at eight in the morning."""


class Attempt(Struct, frozen=True, kw_only=True):
    browser: str
    nonce: str
    verifier: str
    next: str
    ends: float


class Attempts:
    """Those that have begun, by address and state: nobody's flood pushes out another address's."""

    def __init__(self) -> None:
        self._open: dict[str, dict[str, Attempt]] = {}
        self._asker_of: dict[str, str] = {}

    def begin(self, goes: str, asker: str) -> tuple[str, Attempt]:
        now, state = monotonic(), token_urlsafe(24)
        made = Attempt(
            browser=token_urlsafe(24),
            nonce=token_urlsafe(24),
            verifier=token_urlsafe(48),
            next=goes,
            ends=now + LIVES_S,
        )
        own = self._open.setdefault(asker, {})
        own[state], self._asker_of[state] = made, asker
        if len(own) > OF_ONE:
            self._forget(next(iter(own)))
        if len(self._asker_of) > ATTEMPTS:
            busiest = max(self._open, key=lambda one: len(self._open[one]))
            self._forget(next(iter(self._open[busiest])))
        return state, made

    def take(self, state: str, browser: str) -> Attempt:
        """The attempt that this browser began. Raises Unauthorized for any other; nobody comes back twice."""
        found = self._forget(state)
        if (
            found is None
            or found.ends < monotonic()
            or not hmac.compare_digest(found.browser.encode(), browser.encode())
        ):
            raise Unauthorized("That attempt to sign in is over, or another browser's.", reason="provider_state")
        return found

    def _forget(self, state: str) -> Attempt | None:
        asker = self._asker_of.pop(state, None)
        if asker is None:
            return None
        own = self._open[asker]
        found = own.pop(state)
        if not own:
            del self._open[asker]
        return found


def routes(parts: Parts, provider: Provider) -> list[web.RouteDef]:
    attempts, starts = Attempts(), Limit("sign_in")

    async def start(request: web.Request) -> web.StreamResponse:
        _check_wanted(parts)
        asker, now = asker_at(request.remote), monotonic()
        try:
            starts.take(asker, STARTS, now)
        except RateLimited as error:  # nothing is written for it: that would be what a flood is after
            return _redirect(f"/sign-in?refused={error.reason}")
        state, made = attempts.begin(request.query.get("next", "/")[:LONGEST_NEXT], asker)
        try:
            there = await provider.begin(back=_back(parts), state=state, nonce=made.nonce, verifier=made.verifier)
        except Unavailable as error:
            return await _refused(parts, request, error)
        response = _redirect(there)
        response.set_cookie(
            COOKIE,
            made.browser,
            max_age=LIVES_S,
            path="/oidc",
            httponly=True,
            samesite="Lax",
            secure=request.scheme == "https",
        )
        return response

    async def back(request: web.Request) -> web.StreamResponse:
        _check_wanted(parts)
        try:
            made = attempts.take(request.query.get("state", ""), request.cookies.get(COOKIE, ""))
            code = _code(request, parts.settings().oidc.issuer)
            said = await provider.finish(code, back=_back(parts), nonce=made.nonce, verifier=made.verifier)
            person = await _person(parts, request, said)
        except (Refused, Unavailable) as error:
            return await _refused(parts, request, error)
        ask: Ask[None] = Ask(parts, request, NOBODY, None, None, 200)
        await begin_session(ask, person, BY_PROVIDER)
        # our cookies are strict, so a page of ours has to lead on: what another site leads to goes without them
        response = _redirect("/sign-in?" + urlencode({"signed": "1", "next": made.next}))
        for set_cookie in ask.cookies:
            set_cookie(response)
        response.del_cookie(COOKIE, path="/oidc")
        return response

    async def out(request: web.Request) -> web.StreamResponse:
        _check_wanted(parts)
        try:
            there = await provider.leave(_origin(parts) + "/sign-in")
        except Unavailable:
            there = None
        return _redirect(there or "/sign-in")

    return [web.get("/oidc/start", start), web.get("/oidc/back", back), web.get("/oidc/out", out)]


def _check_wanted(parts: Parts) -> None:
    if not parts.settings().oidc.issuer:
        raise web.HTTPNotFound


def _code(request: web.Request, issuer: str) -> str:
    """What the provider gave. Raises Unauthorized where it gave none, or another one did (`iss`, RFC 9207)."""
    if request.query.get("iss", issuer) != issuer:
        raise Unauthorized("Another provider says that it has answered.", reason="provider_wrong")
    if "code" not in request.query:
        raise Unauthorized("The identity provider let nobody in.", reason="provider_refused")
    return request.query["code"]


def _redirect(there: str) -> web.Response:
    return web.Response(status=303, headers={"Location": there})


def _origin(parts: Parts) -> str:
    """As the browser knows this house, never as a request calls it: [oidc] without `public_url` is a mistake."""
    return parts.settings().mall.public_url.rstrip("/")


def _back(parts: Parts) -> str:
    return _origin(parts) + "/oidc/back"


async def _refused(parts: Parts, request: web.Request, error: Refused | Unavailable) -> web.Response:
    """Back to the sign-in page, which says why; on record."""
    why = error.reason or "provider_away"
    log.warning("sign_in_refused", why=why)
    note = parts.registry.acts.note
    await asyncio.to_thread(note, ActKind.SIGN_IN_REFUSED, why=why, address=request.remote)
    return _redirect(f"/sign-in?refused={quote(why)}")


async def _person(parts: Parts, request: web.Request, said: Mapping[str, Any]) -> Person:
    """Who that is here. Raises Forbidden for somebody to whom the mall maps no role, or whom it suspended."""
    oidc = parts.settings().oidc
    role, agencies = rights_of(oidc, said)
    name = said.get(oidc.name_claim)
    name = name if isinstance(name, str) else str(said["sub"])
    registry = parts.registry
    person, done = await asyncio.to_thread(
        registry.provided.take, oidc.issuer, str(said["sub"]), name, role, together(agencies)
    )
    if done is not None:
        kind = ActKind.PERSON_ADDED if done == "added" else ActKind.PERSON_CHANGED
        details = {"role": role, "agencies": together(agencies)}
        await asyncio.to_thread(
            registry.acts.note, kind, by=PROVIDER, about=person.id, address=request.remote, details=details
        )
    return person


def rights_of(oidc: Oidc, said: Mapping[str, Any]) -> tuple[Role, tuple[str, ...] | None]:
    """The first role of `[oidc.roles]` that is mapped, and the agencies. Raises Forbidden where nothing is."""
    has = _values(said, oidc.role_claim)
    role = next((Role(role) for role, names in oidc.roles.items() if has.intersection(names)), None)
    if role is None:
        raise Forbidden("No role here is mapped to that person.", reason="provider_unmapped")
    if role is Role.ADMIN or not oidc.agencies:
        return role, None
    of = _values(said, oidc.agency_claim)
    agencies = tuple(agency for agency, names in oidc.agencies.items() if of.intersection(names))
    if not agencies:
        raise Forbidden("No agency here is mapped to that person.", reason="provider_unmapped")
    return role, agencies


def _values(said: Mapping[str, Any], claim: str) -> frozenset[str]:
    """What a claim says: a text, a list of them, or within objects by a path with dots (`realm_access.roles`).

    A text is one value, spaces and all: somebody may have chosen it. Only OAuth's own `scope` is a list with spaces.
    """
    found: Any = said.get(claim)
    if found is None:
        found = said
        for part in claim.split("."):
            found = found.get(part) if isinstance(found, dict) else None
    if isinstance(found, str):
        return frozenset(found.split() if claim == "scope" else (found,))
    if isinstance(found, Iterable) and not isinstance(found, dict):
        return frozenset(one for one in found if isinstance(one, str))
    return frozenset()
