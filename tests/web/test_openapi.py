"""The API describes itself: every route, body, answer, role and code, in a document that tools can read."""

from __future__ import annotations

import re
from pathlib import Path

from queue_server.errors import STATUS
from queue_server.web.openapi import codes_of, describe
from queue_server.web.permissions import FLOOR, RIGHTS
from queue_server.web.routes import ROUTES
from queue_server.web.topics import TOPICS
from tests.web.edge import Edge

DOCS = Path(__file__).parent.parent.parent / "docs"


def test_every_route_is_described():
    """Each call has a summary, its path's parts as parameters, its answer, and a problem for each way to refuse it."""
    document = describe("1")

    for route in ROUTES:
        operation = document["paths"][route.path][route.method.lower()]
        named = {p["name"] for p in operation["parameters"] if p["in"] == "path"}
        assert operation["summary"].endswith((".", ":")) or operation["summary"], route.path
        assert named == set(re.findall(r"{(\w+)}", route.path))
        assert {str(STATUS[code]) for code in codes_of(route)} <= operation["responses"].keys()
        assert any(status.startswith("2") for status in operation["responses"])
        assert ("x-roles" in operation) == bool(route.who)
        assert operation["x-scope"] == route.scope.says


def test_every_reference_leads_somewhere():
    """No schema is named that the document does not hold."""
    document = describe("1")
    text = str(document)

    named = set(re.findall(r"#/components/schemas/(\w+)", text))

    assert named
    assert named <= document["components"]["schemas"].keys()
    assert len({op["operationId"] for ops in document["paths"].values() for op in ops.values()}) == len(ROUTES) + 1


def test_the_tables_codes_are_known():
    """A code in the table of routes that errors.py does not know would be a slip of the pen."""
    assert {code for route in ROUTES for code in codes_of(route)} <= STATUS.keys()


async def test_the_document_is_served(edge: Edge):
    """Anybody reads it, without a token."""
    document = await edge.get("/openapi.json")

    assert (document.status, document["openapi"]) == (200, "3.1.0")
    assert document["info"]["version"] == "1"  # of the API; which program answers is nobody's business
    assert "/api/v1/tickets" in document["paths"]


def test_the_docs_name_every_call_and_no_other():
    """docs/api.md lists exactly the calls that there are."""
    text = (DOCS / "api.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^\| `(GET|POST) (/[^`?]*)", text, flags=re.MULTILINE))

    assert told == {(route.method, route.path.removeprefix("/api/v1")) for route in ROUTES}


def test_the_docs_name_who_may_do_what():
    """docs/api.md says of each call which roles it lets in."""
    text = (DOCS / "api.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(GET|POST) (/[^`?]*)[^`]*`(?: `[^`]*`)? \| ([^|]*) \|", text, flags=re.MULTILINE)
    told = {(method, path): who.strip() for method, path, who in rows}

    for route in ROUTES:
        who = told[route.method, route.path.removeprefix("/api/v1")]
        assert route.who == frozenset() if who == "anyone" else route.who == GROUPS[who], route.path


GROUPS = {right.name: right for right in RIGHTS}
"""The words of docs/api.md for who is let in."""


def test_the_docs_have_the_table_of_topics():
    """docs/api.md names each live topic, whom it lets in and what it shows, as the table in topics.py has it."""
    text = (DOCS / "api.md").read_text(encoding="utf-8").partition("| topic |")[2]
    rows = re.findall(r"^\| `([a-z:ID]+)` \| ([^|]*) \| ([^|]*) \|", text, flags=re.MULTILINE)

    assert [(topic.name, topic.who, topic.says) for topic in TOPICS] == [
        (name, frozenset() if who == "anyone" else GROUPS[who], says) for name, who, says in rows
    ]


def test_the_document_has_the_table_of_topics():
    """OpenAPI says of each live topic who may watch it and whose data it shows."""
    live = describe("1")["paths"]["/api/v1/live"]["get"]

    assert live["x-topics"].keys() == {topic.name for topic in TOPICS}
    assert all(topic["scope"] and topic["shows"] for topic in live["x-topics"].values())
    assert live["x-topics"]["floor"]["roles"] == sorted(FLOOR)


def test_the_docs_explain_every_code():
    """docs/errors.md has every code with its status, and no other."""
    text = (DOCS / "errors.md").read_text(encoding="utf-8")
    told = {code: int(status) for code, status in re.findall(r"^\| `(\w+)` \| (\d+) \|", text, flags=re.MULTILINE)}

    assert told == STATUS


def test_the_docs_name_every_reason():
    """A finer reason that the code gives is in docs/errors.md."""
    text = (DOCS / "errors.md").read_text(encoding="utf-8")
    rooms = (DOCS.parent / "queue_server" / room for room in ("domain", "web", "registry"))
    code = "\n".join(path.read_text(encoding="utf-8") for room in rooms for path in room.rglob("*.py"))

    given = set(re.findall(r'raise \w+\([^)]*?reason="(\w+)"', code, flags=re.DOTALL))

    assert given
    assert given - set(re.findall(r"`(\w+)`", text)) == set()
