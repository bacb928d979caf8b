"""Who is at the other end of a request: the machine that sent it, or, behind a proxy that is believed, the one before.

A proxy is believed only if `[server] proxies` names its address; what anybody else says of whom it speaks for is
nothing. `X-Forwarded-For` is read from the right, since only there it was written by proxies that are believed.
"""

from __future__ import annotations

from functools import lru_cache
from ipaddress import ip_address, ip_network

from aiohttp import web

FOR, PROTO = "X-Forwarded-For", "X-Forwarded-Proto"

SPOKEN_FOR = (FOR, "Forwarded", "X-Real-IP", "Via")
"""What proxies add: with one of these a request does not come from the machine that it seems to come from."""


@lru_cache(maxsize=10_000)
def is_among(address: str, networks: tuple[str, ...]) -> bool:
    """The address is one of these, or in one of these networks."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    parsed = getattr(parsed, "ipv4_mapped", None) or parsed
    return any(parsed in ip_network(network, strict=False) for network in networks)


def is_proxy(address: str, proxies: tuple[str, ...]) -> bool:
    """What this address says of whom it speaks for is believed."""
    return bool(proxies) and is_among(address, proxies)


def as_sent(request: web.Request, proxies: tuple[str, ...]) -> web.Request:
    """The request as whoever stands behind the proxy sent it: with their address, and the scheme that they used."""
    if not proxies or not is_proxy(request.remote or "", proxies):
        return request
    scheme = request.headers.getall(PROTO, ["http"])[-1].rpartition(",")[2].strip().lower()
    return request.clone(remote=_sender(request, proxies), scheme="https" if scheme == "https" else "http")


def _sender(request: web.Request, proxies: tuple[str, ...]) -> str:
    """The last one of the chain who is no proxy of ours; an entry that is no address ends it."""
    found = request.remote or ""
    chain = ",".join(request.headers.getall(FOR, [])).split(",")
    for said in reversed(chain):
        try:
            found = str(ip_address(said.strip().partition("%")[0]))
        except ValueError:
            break
        if not is_among(found, proxies):
            break
    return found


def is_watcher(request: web.Request, watchers: tuple[str, ...], proxies: tuple[str, ...]) -> bool:
    """Whoever sent this has one of these addresses, and nobody unknown stands between."""
    peer = request.get_extra_info("peername")
    if is_proxy(peer[0] if isinstance(peer, tuple) else "", proxies):
        return FOR in request.headers and is_among(request.remote or "", watchers)
    return not any(name in request.headers for name in SPOKEN_FOR) and is_among(request.remote or "", watchers)
