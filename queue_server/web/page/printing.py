"""The printers for staff: how they are, test slips, which paper is missing; and the preview of how slips look.

The pages are in page_table.py; here is GET /printing/preview.png, one slip in the exact dots.
"""

from __future__ import annotations

from functools import partial
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec
from aiohttp import web
from msgspec import Meta, Struct

from queue_server.errors import Invalid, NotFound
from queue_server.views.printers import Known, printers_view
from queue_server.views.slip_sample import sample_service, sample_slip
from queue_server.web.ask import Ask, Nothing
from queue_server.web.edge.headers import SECURITY
from queue_server.web.identity.access import admit
from queue_server.web.machines.devices import last_heard
from queue_server.web.parts import Parts
from queue_server.web.permissions import FLOOR
from queue_server.web.scope import agencies_of
from queue_server.wire.printers import PrintersView
from queue_server.wire.printing import Paper, SlipLayout

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
    known = {id_: known_of(parts, id_) for id_ in parts.engine.state.rules.printers}
    return printers_view(parts.engine.state, known, agencies=agencies)


def known_of(parts: Parts, id_: str) -> Known:
    """One printer."""
    printers = parts.printing.printers
    link, test_slip = printers.links.get(id_), printers.tests.get(id_)
    state, why = printers.device(id_)
    said = last_heard(parts, "printer", id_, link is not None)
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


# The preview


class Template(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the preview may be asked to draw, as JSON in `template`: a layout, and whether it is a copy."""

    layout: SlipLayout | None = None
    copy: bool = False
    service: Annotated[str, Meta(max_length=64)] | None = None


def routes(parts: Parts) -> list[web.RouteDef]:
    """The picture beside the preview's form."""
    return [web.get("/printing/preview.png", partial(picture, parts))]


async def picture(parts: Parts, request: web.Request) -> web.StreamResponse:
    """PNG. Who may not see it, or asks for what cannot be drawn, gets a problem as from the API."""
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
    drawn = await parts.previews.draw(partial(parts.drawing.preview, view, paper, layout, logo))
    return web.Response(body=drawn, content_type="image/png", headers={**SECURITY, "Cache-Control": "no-store"})


def _template(text: str) -> Template:
    try:
        return msgspec.json.decode(text, type=Template)
    except (msgspec.DecodeError, RecursionError) as error:
        raise Invalid(f"That template cannot be drawn: {error}.", reason="field", field="template") from None
