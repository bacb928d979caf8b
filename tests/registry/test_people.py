"""Who signs in, with which secret, and for how long."""

from __future__ import annotations

import re
from contextlib import closing
from unicodedata import normalize

import pytest
from argon2 import PasswordHasher

from queue_server.database import open_file, writing
from queue_server.errors import Invalid, NotFound
from queue_server.registry.roles import Role
from queue_server.registry.store import Registry
from tests.registry.conftest import Place


def test_the_right_secret_finds_the_person(registry: Registry, place: Place):
    """Names are matched in any case and with spaces around them; a session that begins is noted."""
    siti = registry.people.add("Siti Aminah", Role.CLERK, secret="471108", agency="tax", skills=("npwp",))
    place.now += 5

    found = registry.people.check(" siti aminah ", "471108")
    registry.sessions.start(siti.id, 60_000)

    assert found == siti
    noted = registry.people.get(siti.id)
    assert noted is not None
    assert (noted.signed_in_at, noted.skills, noted.agencies) == (place.now, ("npwp",), ("tax",))


def test_a_pseudonym_is_long_enough_for_many_malls(registry: Registry):
    """64 bits of chance: events keep it for ever, and no two malls give the same to two people."""
    people = [registry.people.add(name, Role.CLERK) for name in ("Siti", "Budi")]

    assert all(re.fullmatch("p[0-9a-f]{16}", person.id) for person in people)
    assert people[0].id != people[1].id


DECOMPOSED = normalize("NFD", "José")


@pytest.mark.parametrize("name", ["José", DECOMPOSED, "JOSÉ", " josé "])
@pytest.mark.parametrize("secret", ["clé unique", normalize("NFD", "clé unique")])
def test_keyboards_send_the_same_name_and_secret_in_several_forms(registry: Registry, name: str, secret: str):
    """A letter and its mark are one person's, whether they come as one code point or as two."""
    jose = registry.people.add(DECOMPOSED, Role.CLERK, secret=normalize("NFD", "clé unique"))

    assert registry.people.check(name, secret) == jose
    assert registry.people.named(name) is not None
    with pytest.raises(Invalid) as refused:
        registry.people.add(name, Role.CLERK)
    assert refused.value.reason == "name_taken"


def test_who_was_there_before_forms_were_alike_still_signs_in(registry: Registry, place: Place):
    """Names and secrets that were kept as they were typed are found, from any keyboard, and nobody becomes another."""
    one = registry.people.add("José", Role.CLERK, secret="first one")
    two = registry.people.add("other", Role.CLERK, secret="second one")
    with closing(open_file(place.path)) as db, writing(db) as connection:
        old = PasswordHasher().hash(DECOMPOSED)
        connection.execute("UPDATE people SET name = ?, secret = ? WHERE id = ?", (DECOMPOSED, old, two.id))

    found = [registry.people.check(name, secret) for name in ("José", DECOMPOSED) for secret in ("first one", "José")]

    assert [person.id if person else None for person in found] == [one.id, two.id, one.id, two.id]


def test_a_secret_is_as_long_as_it_is_seen(registry: Registry):
    """A mark makes no further character."""
    with pytest.raises(Invalid):
        registry.people.add("Siti", Role.CLERK, secret=normalize("NFD", "éé"))


@pytest.mark.parametrize(("name", "secret"), [("Siti", "471208"), ("Siti", ""), ("Budi", "471108"), ("Ani", "471108")])
def test_anything_else_finds_nobody(registry: Registry, name: str, secret: str):
    """A wrong secret, an unknown name and somebody without a secret all get the same answer."""
    registry.people.add("Siti", Role.CLERK, secret="471108")
    registry.people.add("Ani", Role.CLERK)

    assert registry.people.check(name, secret) is None


def test_the_pseudonym_tells_nothing(registry: Registry):
    """What events say of a clerk holds no part of the name."""
    siti = registry.people.add("Siti", Role.CLERK, secret="471108")

    assert "siti" not in siti.id.lower()
    assert siti.id != registry.people.add("Sitti", Role.CLERK).id


def test_a_secret_is_not_on_the_disk(registry: Registry, place: Place):
    """Only a slow hash of it is."""
    registry.people.add("Siti", Role.ADMIN, secret="correct horse battery")

    assert b"correct horse" not in place.bytes_on_disk()
    assert b"$argon2id$" in place.bytes_on_disk()


