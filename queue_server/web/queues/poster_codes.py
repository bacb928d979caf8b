"""The codes that a screen at the entrance shows, so that phones take tickets: which is good, and how many each gave.

A code is a keyed hash of a stretch of time. Nobody can make one without the secret, which is drawn at each start of the
server, and none is good for longer than the mall says.
"""

from __future__ import annotations

from base64 import b32encode
from hashlib import blake2b
from hmac import compare_digest
from secrets import token_bytes

from msgspec import Struct, field

from queue_server.errors import QuotaReached

LENGTH = 10
"""80 bits, which are 16 letters: nobody guesses one while it is good."""

TYPED = 6
"""So many of its letters are typed by whoever cannot scan the screen: 30 bits, good for minutes; guessing is slowed."""

CODES = 2
"""The one that the screen shows and the one before, which somebody has just scanned."""


class PosterCodes(Struct, kw_only=True, eq=False):
    """The codes of one start of the server, and how many tickets each gave."""

    secret: bytes = field(default_factory=lambda: token_bytes(32))
    given: dict[int, int] = field(default_factory=dict)

    def shown(self, now: float, lasts_ms: int) -> tuple[str, float]:
        """The code of this moment (seconds of a monotonic clock), and in how many seconds it changes."""
        turn = lasts_ms / 1000 / CODES
        number = int(now // turn)
        return self._code(number), (number + 1) * turn - now

    def number_of(self, code: str, now: float, lasts_ms: int) -> int | None:
        """Which code that is, if it is still good; its first letters as somebody types them will do."""
        length = TYPED if len(code) == TYPED else None
        newest = int(now // (lasts_ms / 1000 / CODES))
        numbers = range(newest, newest - CODES, -1)
        return next((number for number in numbers if compare_digest(self._code(number)[:length], code)), None)

    def take(self, number: int, most: int) -> None:
        """It gives a ticket; those that are no longer good are forgotten. Raises QuotaReached after the last one."""
        self.given = {known: count for known, count in self.given.items() if known >= number - CODES}
        given = self.given.get(number, 0)
        if given >= most:
            raise QuotaReached("That code has given its tickets; the screen has another soon.", reason="poster_used")
        self.given[number] = given + 1

    def give_back(self, number: int) -> None:
        """No ticket came of it."""
        if number in self.given:
            self.given[number] -= 1

    def _code(self, number: int) -> str:
        digest = blake2b(number.to_bytes(8, "big", signed=True), key=self.secret, digest_size=LENGTH).digest()
        return b32encode(digest).decode().lower()
