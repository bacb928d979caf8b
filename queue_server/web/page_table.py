"""Where every page is. A new page is a row here, its template, and its texts in a catalogue of queue_server/languages.

Most pages hold no secret, so anybody may open them: what they show comes from the API and the live views, which decide
who may see and do what. `who` says for whom it is; a page whose reader is not signed in leads to `/sign-in` by itself.
A page with `reads` is written by the server with what its reader may see, so it is given to nobody else.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any
from urllib.parse import quote

from aiohttp import web
from msgspec import Struct
from msgspec.structs import replace

from queue_server.domain.rules import Rules
from queue_server.errors import STATUS, Forbidden, NotFound, RateLimited, Unauthorized
from queue_server.languages.catalogues import languages_of, say
from queue_server.languages.tables import name_of
from queue_server.registry.roles import PEOPLE as HUMANS
from queue_server.registry.roles import Role
from queue_server.views.slip import SLIP
from queue_server.web import scope as of
from queue_server.web.identity.access import CALLER, HELD, WANTS_FACTOR, Caller, admit
from queue_server.web.page import board_pages
from queue_server.web.page.pages import Pages, takes_gzip
from queue_server.web.page.printing import WIDTHS
from queue_server.web.page.reader import Speaks, keep_choice, language_for, offered
from queue_server.web.page.visit import Elsewhere, Handed, Shown, Visit
from queue_server.web.parts import PARTS
from queue_server.web.permissions import (
    ADMINS,
    ANYONE,
    AUDITORS,
    BOARDS,
    DESK,
    FLOOR,
    ISSUERS,
    ORDER,
    PEOPLE,
    RECEPTION,
    SIGNED_IN,
    STAFF,
)
from queue_server.web.problems import TITLES
from queue_server.web.queues import media
from queue_server.web.reading import audit, auditing, behind, reports
from queue_server.web.scope import Scope
from queue_server.wire.api import MallService, MallView
from queue_server.wire.live import TicketPageView
from queue_server.wire.printing import SlipLayout


async def _unknown(request: web.Request, ticket: str) -> TicketPageView | None:
    return None


async def _nothing(request: web.Request, code: str) -> None:
    return None


class House(Struct, frozen=True, kw_only=True):
    """What pages are made from: the present day's rules, and how slips look."""

    rules: Callable[[], Rules]
    layout: Callable[[], SlipLayout] = SlipLayout
    ticket: Callable[[web.Request, str], Awaitable[TicketPageView | None]] = _unknown
    """What a ticket's own page shows first; None where the page asks for it itself. Raises what a look-up raises."""
    poster: Callable[[web.Request, str], Awaitable[None]] = _nothing
    """Raises for a code that the entrance's screen does not show any more."""
    phones_take: Callable[[], bool] = lambda: True
    """Whether the mall gives tickets on phones."""
    menu: Callable[[], MallView | None] = lambda: None
    """What may be taken now."""
    now: Callable[[], int] = lambda: 0
    """By the mall's clock, milliseconds."""
    push: Callable[[], str | None] = lambda: None
    """The key with which a browser asks to be told; None where phones are not told."""


class Page(Struct, frozen=True):
    """One row. `who` are the roles that it is for, empty for anyone; `scope` is whose data it shows, `texts` its
    catalogue.
    """

    path: str
    template: str
    texts: str
    who: frozenset[str]
    scope: Scope
    speaks: Speaks
    shows: Callable[[Visit], Shown | None] = lambda visit: Shown()
    """None where there is no such thing."""
    demo: bool = False
    """In a demonstration only."""
    phones: bool = False
    """Only where the mall gives tickets on phones; elsewhere it says where they are."""
    follows: Callable[[Visit, House], Awaitable[Shown]] | None = None
    """The same of a page that looks something up first."""
    reads: Callable[[Visit, Caller, str], Awaitable[Shown | None]] | None = None
    """What the server writes into it for this reader, in that language; none of it is for others."""


# What the pages show


def start(visit: Visit) -> Shown:
    rules = visit.rules
    screens = {"kiosks": rules.kiosks.values(), "boards": rules.boards.values()}
    return Shown(values={**screens, "counters": len(rules.counters)})


