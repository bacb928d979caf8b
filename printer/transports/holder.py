"""The child that holds a device: run as `python -m printer.transports.holder KIND WHERE [OPTION=VALUE…]`.

It imports nothing of the agent but the names of devices, reads frames (see `child.py`) and may be killed at any
moment. Blocking is its whole purpose.
"""

from __future__ import annotations

import os
import stat
import struct
import sys
import threading
from typing import BinaryIO, Protocol

_HEAD = struct.Struct(">cI")
#: Bytes given to the device at a time; also the grain in which they are acknowledged: about a second at 9600 baud.
_CHUNK = 1024


class Held(Protocol):
    """An open device."""

    def write(self, data: bytes) -> int: ...

    def read(self) -> bytes:
        """Blocks; b"" when there will never be anything."""


class FileDevice:
    """A device file, such as `/dev/usb/lp0`; a plain file or a FIFO is only written to.

    It is never made: a node that is missing is a printer that is off or unplugged.
    """

    def __init__(self, path: str) -> None:
        self._speaks = stat.S_ISCHR(os.stat(path).st_mode)
        flags = os.O_RDWR if self._speaks else os.O_WRONLY | os.O_APPEND
        self.descriptor = os.open(path, flags | os.O_NOCTTY)

    def write(self, data: bytes) -> int:
        return os.write(self.descriptor, data)

    def read(self) -> bytes:
        if not self._speaks:
            return b""
        return os.read(self.descriptor, 4096)


def main(arguments: list[str]) -> int:
    out = _Frames(sys.stdout.buffer)
    try:
        device = _opened(arguments[0], arguments[1], dict(item.split("=", 1) for item in arguments[2:]))
    except (OSError, ValueError) as error:
        out.say(b"E", f"{arguments[1]}: {_words(error)}".encode())
        return 1
    out.say(b"O", b"")
    threading.Thread(target=_listen, args=(device, out), daemon=True).start()
    try:
        _serve(device, sys.stdin.buffer, out)
    except OSError as error:
        out.say(b"E", f"{arguments[1]}: {_words(error)}".encode())
    os._exit(0)  # the listening thread may be blocked in the device for ever


def _serve(device: Held, source: BinaryIO, out: _Frames) -> None:
    while len(head := source.read(_HEAD.size)) == _HEAD.size:
        _kind, length = _HEAD.unpack(head)
        data = source.read(length)
        for start in range(0, len(data), _CHUNK):
            chunk = data[start : start + _CHUNK]
            while chunk:
                taken = device.write(chunk)
                out.say(b"A", taken.to_bytes(4, "big"))
                chunk = chunk[taken:]


def _listen(device: Held, out: _Frames) -> None:
    try:
        while data := device.read():
            out.say(b"R", data)
    except OSError as error:
        out.say(b"E", _words(error).encode())


class _Frames:
    def __init__(self, target: BinaryIO) -> None:
        self._target = target
        self._lock = threading.Lock()

    def say(self, kind: bytes, data: bytes) -> None:
        with self._lock:
            self._target.write(_HEAD.pack(kind, len(data)) + data)
            self._target.flush()


def _opened(kind: str, where: str, options: dict[str, str]) -> Held:
    """Raises OSError or ValueError, with words for staff."""
    if kind == "serial":
        from printer.transports.serial_port import SerialDevice

        return SerialDevice(where, options)
    if kind == "usb":
        from printer.transports.usb import device_file

        return FileDevice(device_file(where))
    return FileDevice(where)


def _words(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
