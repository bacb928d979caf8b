"""In which language a page starts: the one place that knows how a reader says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import Enum

from aiohttp import web

from queue_server.languages.catalogues import SOURCE, languages_of

COOKIE = "antrean_language"
"""What somebody of the staff chose with `?lang=`."""

YEAR_S = 365 * 24 * 3600


class Speaks(Enum):
    """Whose language a page starts in."""

    MALL = "mall"
    """A screen of the hall, whoever stands before it: the mall's first language. Its script knows the rest."""
    CITIZEN = "citizen"
    """The reader's, of those that the mall speaks."""
    STAFF = "staff"
    """The reader's, of those that the page has texts in; what was chosen once is kept."""


def offered(speaks: Speaks, texts: str, mall: Sequence[str]) -> tuple[str, ...]:
    """The languages among which a reader of a page with the catalogue `texts` chooses; `mall` are the mall's."""
    if speaks is Speaks.MALL:
        return (mall[0],)
    return languages_of(texts) if speaks is Speaks.STAFF else tuple(mall)


def language_for(request: web.Request, speaks: Speaks, texts: str, mall: Sequence[str]) -> str:
    """The language asked for; else the one kept; else the browser's; else the mall's first, else English."""
    among = offered(speaks, texts, mall)
    usual = mall[0] if mall[0] in among else SOURCE
    return next((code for code in _wishes(request, speaks) if code in among), usual)


def keep_choice(request: web.Request, response: web.StreamResponse, language: str) -> None:
    """The next page starts in the language that was asked for of this one."""
    if request.query.get("lang") == language:
        response.set_cookie(COOKIE, language, max_age=YEAR_S, samesite="Lax", httponly=True)


def _wishes(request: web.Request, speaks: Speaks) -> Iterator[str]:
    yield request.query.get("lang", "")
    if speaks is Speaks.STAFF:
        yield request.cookies.get(COOKIE, "")
    for asked in request.headers.get("Accept-Language", "").split(","):
        code = asked.partition(";")[0].strip().lower()
        yield code
        yield code.partition("-")[0]