def terminals(visit: Visit) -> Shown:
    return Shown(data={"zones": {zone.id: zone.name for zone in visit.rules.zones.values()}})


def terminal(visit: Visit) -> Shown | None:
    counter = visit.rules.counters.get(visit["counter"])
    if counter is None:
        return None
    return Shown(data={"counter": counter.id, **codes(visit.rules)}, values={"counter": counter.label})


def devices(visit: Visit) -> Shown:
    rules = visit.rules
    return Shown(
        data={
            "timezone": rules.timezone,
            "kiosks": {kiosk.id: kiosk.name for kiosk in rules.kiosks.values()},
            "boards": {board.id: board.name for board in rules.boards.values()},
            "printers": {printer.id: printer.name for printer in rules.printers.values()},
        }
    )


def floor(visit: Visit) -> Shown:
    rules = visit.rules
    boards = {board.id: board.name for board in rules.boards.values()}
    shows = {board.id: board.zones for board in rules.boards.values()}
    zones = {zone.id: zone.name for zone in rules.zones.values()}
    spoken = dict.fromkeys((*rules.languages, *(code for board in rules.boards.values() for code in board.languages)))
    data = {**codes(rules), "boards": boards, "shows": shows, "zones": zones}
    return Shown(data=data, values={"spoken_there": named(spoken)})


def reception(visit: Visit) -> Shown:
    rules = visit.rules
    return Shown(
        data={
            **codes(rules),
            "rolls": [service.id for service in rules.services.values() if service.paper_roll],
            "printers": {printer.id: printer.name for printer in rules.printers.values()},
            "desks": {counter.id: counter.printer for counter in rules.counters.values() if counter.printer},
            "kiosks": {kiosk.id: kiosk.name for kiosk in rules.kiosks.values() if kiosk.printer},
            "mall": rules.languages,
        }
    )


def kiosk(visit: Visit) -> Shown:
    return Shown(data={"kiosk": visit["kiosk"]})


def sign(visit: Visit) -> Shown:
    return Shown(data={"counter": visit["counter"]})


def display(visit: Visit) -> Shown:
    """What a board says comes with its view, in languages that may be its own."""
    board = visit.rules.boards.get(visit["board"])
    return Shown(data={"board": visit["board"]}, languages=board.languages if board is not None else ())


async def ticket(visit: Visit, house: House) -> Shown:
    """Drawn wholly in the browser, so that its language can change without asking for the page again.

    What it shows first comes with it: on a slow line each question costs seconds.
    """
    first: TicketPageView | None = None
    missing = False
    try:
        first = await house.ticket(visit.request, visit["ticket"])
    except NotFound:
        missing = True
    except RateLimited:
        pass  # the page says so, and asks again later
    own = first.ticket.language if first is not None else None
    asked = visit.request.query.get("lang")
    push = house.push()
    data = {"ticket": visit["ticket"], "asked": asked, "first": first, "missing": missing, "push": push}
    return Shown(data=data, language=own if asked is None else None, values={"push": push})


async def take(visit: Visit, house: House) -> Shown:
    """What may be taken, in the reader's language alone: a phone comes here once, on whatever line it has."""
    good = True
    try:
        await house.poster(visit.request, visit["code"])
    except (NotFound, RateLimited):
        good = False
    menu = house.menu() if good else None
    data = {"code": visit["code"], "offers": _states(menu), "long_wait_s": menu.long_wait_s if menu else 0}
    here = {"timezone": visit.rules.timezone, "now": house.now(), "asks": _asked(menu)}
    categories = [one for one in visit.rules.categories.values() if one.at_kiosk]
    return Shown(data=data | here, values={"good": good, "menu": menu, "categories": categories})


def _asked(menu: MallView | None) -> dict[str, list[dict[str, Any]]]:
    """By service, for what a phone asks and why. An identity number is for kiosks and desks, where somebody is by."""
    found: dict[str, list[dict[str, Any]]] = {}
    for service in (service for agency in menu.agencies for service in agency.services) if menu else ():
        for one in service.asks:
            if one.asks in ("name", "phone"):
                found.setdefault(service.id, []).append({"asks": one.asks, "purpose": one.purpose})
    return found


