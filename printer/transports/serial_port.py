"""A serial port, opened raw with the system's own terminal calls: no library is needed for eight bits and a speed.

Runs in the child (`holder.py`), where blocking is allowed. 8 data bits, 1 stop bit, as every receipt printer has.
"""

from __future__ import annotations

import os
import select
import termios
import tty

_INPUT, _OUTPUT, _CONTROL, _LOCAL, _IN_SPEED, _OUT_SPEED = range(6)


class SerialDevice:
    """Raises OSError if it cannot be opened, ValueError for a speed that the system does not know."""

    def __init__(self, path: str, options: dict[str, str]) -> None:
        speed = getattr(termios, f"B{options.get('baud', '115200')}", None)
        if speed is None:
            raise ValueError(f"no serial port has a speed of {options['baud']} baud")
        self._descriptor = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        os.set_blocking(self._descriptor, True)
        try:
            _set_up(self._descriptor, speed, options)
        except termios.error as error:
            raise OSError(f"not a serial port ({error.args[-1]})") from error

    def write(self, data: bytes) -> int:
        return os.write(self._descriptor, data)

    def read(self) -> bytes:
        select.select([self._descriptor], [], [])
        return os.read(self._descriptor, 4096)


def _set_up(descriptor: int, speed: int, options: dict[str, str]) -> None:
    tty.setraw(descriptor, termios.TCSANOW)
    modes = termios.tcgetattr(descriptor)
    modes[_CONTROL] |= termios.CREAD | termios.CLOCAL | termios.CS8
    modes[_CONTROL] &= ~(termios.CSTOPB | termios.PARENB | termios.PARODD | termios.CRTSCTS)
    if options.get("parity", "none") != "none":
        modes[_CONTROL] |= termios.PARENB
    if options.get("parity") == "odd":
        modes[_CONTROL] |= termios.PARODD
    if options.get("flow", "none") == "hard":
        modes[_CONTROL] |= termios.CRTSCTS
    if options.get("flow") == "soft":
        modes[_INPUT] |= termios.IXON
    modes[_IN_SPEED] = modes[_OUT_SPEED] = speed
    termios.tcsetattr(descriptor, termios.TCSANOW, modes)
    termios.tcflush(descriptor, termios.TCIOFLUSH)
