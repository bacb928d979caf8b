"""When two texts are the same: decided here and nowhere else, since the same text comes as different bytes.

A letter with its mark is one code point from one keyboard and two from another, digits come full-width or in another
script's form, and letters of different alphabets look alike. What is compared (names, secrets, numbers, prefixes) is
compared in the form that is made here; what is shown stays as it was written.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from unicodedata import category, decimal, normalize

DATA = Path(__file__).with_name("confusables.txt")


def composed(text: str) -> str:
    """The text with each letter and its marks as one, where Unicode has them as one (normal form C)."""
    return normalize("NFC", text)


def name_key(name: str) -> str:
    """What two ways to write one name have in common: marks, capitals and spaces make no other person."""
    return composed(" ".join(composed(name).casefold().split()))


def name_look(name: str) -> str:
    """What is seen of a name in capitals, where alphabets share letters: nobody tells two of one look apart."""
    return prefix_look(name_key(normalize("NFKC", name)))


def typed_forms(secret: str) -> tuple[str, ...]:
    """The forms in which keyboards may send one secret, the one that is kept first; mostly there is only one."""
    return tuple(dict.fromkeys((composed(secret), secret, normalize("NFD", secret))))


@lru_cache(maxsize=4096)
def look(text: str) -> str:
    """What is seen of a text (the skeleton of UTS 39): two texts of one look cannot be told apart on a screen."""
    table = _table()
    seen = [table[letter] if letter in table else _without(letter, table) for letter in composed(text)]
    return normalize("NFD", "".join(seen))


def _without(letter: str, table: dict[str, str]) -> str:
    """A letter that the table does not have: its base may stand there, under the same marks."""
    return "".join(table.get(part, part) for part in normalize("NFD", letter))


def capital(letter: str) -> str:
    """A letter as signs and slips write it: the capital, or itself where a script is written without capitals.

    Georgian has a second alphabet of capitals that nobody sets signs in, so Unicode's title case is what is meant.
    """
    return composed("".join(part.title() for part in letter.casefold()))


def number_parts(typed: str) -> tuple[str, int] | None:
    """The look of a number's letters and the number after them, however it was typed; None where there is no number.

    `a2`, `A 002`, `A-2`, full-width letters and the digits of any script are the same; `-2` is none.
    """
    letters, digits = [], []
    signs = normalize("NFKC", typed).strip()
    if signs and category(signs[0])[0] in "PS":
        return None
    for sign in signs:
        digit = decimal(sign, None)
        if digit is not None:
            digits.append(str(digit))
        elif category(sign)[0] in "LM":
            if digits:
                return None
            letters.append(sign)
    if not digits or len(digits) > LONGEST_NUMBER:
        return None
    return prefix_look("".join(letters)), int("".join(digits))


LONGEST_NUMBER = 9
"""Digits; nobody has a longer one."""


@lru_cache(maxsize=4096)
def prefix_look(prefix: str) -> str:
    """What is seen of a prefix's letters, whether they are written as capitals or not."""
    return look("".join(map(capital, normalize("NFKC", prefix))))


@lru_cache(maxsize=1)
def _table() -> dict[str, str]:
    """By letter what is seen of it."""
    table: dict[str, str] = {}
    for line in DATA.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("# "):
            seen, _, letters = line.partition("\t")
            table.update(dict.fromkeys(letters.split(), seen))
    return table