def _states(menu: MallView | None) -> dict[str, MallService]:
    """What is the case with each service; what the page itself says of it is left out."""
    services = (service for agency in menu.agencies for service in agency.services) if menu else ()
    unsaid: dict[str, Any] = {key: {} for key in ("name", "help", "simple", "cost", "takes", "documents", "priority")}
    return {service.id: replace(service, words=(), asks=(), **unsaid) for service in services}


async def poster(visit: Visit, house: House) -> Shown:
    """In all languages of the mall, since nobody has chosen one yet."""
    languages = visit.rules.languages
    lines = [(code, say("ticket", code, "poster.scan"), say("ticket", code, "poster.or_kiosk")) for code in languages]
    return Shown(values={"lines": lines})


def poster_sheet(visit: Visit) -> Shown:
    """For a printer: an address that stays, which asks for the code that a screen shows now."""
    languages = visit.rules.languages
    lines = [(code, say("ticket", code, "poster.sheet"), say("ticket", code, "poster.or_kiosk")) for code in languages]
    return Shown(values={"lines": lines, "address": f"{visit.rules.public_url}/take".partition("://")[2]})


def printing(visit: Visit) -> Shown:
    return Shown(data={"timezone": visit.rules.timezone})


def slip_preview(visit: Visit) -> Shown:
    """The template as it is; what is changed here goes into config.toml by hand."""
    rules, layout = visit.rules, visit.layout
    return Shown(
        data={
            "layout": {
                "parts": [{"kind": part.kind, "size": part.size} for part in layout.parts],
                "number_mm": layout.number_mm,
                "qr_mm": layout.qr_mm,
                "footer": layout.footer,
            },
            "mall": rules.languages,
            "languages": named(dict.fromkeys((*rules.languages, *languages_of(SLIP)))),
            "services": [{"id": service.id, "name": service.name} for service in rules.services.values()],
            "widths": list(WIDTHS),
        }
    )


def admins(visit: Visit) -> Shown:
    """Whose staff there may be, and which roles are the whole mall's or need agencies."""
    rules = visit.rules
    agencies = {agency.id: agency.name for agency in rules.agencies.values()}
    kinds = {Role.ADMIN: "whole", Role.AGENCY_ADMIN: "agencies"}
    roles = {str(role): kinds.get(role, "either") for role in Role if role in HUMANS}
    return Shown(data={"timezone": rules.timezone, "agencies": agencies, "roles": roles})


def virtual_printers(visit: Visit) -> Shown:
    printers = visit.rules.printers.values()
    return Shown(data={"printers": [{"id": printer.id, "name": printer.name} for printer in printers]})


def api_docs(visit: Visit) -> Shown:
    return Shown(values={"codes": [(code, STATUS.get(code, 500), title) for code, title in TITLES.items()]})


def codes(rules: Rules) -> dict[str, object]:
    """The mall's configured codes, for pages whose view does not carry them."""
    return {
        "reasons": [{"id": code, "name": name} for code, name in rules.reasons.items()],
        "outcomes": [{"id": code, "name": name} for code, name in rules.outcomes.items()],
        "pause_reasons": [{"id": code, "name": name} for code, name in rules.pause_reasons.items()],
        "timezone": rules.timezone,
    }


def named(languages: Iterable[str]) -> list[dict[str, str]]:
    return [{"id": code, "name": name_of(code)} for code in languages]


# The table

BAR = ("/", "/terminal", "/reception", "/floor", "/report", "/my-day", "/people", "/devices", "/audit")
"""What every page of staff leads to."""

