"""From a ticket and a counter to the pieces of one sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, partial

from msgspec.structs import replace

from queue_server.speech.wording.language import Language, Piece, whole

_NUMBER = re.compile(r"([^\W\d_]*)(\d+)")
_COUNTER_NUMBER = re.compile(r"0*([1-9]\d{0,2})")
_COUNTER_CODE = re.compile(r"(?:[^\W\d_]|[A-Z]{2})?[ -]?(?:[1-9]\d{0,2})?[ -]?(?:[^\W\d_]|[A-Z]{2})?")
_SHORT_NUMBER = re.compile(r"(?<!\d)\d{1,4}(?!\d)")
_RUN = re.compile(r"\d+|[^\W\d_]")
_PLACE = re.compile(r"\{(number|counter)\}")
_BEFORE = re.compile(r"^\W*")
_AFTER = re.compile(r"\W*$")
_LAST_WHOLE = 9999


def sentence(
    language: Language, number: str, label: str, *, again: bool = False, moved: bool = False, hundreds: bool = False
) -> tuple[Piece, ...]:
    """`number` as the slip has it, `label` as the counter has it; `hundreds` says 112 as one number, not 1, 1, 2.

    Whoever was sent on to another counter is told so, however often they are called there.
    """
    kind, counter = _counter(language, label)
    filled = {"number": tuple(ticket(language, number, hundreds=hundreds)), "counter": counter}
    said = _opening(language, again=again, moved=moved)
    for part in _parts(language)[kind]:
        if isinstance(part, Piece):
            said.append(part)
        else:
            place, after = part
            *first, last = filled[place]
            said += [*first, replace(last, after=after)]
    return tuple(said)


def _opening(language: Language, *, again: bool, moved: bool) -> list[Piece]:
    if moved:
        return [Piece("moved", language.moved, ". ", spare=True)]
    return [Piece("again", language.again, ". ")] if again else []


def ticket(language: Language, number: str, *, hundreds: bool = False) -> list[Piece]:
    """A ticket's number: its letters one by one, its digits one by one or as a whole without the zeros before it."""
    found = _NUMBER.fullmatch(number)
    if found is None:
        return [Piece(_slug("number", number), number)]
    letters, digits = found.groups()
    said = [letter(language, one) for one in letters]
    if hundreds and int(digits) <= _LAST_WHOLE:
        return said + whole(language, int(digits))
    return said + [Piece(f"digit-{int(digit)}", language.cardinal(int(digit))) for digit in digits]


def letter(language: Language, one: str) -> Piece:
    """A letter by its name; one of another script as it is, for the voice to read."""
    at = ord(one.upper()) - ord("A") if len(one.upper()) == 1 else -1
    return Piece(f"letter-{one.lower()}", language.letters[at] if 0 <= at < len(language.letters) else one)


def pieces_of(
    language: Language, prefixes: Iterable[str], labels: Iterable[str], *, hundreds: bool = False, last: int = 999
) -> dict[str, Piece]:
    """By name, every piece that a mall with these prefixes and counters needs, in the order in which to record them.

    `last` is the highest number on a ticket.
    """
    numbers = [prefix + digits for prefix in prefixes for digits in (("1",) if hundreds else ("0123456789",))]
    if hundreds:
        beyond = (*range(1000, last + 1, 1000), *range(1001, last + 1, 1000))
        numbers += map(str, (*range(100), *range(100, 1000, 100), *range(101, 1000, 100), *beyond))
    found = {piece.name: piece for number in numbers for piece in ticket(language, number, hundreds=hundreds)}
    for opening in ({"again": True}, {"moved": True}):
        for label in labels:
            said = sentence(language, "1", label, hundreds=hundreds, **opening)
            found.update((piece.name, piece) for piece in said)
    order = ("again", "moved", "call", "coded", "named", "letter", "digit", "number", "hundred", "thousand", "counter")
    return {
        name: found[name] for name in sorted(found, key=lambda name: (order.index(name.split("-")[0]), _natural(name)))
    }


def text(pieces: Iterable[Piece]) -> str:
    """What a voice reads."""
    return "".join(f"{piece.text}{piece.after}" for piece in pieces).strip()


def sheet(language: Language) -> Iterable[tuple[str, str, str]]:
    """All that is said, for a reviewer: what it is, how it is written, how it is said."""
    for at, named in enumerate(language.letters):
        yield "letter", chr(ord("A") + at), named
    for number in range(100):
        yield "number", str(number), language.cardinal(number)
    for number in (100, 101, 112, 200, 345, 400, 517, 608, 770, 811, 999, 1000, 1005, 2340):
        yield "whole", str(number), text(whole(language, number))
    for number in range(1, 61):
        yield "counter", str(number), language.counter(number)
    for ticket_number, label in (("A012", "3"), ("ZZ999", "60"), ("A001", "1"), ("C350", "B12"), ("D001", "…")):
        yield "sentence", f"{ticket_number} {label}", text(sentence(language, ticket_number, label))
    yield "sentence", "again B007 21", text(sentence(language, "B007", "21", again=True))
    yield "sentence", "moved B007 21", text(sentence(language, "B007", "21", moved=True))
    for ticket_number in ("A112", "A007"):
        yield "sentence", f"hundreds {ticket_number} 3", text(sentence(language, ticket_number, "3", hundreds=True))


def _counter(language: Language, label: str) -> tuple[str, tuple[Piece, ...]]:
    """Which sentence a counter needs, and what stands in its place."""
    label = " ".join(label.split())
    if numbered := _COUNTER_NUMBER.fullmatch(label):
        number = int(numbered[1])
        return "call", (Piece(f"counter-{number}", language.counter(number)),)
    if label and _COUNTER_CODE.fullmatch(label):
        runs: list[Piece] = []
        for run in _RUN.findall(label):
            runs += whole(language, int(run)) if run.isdecimal() else [letter(language, run)]
        return "coded", tuple(runs)
    return "named", (Piece(_slug("counter", label), _SHORT_NUMBER.sub(partial(_said, language), label)),)


def _said(language: Language, figures: re.Match[str]) -> str:
    return text(whole(language, int(figures[0])))


@cache
def _parts(language: Language) -> dict[str, tuple[Piece | tuple[str, str], ...]]:
    """The sentences cut at their places: what is recorded as it is, and each place with what follows it.

    Punctuation belongs to what stands before it. The same words are one recording in all three.
    """
    names: dict[str, str] = {}
    sentences: dict[str, tuple[Piece | tuple[str, str], ...]] = {}
    for kind in ("call", "coded", "named"):
        parts: list[Piece | tuple[str, str]] = []
        cut = _PLACE.split(getattr(language, kind))
        for at, found in enumerate(cut):
            if at % 2:
                parts.append((found, _edge(_BEFORE, cut[at + 1])))
            elif words := found[len(_edge(_BEFORE, found)) : len(found) - len(_edge(_AFTER, found))]:
                name = names.setdefault(words, f"{kind}-{at // 2 + 1}")
                parts.append(Piece(name, words, _edge(_AFTER, found)))
        sentences[kind] = tuple(parts)
    return sentences


def _edge(pattern: re.Pattern[str], words: str) -> str:
    found = pattern.search(words)
    return found[0] if found else ""


def _slug(kind: str, words: str) -> str:
    """A file's name for a text of the mall's own."""
    return f"{kind}-" + re.sub(r"[^\w]+", "-", words.casefold()).strip("-_")


def _natural(name: str) -> tuple[tuple[int, str], ...]:
    """2 before 10."""
    return tuple((int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", name))
