"""Where the pages of staff, and the citizen's own page, are: each a template and what its script must know.

    /                     leads to all others, and says for whom each is
    /sign-in?next=…       for staff
    /terminal, /terminal/{counter}, /floor, /reception
    /t/{ticket}           the page behind the slip's QR code
    /printers             the virtual printers' slips, in a demonstration only
    /api/docs             the HTTP API, readable

The pages hold no secret: who may see or do what is decided where the API and the live views are, and a page whose
reader is not signed in leads to `/sign-in` by itself. What the mall is called and has comes from the day's rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from aiohttp import web

from queue_server.domain.rules import Rules
from queue_server.errors import STATUS
from queue_server.languages.catalogues import SOURCE, languages_of
from queue_server.languages.tables import name_of
from queue_server.web.pages import Pages
from queue_server.web.problems import TITLES

STAFF = "staff"
TICKET = "ticket"
COOKIE = "antrean_language"
YEAR_S = 365 * 24 * 3600
ID = "{%s:[^/]{1,64}}"


def routes(pages: Pages, rules: Callable[[], Rules], *, demo: bool = False) -> list[web.RouteDef]:
    """`rules` gives those of the present business day; `demo` adds the virtual printers' page."""
    house = StaffPages(pages, rules, demo=demo)
    found = [
        web.get("/", house.start),
        web.get("/sign-in", house.sign_in),
        web.get("/terminal", house.terminals),
        web.get(f"/terminal/{ID % 'counter'}", house.terminal),
        web.get("/floor", house.floor),
        web.get("/reception", house.reception),
        web.get("/t/{ticket:[A-Za-z0-9_-]{1,64}}", house.ticket),
        web.get("/api/docs", house.api_docs),
    ]
    return [*found, web.get("/printers", house.printers)] if demo else found


def problem_page(pages: Pages, request: web.Request, status: int) -> web.Response:
    """What a browser gets where there is no page: what is the case, and what to do. For the edge's error handling."""
    known = {401, 403, 404, 503}
    said = str(status) if status in known else "500"
    language, offered = _language(pages, request)
    return pages.render(
        request, "problem.html", page=STAFF, language=language, offered=offered, status=status, problem=said
    )


class StaffPages:
    def __init__(self, pages: Pages, rules: Callable[[], Rules], *, demo: bool) -> None:
        self._pages = pages
        self._rules = rules
        self._demo = demo

    async def start(self, request: web.Request) -> web.StreamResponse:
        rules = self._rules()
        return self._render(
            request,
            "start.html",
            kiosks=rules.kiosks.values(),
            boards=rules.boards.values(),
            counters=len(rules.counters),
            demo=self._demo,
        )

    async def sign_in(self, request: web.Request) -> web.StreamResponse:
        return self._render(request, "sign_in.html")

    async def terminals(self, request: web.Request) -> web.StreamResponse:
        rules = self._rules()
        zones = {zone.id: zone.name for zone in rules.zones.values()}
        return self._render(request, "terminals.html", data={"zones": zones})

    async def terminal(self, request: web.Request) -> web.StreamResponse:
        rules, counter = self._rules(), request.match_info["counter"]
        if counter not in rules.counters:
            return problem_page(self._pages, request, 404)
        label = rules.counters[counter].label
        return self._render(request, "terminal.html", data={"counter": counter, **_lists(rules)}, counter=label)

    async def floor(self, request: web.Request) -> web.StreamResponse:
        return self._render(request, "floor.html", data=_lists(self._rules()))

    async def reception(self, request: web.Request) -> web.StreamResponse:
        rules = self._rules()
        rolls = [service.id for service in rules.services.values() if service.paper_roll]
        printers = {printer.id: printer.name for printer in rules.printers.values()}
        kiosks = {kiosk.id: kiosk.name for kiosk in rules.kiosks.values() if kiosk.printer}
        desks = {counter.id: counter.printer for counter in rules.counters.values() if counter.printer}
        known = {
            **_lists(rules),
            "rolls": rolls,
            "printers": printers,
            "desks": desks,
            "kiosks": kiosks,
            "mall": rules.languages,
        }
        return self._render(request, "reception.html", data=known)

    async def ticket(self, request: web.Request) -> web.StreamResponse:
        """Drawn wholly in the browser, so that its language can change without asking for the page again."""
        known = {"ticket": request.match_info["ticket"], "asked": request.query.get("lang")}
        return self._pages.render(request, "ticket.html", page=TICKET, data=known, mall=self._rules().name)

    async def api_docs(self, request: web.Request) -> web.StreamResponse:
        codes = [(code, STATUS.get(code, 500), title) for code, title in TITLES.items()]
        return self._render(request, "api_docs.html", codes=codes)

    async def printers(self, request: web.Request) -> web.StreamResponse:
        printers = [{"id": printer.id, "name": printer.name} for printer in self._rules().printers.values()]
        return self._render(request, "printers.html", data={"printers": printers})

    def _render(self, request: web.Request, template: str, *, data: object = None, **values: Any) -> web.Response:
        rules = self._rules()
        language, offered = _language(self._pages, request)
        response = self._pages.render(
            request,
            template,
            page=STAFF,
            language=language,
            data=data,
            offered=offered,
            mall=_picked(rules.name, language, rules.languages),
            pick=lambda texts: _picked(texts, language, rules.languages),
            **values,
        )
        if request.query.get("lang") == language:
            response.set_cookie(COOKIE, language, max_age=YEAR_S, samesite="Lax", httponly=True)
        return response


def _lists(rules: Rules) -> dict[str, object]:
    """The mall's configured codes, for pages whose view does not carry them."""
    return {
        "reasons": [{"id": code, "name": name} for code, name in rules.reasons.items()],
        "outcomes": [{"id": code, "name": name} for code, name in rules.outcomes.items()],
        "pause_reasons": [{"id": code, "name": name} for code, name in rules.pause_reasons.items()],
        "timezone": rules.timezone,
    }


def _language(pages: Pages, request: web.Request) -> tuple[str, list[tuple[str, str]]]:
    """The page's language (asked for, remembered, else the browser's own choice) and those that are offered."""
    spoken = languages_of(STAFF)
    offered = [(code, name_of(code)) for code in spoken]
    for asked in (request.query.get("lang"), request.cookies.get(COOKIE)):
        if asked in spoken:
            return asked, offered
    for asked in request.headers.get("Accept-Language", "").split(","):
        code = asked.partition(";")[0].strip().partition("-")[0].lower()
        if code in spoken:
            return code, offered
    return (pages.languages[0] if pages.languages[0] in spoken else SOURCE), offered


def _picked(texts: Mapping[str, str], language: str, languages: Iterable[str]) -> str:
    return next((texts[code] for code in (language, *languages) if texts.get(code)), "")
