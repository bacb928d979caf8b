"""One address says how a printer is reached, and what is wrong with an address is said."""

import pytest

from printer.transports.address import WrongAddress, parse_address
from queue_server.wire.printing import Paper


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("tcp://10.0.0.9:9100", {"scheme": "tcp", "host": "10.0.0.9", "port": 9100}),
        ("tcp://kiosk-1.hall", {"host": "kiosk-1.hall", "port": 9100}),
        ("tcp://[fd00::9]:9101", {"host": "fd00::9", "port": 9101}),
        ("tcp://[fe80::1%25eth0]", {"host": "fe80::1%eth0"}),
        ("usb://04b8:0e15", {"scheme": "usb", "vendor": 0x04B8, "product": 0x0E15, "name": ""}),
        ("usb://04B8:0E15/J7X2001", {"name": "J7X2001"}),
        ("serial:///dev/ttyUSB0?baud=115200", {"scheme": "serial", "path": "/dev/ttyUSB0"}),
        ("file:///dev/usb/lp0", {"scheme": "file", "path": "/dev/usb/lp0"}),
        ("file:///tmp/a%20slip", {"path": "/tmp/a slip"}),
        ("lp://kiosk-1", {"scheme": "lp", "name": "kiosk-1"}),
        ("virtual://", {"scheme": "virtual", "name": ""}),
        ("virtual://hall-1", {"name": "hall-1"}),
    ],
)
def test_every_kind_of_address_is_understood(text: str, fields: dict[str, object]):
    """The documented forms, and the parts that they mean."""
    address = parse_address(text)

    assert {name: getattr(address, name) for name in fields} == fields


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("10.0.0.9:9100", "begins with one of tcp://"),
        ("ipp://printer", "begins with one of tcp://"),
        ("tcp://", "needs a host"),
        ("tcp://host:port", "port"),
        ("tcp://host:99999", "ort"),
        ("tcp://host/path", "needs a host and perhaps a port"),
        ("usb://epson", "four hexadecimal digits"),
        ("usb://4b8:e15", "four hexadecimal digits"),
        ("serial://dev/ttyUSB0", "three slashes"),
        ("file://", "three slashes"),
        ("lp://", "name of a queue"),
        ("tcp://host?speed=9", "'speed' means nothing here; known: width"),
        ("tcp://host?width=577", "that eight divides"),
        ("tcp://host?width=10", "from 64 to 2048"),
        ("tcp://host?cut=half", "partial, full, none"),
        ("tcp://host?width=384&width=576", "there twice"),
        ("serial:///dev/ttyS0?parity=mark", "none, even, odd"),
        ("lp://kiosk?blind=yes", "means nothing here"),
    ],
)
def test_a_wrong_address_says_what_to_write(text: str, says: str):
    """Each mistake has a message that names it."""
    with pytest.raises(WrongAddress, match=says.replace("(", r"\(")):
        parse_address(text)


def test_what_the_address_says_of_the_paper_goes_first():
    """The rest stays as the server told it."""
    told = Paper(dots=576, cut="full", near_end_mm=4000)

    assert parse_address("tcp://h?width=384&cut=none").paper(told) == Paper(dots=384, cut="none", near_end_mm=4000)
    assert parse_address("tcp://h").paper(told) == told


def test_a_model_fills_in_what_neither_says():
    """The address's model goes before the server's; its own dots where neither names any."""
    told = Paper(model="TM-T20II")

    assert parse_address("serial:///dev/ttyS0?mode=text&model=TM-T88V").paper(told) == Paper(
        dots=512, dpi=180, mode="text", model="TM-T88V"
    )
    assert parse_address("tcp://h?model=POS-5890&width=432&cut=full").paper(Paper()) == Paper(
        dots=432, cut="full", model="POS-5890"
    )
    assert parse_address("tcp://h").paper(Paper(mode="text")) == Paper(mode="text")


def test_a_model_that_nobody_knows_is_refused():
    """With near names, before anything is printed."""
    with pytest.raises(WrongAddress, match="TM-T88V"):
        parse_address("tcp://h?model=TM-T88VI")


def test_an_address_says_how_slow_it_is():
    """A serial port's speed is known before the first slip; nothing else's is."""
    assert parse_address("serial:///dev/ttyS0?baud=9600").picture_s > 50
    assert parse_address("serial:///dev/ttyS0").picture_s < 6
    assert parse_address("tcp://h").picture_s == 0


def test_the_same_address_with_something_besides():
    """As it is to be typed."""
    address = parse_address("serial:///dev/ttyUSB0?baud=9600")

    assert address.having(mode="text") == "serial:///dev/ttyUSB0?baud=9600&mode=text"
    assert parse_address("tcp://h:9100").having(blind="yes") == "tcp://h:9100?blind=yes"


def test_what_a_printer_proves_may_be_said():
    """An address may name the witness instead of having the printer asked."""
    assert parse_address("tcp://h?confirm=gs_r").confirm == "gs_r"
    assert parse_address("tcp://h").confirm is None
    assert parse_address("tcp://h?blind=yes").blind is True
