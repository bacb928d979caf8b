"""Which secrets are refused because they would be guessed."""

from __future__ import annotations

import pytest

from queue_server.errors import Invalid
from queue_server.registry import strength
from queue_server.registry.roles import PEOPLE, Role


@pytest.mark.parametrize(
    ("secret", "role", "reason"),
    [
        ("4711", Role.CLERK, "secret_short"),
        ("471108", Role.SUPERVISOR, "secret_short"),
        ("471108", Role.AUDITOR, "secret_short"),
        ("123456", Role.CLERK, "secret_common"),
        ("987654", Role.CLERK, "secret_common"),
        ("000000", Role.CLERK, "secret_common"),
        ("121212", Role.CLERK, "secret_common"),
        ("147258", Role.CLERK, "secret_common"),
        ("qwerty", Role.CLERK, "secret_common"),
        ("Password123", Role.ADMIN, "secret_common"),
        ("Rahasia 1234", Role.ADMIN, "secret_common"),
        ("siti aminah 1", Role.ADMIN, "secret_common"),
        ("SitiSitiSiti", Role.ADMIN, "secret_common"),
        ("siti aminah siti aminah siti aminah", Role.ADMIN, "secret_common"),
        ("aminah-2024", Role.ADMIN, "secret_common"),
        ("x" * 201, Role.CLERK, "secret_long"),
    ],
)
def test_what_everybody_would_try_is_refused(secret: str, role: Role, reason: str):
    """Short ones, rows of a keyboard, repetitions, the usual ones, and the name."""
    with pytest.raises(Invalid) as refused:
        strength.check(secret, role, "Siti Aminah")

    assert refused.value.reason == reason


@pytest.mark.parametrize("role", sorted(PEOPLE))
def test_an_ordinary_password_is_taken(role: Role):
    """Nobody is told to mix capitals and signs."""
    strength.check("kuda hijau 17 lari", role, "Siti")
    strength.check("siti naik kuda hijau", role, "Siti")


def test_a_clerk_may_have_a_pin():
    """Six digits that nobody would try first."""
    strength.check("471108", Role.CLERK, "Siti")


def test_the_list_is_as_it_is_looked_up():
    """A line with a capital or a space would never be found."""
    assert len(strength.common()) > 2_000
    assert all(line == "".join(line.casefold().split()) for line in strength.common())
