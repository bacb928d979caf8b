"""Tokens let in whoever holds them, for as long as they are not revoked."""

from __future__ import annotations

import re
import time
from contextlib import closing
from hashlib import sha256

import msgspec
import pytest

from queue_server.database import open_file
from queue_server.errors import Invalid, NotFound
from queue_server.registry.roles import Role
from queue_server.registry.schema import MIGRATIONS
from queue_server.registry.store import Registry
from queue_server.registry.tokens import FRESH_S, Token
from queue_server.web.identity.access import of_token
from tests.registry.conftest import Place


def test_a_token_says_who_holds_it(registry: Registry):
    """Role, name, counter and agency come back for the token that was given out."""
    bearer = registry.tokens.create(Role.CLERK, name="hall", counter="7", agency="tax")

    found = registry.tokens.find(bearer)

    assert found is not None
    assert (found.role, found.name, found.counter, found.agencies) == (Role.CLERK, "hall", "7", ("tax",))
    assert registry.tokens.find(bearer + "x") is None
    assert registry.tokens.find("\ud800") is None


def test_a_token_made_beside_a_running_server_works_at_once(place: Place):
    """What the command line makes, the server knows without being told."""
    server, shell = place.open(), place.open()
    server.tokens.find("nobody")

    bearer = shell.tokens.create(Role.KIOSK, name="K1")

    found = server.tokens.find(bearer)
    assert found is not None
    assert found.name == "K1"


def test_the_file_does_not_hold_the_token(registry: Registry, place: Place):
    """Who reads the disk can let nobody in."""
    bearer = registry.tokens.create(Role.ADMIN)

    assert bearer.encode() not in place.bytes_on_disk()


def test_a_revoked_token_lets_nobody_in(registry: Registry):
    """Revoking holds at once in the same program, and for ever."""
    bearer = registry.tokens.create(Role.KIOSK)
    token = registry.tokens.find(bearer)
    assert token is not None

    registry.tokens.revoke(token.id)

    assert registry.tokens.find(bearer) is None
    assert registry.tokens.list()[0].revoked_at is not None


def test_a_token_revoked_elsewhere_stops_within_a_moment(place: Place):
    """Another program's revoking is believed after a fraction of a second."""
    server, shell = place.open(), place.open()
    bearer = shell.tokens.create(Role.KIOSK)
    token = server.tokens.find(bearer)
    assert token is not None
    shell.tokens.revoke(token.id)

    late = time.monotonic() + FRESH_S + 5
    while server.tokens.find(bearer) is not None and time.monotonic() < late:
        pass

    assert server.tokens.find(bearer) is None


def test_revoking_what_is_not_there_is_said(registry: Registry):
    """A wrong number is an answer, not a silent success."""
    with pytest.raises(NotFound):
        registry.tokens.revoke(99)


def test_the_last_use_is_written_down_when_asked(place: Place):
    """Uses wait in memory, so that letting somebody in never waits for the disk."""
    server = place.open()
    bearer = server.tokens.create(Role.KIOSK)
    place.now += 5
    server.tokens.find(bearer)
    before = server.tokens.list()[0].used_at

    server.write_down()

    assert (before, server.tokens.list()[0].used_at) == (None, place.now)


def test_whoever_has_no_name_has_a_pseudonym_of_chance(place: Place):
    """A token's number would be another one's in another mall; what events say is like nothing elsewhere."""
    registry = place.open()
    bearers = [registry.tokens.create(Role.CLERK) for _ in range(2)]

    first, second = (of_token(token) for bearer in bearers if (token := registry.tokens.find(bearer)))
    again = place.open().tokens.find(bearers[0])

    assert all(re.fullmatch("t[0-9a-f]{16}", caller.clerk) for caller in (first, second))
    assert first.clerk != second.clerk
    assert again is not None
    assert of_token(again).clerk == first.clerk


def test_tokens_of_an_older_registry_go_on(place: Place):
    """Carried forward, a token lets in as before and has a pseudonym, too."""
    bearer = "antrean_of_before"
    with closing(open_file(place.path)) as db:
        MIGRATIONS.apply(db, stop_before="m002_secrets_and_pseudonyms")
        hashed = sha256(bearer.encode()).digest()
        db.execute("INSERT INTO tokens (hash, role, created_at) VALUES (?, 'clerk', 1)", (hashed,))

    found = place.open().tokens.find(bearer)

    assert found is not None
    assert re.fullmatch("t[0-9a-f]{16}", found.pseudonym)


def test_no_token_is_named_like_a_person_in_records(registry: Registry):
    """Neither by somebody's pseudonym nor by what has its form; a name that people go by is a token's, too."""
    person = registry.people.add("ani", Role.CLERK)
    for name in (person.id, f" {person.id} ", person.id.upper(), "t0123456789abcdef", "machine"):
        with pytest.raises(Invalid):
            registry.tokens.create(Role.CLERK, name=name)

    assert of_token(found_of(registry, registry.tokens.create(Role.CLERK, name="ani"))).clerk == "ani"


def test_an_older_token_that_is_named_so_acts_as_itself(registry: Registry):
    """What an older version let be made does not stand in records as that person."""
    person = registry.people.add("ani", Role.CLERK)
    token = found_of(registry, registry.tokens.create(Role.CLERK, name="x"))

    assert of_token(msgspec.structs.replace(token, name=person.id)).clerk == token.pseudonym


def found_of(registry: Registry, bearer: str) -> Token:
    found = registry.tokens.find(bearer)
    assert found is not None
    return found
