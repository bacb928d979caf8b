"""The printers for staff: how they are, test slips, which paper is missing; and the preview of how slips look.

GET  /printing              the printers' page, live by the topic `printers`
GET  /printing/preview      the template with its preview; it writes the table [slip] for config.toml
GET  /printing/preview.png  one slip, the exact dots
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec
from aiohttp import web
from msgspec import Meta, Struct

from queue_server.errors import Invalid, NotFound
from queue_server.languages.catalogues import SOURCE, languages_of
from queue_server.languages.tables import name_of
from queue_server.views.printers import Known, printers_view
from queue_server.views.slip import SLIP
from queue_server.views.slip_sample import sample_service, sample_slip
from queue_server.web.access import FLOOR, admit
from queue_server.web.devices import remembered
from queue_server.web.endpoint import SECURITY, Ask, Nothing
from queue_server.web.pages import Pages
from queue_server.web.parts import Parts
from queue_server.web.scope import agencies_of
from queue_server.web.staff_pages import COOKIE, YEAR_S
from queue_server.wire.printers import PrintersView
from queue_server.wire.printing import Paper, SlipLayout

PAGE = "printing"
WIDTHS = {"80": Paper(dots=576, dpi=203), "80-180": Paper(dots=512, dpi=180), "58": Paper(dots=384, dpi=203)}
LONGEST_TEMPLATE = 4_000
"""Characters."""

# The API


async def printers(ask: Ask[None]) -> PrintersView:
    """How every printer is, and whose paper is missing."""
    return view_of(ask.parts, agencies_of(ask.caller))


async def test(ask: Ask[Nothing]) -> PrintersView:
    """Print a test slip: a ruler, greys, letters, a QR code."""
    printer = ask["printer"]
    if printer not in ask.parts.engine.state.rules.printers:
        raise NotFound(f"There is no printer {printer!r}.", printer=printer)
    ask.parts.printing.test(printer)
    return view_of(ask.parts, agencies_of(ask.caller))


def view_of(parts: Parts, agencies: frozenset[str] | None) -> PrintersView:
    known = {id_: _known(parts, id_) for id_ in parts.engine.state.rules.printers}
    return printers_view(parts.engine.state, known, agencies=agencies)


def _known(parts: Parts, id_: str) -> Known:
    printers = parts.printing.printers
    link, test_slip = printers.links.get(id_), printers.tests.get(id_)
    state, why = printers.device(id_)
    said = remembered(parts, "printer", id_, link is not None)
    return Known(
        state=state,
        reason=why,
        linked=link is not None,
        hello=link.hello if link else None,
        status=link.status if link else None,
        version=link.hello.agent if link and link.hello else said["version"],
        last_seen=said["last_seen"],
        troubles=tuple((t.at, t.reason, t.number) for t in printers.troubles.get(id_, ())),
        test=(test_slip.at, test_slip.state, test_slip.reason) if test_slip else None,
    )


# The pages


class Template(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the preview may be asked to draw, as JSON in `template`: a layout, and whether it is a copy."""

    layout: SlipLayout | None = None
    copy: bool = False
    service: Annotated[str, Meta(max_length=64)] | None = None


def routes(pages: Pages, parts: Callable[[], Parts]) -> list[web.RouteDef]:
    house = PrintingPages(pages, parts)
    return [
        web.get("/printing", house.printers),
        web.get("/printing/preview", house.preview),
        web.get("/printing/preview.png", house.picture),
    ]


class PrintingPages:
    """`parts` gives the house once it stands."""

    def __init__(self, pages: Pages, parts: Callable[[], Parts]) -> None:
        self._pages = pages
        self._parts = parts

    async def printers(self, request: web.Request) -> web.StreamResponse:
        return self._render(request, "printing.html", {"timezone": self._parts().engine.state.rules.timezone})

    async def preview(self, request: web.Request) -> web.StreamResponse:
        """The template as it is; what is changed here goes into config.toml by hand."""
        parts = self._parts()
        rules, layout = parts.engine.state.rules, parts.drawing.layout()
        spoken = dict.fromkeys((*rules.languages, *languages_of(SLIP)))
        known = {
            "layout": _whole(layout),
            "mall": rules.languages,
            "languages": [{"id": code, "name": name_of(code)} for code in spoken],
            "services": [{"id": service.id, "name": service.name} for service in rules.services.values()],
            "widths": list(WIDTHS),
        }
        return self._render(request, "slip_preview.html", known)

    async def picture(self, request: web.Request) -> web.StreamResponse:
        """PNG. Who may not see it, or asks for what cannot be drawn, gets a problem as from the API."""
        parts = self._parts()
        admit(parts.doors, request, FLOOR)
        asked, language = request.query, request.query.get("language", "")
        paper = WIDTHS.get(asked.get("width", "80"))
        if paper is None or not 0 < len(language) <= 16 or len(asked.get("template", "")) > LONGEST_TEMPLATE:
            raise Invalid(f"Name a `language`, and a `width` of {', '.join(WIDTHS)}.", reason="field", field="width")
        template = _template(asked.get("template", "{}"))
        state = parts.engine.state
        tz = ZoneInfo(state.rules.timezone)
        view = sample_slip(state, parts.engine.now(), language, tz=tz, service=template.service, copy=template.copy)
        layout = template.layout or parts.drawing.layout()
        logo = parts.drawing.logo(state.rules.services[sample_service(state.rules, template.service)].agency)
        drawn = await asyncio.to_thread(parts.drawing.preview, view, paper, layout, logo)
        return web.Response(body=drawn, content_type="image/png", headers={**SECURITY, "Cache-Control": "no-store"})

    def _render(self, request: web.Request, template: str, data: object) -> web.Response:
        spoken = languages_of(PAGE)
        asked = (request.query.get("lang"), request.cookies.get(COOKIE))
        language = next((code for code in asked if code in spoken), None)
        mall = self._parts().engine.state.rules
        response = self._pages.render(
            request,
            template,
            page=PAGE,
            language=language or (self._pages.languages[0] if self._pages.languages[0] in spoken else SOURCE),
            data=data,
            offered=[(code, name_of(code)) for code in spoken],
            mall=next(iter(mall.name.values()), ""),
        )
        if language is not None and request.query.get("lang") == language:
            response.set_cookie(COOKIE, language, max_age=YEAR_S, samesite="Lax", httponly=True)
        return response


def _whole(layout: SlipLayout) -> dict[str, object]:
    """A layout with nothing left out, for the page's form."""
    return {
        "parts": [{"kind": part.kind, "size": part.size} for part in layout.parts],
        "number_mm": layout.number_mm,
        "qr_mm": layout.qr_mm,
        "footer": layout.footer,
    }


def _template(text: str) -> Template:
    try:
        return msgspec.json.decode(text, type=Template)
    except msgspec.DecodeError as error:
        raise Invalid(f"That template cannot be drawn: {error}.", reason="field", field="template") from None
