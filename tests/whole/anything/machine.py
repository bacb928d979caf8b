"""The computer that the server runs on: its wall clock, which anybody may set, and one that counts since its boot."""

from __future__ import annotations

from queue_server.service.clock import MallClock

SECOND, MINUTE, HOUR, DAY = 1_000, 60_000, 3_600_000, 86_400_000


class Machine:
    """Milliseconds. `wall` is what its clock shows, `right` what it ought to show; `kept` by a time server, or not."""

    def __init__(self, at: int) -> None:
        self.right = self.wall = at
        self.kept = False
        self._since_boot = 50_000

    def run(self, ms: int) -> None:
        """Time goes by, also while it sleeps."""
        self.right += ms
        self.wall += ms
        self._since_boot += ms

    def off(self, ms: int) -> None:
        """Switched off for so long."""
        self.right += ms
        self.wall += ms
        self._since_boot = 20_000

    def set(self, wall: int) -> None:
        self.wall = wall

    def clock(self, floor: int) -> MallClock:
        """A server's clock, as it starts on this machine."""
        return MallClock(
            floor=floor,
            wall=lambda: self.wall / 1000,
            elapsed=lambda: self._since_boot / 1000,
            kept_right=lambda: self.kept and self.wall == self.right,
        )
