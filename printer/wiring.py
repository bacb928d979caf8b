"""From an address to the device that it means: the only file that knows every way to a printer."""

from __future__ import annotations

from pathlib import Path

from printer.device import Device, LineDevice
from printer.machine import Limits
from printer.transports.address import Address
from printer.transports.child import ChildTransport
from printer.transports.line import Transport
from printer.transports.spool import SpoolDevice
from printer.transports.tcp import TcpTransport
from printer.transports.virtual import VirtualPrinter, VirtualTransport
from queue_server.wire.printing import Caps


def device_for(
    address: Address, limits: Limits, *, known: Caps | None = None, virtual: VirtualPrinter | None = None
) -> Device:
    """The device at `address`; `known` is what it could prove the last time. A virtual printer is `virtual`,
    or a new one."""
    if address.scheme == "lp":
        return SpoolDevice(address.name, limits)
    transport = transport_for(address, limits, virtual)
    return LineDevice(transport, limits, known=known, confirm=address.confirm)


def transport_for(address: Address, limits: Limits, virtual: VirtualPrinter | None = None) -> Transport:
    answers = not address.blind
    match address.scheme:
        case "tcp":
            return TcpTransport(address.host, address.port, within=limits.connect, answers=answers)
        case "virtual":
            return VirtualTransport(virtual or VirtualPrinter(address.name))
        case "usb":
            ids = f"{address.vendor:04x}:{address.product:04x}"
            where = f"{ids}/{address.name}" if address.name else ids
            return ChildTransport(["usb", where], within=limits.open, answers=answers)
        case "serial":
            options = [f"{key}={value}" for key, value in address.options.items()]
            return ChildTransport(["serial", address.path, *options], within=limits.open, answers=answers)
    answers = answers and _may_answer(Path(address.path))
    return ChildTransport(["file", address.path], within=limits.open, answers=answers)


def _may_answer(path: Path) -> bool:
    """A device file, there or to be plugged in yet; a plain file or a FIFO only takes."""
    return path.is_char_device() or (path.is_relative_to("/dev") and not path.exists())
