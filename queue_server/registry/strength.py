"""Which PINs and passwords are too easy to guess.

Clerks may have a PIN, since they type it at a counter all day long; whoever may do more needs a password. Neither may
be one that everybody tries first (`common_secrets.txt`), a plain row of signs, or the name itself.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from queue_server.errors import Invalid
from queue_server.letters import composed, name_key
from queue_server.registry.roles import Role

PIN = 6
PASSWORD = 10
"""Characters, at least."""

LONGEST = 200

FEW = 3
"""As many different signs, or fewer, make no secret."""

_ROWS = (
    "0123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertzuiop",
    "1q2w3e4r5t6y7u",
)


def shortest(role: Role) -> int:
    return PIN if role is Role.CLERK else PASSWORD


def check(secret: str, role: Role, name: str) -> None:
    """Raises Invalid for a secret that is too easy to guess for this role."""
    secret = composed(secret)
    if len(secret) < shortest(role):
        at_least = shortest(role)
        raise Invalid(
            f"A secret for the role {role.word} has at least {at_least} characters.",
            reason="secret_short",
            least=at_least,
        )
    if len(secret) > LONGEST:
        raise Invalid(f"A secret has at most {LONGEST} characters.", reason="secret_long", most=LONGEST)
    if _easy(secret, name):
        raise Invalid("That is one of the first that anybody would try; take another.", reason="secret_common")


def _easy(secret: str, name: str) -> bool:
    plain = name_key(secret).replace(" ", "")
    return len(set(plain)) < FEW or plain in common() or _row(plain) or _repeated(plain) or _named(plain, name)


def _named(plain: str, name: str) -> bool:
    """The name, or a part of it, however often, and little else: `sitisitisiti`, `aminah 2024`."""
    words = name_key(name).split()
    rest = plain
    for own in sorted({"".join(words), *words}, key=len, reverse=True):
        if len(own) >= FEW:
            rest = rest.replace(own, "")
    return rest != plain and len(rest) < PIN


def _row(plain: str) -> bool:
    """`123456`, `fedcba`, `890123`: signs in the order of a keyboard or an alphabet."""
    return any(plain in row + row or plain[::-1] in row + row for row in _ROWS)


def _repeated(plain: str) -> bool:
    """`1212`, `abcabc`: half of it, or less, again and again."""
    return any(plain == plain[:part] * (len(plain) // part) for part in range(1, 4) if len(plain) % part == 0)


@cache
def common() -> frozenset[str]:
    lines = Path(__file__).with_name("common_secrets.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))
