"""The technician's menus that are open on kiosks, and who must wait before the PIN is tried again. In memory.

A wait grows with each wrong PIN, to a few minutes and no further: whoever plays with a kiosk keeps the technician from
it for that long at most, and a wrong PIN at one kiosk, or by one of the staff, delays nobody elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from secrets import token_urlsafe

from msgspec import Struct, field

from queue_server.errors import RateLimited

GOOD_S = 600.0
"""So long after its last use a key is good."""

MOST = 64
"""So many keys at once; the oldest goes first."""


FREELY = 3
"""So many wrong PINs are answered at once."""

FIRST_S, LONGEST_S = 10.0, 300.0
"""How long the next is waited for; twice as long after each further one, and at most."""

FORGIVEN_S = 3600.0
"""So long after the last wrong one nothing is counted any more."""

ASKERS = 1_000
"""So many are counted at once; whoever was wrong longest ago is let go."""


class Waits(Struct, kw_only=True, eq=False):
    """`wrong` has for each asker how many wrong PINs, and when the last was, in seconds of the monotonic clock."""

    wrong: dict[str, tuple[int, float]] = field(default_factory=dict)

    def check(self, asker: str, now: float) -> None:
        """Raises RateLimited while this asker must wait."""
        count, last = self.wrong.get(asker, (0, 0.0))
        left = last + min(LONGEST_S, FIRST_S * 2.0 ** (count - FREELY)) - now if count >= FREELY else 0.0
        if left > 0:
            seconds = int(left) + 1
            raise RateLimited(f"Too often; try again in {seconds} s.", reason="sign_in", retry_after_s=seconds)

    def was_wrong(self, asker: str, now: float) -> None:
        count, last = self.wrong.pop(asker, (0, now))
        self.wrong[asker] = (1 if now - last > FORGIVEN_S else min(count + 1, 100), now)
        if len(self.wrong) > ASKERS:
            del self.wrong[next(iter(self.wrong))]

    def was_right(self, asker: str) -> None:
        self.wrong.pop(asker, None)


class Technicians(Struct, kw_only=True, eq=False):
    """`open` has each key's kiosk, and until when it is good, in seconds of the monotonic clock."""

    pin: Callable[[], str | None] = lambda: None
    """What config.toml refers to now; takes time: for a thread."""
    open: dict[str, tuple[str, float]] = field(default_factory=dict)
    waits: Waits = field(default_factory=Waits)

    def begin(self, kiosk: str, now: float) -> str:
        self.open = {key: (of, until) for key, (of, until) in list(self.open.items())[-MOST + 1 :] if until > now}
        key = token_urlsafe(18)
        self.open[key] = (kiosk, now + GOOD_S)
        return key

    def take(self, key: str, kiosk: str, now: float) -> bool:
        of, until = self.open.get(key, ("", 0.0))
        if of != kiosk or until <= now:
            return False
        self.open[key] = (kiosk, now + GOOD_S)
        return True
