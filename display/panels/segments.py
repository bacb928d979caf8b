"""Seven-segment panels that take plain text: STX, the address, blink, right-aligned figures, CR.

    02  "01"  "B" or " "  "A012" (WIDTH places, spaces in front)  0D

Many controllers of four to six figures understand this or can be set to it: 9600 baud, eight bits, no parity. Letters
that seven segments cannot draw are left out where a number has figures behind them.
"""

from __future__ import annotations

from display.panels import Face

STX, CR = b"\x02", b"\r"
WIDTH = 6
DRAWN = frozenset("0123456789ABCDEFHIJLNOPSTUY-")


class Segments:
    name = "segments"

    def __init__(self, address: int = 1) -> None:
        self._address = address

    def write(self, face: Face) -> bytes:
        text = "".join(letter for letter in face.text.upper() if letter in DRAWN)[-WIDTH:]
        blink = "B" if face.calling else " "
        return STX + f"{self._address:02}{blink}{text:>{WIDTH}}".encode("ascii") + CR


def read(packet: bytes) -> tuple[str, bool]:
    """What such a panel shows after this packet, and whether it blinks; for the simulator."""
    if packet[:1] != STX or packet[-1:] != CR or len(packet) != WIDTH + 5:
        raise ValueError(f"no packet of a seven-segment panel: {packet!r}")
    said = packet[1:-1].decode("ascii")
    return said[3:].strip(), said[2] == "B"
