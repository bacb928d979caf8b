"""How often somebody may ask: at most so many in any stretch of so long, as `[limits]` says.

Counted by the machine's own clock, in memory, for a bounded number of askers. What counts is the caller's affair: an
answer 404 to a look-up, a refused sign-in, a ticket from a kiosk. Who checks now and counts only after awaiting
something lets all in who ask meanwhile: `take` does both at once.
"""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from functools import lru_cache
from ipaddress import IPv6Address, ip_address

from msgspec import Struct

from queue_server.errors import RateLimited
from queue_server.settings import Rate

ASKERS = 10_000
"""So many askers are counted at once; beyond that the one who was quiet longest is let go."""


class Limit:
    """One rule for many askers, by its `name` in `[limits]`. Times are seconds of a monotonic clock."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._seen: dict[str, deque[float]] = {}

    def check(self, asker: str, rate: Rate | None, now: float) -> None:
        """Raises RateLimited while `asker` has used up its share."""
        seen = self._seen.get(asker)
        if rate is None or seen is None or len(seen) < rate.count:
            return
        left = seen[-rate.count] + rate.per_ms / 1000 - now
        if left > 0:
            seconds = int(left) + 1
            raise RateLimited(f"Too often; try again in {seconds} s.", reason=self._name, retry_after_s=seconds)

    def used(self, asker: str, rate: Rate, now: float) -> int:
        """How many of its share are used up."""
        return sum(at + rate.per_ms / 1000 > now for at in self._seen.get(asker, ()))

    def count(self, asker: str, rate: Rate | None, now: float) -> None:
        """Something that counts has happened."""
        if rate is None:
            return
        seen = self._seen.pop(asker, None)
        if seen is None or seen.maxlen != rate.count:
            seen = deque(seen or (), maxlen=rate.count)
        seen.append(now)
        self._seen[asker] = seen
        if len(self._seen) > ASKERS:
            del self._seen[next(iter(self._seen))]

    def take(self, asker: str, rate: Rate | None, now: float) -> None:
        """One of its share, before anything is awaited: of those who ask at once no more get one than there are."""
        self.check(asker, rate, now)
        self.count(asker, rate, now)

    def give_back(self, asker: str, now: float) -> None:
        """Nothing came of what was taken at that moment."""
        with suppress(KeyError, ValueError):
            self._seen[asker].remove(now)


class Flow(Struct, frozen=True, kw_only=True):
    """How much one connection may say: so many messages a second, and so many at once after a silence."""

    per_s: float
    at_once: float


class Said:
    """What one connection has said lately."""

    __slots__ = ("_at", "_flow", "_left")

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self._left = flow.at_once
        self._at = 0.0

    def takes(self, now: float) -> bool:
        """One more message, at a moment of a monotonic clock; False if that is too many."""
        self._left = min(self._flow.at_once, self._left + (now - self._at) * self._flow.per_s) - 1
        self._at = now
        return self._left >= 0


@lru_cache(maxsize=ASKERS)
def asker_at(address: str | None) -> str:
    """Whom an address stands for: itself, or in IPv6 its network, since every machine there has endless addresses.

    An address is parsed once, not with each request of the same machine. The zone behind a link-local one (`%eth0`)
    says by which way it came, not who it is.
    """
    try:
        parsed = ip_address((address or "").partition("%")[0])
    except ValueError:
        return ""
    if isinstance(parsed, IPv6Address):
        mapped = parsed.ipv4_mapped
        return str(mapped) if mapped else parsed.exploded[:19]
    return str(parsed)