@pytest.mark.parametrize(
    ("name", "role", "secret", "reason"),
    [
        ("", Role.CLERK, "471108", "name"),
        ("SITI", Role.CLERK, "471108", "name_taken"),
        ("Budi", Role.KIOSK, "471108", "role"),
        ("Budi", Role.CLERK, "47110", "secret_short"),
    ],
)
def test_what_cannot_be_is_refused(registry: Registry, name: str, role: Role, secret: str, reason: str):
    """No empty or taken name, no device as a person, no secret too short; and nobody is added."""
    registry.people.add("Siti", Role.CLERK, secret="471108")

    with pytest.raises(Invalid) as refused:
        registry.people.add(name, role, secret=secret)

    assert refused.value.reason == reason
    assert len(registry.people.list()) == 1


def test_a_new_secret_ends_every_session(registry: Registry):
    """Who knew the old secret is out."""
    siti = registry.people.add("Siti", Role.CLERK, secret="471108")
    cookie = registry.sessions.start(siti.id, 60_000)

    registry.people.set_secret(siti.id, "081594")

    assert registry.sessions.find(cookie) is None
    assert registry.people.check("Siti", "471108") is None
    assert registry.people.check("Siti", "081594") is not None


def test_somebody_removed_is_out_and_unknown(registry: Registry):
    """Removing takes sessions along; removing again says that there is nobody."""
    siti = registry.people.add("Siti", Role.CLERK, secret="471108")
    cookie = registry.sessions.start(siti.id, 60_000)

    registry.people.remove(siti.id)

    assert registry.sessions.find(cookie) is None
    assert registry.people.named("Siti") is None
    with pytest.raises(NotFound):
        registry.people.remove(siti.id)
    with pytest.raises(NotFound):
        registry.people.set_secret(siti.id, "081594")


def test_a_session_lasts_as_long_as_it_was_given(registry: Registry, place: Place):
    """A session knows its person as they are now, and is over at its time or when it is ended."""
    siti = registry.people.add("Siti", Role.CLERK, secret="471108")
    one, other = (registry.sessions.start(siti.id, 60_000) for _ in range(2))

    registry.sessions.end(other)
    place.now += 59_999
    during = registry.sessions.find(one)
    place.now += 1

    assert during is not None
    assert during.person.name == "Siti"
    assert registry.sessions.find(one) is None
    assert registry.sessions.find(other) is None


@pytest.mark.parametrize("name", ["Siti\x1b[2J", "Si\nti", "\u202eitiS", "Si\u200bti", "Siti\x00", "Si\u2028ti"])
def test_a_name_has_no_sign_that_nobody_sees(registry: Registry, name: str):
    """What steers a terminal, or makes one name look like another, is in none; what a script needs may be."""
    with pytest.raises(Invalid):
        registry.people.add(name, Role.CLERK)

    assert registry.people.add("\u0639\u0644\u06cc\u200c\u0631\u0636\u0627", Role.CLERK).name


@pytest.mark.parametrize("name", ["p67b2e6655b680fc4", "P67B2E6655B680FC4", "t67b2e6655b680fc4", "machine"])
def test_nobody_is_named_as_records_name_somebody_else(registry: Registry, name: str):
    """A pseudonym of a person or token, and what commands are recorded by, are no names to sign in with."""
    with pytest.raises(Invalid, match="Records call somebody else so"):
        registry.people.add(name, Role.CLERK)

    assert registry.people.list() == []


@pytest.mark.parametrize("name", ["\u0412oss", "\uff22oss", "boss", "Bo\u0455s"])
def test_a_name_that_looks_like_anothers_is_taken(registry: Registry, name: str):
    """Cyrillic or full-width letters make nobody of an admin's name; a name in one's own script is one's own."""
    registry.people.add("Boss", Role.ADMIN)

    with pytest.raises(Invalid) as refused:
        registry.people.add(name, Role.CLERK)

    assert (refused.value.reason, "Boss" in str(refused.value)) == ("name_taken", False)
    assert registry.people.add("\u0411\u043e\u0440\u0438\u0441", Role.CLERK).role is Role.CLERK
