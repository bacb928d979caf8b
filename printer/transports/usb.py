"""A printer on USB, found by maker and model among those that the kernel's own driver holds.

Linux gives every USB printer a device file, `/dev/usb/lp0` and so on, in the order in which they were plugged
in; here the one meant is found, whatever its place today. No library and no right to raw USB is needed.
"""

from __future__ import annotations

from pathlib import Path

SYSTEM = Path("/sys/class/usbmisc")
DEVICES = Path("/dev/usb")


def device_file(where: str) -> str:
    """Of the printer `04b8:0e15` or `04b8:0e15/SERIAL`. Raises OSError, saying which printers there are instead."""
    return str(find(where, SYSTEM, DEVICES))


def find(where: str, system: Path, devices: Path) -> Path:
    """The device file of the printer meant. Raises OSError."""
    ids, _, serial = where.partition("/")
    seen = list(_printers(system))
    fitting = [name for name, known, number in seen if known == ids.lower() and serial in {"", number}]
    if len(fitting) == 1:
        return devices / fitting[0]
    if fitting:
        numbers = ", ".join(number for _name, known, number in seen if known == ids.lower())
        raise OSError(f"{len(fitting)} printers are {ids}: add the serial number of one, usb://{ids}/… ({numbers})")
    there = ", ".join(sorted(known for _name, known, _number in seen)) or "none"
    raise OSError(f"no USB printer {where} is plugged in and switched on; there: {there}")


def _printers(system: Path) -> list[tuple[str, str, str]]:
    """The name of each printer's device file, its ids, and its serial number."""
    found: list[tuple[str, str, str]] = []
    for entry in sorted(system.glob("lp*")):
        device = (entry / "device").resolve().parent  # the interface's parent is the device
        try:
            ids = f"{_said(device, 'idVendor')}:{_said(device, 'idProduct')}"
        except OSError:
            continue
        number = _said(device, "serial") if (device / "serial").exists() else ""
        found.append((entry.name, ids, number))
    return found


def _said(device: Path, name: str) -> str:
    return (device / name).read_text(encoding="utf-8", errors="replace").strip()
