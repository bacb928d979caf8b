"""Whose data a call or a live view touches: stated in the tables, checked once, the same over HTTP and live."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from aiohttp import WSServerHandshakeError

from queue_server.web import scope
from queue_server.web.page_table import PAGES
from queue_server.web.permissions import STAFF
from queue_server.web.routes import ROUTES
from queue_server.web.scope import Scope
from queue_server.web.topics import TOPICS
from tests.web.edge import CONFIG, Edge, edge_at
from tests.web.test_live import heard

SCOPES = {name: one for name, one in vars(scope).items() if isinstance(one, Scope)}
WEB = Path(scope.__file__).parent


def handlers(room: str) -> str:
    """The text of a module of the edge, wherever it lies there."""
    (path,) = WEB.rglob(f"{room}.py")
    return path.read_text(encoding="utf-8")


def test_every_route_topic_and_page_states_its_scope():
    """Whoever adds one says whose data it touches; each scope says so in its own words, and each is used."""
    stated = [row.scope for table in (ROUTES, TOPICS, PAGES) for row in table]

    assert all(one in SCOPES.values() for one in stated)
    assert {one.says for one in stated} == {one.says for one in SCOPES.values()}
    assert len({one.says for one in SCOPES.values()}) == len(SCOPES)


async def test_no_address_is_outside_the_tables(edge: Edge):
    """What the server answers at stands in the table of routes or pages, or is named as standing outside them."""
    there = {resource.canonical for resource in edge.mall.app.router.resources()}
    pages = {re.sub(r":.*?}+", "}", page.path) for page in PAGES}

    assert there - {route.path for route in ROUTES} - pages - scope.OUTSIDE.keys() == set()
    assert scope.OUTSIDE.keys() <= there


async def test_everybody_is_told_what_they_may(edge: Edge):
    """/me names what the tables let the caller in to, and what it does not name is refused, so pages ask it."""
    theirs = edge.token("supervisor", name="joko", agency="registry")

    clerk, manager, supervisor, agencys = [
        set((await edge.get("/me", by=by))["may"]) for by in ("clerk", "manager", "supervisor", theirs)
    ]
    hold = await edge.post("/hall/hold", by=theirs)

    assert {"page /terminal", "POST /counters/{counter}/open", "live counter:ID"} <= clerk
    assert {"page /floor", "live floor", "POST /hall/hold"} & clerk == set()
    assert "live floor" in manager
    assert "POST /hall/hold" not in manager
    assert supervisor - agencys == {
        "POST /clock/confirm",
        "POST /hall/hold",
        "POST /hall/release",
        "POST /hall/evacuate",
        "POST /hall/all-clear",
        "POST /announcements",
        "POST /announcements/{announcement}/end",
        "POST /uploads",
        "POST /media",
        "POST /media/{media}",
        "POST /media/{media}/remove",
    }
    assert hold.said == (403, "forbidden", "other_agency")
    assert ((await edge.get("/me", by="clerk"))["stands_in"], (await edge.get("/me", by=theirs))["stands_in"]) == (
        False,
        True,
    )


def test_no_page_keeps_a_list_of_roles():
    """Who may what stands in the tables alone: a page's script knows no role, and asks /me."""
    roles = re.compile(r"\.role\b(?! *=)|[\"'](?:supervisor|auditor)[\"']")
    house = WEB.parent.parent
    scripts = [path for room in (WEB, house / "kiosk", house / "display") for path in room.rglob("static/**/*.js")]

    assert scripts
    assert [path.name for path in scripts if roles.search(path.read_text(encoding="utf-8"))] == []


def test_what_is_in_the_path_is_checked():
    """A route that names a counter, service or ticket has a scope that looks at it."""
    looks = {
        "counter": "COUNTER WORKPLACE MOVE NAMED_MOVE SERVED",
        "service": "SERVICE",
        "board": "BOARD",
        "note": "DAY_NOTE",
    }
    looks["ticket"] = "HOLDER HELD TICKET REPRINT CORRECTION PARKING CALLED"
    looks |= {"printer": "HOUSE", "kiosk": "KIOSK MENU"}
    looks |= (
        dict.fromkeys(("token", "announcement", "media"), "MALL")
        | dict.fromkeys(("kind", "id"), "MALL HOUSE")
        | {"picture": "OWN"}
        | {"person": "PERSON", "session": "OWN PERSON", "pseudonym": "MALL"}
    )

    for route in ROUTES:
        for part in re.findall(r"{(\w+)}", route.path):
            assert route.scope in [SCOPES[name] for name in looks[part].split()], route.path


def test_no_handler_makes_the_check_itself():
    """It is made once, where the table is read: a handler that checks too would hide what its row leaves out."""
    rooms = ("counters", "tickets", "hall", "rules", "printing", "devices", "sign_in")
    called = {
        f"{room}: {node.func.id}"
        for room in rooms
        for node in ast.walk(ast.parse(handlers(room)))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id.startswith("check_")
    }

    assert called == set()


def test_no_handler_asks_who_sees_the_order():
    """Roles are compared in tables: a handler that asks for one role by name has a rule that nobody finds."""
    rooms = ("counters", "hall", "rules", "topics", "showing")
    asked = {
        f"{room}: {ast.unparse(node)}"
        for room in rooms
        for node in ast.walk(ast.parse(handlers(room)))
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Eq | ast.NotEq)
        if any(isinstance(side, ast.Attribute) and side.attr == "role" for side in (node.left, *node.comparators))
    }

    assert asked == set()


