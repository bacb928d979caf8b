"""What kiosks, displays and the agents of panels say of themselves: size, loudspeaker, last error, that they run.

The browser answers for a page that hangs: its line stands while nothing is drawn any more. So a page that spoke once
and is silent now is said to hang. It is believed of itself alone, while it is linked; only its last error outlives it.
"""

from __future__ import annotations

import msgspec
from msgspec import Struct, field

from queue_server.registry.devices import Devices
from queue_server.wire.live import Heartbeat

HANGS_S = 100.0
"""A page speaks every 30 s; a browser that saves power lets it once a minute."""

Device = tuple[str, str]
"""Its kind and id."""

_DECODER = msgspec.json.Decoder(Heartbeat)


class Heard(Struct, frozen=True):
    said: Heartbeat
    at: float


class Heartbeats(Struct, kw_only=True, eq=False):
    """`at` is in seconds of the monotonic clock."""

    last: dict[Device, Heard] = field(default_factory=dict)

    def hear(self, devices: Devices, device: Device, said: str, at: float) -> bool:
        """Take what a device's page said; whether that is news. What cannot be read is passed over."""
        try:
            heartbeat = _DECODER.decode(said)
        except (msgspec.DecodeError, UnicodeEncodeError):
            return False
        if devices.get(*device) is None:  # it was revoked just now, and its line will be cut
            return False
        before = self.last.get(device)
        self.last[device] = Heard(heartbeat, at)
        devices.saw(*device, version=heartbeat.version)
        if heartbeat.error is not None and (before is None or before.said.error != heartbeat.error):
            devices.failed(*device, heartbeat.error)
        return before is None or before.said != heartbeat or at - before.at > HANGS_S

    def forget(self, device: Device) -> None:
        """Its line has ended."""
        self.last.pop(device, None)

    def hangs(self, device: Device, now: float) -> bool:
        heard = self.last.get(device)
        return heard is not None and now - heard.at > HANGS_S

    def details(self, device: Device, build: str, version: str) -> dict[str, str | int | bool | None]:
        """For the list of devices; `build` and `version` are the server's own."""
        heard = self.last.get(device)
        if heard is None:
            return {}
        said = heard.said
        if said.version is not None:
            return {"current": said.version == version, "panel": "answers" if said.error is None else "silent"}
        return {
            "width": said.width,
            "height": said.height,
            "sound": said.sound,
            "current": said.build == build,
            "broken": len(said.broken),
        }
