"""The Alpha protocol of Adaptive Micro Systems (Alpha and BetaBrite signs), after its public description "Alpha Sign
Communications Protocol", document 9708-8061.

    00 00 00 00 00   so that the sign finds the speed of the line
    01 "Z" "00"      SOH, any type of sign, any address
    02 "A" "0"       STX, write a text file, the one that has priority over all others and needs no memory set up
    1B "0" mode      ESC, the whole of the sign ("fill"); "b" hold, "c" flash
    text 04          EOT

docs/panels.md says what these bytes were compared with. A priority file without anything gives the sign back to its own
texts, so one space is written to make it dark.
"""

from __future__ import annotations

from display.panels import Face

HEAD = b"\x00" * 5 + b"\x01Z00\x02A0\x1b0"
HOLD, FLASH = b"b", b"c"
EOT = b"\x04"


class Alpha:
    name = "alpha"

    def write(self, face: Face) -> bytes:
        text = face.text.encode("ascii", "ignore") or b" "
        return HEAD + (FLASH if face.calling else HOLD) + text + EOT


def read(packet: bytes) -> tuple[str, bool]:
    """What such a sign shows after this packet, and whether it flashes; for the simulator."""
    if not packet.startswith(HEAD) or packet[-1:] != EOT or packet[len(HEAD) : len(HEAD) + 1] not in (HOLD, FLASH):
        raise ValueError(f"no packet of the Alpha protocol: {packet!r}")
    body = packet[len(HEAD) : -1]
    return body[1:].decode("ascii").strip(), body[:1] == FLASH
