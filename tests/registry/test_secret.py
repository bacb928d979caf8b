"""Keys of the server's own, which outlive it."""

from __future__ import annotations

from tests.registry.conftest import Place


def test_every_server_of_a_registry_has_the_same_secret(place: Place):
    """A server that takes over hashes an Idempotency-Key to what the one before did, so nothing is done twice."""
    one, other = place.open(), place.open()

    secret = one.secret("idempotency")

    assert len(secret) == 32
    assert other.secret("idempotency") == place.open().secret("idempotency") == secret
    assert one.secret("else") != secret
