"""QR codes as SVG, the web edge's only use of segno.

Level M (15 % may be damaged) and the four modules of quiet zone that the standard asks for; the picture has no size
of its own, so a page gives it one.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from io import BytesIO

import segno
from aiohttp import web


def svg(text: str) -> bytes:
    """A black-on-white code that says `text`, as a whole SVG document."""
    out = BytesIO()
    segno.make(text, error="m", micro=False).save(
        out,
        kind="svg",
        border=4,
        dark="#000",
        light="#fff",
        omitsize=True,
        xmldecl=False,
        svgclass=None,
        lineclass=None,
    )
    return out.getvalue()


def routes(
    track_url: Callable[[str], str], look: Callable[[web.Request, str], Awaitable[object]]
) -> list[web.RouteDef]:
    """`/qr/{ticket}.svg`: the address of a ticket's own page, which `track_url` gives, as a picture.

    Whoever asks knows the ticket's id already; `look` raises for one that there is not, and counts as every look-up.
    """

    async def code(request: web.Request) -> web.StreamResponse:
        ticket = request.match_info["ticket"]
        await look(request, ticket)
        return web.Response(
            body=svg(track_url(ticket)),
            content_type="image/svg+xml",
            headers={"Cache-Control": "private, max-age=3600", "X-Content-Type-Options": "nosniff"},
        )

    return [web.get("/qr/{ticket:[A-Za-z0-9_-]{1,64}}.svg", code)]
