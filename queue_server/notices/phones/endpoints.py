"""Through which push services a message may go. A browser names its own, so what it names is checked here.

Only services that config.toml lists are ever asked, encrypted, and at no address inside this mall's network: a citizen
must not be able to make the server call whatever it can reach. A service that is listed with its whole address, as one
is for a trial, is taken as it stands.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Iterable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import DefaultResolver

LONGEST = 1_024
"""Characters of an endpoint; those of today have some two hundred."""


def allowed(endpoint: str, through: Iterable[str]) -> bool:
    """Whether a message may be sent there."""
    if len(endpoint) > LONGEST or not endpoint.isascii() or not endpoint.isprintable() or " " in endpoint:
        return False
    if _FORM.fullmatch(endpoint) is None:
        return False
    try:
        parts = urlsplit(endpoint)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    origin = f"{parts.scheme}://{parts.netloc}"
    return any(
        origin == service if "://" in service else _is_of(host, service) and (parts.scheme, port) in _ENCRYPTED
        for service in through
    )


_LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_FORM = re.compile(rf"https?://{_LABEL}(\.{_LABEL})*(:[0-9]{{1,5}})?/[!-\[\]-~]*", re.IGNORECASE)
"""A host's name, letter by letter, a port, a path: what one program reads as a name and another as a path has no other
place to stand."""
_ENCRYPTED = {("https", None), ("https", 443)}


def _is_of(host: str, service: str) -> bool:
    return host == service or host.endswith(f".{service}")


class NoSuchPlace(OSError):
    """A name that nobody has, or that leads inside: whoever gave it made it up, or meant harm."""


def is_outside(address: str) -> bool:
    """Whether an address is one of the open Internet's, also where it carries an older one within."""
    known = ip_address(address)
    if isinstance(known, IPv6Address):
        if known.is_site_local or known in _LOCAL_TURNED or (known.sixtofour or known.teredo) is not None:
            return False  # each is taken to an address that nothing here can look at
        if known.ipv4_mapped or known in _TURNED:
            known = IPv4Address(int(known) & 0xFFFF_FFFF)
    return known.is_global and not known.is_multicast and not known.is_reserved


_TURNED, _LOCAL_TURNED = IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48")
"""What a gateway turns into the IPv4 address at its end (RFC 6052), or as the own network pleases (RFC 8215)."""


class Outside(AbstractResolver):
    """Finds addresses of names, and of those only the ones on the open Internet; the hosts that `as_they_are` gives are
    taken whatever they lead to.
    """

    def __init__(self, as_they_are: Callable[[], frozenset[str]]) -> None:
        self._as_they_are = as_they_are
        self._inner = DefaultResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        try:
            found = await self._inner.resolve(host, port, family)
        except socket.gaierror as error:
            if error.errno in _NOBODYS:
                raise NoSuchPlace(f"nobody has the name {host}") from error
            raise
        outside = [one for one in found if host in self._as_they_are() or is_outside(one["host"])]
        if not outside:
            raise NoSuchPlace(f"{host} leads to no address outside this network")
        return outside

    async def close(self) -> None:
        await self._inner.close()


_NOBODYS = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}
"""A name server said so; that none answers is EAI_AGAIN."""


def host_of(endpoint: str) -> str:
    return urlsplit(endpoint).hostname or ""


def own_hosts(through: Iterable[str]) -> frozenset[str]:
    """The hosts of those that are listed with their whole address."""
    return frozenset(host_of(service) for service in through if "://" in service)
