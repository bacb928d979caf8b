"""Devices that work by their token alone, without a live connection: a request is a sign of life.

Nobody waits for it: the registry keeps it in memory and writes it by and by. Pages are known by their live connection.
"""

from __future__ import annotations

from msgspec import Struct, field

from queue_server.registry.devices import Devices
from queue_server.registry.roles import DEVICES
from queue_server.web.identity.access import Caller

EVERY_S = 15.0
"""So often a device's requests are noted, however many it sends."""
HERE_S = 60.0
"""So long after a request a device counts as being there; a board that is polled is asked for more often."""


class Seen(Struct, kw_only=True, eq=False):
    """When each device's request was last noted, by kind and id, in seconds of the monotonic clock."""

    noted: dict[tuple[str, str], float] = field(default_factory=dict)

    def note(self, devices: Devices, caller: Caller, now: float) -> bool:
        """A request of this caller came in; whether that was noted."""
        if caller.role not in DEVICES or caller.by_cookie:
            return False
        device = caller.role, caller.name
        if now - self.noted.get(device, -EVERY_S) < EVERY_S:
            return False
        self.noted[device] = now
        devices.saw(*device)
        return True

    def here(self, kind: str, id_: str, now: float) -> bool:
        """It asked for something lately."""
        noted = self.noted.get((kind, id_))
        return noted is not None and now - noted < HERE_S
