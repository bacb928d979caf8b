"""The one table of rights: in the docs as it is, and held by the running server for every role."""

from __future__ import annotations

import re

import pytest

from queue_server.registry.roles import Role
from queue_server.web.may import TABLES
from queue_server.web.page_table import PAGES
from queue_server.web.permissions import RIGHTS, Right
from queue_server.web.routes import ROUTES
from queue_server.web.topics import TOPICS
from tests.web.edge import Edge
from tests.web.permissions_doc import DOC, made

EVERYBODY = ("", *map(str, Role))

SUBJECTS = {"board": "main", "counter": "1", "sign": "1", "kiosk": "K1", "ticket": "none", "printer": "P1"}


def path_of(pattern: str) -> str:
    """An address; of what nobody has, where else something would happen to the one who asks."""
    return re.sub(r"{\w+}", "1", pattern.replace("{token}", "999"))


def listed() -> dict[str, frozenset[str]]:
    """By what docs/permissions.md lists: the roles that it lets in, `""` for whoever shows no token."""
    text = DOC.read_text(encoding="utf-8")
    rights, _, table = text.partition("## Every call")
    roles = {
        name: frozenset(EVERYBODY if who == "anyone" else ("" if one == "no token" else one for one in who.split(", ")))
        for name, who in re.findall(r"^\| ([^|`]+) \| ([^|]+) \| [^|]+ \|$", rights, flags=re.MULTILINE)
        if name not in ("right", "---")
    }
    return {what: roles[right] for what, right in re.findall(r"^\| `([^`]+)` \| ([^|]+) \|", table, flags=re.MULTILINE)}


def test_the_docs_show_the_table():
    """`python -m tests.web.permissions_doc` writes the page anew."""
    assert DOC.read_text(encoding="utf-8") == made()


def test_nothing_else_says_who_is_let_in():
    """Each call, topic and page names a right of the table by itself; each right has a name of its own."""
    assert all(any(row.who is right for right in RIGHTS) for table in (ROUTES, TOPICS, PAGES) for row in table)
    assert len({right.name for right in RIGHTS}) == len(RIGHTS)
    assert {role for right in RIGHTS for role in right} <= set(EVERYBODY)
    assert all(isinstance(right, Right) for _what, right, _scope in TABLES)


@pytest.mark.parametrize("role", EVERYBODY)
async def test_every_call_and_topic_lets_in_whom_the_docs_list(edge: Edge, role: str):
    """As each role, for the whole mall: what is not listed is refused for the role, or for want of a token."""
    wrong = []
    for what, roles in listed().items():
        kind, _, where = what.partition(" ")
        if kind == "page":
            continue
        if kind == "live":
            name, _, subject = where.partition(":")
            topic = f"{name}:{SUBJECTS[name]}" if subject else name
            answer = await edge.get(f"/live?topic={topic}", by=role)
        else:
            answer = await edge.ask(kind, path_of(where), by=role)
        refused = answer.code == "unauthorized" if not role else answer.status == 403 and answer["reason"] == "role"
        if where == "/sign-in":
            continue  # an empty body is nobody's
        if refused is (role in roles):
            wrong.append((what, answer))
    assert wrong == []


@pytest.mark.parametrize("role", [role for role in EVERYBODY if role])
async def test_everybody_is_offered_what_the_docs_list(edge: Edge, role: str):
    """Pages ask /me what to offer; it names what lets this role in, and nothing else."""
    offered = set((await edge.get("/me", by=role))["may"])
    whole = {what for what, _right, scope in TABLES if scope.whole}

    expected = {what for what, roles in listed().items() if role in roles}
    assert offered == (expected - whole if role == "agency_admin" else expected)


PUT = {"file": "0" * 30, "alt": {"en": "A map"}}
SAID = {
    "/api/v1/announcements": {"texts": {"en": "Counter 5 has moved"}},
    "/api/v1/media": PUT,
    "/api/v1/media/{media}": {"alt": {"en": "A map"}},
}
"""Bodies of calls that are refused for their form without one."""


@pytest.mark.parametrize("role", ["clerk", "supervisor", "manager", "auditor", "agency_admin"])
async def test_what_is_the_whole_malls_is_no_agencys(edge: Edge, role: str):
    """Whoever belongs to agencies, however many, is refused there for one reason or the other."""
    token = edge.token(role, name="sri", agency="immigration,registry")

    for route in (route for route in ROUTES if route.scope.whole):
        answer = await edge.ask(route.method, path_of(route.path), SAID.get(route.path), by=token)
        assert answer.status == 403, route.path


async def test_staff_of_several_agencies_see_and_do_what_is_theirs(edge: Edge):
    """Both agencies' queues, counters and tickets, live and over HTTP; of one alone only that one's."""
    both = edge.token("supervisor", name="tuti", agency="registry, immigration")
    one = edge.token("supervisor", name="sri", agency="immigration")
    birth = await edge.ticket("birth")

    queues = [{queue["agency"] for queue in (await edge.get("/queues", by=by)).body} for by in (both, one)]
    notes = [(await edge.post(f"/tickets/{birth['id']}/note", {"text": "x"}, by=by)).status for by in (both, one)]
    me = await edge.get("/me", by=both)
    opened = await edge.post("/counters/2/open", by=both)
    called = await edge.post("/counters/2/call-next", by=both)
    async with edge.live("floor", by=both) as socket:
        await socket.receive_json()
        frame = await socket.receive_json()

    assert queues == [{"registry", "immigration"}, {"immigration"}]
    assert notes == [200, 403]
    assert (me["agency"], me["agencies"]) == (None, ["immigration", "registry"])
    assert (opened.status, called["id"]) == (200, birth["id"])
    assert {agency["id"] for agency in frame["view"]["agencies"]} == {"immigration", "registry"}
