"""Numbers of badges are kept as hashes under a key that a copy of the registry alone does not give away."""

from __future__ import annotations

import hmac
from contextlib import closing
from hashlib import sha256

import pytest

from queue_server.database import open_file
from queue_server.errors import Unavailable
from queue_server.registry.keys import fresh
from queue_server.registry.roles import Role
from queue_server.registry.schema import MIGRATIONS
from queue_server.registry.store import Registry
from tests.registry.conftest import Place

NUMBER = "0012345678"
OPEN = b"k" * 32
"""As an older version kept it."""


@pytest.fixture
def siti(registry: Registry) -> str:
    person = registry.people.add("Siti", Role.CLERK, secret="471108")
    registry.badges.set(person.id, NUMBER)
    return person.id


def older(place: Place) -> None:
    """A registry with one badge, its key beside it."""
    with closing(open_file(place.path)) as db:
        MIGRATIONS.apply(db, stop_before="m_badges_key_is_sealed")
        db.execute("INSERT INTO people (id, name, role, created_at) VALUES ('p1', 'Siti', 'clerk', 1)")
        db.execute("INSERT INTO secrets VALUES ('badges', ?)", (OPEN,))
        hashed = hmac.new(OPEN, NUMBER.encode(), sha256).digest()
        db.execute("INSERT INTO badges VALUES (?, 'p1', 1)", (hashed,))


def found(registry: Registry) -> str | None:
    person = registry.badges.find(NUMBER)
    return person.id if person else None


def test_an_older_registrys_key_is_carried_forward_and_sealed(place: Place):
    """Its badge is good at once, whenever the server stops on the way; then the key is nowhere in the file."""
    older(place)
    registry = place.open()
    before, left = found(registry), registry.sealed_by_others()
    registry.close()
    again = place.open()
    between = found(again)

    again.badges.seal_anew()

    assert (before, left, between) == ("p1", 1, "p1")
    assert (found(again), again.sealed_by_others(), found(place.open())) == ("p1", 0, "p1")
    assert OPEN not in place.bytes_on_disk()


def test_a_copy_of_the_file_alone_finds_nobody(registry: Registry, place: Place, siti: str):
    """No number can be tried without the mall's key, which lies elsewhere."""
    place.path.with_name("personal.key").unlink()

    with pytest.raises(Unavailable):
        place.open().badges.find(NUMBER)
    assert found(registry) == siti


def test_the_malls_key_is_exchanged_without_a_pause(registry: Registry, place: Place, siti: str):
    """Old and new stand side by side until it is sealed by the new one; then the old one may go."""
    file, new = place.path.with_name("personal.key"), fresh()
    file.write_text(f"{new}\n{file.read_text()}")
    registry.read_keys_again()
    left = registry.sealed_by_others()

    registry.badges.seal_anew()

    file.write_text(new)
    assert (left, registry.sealed_by_others(), found(place.open())) == (1, 0, siti)


def test_where_the_malls_key_is_lost_badges_are_given_anew(place: Place, registry: Registry, siti: str):
    """Taken away they are, and the first one after that has a fresh key; nothing is sealed by the lost one any more."""
    place.path.with_name("personal.key").write_text(fresh())
    other = place.open()
    with pytest.raises(Unavailable):
        other.badges.set(siti, "0087654321")

    other.badges.remove(siti)
    other.badges.set(siti, NUMBER)

    assert found(other) == siti
    assert other.sealed_by_others() == 0


def test_nobody_has_a_badge_and_no_key_is_made(place: Place, registry: Registry):
    """Looking one up seals nothing."""
    assert registry.badges.find(NUMBER) is None
    assert registry.sealed_by_others() == 0
    assert not place.path.with_name("personal.key").exists()