PAGES: tuple[Page, ...] = (
    Page("/", "start.html", "staff", ANYONE, of.EVERYBODY, Speaks.STAFF, start),
    Page("/sign-in", "sign_in.html", "staff", ANYONE, of.OWN, Speaks.STAFF),
    Page("/terminal", "terminals.html", "staff", STAFF, of.AGENCY, Speaks.STAFF, terminals),
    Page("/terminal/{counter:[^/]{1,64}}", "terminal.html", "staff", STAFF, of.COUNTER, Speaks.STAFF, terminal),
    Page("/reception", "reception.html", "staff", RECEPTION, of.AGENCY, Speaks.STAFF, reception),
    Page("/floor", "floor.html", "staff", FLOOR, of.AGENCY, Speaks.STAFF, floor),
    Page("/report", "report.html", "report", ORDER, of.AGENCY, Speaks.STAFF, reads=reports.report),
    Page("/report/brief", "report_brief.html", "report", ORDER, of.AGENCY, Speaks.STAFF, reads=reports.brief),
    Page("/my-day", "my_day.html", "report", DESK, of.OWN, Speaks.STAFF, reads=reports.my_day),
    Page("/report/tickets", "report_tickets.html", "report", ORDER, of.AGENCY, Speaks.STAFF, reads=behind.behind),
    Page(
        "/report/tickets/{day:[0-9.-]{10,13}}/{ticket:[A-Za-z0-9_-]{1,64}}",
        "report_story.html",
        "report",
        ORDER,
        of.AGENCY,
        Speaks.STAFF,
        reads=reports.story,
    ),
    Page("/screen", "screen.html", "staff", ANYONE, of.OWN, Speaks.STAFF),
    Page("/devices", "devices.html", "staff", FLOOR, of.HOUSE, Speaks.STAFF, devices),
    Page("/boards", "boards.html", "staff", FLOOR, of.HOUSE, Speaks.STAFF, reads=board_pages.boards_page),
    Page("/media", "media.html", "staff", FLOOR, of.HOUSE, Speaks.STAFF, reads=media.media_page),
    Page("/printing", "printing.html", "printing", STAFF, of.AGENCY, Speaks.STAFF, printing),
    Page("/printing/preview", "slip_preview.html", "printing", FLOOR, of.HOUSE, Speaks.STAFF, slip_preview),
    Page("/kiosk/{kiosk:[^/]{1,64}}", "kiosk/kiosk.html", "kiosk", ISSUERS, of.KIOSK, Speaks.MALL, kiosk),
    Page("/display/counter/{counter:[^/]{1,64}}", "display/sign.html", "display", BOARDS, of.SIGN, Speaks.MALL, sign),
    Page("/display/{board:[^/]{1,64}}", "display/display.html", "display", BOARDS, of.BOARD, Speaks.MALL, display),
    Page("/t/{ticket:[A-Za-z0-9_-]{1,64}}", "ticket.html", "ticket", ANYONE, of.HOLDER, Speaks.CITIZEN, follows=ticket),
    Page("/poster", "poster.html", "ticket", BOARDS, of.EVERYBODY, Speaks.MALL, follows=poster),
    Page("/poster/sheet", "poster_sheet.html", "ticket", FLOOR, of.HOUSE, Speaks.MALL, poster_sheet, phones=True),
    Page("/take", "take_code.html", "ticket", ANYONE, of.OWN, Speaks.CITIZEN, phones=True),
    Page(
        "/take/{code:[a-z2-7]{1,64}}",
        "take.html",
        "ticket",
        ANYONE,
        of.OWN,
        Speaks.CITIZEN,
        follows=take,
        phones=True,
    ),
    Page("/printers", "printers.html", "staff", ANYONE, of.HOUSE, Speaks.STAFF, virtual_printers, demo=True),
    Page("/audit", "audit.html", "audit", AUDITORS, of.MALL, Speaks.STAFF, reads=auditing.audit_page),
    Page("/closings", "closings.html", "audit", ANYONE, of.EVERYBODY, Speaks.STAFF, reads=audit.closings_page),
    Page("/people", "people.html", "staff", PEOPLE, of.PERSON, Speaks.STAFF, admins),
    Page("/privacy", "privacy.html", "staff", ADMINS, of.MALL, Speaks.STAFF),
    Page("/account", "account.html", "staff", SIGNED_IN, of.OWN, Speaks.STAFF, admins),
    Page("/join", "join.html", "staff", ANYONE, of.OWN, Speaks.STAFF),
    Page("/api/docs", "api_docs.html", "staff", ANYONE, of.EVERYBODY, Speaks.STAFF, api_docs),
)

_WHO = {page.path: page.who for page in PAGES}
WAYS = tuple((path, bool(_WHO[path])) for path in BAR)
"""Address, and whether only some are let in there."""

PROBLEM = Page("", "problem.html", "staff", ANYONE, of.EVERYBODY, Speaks.STAFF)
"""Of no address: what stands where there is no page."""

