"""Whether the screens have room for what the mall calls things, and for how many there are.

What cannot be shown whole is refused; what is shown, but smaller than it is read from afar, is noted with its place.
Letters are counted. How many there is room for was found with the pages themselves, and tests/display/test_fit.py
holds the displays to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from queue_server.settings.mistakes import Mistakes
from queue_server.settings.syntax import Path
from queue_server.settings.tables import Settings


class Room(NamedTuple):
    """Letters that are read well, and that can be shown at all; `well_word` and `word` say it of a single word."""

    screen: str
    well: int
    most: int
    word: int | None = None
    well_word: int | None = None


LABEL = Room("a display", 12, 24, word=14, well_word=9)
DIRECTION = Room("a display", 60, 110)
MALL = Room("a display", 60, 90)
BOARD = Room("a display", 40, 60)
NOTICE = Room("a display", 100, 150)
REASON = Room("a display", 40, 90)
OCCASION = Room("a kiosk", 40, 90)
CHOICE = Room("a kiosk", 60, 100, word=26)
CATEGORY = Room("a kiosk", 30, 45, word=16)

KIOSK_LANGUAGES = 6
KIOSK_CATEGORIES = 4
BOARD_LANGUAGES = 3
BOARD_COUNTERS = 80
"""Four pages of twenty."""


def fit(settings: Settings, mistakes: Mistakes, notes: Mistakes) -> None:
    """Adds what has no room to `mistakes`, and what is shown badly to `notes`."""
    for path, text, room in _texts(settings):
        _measure(path, text, room, mistakes, notes)
    _counts(settings, notes)


def _texts(settings: Settings) -> Iterator[tuple[Path, str, Room]]:
    for id_, counter in settings.counters.items():
        yield ("counters", id_, "label"), counter.label or id_, LABEL
    named: list[tuple[Path, Mapping[str, str], Room]] = [(("mall", "name"), settings.mall.name, MALL)]
    for id_, zone in settings.zones.items():
        named += [
            (("zones", id_, "name"), zone.name, DIRECTION),
            (("zones", id_, "direction"), zone.direction, DIRECTION),
        ]
    for id_, board in settings.boards.items():
        named += [(("boards", id_, "name"), board.name, BOARD), (("boards", id_, "notice"), board.notice, NOTICE)]
    named += [(("dates", id_, "name"), dates.name, OCCASION) for id_, dates in settings.dates.items()]
    named += [(("reasons", code), text, REASON) for code, text in settings.reasons.items()]
    named += [(("agencies", id_, "name"), agency.name, CHOICE) for id_, agency in settings.agencies.items()]
    named += [(("services", id_, "name"), service.name, CHOICE) for id_, service in settings.services.items()]
    named += [
        (("categories", id_, "name"), category.name, CATEGORY)
        for id_, category in settings.categories.items()
        if category.at_kiosk
    ]
    for path, texts, room in named:
        if len(set(texts.values())) == 1:  # written once for all languages, or there is but one
            yield path, next(iter(texts.values())), room
        else:
            yield from (((*path, language), text, room) for language, text in texts.items())


def _measure(path: Path, text: str, room: Room, mistakes: Mistakes, notes: Mistakes) -> None:
    longest = max(text.split() or [""], key=len)
    if len(text) > room.most:
        mistakes.add(
            path, f"{len(text)} letters are more than {room.screen} can show, which is {room.most}", "shorten it"
        )
    elif room.word and len(longest) > room.word:
        wrong = f'"{longest}" is too long a word for {room.screen}, which has room for {room.word} letters'
        mistakes.add(path, wrong, "shorten it")
    elif len(text) > room.well:
        notes.add(path, f"{len(text)} letters are set small on {room.screen}", f"up to {room.well} are read well")
    elif room.well_word and len(longest) > room.well_word:
        small = f'"{longest}" is set small on {room.screen}'
        notes.add(path, small, f"a word of up to {room.well_word} letters is read well")


def _counts(settings: Settings, notes: Mistakes) -> None:
    for id_, kiosk in settings.kiosks.items():
        count = len(kiosk.languages or settings.mall.languages)
        if count > KIOSK_LANGUAGES:
            path = ("kiosks", id_, "languages")
            notes.add(
                path, f"{count} languages leave a kiosk's choices little room", f"name up to {KIOSK_LANGUAGES} here"
            )
    offered = [id_ for id_, category in settings.categories.items() if category.at_kiosk and id_ != "regular"]
    if len(offered) > KIOSK_CATEGORIES:
        wrong = f"{len(offered)} categories leave a kiosk's choices little room"
        path = ("categories", offered[KIOSK_CATEGORIES], "at_kiosk")
        notes.add(path, wrong, f"up to {KIOSK_CATEGORIES} fit beside each other")
    for id_, board in settings.boards.items():
        languages = board.languages or settings.mall.languages
        if len(languages) > BOARD_LANGUAGES:
            shown = "a display shows two at a time, the first and in turn one other"
            notes.add(("boards", id_, "languages"), f"{len(languages)} languages", shown)
        _board(settings, id_, notes)


def _board(settings: Settings, id_: str, notes: Mistakes) -> None:
    path, board = ("boards", id_), settings.boards[id_]
    shown = {"mall.name": settings.mall.name, f"boards.{id_}.name": board.name, f"boards.{id_}.notice": board.notice}
    for zone in (zone for zone in board.zones if zone in settings.zones):
        shown |= {f"zones.{zone}.name": settings.zones[zone].name}
        shown |= {f"zones.{zone}.direction": settings.zones[zone].direction}
    for place, language in enumerate(board.languages):
        missing = [key for key, texts in shown.items() if texts and language not in texts]
        if missing:
            instead = f"where it is missing {settings.mall.languages[0]} is shown: {', '.join(missing)}"
            notes.add(
                (*path, "languages"),
                f'"{language}" is not the mall\'s language, and {instead}',
                "write it, or let it be",
                place,
            )
    counters = sum(counter.zone in board.zones for counter in settings.counters.values())
    if counters > BOARD_COUNTERS:
        wrong = f"{counters} counters take more than four pages in turn"
        notes.add((*path, "zones"), wrong, "give some zones a board of their own")
