"""Keys of the technician's menus that are open on kiosks: in memory, each for one kiosk and for a while."""

from __future__ import annotations

from collections.abc import Callable
from secrets import token_urlsafe

from msgspec import Struct, field

GOOD_S = 600.0
"""So long after its last use a key is good."""

MOST = 64
"""So many keys at once; the oldest goes first."""


class Technicians(Struct, kw_only=True, eq=False):
    """`open` has each key's kiosk, and until when it is good, in seconds of the monotonic clock."""

    pin: Callable[[], str | None] = lambda: None
    """What config.toml refers to now; takes time: for a thread."""
    open: dict[str, tuple[str, float]] = field(default_factory=dict)

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
