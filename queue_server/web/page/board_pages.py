"""The boards' page for staff: from how far each is read, and which panel would do where it is not far enough."""

from __future__ import annotations

from msgspec import Struct

from queue_server.domain.rules import Rules
from queue_server.views.legibility import Legibility, legibility, longest_number
from queue_server.views.presentation import USUAL_BOARD, BoardLook
from queue_server.web.identity.access import Caller
from queue_server.web.page.visit import Shown, Visit
from queue_server.web.parts import PARTS

USUAL_END = 999


class Line(Struct, frozen=True, kw_only=True):
    """One board; `read` on a screen that lies and on one that stands upright, nothing where its size is not said."""

    id: str
    name: dict[str, str]
    look: BoardLook
    read: tuple[tuple[str, Legibility], ...]


async def boards_page(visit: Visit, caller: Caller, language: str) -> Shown:
    parts = visit.request.app[PARTS]
    looks, longest = parts.presentation().boards, longest_of(visit.rules)
    lines = [
        Line(id=board.id, name=board.name, look=look, read=_read(look, longest))
        for board in visit.rules.boards.values()
        for look in (looks.get(board.id, USUAL_BOARD),)
    ]
    return Shown(values={"lines": lines, "longest": longest})


def longest_of(rules: Rules) -> str:
    """The widest number that this mall gives."""
    known = {letters: prefix.end for letters, prefix in rules.prefixes.items()}
    used = {service.prefix for service in rules.services.values()}
    return longest_number((letters, known.get(letters, USUAL_END)) for letters in used)


def _read(look: BoardLook, longest: str) -> tuple[tuple[str, Legibility], ...]:
    if not look.inches or not look.farthest_m:
        return ()
    return tuple(
        (
            "upright" if upright else "lying",
            legibility(
                inches=look.inches,
                farthest_m=look.farthest_m,
                layout=look.layout,
                upright=upright,
                longest=longest,
            ),
        )
        for upright in (False, True)
    )
