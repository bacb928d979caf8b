"""The live topics: who may watch which, whose data it shows, how its view is made, and what pushes it.

    board:main   kind `board`, subject `main`

`live.py` asks this table who is let in, the hub how a view is made and when, OpenAPI and docs/api.md what there is.
"""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from queue_server.languages.tables import name_of
from queue_server.service import touches as on
from queue_server.service.touches import READER, Touch
from queue_server.views.desk import desk_view
from queue_server.views.floor import floor_view
from queue_server.views.menu import kiosk_view
from queue_server.views.sign import sign_view
from queue_server.views.ticket import ticket_page
from queue_server.web import scope
from queue_server.web.identity.access import Caller
from queue_server.web.machines.devices import alarms_of, devices_of
from queue_server.web.page.printing import view_of
from queue_server.web.parts import Parts
from queue_server.web.permissions import ANYONE, BOARDS, FLOOR, ISSUERS, PRINTERS, STAFF
from queue_server.web.queues import boards
from queue_server.web.queues.words_kept import notes_at
from queue_server.web.scope import Scope, sees_order

TOGETHER = "+"
"""Between the agencies of somebody who belongs to several."""

ORDERED = "order"
"""Stands for a reader who sees who is next in a blind mall, too."""

Finer = Callable[[Caller, str], str]
"""The subject as this caller sees it: who may see only a part has a topic of their own."""


def _whole(caller: Caller, subject: str) -> str:
    return subject


class Topic(Struct, frozen=True, kw_only=True):
    """One kind of topic. `name` is how it is asked for, `who` the roles that are let in, empty for anyone.

    `view` is made from the subject, None where another protocol is spoken. `says` completes "It shows …". One that
    `packs` is large and watched by few: its frames go out compressed where the page can read that.
    """

    name: str
    who: frozenset[str]
    scope: Scope
    view: Callable[[Parts, str], object] | None
    touched: tuple[Touch, ...]
    says: str
    finer: Finer = _whole
    packs: bool = False

    @property
    def kind(self) -> str:
        return self.name.partition(":")[0]


# Who sees only a part


def _agencys(caller: Caller, subject: str) -> str:
    return subject if subject or caller.agencies is None else TOGETHER.join(caller.agencies)


def _readers(caller: Caller, counter: str) -> str:
    """An agency's staff see its tickets only, also at a counter that serves others; some see the order, if blind."""
    sees = (counter, TOGETHER.join(caller.agencies or ()), ORDERED if sees_order(caller) else "")
    return READER.join(sees) if any(sees[1:]) else counter


def _agencies(subject: str) -> frozenset[str] | None:
    return frozenset(subject.split(TOGETHER)) if subject else None


# The views


def _board(parts: Parts, board: str) -> object:
    parts.speech.warm()
    return boards.shown(parts, board)


def _sign(parts: Parts, counter: str) -> object:
    view = sign_view(parts.engine.state, counter, parts.engine.now(), parts.presentation())
    return replace(view, speaks=tuple(map(name_of, view.speaks)))


def _counter(parts: Parts, subject: str) -> object:
    engine = parts.engine
    counter, agency, ordered = subject.split(READER) if READER in subject else (subject, "", "")
    return desk_view(
        engine.state,
        counter,
        engine.now(),
        estimates=engine.expected,
        track_base=engine.state.rules.public_url,
        notes=notes_at(parts, counter),
        agencies=_agencies(agency),
        sees_order=ordered == ORDERED,
    )


def _kiosk(parts: Parts, kiosk: str) -> object:
    engine = parts.engine
    rules = engine.state.rules
    place = rules.kiosks.get(kiosk)
    printer = parts.printing.paper_of(place.printer) if place and place.printer else ("none", None)
    return kiosk_view(
        engine.state,
        kiosk,
        engine.now(),
        engine.estimates,
        printer,
        parts.presentation(),
        tz=ZoneInfo(rules.timezone),
        later=parts.opens_later().services,
        opens_later=parts.opens_later().kiosks.get(kiosk),
        speaks=parts.speech.readers,
    )


def _ticket(parts: Parts, ticket: str) -> object:
    engine = parts.engine
    state = engine.state
    return ticket_page(state, state.ticket(ticket), estimates=engine.expected, track_base=state.rules.public_url)


OF_THE_SERVER = ("sign_in", "connections", "certificate", "closing")
"""Alarms about the server itself, which are the mall's to see to: an agency's staff see what stops the hall."""


def _floor(parts: Parts, agency: str) -> object:
    engine, agencies = parts.engine, _agencies(agency)
    return floor_view(
        engine.state,
        engine.now(),
        engine.estimates,
        devices_of(parts),
        [one for one in alarms_of(parts) if agencies is None or one.kind not in OF_THE_SERVER],
        agencies=agencies,
        clerks=_clerks(parts),
        unattended=parts.screens.missing(),
        day=parts.day_figures,
    )


def _clerks(parts: Parts) -> dict[str, str]:
    """Names by pseudonym; without them, while the registry does not answer, the floor shows the pseudonyms."""
    with parts.engine.faults.part("registry", "people"):
        return {person.id: person.name for person in parts.registry.people.list()}
    return {}


def _printers(parts: Parts, agency: str) -> object:
    return view_of(parts, _agencies(agency))


TOPICS: tuple[Topic, ...] = (
    Topic(
        name="board:ID",
        who=BOARDS,
        scope=scope.BOARD,
        view=_board,
        touched=(on.ANY_COUNTER, on.ANY_COMMAND, on.ANY_WORD),
        says="what one kind of display shows",
    ),
    Topic(
        name="counter:ID",
        who=STAFF,
        scope=scope.COUNTER,
        view=_counter,
        touched=(on.ITS_COUNTER, on.ITS_SERVICES),
        says="a clerk's terminal",
        finer=_readers,
    ),
    Topic(
        name="sign:ID",
        who=BOARDS,
        scope=scope.SIGN,
        view=_sign,
        touched=(on.ITS_COUNTER, on.ANY_COMMAND),
        says="what stands over one counter",
    ),
    Topic(
        name="kiosk:ID",
        who=ISSUERS,
        scope=scope.KIOSK,
        view=_kiosk,
        touched=(on.ITS_PRINTER, on.ANY_COMMAND),
        says="what a kiosk offers",
        packs=True,
    ),
    Topic(
        name="ticket:ID",
        who=ANYONE,
        scope=scope.HOLDER,
        view=_ticket,
        touched=(on.ITS_TICKET,),
        says="a ticket's own page, of today's tickets",
    ),
    Topic(
        name="floor",
        who=FLOOR,
        scope=scope.AGENCY,
        view=_floor,
        touched=(on.ANY_COMMAND, on.ANY_PRINTER, on.ANY_DEVICE, on.ANY_FAULT),
        says="the whole hall; an agency's staff get `floor:AGENCY`",
        finer=_agencys,
    ),
    Topic(
        name="printers",
        who=STAFF,
        scope=scope.AGENCY,
        view=_printers,
        touched=(on.ANY_SLIP, on.ANY_PRINTER),
        says="every printer and whose paper is missing; an agency's staff get `printers:AGENCY`",
        finer=_agencys,
    ),
    Topic(
        name="printer:ID",
        who=PRINTERS,
        scope=scope.PRINTER,
        view=None,
        touched=(),
        says="nothing: a printer's agent speaks its own protocol here",
    ),
)

BY_KIND = {topic.kind: topic for topic in TOPICS}
