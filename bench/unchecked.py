"""`antrean serve` without its checks, as the peer of bench/checks.py. Everything else is the product's own code.

Who asks is believed, whose it is is not looked at, and nobody is counted.
"""

from __future__ import annotations

from typing import Any

from aiohttp import web
from msgspec.structs import force_setattr

from queue_server.cli import main
from queue_server.web import endpoint, scope
from queue_server.web.ask import Ask
from queue_server.web.identity.access import Caller, Doors, admit

_believed: dict[str, Caller] = {}


def _let_in(doors: Doors, request: web.Request, who: frozenset[str], held: frozenset[str] = frozenset()) -> Caller:
    """Whoever was let in once is let in for ever, without a look at role, origin, session or registry."""
    shown = request.headers.get("Authorization", "")
    caller = _believed.get(shown)
    if caller is None:
        caller = _believed[shown] = admit(doors, request, who, held)
    return caller


def _nothing(ask: Ask[Any]) -> None:
    pass


def _without_checks() -> None:
    endpoint.admit = _let_in  # type: ignore[attr-defined]  # the name that endpoint.py calls
    endpoint._check_often = _nothing
    for one in vars(scope).values():
        if isinstance(one, scope.Scope):
            force_setattr(one, "check", _nothing)


if __name__ == "__main__":
    _without_checks()
    main()