AT_KIOSKS = Page("", "take_none.html", "ticket", ANYONE, of.EVERYBODY, Speaks.CITIZEN)
"""Of no address: what stands for a page of tickets on phones, where the mall gives none."""


# From the table to routes


def routes(pages: Pages, house: House, *, demo: bool = False) -> list[web.RouteDef]:
    """`demo` adds the pages of a demonstration."""

    def serve(page: Page) -> web.RouteDef:
        async def answer(request: web.Request) -> web.StreamResponse:
            rules = house.rules()
            visit = Visit(request, rules, house.layout())
            if page.phones and not house.phones_take():
                return _at_kiosks(pages, request, rules)
            language = language_for(request, page.speaks, page.texts, pages.languages)
            try:
                shown: Shown | None
                if page.follows is not None:
                    shown = await page.follows(visit, house)
                    language = shown.language if shown.language in pages.languages else language
                elif page.reads is None:
                    shown = page.shows(visit)
                else:
                    shown = await page.reads(visit, _let_in(request, page.who), language)
            except Handed as file:
                said = {"Content-Type": file.kind, "Content-Disposition": f'attachment; filename="{file.name}"'}
                return web.Response(body=file.content, headers=said)
            except Elsewhere as there:
                return web.Response(status=303, headers={"Location": there.address})
            if shown is None:
                return problem_page(pages, request, 404)

            def pick(texts: Mapping[str, str]) -> str:
                return next((texts[code] for code in (language, *rules.languages) if texts.get(code)), "")

            values = {"mall": pick(rules.name), "pick": pick, "demo": demo, **shown.values}
            return _render(pages, request, page, language, replace(shown, values=values))

        return web.get(page.path, answer)

    return [serve(page) for page in PAGES if demo or not page.demo]


def _at_kiosks(pages: Pages, request: web.Request, rules: Rules) -> web.Response:
    """In the reader's language and, below, in the mall's others."""
    page, languages = AT_KIOSKS, pages.languages
    language = language_for(request, page.speaks, page.texts, languages)
    words = [(code, *(say(page.texts, code, key) for key in ("take.none", "take.none_help"))) for code in languages]
    name = next((rules.name[code] for code in (language, *rules.languages) if rules.name.get(code)), "")
    values = {"mall": name, "others": [one for one in words if one[0] != language]}
    return _render(pages, request, page, language, Shown(values=values, status=404))


def _let_in(request: web.Request, who: frozenset[str]) -> Caller:
    """Who reads it; a browser that nobody is signed in at is led to the sign-in page, and back from there."""
    try:
        caller = request[CALLER] = admit(request.app[PARTS].doors, request, who)
    except Unauthorized:
        if "text/html" not in request.headers.get("Accept", ""):
            raise
        raise Elsewhere(f"/sign-in?next={quote(str(request.rel_url), safe='')}") from None
    except Forbidden as refused:
        if refused.reason not in HELD:
            raise
        back = f"/sign-in?next={quote(str(request.rel_url), safe='')}&locked"
        raise Elsewhere("/account" if refused.reason == WANTS_FACTOR else back) from None
    return caller


def problem_page(pages: Pages, request: web.Request, status: int) -> web.Response:
    """What a browser gets where there is no page: what is the case, and what to do. For the edge's error handling."""
    said = str(status) if status in {401, 403, 404, 503} else "500"
    language = language_for(request, PROBLEM.speaks, PROBLEM.texts, pages.languages)
    return _render(pages, request, PROBLEM, language, Shown(values={"problem": said}, status=status))


def _render(pages: Pages, request: web.Request, page: Page, language: str, shown: Shown) -> web.Response:
    among = offered(page.speaks, page.texts, pages.languages)
    response = pages.render(
        page.template,
        page=page.texts,
        language=language,
        also=shown.languages,
        data=shown.data,
        status=shown.status,
        light=page.speaks is Speaks.CITIZEN,
        packed=page.speaks is Speaks.MALL and takes_gzip(request),
        silent=page in (PROBLEM, AT_KIOSKS),
        of_hall=page.speaks is Speaks.MALL,
        offered=[(code, name_of(code)) for code in among],
        ways=WAYS,
        **shown.values,
    )
    if page.speaks is Speaks.STAFF:
        keep_choice(request, response, language)
    return response
