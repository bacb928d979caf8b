"""What a printer says is told apart by its bits, however it arrives."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from printer.answers import (
    Cleared,
    Counted,
    Listener,
    Printed,
    Sensors,
    StatusByte,
    Unasked,
    reading,
)

STREAM = [
    (b"\x12", StatusByte(0x12)),
    (b"\x37\x22ab12\x00", Printed("ab12")),
    (b"\x18\x08\x0f\x00", Unasked((0x18, 0x08, 0x0F, 0x00))),
    (b"\x7e", StatusByte(0x7E)),
    (b"\x5f1024\x00", Counted(1024)),
    (b"\x0f", Sensors(0x0F)),
    (b"\x37\x25\x00", Cleared()),
    (b"\x11", None),
    (b"\x13", None),
    (b"\x1a", StatusByte(0x1A)),
    (b"\x00", Sensors(0)),
]


def test_all_kinds_are_told_apart():
    """Statuses, unasked reports, blocks and flow control on one line."""
    said = b"".join(data for data, _answer in STREAM)

    assert list(Listener().feed(said)) == [answer for _data, answer in STREAM if answer is not None]


@given(st.lists(st.integers(1, 5), min_size=1))
def test_it_does_not_matter_how_bytes_arrive(sizes: list[int]):
    """Cut anywhere, the answers are the same."""
    said = b"".join(data for data, _answer in STREAM)
    listener = Listener()
    heard: list = []
    at = place = 0
    while at < len(said):
        size = sizes[place % len(sizes)]
        heard += listener.feed(said[at : at + size])
        at += size
        place += 1

    assert heard == [answer for _data, answer in STREAM if answer is not None]


@given(st.binary(max_size=200))
def test_noise_breaks_nothing(noise: bytes):
    """Whatever arrives, what is heard afterwards is heard."""
    listener = Listener()
    list(listener.feed(noise))

    heard = list(listener.feed(bytes(100) + b"\x37\x22ab12\x00"))

    assert heard[-1] == Printed("ab12")


@pytest.mark.parametrize(
    ("bits", "causes", "near_end"),
    [
        ({1: 0x12, 2: 0x12, 3: 0x12, 4: 0x12}, (), False),
        ({1: 0x12, 2: 0x12, 3: 0x12, 4: 0x1E}, (), True),
        ({1: 0x1A, 2: 0x32, 3: 0x12, 4: 0x7E}, ("paper_out",), True),
        ({1: 0x1A, 2: 0x12, 3: 0x12, 4: 0x32}, ("paper_out",), False),
        ({1: 0x12, 4: 0x16}, (), True),
        ({1: 0x1A, 2: 0x16, 3: 0x12, 4: 0x7E}, ("cover_open",), True),
        ({1: 0x1A, 2: 0x52, 3: 0x1A, 4: 0x12}, ("cutter",), False),
        ({1: 0x1A, 2: 0x52, 3: 0x52, 4: 0x12}, ("head_hot",), False),
        ({1: 0x1A, 2: 0x52, 3: 0x32, 4: 0x12}, ("fault",), False),
        ({1: 0x1A, 2: 0x1A, 3: 0x12, 4: 0x12}, ("feed_button",), False),
        ({1: 0x1A, 2: 0x52, 3: 0x12, 4: 0x12}, ("fault",), False),
        ({1: 0x1A}, ("offline",), False),
        ({1: 0x16}, (), False),
    ],
)
def test_what_the_bits_mean(bits: dict[int, int], causes: tuple[str, ...], near_end: bool):
    """Epson's tables, any bit of a pair counted, the cover before the paper that it hides."""
    assert reading(bits) == (causes, near_end)
