"""Open house: in a demonstration every screen that is opened is let in by itself, whoever opens it.

A real mall lets its screens in by a token or by pairing; here a page without the right cookie is given one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from aiohttp import web

from queue_server.registry.roles import Role
from queue_server.registry.store import Registry
from queue_server.web.identity.access import COOKIES, Doors

TokenFor = Callable[[str, str], str]
"""Of a kind of screen and its id, a bearer token."""


def open_house(routes: Iterable[web.RouteDef], kind: str, doors: Doors, token_for: TokenFor) -> list[web.RouteDef]:
    """The same pages; `/kiosk/{kiosk}` and `/display/{board}` bring their own token along."""
    return [_opened(route, kind, doors, token_for) if route.path.startswith(f"/{kind}/") else route for route in routes]


def _opened(route: web.RouteDef, kind: str, doors: Doors, token_for: TokenFor) -> web.RouteDef:
    async def page(request: web.Request) -> web.StreamResponse:
        name = next(iter(request.match_info.values()))
        secret = request.cookies.get(COOKIES[kind])
        caller = doors.bearer(secret) if secret else None
        if caller is None or caller.name != name:
            raise web.HTTPSeeOther(str(request.rel_url.update_query(token=token_for(kind, name))))
        return await route.handler(request)

    return web.get(route.path, page)


def guest_tokens(registry: Registry) -> Callable[[str, str], str]:
    """One token for each screen that is opened, made when it is first asked for."""
    made: dict[tuple[str, str], str] = {}

    def token_for(kind: str, name: str) -> str:
        if (kind, name) not in made:
            made[kind, name] = registry.tokens.create(Role(kind), name=name)
        return made[kind, name]

    return token_for