@pytest.mark.parametrize("blind", [False, True])
@pytest.mark.parametrize("role", sorted(STAFF))
async def test_who_sees_the_order_sees_it_everywhere(tmp_path: Path, role: str, blind: bool):
    """A counter over HTTP, its terminal and the queues name who is next alike: in a blind mall to all but clerks."""
    config = CONFIG.replace("picking = true", f"blind = {str(blind).lower()}")
    async with edge_at(tmp_path, config=config) as edge:
        ticket = await edge.ticket()

        http = (await edge.get("/counters/1", by=role))["queue"]
        queues = {queue["service"]: queue for queue in (await edge.get("/queues", by=role)).body}
        async with edge.live("counter:1", by=role) as socket:
            live = (await heard(socket, "counter:1"))["view"]

    seen = [] if blind and role == "clerk" else [ticket["id"]]
    for places in (http["next"], live["queue"]["next"], queues["passport"]["order"]):
        assert [place["ticket"] for place in places] == seen
    assert live["blind"] is (blind and role == "clerk")


SAME = {
    "board:main": "/boards/main",
    "board:none": "/boards/none",
    "counter:1": "/counters/1",
    "counter:2": "/counters/2",
    "counter:3": "/counters/3",
    "counter:9": "/counters/9",
    "printers": "/printers",
}
"""What is there both ways."""

WHO = {
    "nobody": None,
    "kiosk": {"role": "kiosk", "name": "K1"},
    "display": {"role": "display", "name": "D1"},
    "clerk": {"role": "clerk", "name": "ani"},
    "a clerk tied to counter 1": {"role": "clerk", "name": "budi", "counter": "1"},
    "an agency's clerk": {"role": "clerk", "name": "sri", "agency": "immigration"},
    "an agency's supervisor": {"role": "supervisor", "name": "joko", "agency": "registry"},
    "a supervisor of two": {"role": "supervisor", "name": "tuti", "agency": "immigration,registry"},
    "auditor": {"role": "auditor", "name": "eva"},
}


@pytest.mark.parametrize("who", WHO)
async def test_http_and_live_give_the_same_person_the_same(edge: Edge, who: str):
    """Let in or refused alike, with the same code; at a counter the same ticket, or none of another agency's."""
    await edge.called("birth", "2")
    described = WHO[who]
    by = edge.token(**described) if described else ""

    for topic, path in SAME.items():
        http = await edge.get(path, by=by)
        said = await edge.get(f"/live?topic={topic}", by=by)
        assert said.status == (426 if http.status == 200 else http.status), (topic, said, http)
        if http.status != 200:
            assert said.code == http.code
        elif topic.startswith("counter:"):
            async with edge.live(topic, by=by) as socket:
                view = (await heard(socket, topic))["view"]
            assert view["counter"]["ticket"] == http["ticket"], topic


@pytest.mark.parametrize("who", WHO)
async def test_the_floor_shows_what_http_shows(edge: Edge, who: str):
    """Whoever may watch it may ask for its figures, and sees the services and counters of their queues, no others."""
    described = WHO[who]
    by = edge.token(**described) if described else ""

    http = await edge.get("/usual", by=by)
    said = await edge.get("/live?topic=floor", by=by)

    assert said.status == (426 if http.status == 200 else http.status), (said, http)
    if http.status != 200:
        assert said.code == http.code
        return
    services = {one["service"] for one in (await edge.get("/queues", by=by)).body}
    counters = {one["id"] for one in (await edge.get("/counters", by=by)).body}
    async with edge.live("floor", by=by) as socket:
        frame = await socket.receive_json()
        while not frame.get("topic"):
            frame = await socket.receive_json()
    assert {one["id"] for one in frame["view"]["services"]} == services
    assert {one["id"] for one in frame["view"]["counters"]} == counters


@pytest.mark.parametrize("who", [*WHO, "another kiosk"])
async def test_a_kiosks_view_is_for_whoever_takes_tickets_there(edge: Edge, who: str):
    """Let in or refused alike, with the same code, when watching and when taking; a kiosk is no other kiosk."""
    described = {**WHO, "another kiosk": {"role": "kiosk", "name": "K9"}}[who]
    by = edge.token(**described) if described else ""
    service = "birth" if described and described.get("agency") == "registry" else "passport"

    http = await edge.post("/tickets", {"service": service, "kiosk": "K1"}, by=by)
    said = await edge.get("/live?topic=kiosk:K1", by=by)

    assert said.status == (426 if http.status == 201 else http.status), (said, http)
    if http.status != 201:
        assert said.code == http.code


async def test_a_ticket_is_public_both_ways(edge: Edge):
    """Whoever holds the id sees the same of it, without its clerks; an unknown one is unknown to both."""
    ticket = await edge.ticket()
    topic = f"ticket:{ticket['id']}"

    http = await edge.get(f"/tickets/{ticket['id']}")
    async with edge.live(topic) as socket:
        frame = await heard(socket, topic)
    with pytest.raises(WSServerHandshakeError) as unknown:
        async with edge.live("ticket:nothing"):
            pass

    assert frame["view"]["ticket"] == http.body
    assert unknown.value.status == (await edge.get("/tickets/nothing")).status == 404
