"""What devices last said of themselves, over restarts."""

from __future__ import annotations

import pytest

from queue_server.database import open_file, writing
from queue_server.errors import Unavailable
from queue_server.registry.roles import Role
from tests.registry.conftest import Place


def test_a_device_is_remembered_over_a_restart(place: Place):
    """Version, last word and last error are there again, each kind and id for itself."""
    registry = place.open()
    registry.devices.saw("printer", "P1", version="0.1.0")
    place.now += 1
    registry.devices.failed("printer", "P1", "paper_out")
    registry.devices.saw("kiosk", "P1")
    registry.write_down()

    again = place.open()

    assert [(d.kind, d.id, d.version, d.error) for d in again.devices.list()] == [
        ("kiosk", "P1", None, None),
        ("printer", "P1", "0.1.0", "paper_out"),
    ]
    printer = again.devices.get("printer", "P1")
    assert printer is not None
    assert (printer.seen_at, printer.error_at) == (place.now - 1, place.now)


def test_what_cannot_be_written_waits(place: Place):
    """While another program holds the file nothing is lost, and closing does not fail."""
    registry = place.open(busy_ms=10)
    bearer = registry.tokens.create(Role.KIOSK)
    registry.tokens.find(bearer)
    registry.devices.saw("kiosk", "K1")
    other = open_file(place.path)
    with writing(other), pytest.raises(Unavailable):
        registry.write_down()
    with writing(other), pytest.raises(Unavailable):
        registry.devices.write()
    other.close()

    registry.write_down()

    again = place.open()
    assert again.devices.get("kiosk", "K1") is not None
    assert again.tokens.list()[0].used_at == place.now


def test_a_device_that_left_is_forgotten(place: Place):
    """What was taken away does not come back with the next restart."""
    registry = place.open()
    registry.devices.saw("display", "D1")
    registry.write_down()

    registry.devices.forget("display", "D1")
    registry.write_down()

    assert registry.devices.get("display", "D1") is None
    assert place.open().devices.list() == []
