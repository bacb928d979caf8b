"""Whether a request names this server by an address that the server has itself: what comes into links that it makes."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from aiohttp import web


def is_ours(request: web.Request) -> bool:
    """The address where the request came in, or this machine's own word for itself; a name may be anybody's."""
    try:
        named = urlsplit(f"//{request.host}").hostname or ""
    except ValueError:
        return False
    taken = request.transport.get_extra_info("sockname") if request.transport is not None else None
    at = str(taken[0]) if isinstance(taken, tuple) else ""
    try:
        here = ip_address(at)
        return here.is_loopback if named == "localhost" else ip_address(named) == here
    except ValueError:
        return False
