"""Boards over HTTP and live: what one kind of display shows, with its speech; and whose turn it is to speak."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from time import monotonic
from typing import Annotated

from msgspec import Meta, Struct

from queue_server.domain.rules import Counter
from queue_server.views.board import Place, board_view, place_of
from queue_server.views.instants import rfc3339
from queue_server.web.ask import Ask
from queue_server.web.parts import Parts
from queue_server.web.queues.speech import addresses, speech_of
from queue_server.wire.boards import BoardAnnouncement, BoardTurn, BoardView
from queue_server.wire.media import BoardMedia

TEST_NUMBER = "A123"
"""What a test of the sound says: letter and digits, as calls do."""


class TurnRequest(Struct, frozen=True, forbid_unknown_fields=True):
    """`screen` is a word that the display chose for itself; with `done` it has said what it had to say."""

    screen: Annotated[str, Meta(min_length=1, max_length=64)]
    call: Annotated[int, Meta(ge=0, le=2**53)]
    done: bool = False


async def board(ask: Ask[None]) -> BoardView:
    """What one kind of display shows."""
    return shown(ask.parts, ask["board"])


async def turn(ask: Ask[TurnRequest]) -> BoardTurn:
    """Whether this display may speak this call now: of those that hear each other one speaks, and each call once."""
    parts, said = ask.parts, ask.body
    look = parts.presentation().boards.get(ask["board"])
    earshot = look.earshot if look else ""
    if not earshot:
        return BoardTurn(turn="speak")
    if said.done:
        parts.turns.done(earshot, screen=said.screen)
        return BoardTurn(turn="heard")
    return BoardTurn(turn=parts.turns.ask(earshot, screen=said.screen, call=said.call, now=monotonic()))


def shown(parts: Parts, board: str) -> BoardView:
    engine, place, now = parts.engine, _place(parts, board), parts.engine.now()
    blank = place.blank
    return board_view(
        engine.state,
        board,
        place.look,
        place=place,
        now=now,
        speech=partial(speech_of, parts, now),
        estimates=engine.expected,
        later=parts.opens_later().services,
        announcements=_announced(parts, board, now),
        media=_media(parts, board),
        sound_test=_test(parts, place.counters, blank.languages) if blank.sound else (),
    )


def _place(parts: Parts, board: str) -> Place:
    """Made anew when the rules or the looks are others."""
    rules, look = parts.engine.state.rules, parts.presentation()
    known = parts.places.get(board)
    if known is None or known.rules is not rules or known.look is not look:
        known = parts.places[board] = place_of(rules, board, look)
    return known


def _announced(parts: Parts, board: str, now: int) -> tuple[BoardAnnouncement, ...]:
    """None, while the registry does not answer: a board goes on without."""
    with parts.engine.faults.part("registry", "announcements"):
        return tuple(
            BoardAnnouncement(
                id=one.id,
                texts=one.texts,
                since=rfc3339(one.since),
                until=None if one.until is None else rfc3339(one.until),
                hours=one.hours,
                days=one.days,
                priority=one.priority,
                urgent=one.urgent,
            )
            for one in parts.registry.announcements.standing(now)
            if one.boards is None or board in one.boards
        )
    return ()


def _media(parts: Parts, board: str) -> BoardMedia | None:
    """Only that there are any: the list is asked for when it has changed, since a view goes out with every call."""
    look, mark = parts.presentation().boards.get(board), parts.media.mark(board)
    return BoardMedia(place=look.media, picture_s=look.picture_s, of=mark) if look and look.media and mark else None


def _test(parts: Parts, counters: Mapping[str, Counter], languages: tuple[str, ...]) -> tuple[str, ...]:
    """Made when somebody asks for it."""
    label = next((counter.label for counter in counters.values()), "1")
    return addresses(parts.speech.keys(TEST_NUMBER, label, languages, again=False))
