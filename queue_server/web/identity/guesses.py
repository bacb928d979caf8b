"""Who may try a secret, and how soon again: guessing is slow from everywhere, and locks nobody out of her own counter.

Four places are told apart. A browser in which somebody has signed in before has wrong tries of its own; so has one of
the house, in which any of the staff did; so has an address from which they did. A hall has one address for everybody's
phone and every counter, so what strangers do there counts against no browser of the first two kinds. Every other
address has a few at one account, and all of them together some, for one
account and for the whole house: a thousand addresses guess little faster than one. A session or a link, where somebody
shows once more that it is they, has a few of its own from wherever it is used, and is over after them (proving.py);
they do not count at the door. Once others have used up a few,
answers come slowly, and the right secret still lets in. Wrong tries count alone, and names that nobody has count alike.

Checking a secret is slow on purpose, so it is done in turns: of one address one after the other, known places in a
queue of their own.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from time import monotonic

from msgspec import Struct

from queue_server.errors import RateLimited
from queue_server.letters import name_key
from queue_server.service.logs import log
from queue_server.settings import Rate
from queue_server.web.edge.limits import Limit

HOUR_MS = 3_600_000

FROM_KNOWN = Rate(count=30, per_ms=HOUR_MS)
"""Wrong tries at one account from one browser or address where they have signed in before."""
FROM_ONE = Rate(count=10, per_ms=HOUR_MS)
"""At one account from one other address."""
FROM_ELSEWHERE = Rate(count=60, per_ms=HOUR_MS)
"""At one account from all other places together."""
FREELY = 10
"""So many of those are answered at once; each further one in that hour waits longer, and is checked all the same."""
STEP_S, LONGEST_S = 0.5, 6.0
"""By how much longer, and at most: browsers wait ten seconds for an answer."""
IN_PROOF = Rate(count=10, per_ms=HOUR_MS)
"""At one account in one session or by one link, from all addresses together; then it is over."""
IN_HOUSE = Rate(count=60, per_ms=HOUR_MS)
"""At all accounts in one browser of the house, and at one account in all of them: whoever is let in can have many."""
IN_ALL = Rate(count=200, per_ms=HOUR_MS)
"""At all accounts from all other places together."""

ALARM_S = 3600.0
"""So long an operator is told after the last try that was too many."""

WAITING = 16
"""Tries of one address that wait for their turn."""


class Place(Struct, frozen=True, kw_only=True):
    """Where somebody tries from. `browser` and `address` are known ones of this account, else None. `house` is a
    browser in which others have signed in.

    `proof` is the session or link in which somebody shows once more who they are, None at the door.
    """

    account: str
    asker: str
    browser: str | None
    address: str | None
    house: str | None = None
    proof: str | None = None

    @property
    def is_known(self) -> bool:
        return any(one is not None for one in (self.proof, self.browser, self.house, self.address))


def account_of(person: str | None, name: str) -> str:
    """What is counted: a pseudonym; or for a name that nobody has, what stands for it and tells nothing."""
    return person or "nobody:" + sha256(name_key(name).encode(errors="replace")).hexdigest()[:16]


def said_of(accounts: int) -> str:
    """What an operator is told while somebody guesses at so many accounts."""
    return f"Somebody guesses passwords of {accounts} accounts; the log says from where (guessing)."


class _Line:
    __slots__ = ("lock", "waiting")

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.waiting = 0


class Guesses:
    def __init__(self) -> None:
        self._at_known, self._from_one, self._elsewhere, self._in_all, self._addresses = (
            Limit("sign_in") for _ in range(5)
        )
        self._in_proof, self._in_proofs = Limit("sign_in"), Limit("sign_in")
        self._in_browser, self._in_house = Limit("sign_in"), Limit("sign_in")
        self._known, self._others = asyncio.Semaphore(2), asyncio.Semaphore(1)
        self._lines: dict[str, _Line] = {}
        self._alarmed_at: float | None = None
        self._accounts: set[str] = set()

    @asynccontextmanager
    async def turn(self, place: Place) -> AsyncIterator[None]:
        """Wait for one's turn. Raises RateLimited where one address has too many waiting."""
        browser = place.browser or place.house
        of = place.proof or (f"{place.asker} {browser}" if browser else place.asker)
        line = self._lines.setdefault(of, _Line())
        if line.waiting >= WAITING:
            raise RateLimited("Too many at once; try again in 1 s.", retry_after_s=1)
        line.waiting += 1
        try:
            async with line.lock:
                held_s = self.hold_s(place, monotonic())
                if held_s:
                    self.notice(place, monotonic())
                    await asyncio.sleep(held_s)
                async with self._known if place.is_known else self._others:
                    yield
        finally:
            line.waiting -= 1
            if not line.waiting:
                self._lines.pop(of, None)

    def check(self, place: Place, address_rate: Rate | None, now: float) -> None:
        """Raises RateLimited while there were too many wrong tries. `address_rate` is what one address may."""
        try:
            for limit, asker, rate in self._counted(place, address_rate):
                limit.check(asker, rate, now)
        except RateLimited:
            self.notice(place, now)
            raise

    def wrong(self, place: Place, address_rate: Rate | None, now: float) -> None:
        for limit, asker, rate in self._counted(place, address_rate):
            limit.count(asker, rate, now)

    def is_spent(self, place: Place, now: float) -> bool:
        """The session or link of this proof has had all its wrong tries."""
        return self._in_proof.used(f"{place.account} {place.proof}", IN_PROOF, now) >= IN_PROOF.count

    def hold_s(self, place: Place, now: float) -> float:
        """So long a try waits before its secret is looked at, since many were wrong at this account from elsewhere."""
        wrong = 0 if place.is_known else self._elsewhere.used(place.account, FROM_ELSEWHERE, now)
        return min(LONGEST_S, max(0, wrong - FREELY + 1) * STEP_S)

    def alarm(self, now: float) -> int | None:
        """At how many accounts somebody guesses, while that is so."""
        if self._alarmed_at is None or now - self._alarmed_at > ALARM_S:
            self._alarmed_at = None
            self._accounts.clear()
            return None
        return len(self._accounts)

    def _counted(self, place: Place, address_rate: Rate | None) -> tuple[tuple[Limit, str, Rate | None], ...]:
        if place.proof is not None:
            return (
                (self._in_proof, f"{place.account} {place.proof}", IN_PROOF),
                (self._in_proofs, place.account, FROM_ELSEWHERE),
            )
        if place.browser is not None:
            return ((self._at_known, f"{place.account} {place.browser}", FROM_KNOWN),)
        if place.house is not None:
            return (
                (self._from_one, f"{place.account} {place.house}", FROM_ONE),
                (self._in_browser, place.house, IN_HOUSE),
                (self._in_house, place.account, IN_HOUSE),
            )
        if place.address is not None:
            return (
                (self._addresses, place.asker, address_rate),
                (self._at_known, f"{place.account} {place.address}", FROM_KNOWN),
            )
        return (
            (self._addresses, place.asker, address_rate),
            (self._from_one, f"{place.account} {place.asker}", FROM_ONE),
            (self._elsewhere, place.account, FROM_ELSEWHERE),
            (self._in_all, "", IN_ALL),
        )

    def notice(self, place: Place, now: float) -> None:
        """Somebody guesses there: an operator is told."""
        if self._alarmed_at is None:
            log.warning("guessing", address=place.asker, who=place.account)
        self._alarmed_at = now
        if len(self._accounts) < 1_000:
            self._accounts.add(place.account)
