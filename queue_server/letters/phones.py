"""When two phone numbers are the same text: their digits are, whatever stands between them and in whichever script."""

from __future__ import annotations

from unicodedata import decimal, normalize

DIGITS = range(4, 16)
"""So many: short ones of a town, and at most what E.164 allows."""

BETWEEN = " -.()/\u00a0\u2010\u2011\u2012\u2013"
"""What people write between them."""


def phone(said: str) -> str | None:
    """Its digits, perhaps with a plus before them; None for nothing. Raises ValueError for what is no phone."""
    signs = [sign for sign in normalize("NFKC", said).strip() if sign not in BETWEEN]
    plus = "+" if signs[:1] == ["+"] else ""
    digits = [decimal(sign, -1) for sign in signs[len(plus) :]]
    if not digits and not plus:
        return None
    if -1 in digits or len(digits) not in DIGITS:
        raise ValueError("no phone")
    return plus + "".join(map(str, digits))
