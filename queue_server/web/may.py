"""What a caller may: every call, live topic and page of the tables that lets them in, by its name there.

    POST /hall/hold, live floor, page /terminal

So a page asks for what it offers, and no list of roles stands anywhere but in the tables.
"""

from __future__ import annotations

import re

from queue_server.web.identity.access import Caller
from queue_server.web.page_table import PAGES
from queue_server.web.routes import ROOT, ROUTES
from queue_server.web.scope import Scope
from queue_server.web.topics import TOPICS

TABLES: tuple[tuple[str, frozenset[str], Scope], ...] = (
    *((f"{route.method} {route.path.removeprefix(ROOT)}", route.who, route.scope) for route in ROUTES),
    *((f"live {topic.name}", topic.who, topic.scope) for topic in TOPICS),
    *((f"page {re.sub(r':.*?}+', '}', page.path)}", page.who, page.scope) for page in PAGES if not page.demo),
)


def may(caller: Caller) -> tuple[str, ...]:
    """In the tables' order. Whose the single counter or ticket is, is another question, which each call answers."""
    return tuple(
        name
        for name, who, scope in TABLES
        if (not who or caller.role in who) and (caller.agencies is None or not scope.whole)
    )
