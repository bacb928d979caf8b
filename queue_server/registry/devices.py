"""What every kiosk, printer and display last said of itself.

Devices speak often and none of it is worth a wait for the disk: what they say is held in memory and written by `write`,
so a killed server forgets the last minute of it.
"""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from queue_server.errors import Unavailable
from queue_server.registry.file import RegistryFile


class Device(Struct, frozen=True, kw_only=True):
    """`kind` is `kiosk`, `printer` or `display`; `error` the last one and `error_at` when it came. Milliseconds."""

    kind: str
    id: str
    version: str | None = None
    seen_at: int | None = None
    error: str | None = None
    error_at: int | None = None


class Devices:
    def __init__(self, file: RegistryFile) -> None:
        self._file = file
        rows = file.read("SELECT kind, id, version, seen_at, error, error_at FROM devices")
        self._devices = {
            (kind, name): Device(kind=kind, id=name, version=version, seen_at=seen_at, error=error, error_at=error_at)
            for kind, name, version, seen_at, error, error_at in rows
        }
        self._changed: set[tuple[str, str]] = set()

    def saw(self, kind: str, name: str, *, version: str | None = None) -> None:
        """It has shown itself just now."""
        device = self._of(kind, name)
        self._keep(replace(device, seen_at=self._file.now(), version=version or device.version))

    def failed(self, kind: str, name: str, error: str) -> None:
        """It said that something is wrong; `error` is a code, or what its maker calls it."""
        self._keep(replace(self._of(kind, name), error=error, error_at=self._file.now()))

    def get(self, kind: str, name: str) -> Device | None:
        return self._devices.get((kind, name))

    def list(self) -> list[Device]:
        return [self._devices[key] for key in sorted(self._devices)]

    def forget(self, kind: str, name: str) -> None:
        """It is not one of ours any more."""
        self._devices.pop((kind, name), None)
        self._changed.discard((kind, name))
        with self._file.change() as connection:
            connection.execute("DELETE FROM devices WHERE kind = ? AND id = ?", (kind, name))

    def write(self) -> None:
        """Write down what was said since the last time; what cannot be written waits for the next."""
        changed, self._changed = self._changed, set()
        rows = [self._devices[key] for key in changed if key in self._devices]
        if not rows:
            return
        try:
            with self._file.change() as connection:
                connection.executemany(
                    "INSERT OR REPLACE INTO devices (kind, id, version, seen_at, error, error_at)"
                    " VALUES (?, ?, ?, ?, ?, ?)",
                    [(d.kind, d.id, d.version, d.seen_at, d.error, d.error_at) for d in rows],
                )
        except Unavailable:
            self._changed |= changed
            raise

    def _of(self, kind: str, name: str) -> Device:
        return self._devices.get((kind, name)) or Device(kind=kind, id=name)

    def _keep(self, device: Device) -> None:
        self._devices[device.kind, device.id] = device
        self._changed.add((device.kind, device.id))
