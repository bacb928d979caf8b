"""What a language must say to be spoken: its letters, its numbers, its sentences."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct


class Piece(Struct, frozen=True):
    """One recording, and what it says. `after` stands between its text and the next one's."""

    name: str
    text: str
    after: str = " "
    spare: bool = False
    """The sentence holds without it, so recordings that were made before it was needed go on."""


class Language(Struct, frozen=True, kw_only=True):
    """The sentences have the places `{number}` and `{counter}`; what stands between them is one recording each."""

    code: str
    name: str
    """In English, for whoever runs the mall."""
    letters: tuple[str, ...]
    """What A to Z are called."""
    cardinal: Callable[[int], str]
    """0 to 99, as in counting."""
    hundred: Callable[[int, int], str]
    """So many hundreds (1 to 9), before what is left over (0 to 99)."""
    thousand: Callable[[int, int], str]
    """So many thousands (1 to 9), before what is left over (0 to 999)."""
    counter: Callable[[int], str]
    """1 to 999, in the form that `call` wants."""
    call: str
    """To a counter that has a number."""
    coded: str
    """To a counter such as B12: its letters and numbers are read out."""
    named: str
    """To a counter that has a name."""
    again: str
    """Before everything, when a number is called again."""
    moved: str
    """Before everything, when a citizen on the way to one counter is called to another: what the screen says, too."""
    bound: str = ""
    """A word that is written together with the next one."""


def words(said: str, between: str | None = None) -> tuple[str, ...]:
    return tuple(said.split(between))


def whole(language: Language, number: int) -> list[Piece]:
    """0 to 9999 in words."""
    pieces = []
    thousands, rest = divmod(number, 1000)
    if thousands:
        pieces.append(_round(language, "thousand", language.thousand, thousands, rest))
    hundreds, ones = divmod(rest, 100)
    if hundreds:
        pieces.append(_round(language, "hundred", language.hundred, hundreds, ones))
    if ones or not pieces:
        pieces.append(Piece(f"number-{ones}", language.cardinal(ones)))
    return pieces


def _round(language: Language, what: str, said: Callable[[int, int], str], count: int, rest: int) -> Piece:
    """Hundreds and thousands have at most two forms: alone, and before more."""
    text, alone = said(count, rest), said(count, 0)
    after = "" if language.bound and text.endswith(f" {language.bound}") else " "
    return Piece(f"{what}-{count}" + ("" if text == alone else "-and"), text, after)
