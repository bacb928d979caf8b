"""Where the kiosk's page is, and the QR code that it shows beside a number.

    /kiosk/{id}          the touchscreen's page; what it may do is its token's affair, the page itself holds no secret
    /qr/{ticket}.svg     the address of a ticket's own page as a picture; whoever asks knows the ticket's id already

`compose` adds these routes and hands `FOLDER` to `Pages` under the name `kiosk`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from aiohttp import web

from queue_server.web import qr
from queue_server.web.pages import Pages

FOLDER = Path(__file__).parent


def routes(pages: Pages, track_url: Callable[[str], str]) -> list[web.RouteDef]:
    """`track_url` gives the public address of the page of the ticket with an id."""

    async def kiosk(request: web.Request) -> web.StreamResponse:
        # The screen is the mall's, not a reader's: it starts in the mall's first language.
        known = {"kiosk": request.match_info["kiosk"]}
        return pages.render(request, "kiosk/kiosk.html", page="kiosk", language=pages.languages[0], data=known)

    async def code(request: web.Request) -> web.StreamResponse:
        return web.Response(
            body=qr.svg(track_url(request.match_info["ticket"])),
            content_type="image/svg+xml",
            headers={"Cache-Control": "private, max-age=3600", "X-Content-Type-Options": "nosniff"},
        )

    return [
        web.get("/kiosk/{kiosk:[^/]{1,64}}", kiosk),
        web.get("/qr/{ticket:[A-Za-z0-9_-]{1,64}}.svg", code),
    ]
