"""Where the hall's displays are: one page per board, that a screen opens once and keeps for weeks.

    /display/{board}     who is called to which counter, now; with a chime

`compose` adds these routes and hands `FOLDER` to `Pages` under the name `display`.
"""

from __future__ import annotations

from pathlib import Path

from aiohttp import web

from queue_server.web.pages import Pages

FOLDER = Path(__file__).parent


def routes(pages: Pages) -> list[web.RouteDef]:
    async def display(request: web.Request) -> web.StreamResponse:
        # What a board says, and in which languages, is the mall's affair and comes with the board's view.
        known = {"board": request.match_info["board"]}
        return pages.render(request, "display/display.html", page="display", language=pages.languages[0], data=known)

    return [web.get("/display/{board:[^/]{1,64}}", display)]
