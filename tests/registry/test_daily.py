"""Who has which ticket today can be counted, and nobody can tell who it is."""

from __future__ import annotations

from pathlib import Path

from queue_server.registry.keys import fresh
from queue_server.registry.store import Registry, open_registry
from tests.registry.conftest import Place

NIK = "3273010101800002"
DAY, NEXT = "2026-11-24", "2026-11-25"


def test_the_same_number_has_the_same_mark_for_a_day(registry: Registry):
    """For one day and one thing that is counted; for another of either it is another."""
    mark = registry.daily.mark(DAY, "limit", "service", "passport", NIK)

    assert registry.daily.mark(DAY, "limit", "service", "passport", NIK) == mark
    others = {
        registry.daily.mark(NEXT, "limit", "service", "passport", NIK),
        registry.daily.mark(DAY, "limit", "service", "visa", NIK),
        registry.daily.mark(DAY, "limit", "service", "passport", "3273010101800003"),
    }
    assert len(others) == 3
    assert mark not in others


def test_tickets_are_known_by_the_mark(registry: Registry):
    """Those of that day, until they are forgotten."""
    mark = registry.daily.mark(DAY, "mall", NIK)
    registry.daily.add(DAY, [mark], "a")
    registry.daily.add(DAY, [mark], "b")
    registry.daily.forget("a")

    assert registry.daily.tickets(DAY, mark) == ["b"]
    assert registry.daily.tickets(NEXT, mark) == []


def test_the_day_takes_marks_and_key_with_it(registry: Registry, place: Place):
    """Nothing of another day stays, neither in the file nor in the write-ahead log: then no number can be tried."""
    mark = registry.daily.mark(DAY, "mall", NIK)
    registry.daily.add(DAY, [mark], "a")
    today = registry.daily.mark(NEXT, "mall", NIK)
    registry.daily.add(NEXT, [today], "b")
    before = place.bytes_on_disk()

    gone = registry.daily.forget_other_days(NEXT)

    assert gone == 1
    assert mark in before
    assert mark not in place.bytes_on_disk()
    assert not registry.daily.has_other_days(NEXT)
    assert registry.daily.tickets(NEXT, today) == ["b"]
    assert registry.daily.mark(DAY, "mall", NIK) != mark


def test_the_mark_is_the_same_after_an_exchange_of_keys(tmp_path: Path):
    """The day's key is sealed by the newest of the mall's, and the old one may go."""
    lines = [fresh()]
    registry = open_registry(tmp_path / "registry.db", keys=lambda _make: "\n".join(lines))
    mark = registry.daily.mark(DAY, "mall", NIK)
    lines.insert(0, fresh())
    registry.read_keys_again()
    left = registry.daily.sealed_by_others()

    registry.daily.seal_anew()
    lines.pop()
    registry.read_keys_again()

    assert (left, registry.daily.sealed_by_others()) == (1, 0)
    assert registry.daily.mark(DAY, "mall", NIK) == mark
    registry.close()
