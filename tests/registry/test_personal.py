"""What is personal can be read by its reference, and forgotten for good."""

from __future__ import annotations

import pytest

from queue_server.database import open_file, open_to_read
from queue_server.errors import Unavailable
from queue_server.registry.store import Registry
from tests.registry.conftest import Place

WORDS = "Ibu Sari, 0812-5550-1234, needs a wheelchair"


def test_a_text_comes_back_by_its_reference(registry: Registry):
    """Whatever was remembered is read again to the letter; other references give nothing."""
    reference = registry.personal.add("note", WORDS)

    assert registry.personal.read(reference) == WORDS
    assert registry.personal.read("nothing") is None


def test_the_file_does_not_hold_the_words(registry: Registry, place: Place):
    """On the disk is only what nobody can read without the key."""
    registry.personal.add("note", WORDS)

    assert b"Sari" not in place.bytes_on_disk()


def test_forgetting_leaves_nothing_on_the_disk(registry: Registry, place: Place):
    """Text and key are overwritten in the file and gone from the write-ahead log."""
    reference = registry.personal.add("note", WORDS)
    db = open_to_read(place.path)
    (sealed,) = db.execute("SELECT sealed FROM personal").fetchone()
    (key,) = db.execute("SELECT key FROM personal_keys").fetchone()
    db.close()
    before = place.bytes_on_disk()

    assert registry.personal.forget(reference)

    assert sealed in before
    assert key in before
    assert sealed not in place.bytes_on_disk()
    assert key not in place.bytes_on_disk()
    assert registry.personal.read(reference) is None
    assert not registry.personal.forget(reference)


def test_forgetting_is_completed_when_a_reader_has_gone(place: Place):
    """Somebody who reads just then only delays the emptying of the log to the next time."""
    registry = place.open(busy_ms=10)
    reference = registry.personal.add("note", WORDS)
    reader = open_file(place.path, busy_ms=0)
    (key,) = reader.execute("SELECT key FROM personal_keys").fetchone()
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM personal").fetchall()
    registry.personal.forget(reference)
    during = place.bytes_on_disk()

    reader.execute("COMMIT")
    reader.close()
    registry.write_down()

    assert key in during
    assert key not in place.bytes_on_disk()


def test_orphans_are_swept_and_what_events_name_is_kept(registry: Registry, place: Place):
    """A text whose event never came is forgotten; one whose event is recorded stays; a fresh one is given time."""
    orphan, named = (registry.personal.add("note", word) for word in ("orphan", "named"))
    kept = registry.personal.add("note", "kept")
    registry.personal.keep(kept)
    place.now += 60_000
    fresh = registry.personal.add("note", "fresh")

    forgotten = registry.personal.sweep(lambda reference: reference == named, older_than_ms=60_000)

    assert forgotten == 1
    texts = [registry.personal.read(reference) for reference in (orphan, named, kept, fresh)]
    assert texts == [None, "named", "kept", "fresh"]


def test_a_text_moved_under_another_reference_is_not_read(registry: Registry, place: Place):
    """Text and key are bound to their reference, so rows cannot be swapped unseen."""
    one, other = (registry.personal.add("note", word) for word in ("one", "other"))
    db = open_file(place.path)
    db.execute("DELETE FROM personal WHERE reference = ?", (other,))
    db.execute("UPDATE personal SET reference = ? WHERE reference = ?", (other, one))
    db.close()

    with pytest.raises(Unavailable, match="other hands"):
        registry.personal.read(other)
