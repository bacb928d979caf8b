"""Which Idempotency-Keys were used, and what came of them: the same again gets the same, also after a restart.

What is kept of a key and of the body that came with it are keyed hashes; they never reach the disk themselves.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b

from msgspec import Struct

from queue_server.errors import IdempotencyMismatch, IllegalMove
from queue_server.journal.promises import UsedKey

KEY_HOLDS_MS = 24 * 3600_000
"""How long the same Idempotency-Key gets the same answer."""


ON_ITS_WAY_MS = 3600_000
"""No request is on its way for so long."""

GIVEN_UP = 10_000
"""So many are remembered; a kiosk that gives up more has lost none of the last ones."""


class Key(Struct, frozen=True, kw_only=True):
    """Keyed hashes of an Idempotency-Key (with its caller and path) and of the body that came with it."""

    key: bytes
    body: bytes


class Outcome(Struct, frozen=True):
    """What a key came to: when, for which body, whom the answer was about, and its status."""

    at: int
    body: bytes
    ticket: str | None
    status: int


class Keys:
    """The keys of the last day. `secret` makes hashes that nobody else can make."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._known: dict[bytes, Outcome] = {}
        self._given_up: dict[bytes, int] = {}

    def hashes(self, caller: str, path: str, key: str, body: bytes) -> Key:
        named = b"\x00".join((caller.encode(), path.encode(), key.encode()))
        return Key(
            key=blake2b(named, key=self._secret, digest_size=16).digest(),
            body=blake2b(body, key=self._secret, digest_size=16).digest(),
        )

    def outcome(self, key: Key, now: int) -> Outcome | None:
        """What the same key came to before, or None.

        Raises IdempotencyMismatch for another body, IllegalMove where nobody waits for the answer any more.
        """
        if key.key in self._given_up:
            raise IllegalMove("Whoever asked for that has gone; a new wish needs a new key.", reason="given_up")
        known = self._known.get(key.key)
        if known is None or now - known.at > KEY_HOLDS_MS:
            return None
        if known.body != key.body:
            raise IdempotencyMismatch("This Idempotency-Key was used for another body; use a new one.")
        return known

    def keep(self, key: Key, at: int, ticket: str | None, status: int) -> None:
        self._known[key.key] = Outcome(at, key.body, ticket, status)

    def give_up(self, key: Key, now: int) -> str | None:
        """Nobody waits for its answer: the ticket that came of it, whatever the body. If nothing did yet, nothing will.

        That is kept in memory: no request outlives the server that it is on its way to.
        """
        known = self._known.get(key.key)
        if known is not None:
            return known.ticket
        given_up = self._given_up
        while given_up and (len(given_up) >= GIVEN_UP or now - next(iter(given_up.values())) >= ON_ITS_WAY_MS):
            del given_up[next(iter(given_up))]
        given_up[key.key] = now
        return None

    def load(self, rows: Iterable[UsedKey]) -> None:
        """As the journal has them, instead of what was known."""
        self._known = {row.key.key: Outcome(row.at, row.key.body, row.key.result, row.key.status) for row in rows}

    def forget_before(self, now: int) -> None:
        self._known = {key: known for key, known in self._known.items() if now - known.at <= KEY_HOLDS_MS}
