"""Rows of a peer's log that are steps of one ticket: those of a day of which its mapping says the same `journey`.

They become its steps in the order in which they were queued. What is in the journal already keeps its place; a row that
is learned of later is the next step, whenever it was, so that nothing is lost or there twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from queue_server.domain.events import StepImported

SIGN = "j"
"""Tickets of journeys begin with it; other imported ones are hexadecimal."""

Place = tuple[str, str, int]
"""Ticket, service, when it was queued."""


def is_journey(ticket: str) -> bool:
    return ticket.startswith(SIGN)


def joined(rows: Iterable[StepImported], there: Mapping[Place, tuple[int, int]]) -> Iterator[StepImported]:
    """The rows as steps; `there` are those that the journal has: which step each is, and when its ticket was issued."""
    of: dict[str, list[StepImported]] = defaultdict(list)
    for row in rows:
        of[row.ticket].append(row)
    taken: dict[str, int] = defaultdict(int)
    issued: dict[str, int] = {}
    for (ticket, _, _), (step, issued_at) in there.items():
        taken[ticket] = max(taken[ticket], step + 1)
        issued[ticket] = issued_at
    for ticket, those in of.items():
        those.sort(key=lambda row: (row.queued_at or 0, row.service))
        places: dict[Place, int] = {}
        for row in those:
            place = (ticket, row.service, row.queued_at or 0)
            if place in there:
                step = there[place][0]
            elif place in places:
                step = places[place]
            else:
                step, taken[ticket] = taken[ticket], taken[ticket] + 1
            places[place] = step
            yield replace(row, step=step, issued_at=issued.get(ticket, those[0].queued_at))
