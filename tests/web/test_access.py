"""Who is let in: bearer tokens, cookies of pages, agencies; and who is not."""

from __future__ import annotations

import asyncio
import re
from http.cookies import SimpleCookie

import pytest

from queue_server.registry.roles import Role
from queue_server.web.identity.access import BELIEVED_S
from queue_server.web.routes import ROUTES
from tests.web.edge import Answer, Edge

ROLES = tuple(map(str, Role))


def cookies_of(answer: Answer) -> SimpleCookie:
    """The cookies that it sets."""
    return SimpleCookie("\r\n".join(answer.headers.getall("Set-Cookie", [])))


async def test_nobody_gets_in_without_a_token_or_by_another_role(edge: Edge):
    """On every route no token and a wrong one are 401 with the way to ask, a role that is not named there 403."""
    for route in (route for route in ROUTES if route.who and "" not in route.who):
        path = re.sub(r"{\w+}", "1", route.path)

        nobody = await edge.ask(route.method, path)
        wrong = await edge.ask(route.method, path, by="antrean_wrong")
        others = [await edge.ask(route.method, path, by=role) for role in ROLES if role not in route.who]

        assert nobody.said[:2] == wrong.said[:2] == (401, "unauthorized"), path
        assert nobody.headers["WWW-Authenticate"].startswith("Bearer")
        assert {other.said for other in others} <= {(403, "forbidden", "role")}, path


async def test_a_revoked_token_lets_nobody_in(edge: Edge):
    """Within a moment of being revoked a token is as good as none."""
    token = edge.token("clerk", name="ani")
    before = await edge.get("/me", by=token)
    edge.parts.registry.tokens.revoke(edge.parts.registry.tokens.list()[-1].id)
    edge.parts.doors.forget(token)  # what time would do within BELIEVED_S

    after = await edge.get("/me", by=token)

    assert BELIEVED_S <= 1
    assert (before.status, after.status) == (200, 401)


async def test_a_page_opened_with_a_token_keeps_it_as_a_cookie(edge: Edge):
    """The token leaves the address at once, and the cookie is out of reach of scripts and of other sites."""
    token = edge.token("kiosk", name="K1")

    answer = await edge.page(f"/kiosk/K1?token={token}&lang=en")
    cookie = cookies_of(answer)["antrean_kiosk"]

    assert (answer.status, answer.headers["Location"]) == (303, "/kiosk/K1?lang=en")
    assert cookie.value == token
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Strict")


async def test_a_wrong_token_in_an_address_is_kept_nowhere(edge: Edge):
    """A page opened with a token that lets nobody in gets no cookie, and its address is clean all the same."""
    answer = await edge.page("/kiosk/K1?token=antrean_wrong")

    assert (answer.status, answer.headers["Location"], dict(cookies_of(answer))) == (303, "/kiosk/K1", {})


async def test_the_api_takes_no_token_from_an_address(edge: Edge):
    """Addresses end up in logs; only pages take a token there, once."""
    answer = await edge.get(f"/me?token={edge.token('clerk')}")

    assert answer.said[:2] == (401, "unauthorized")


async def test_a_cookie_changes_nothing_for_another_sites_page(edge: Edge):
    """With a cookie alone a change is refused; from our own pages, or with our header, it is taken."""
    cookie = f"antrean_kiosk={edge.token('kiosk', name='K1')}"

    def take(**headers: str):
        return edge.post("/tickets", {"service": "visa"}, Cookie=cookie, **headers)

    bare = await take()
    foreign = await take(Origin="https://evil.example", Sec_Fetch_Site="cross-site")
    ours = [
        await take(X_Antrean="1"),
        await take(Sec_Fetch_Site="same-origin"),
        await take(Origin=edge.mall.url),
    ]
    reading = await edge.get("/me", Cookie=cookie)

    assert bare.said == foreign.said == (403, "forbidden", "cross_site")
    assert [answer.status for answer in ours] == [201, 201, 201]
    assert reading["role"] == "kiosk"


async def test_our_header_opens_nothing_to_another_sites_page(edge: Edge):
    """Where the browser says whose page asks, that counts, whatever else the request says."""
    cookie = {"Cookie": f"antrean_kiosk={edge.token('kiosk', name='K1')}", "X_Antrean": "1"}
    body = {"service": "passport", "kiosk": "K1"}

    origin = await edge.post("/tickets", body, **cookie, Origin="https://evil.example")
    fetched = await edge.post("/tickets", body, **cookie, Sec_Fetch_Site="cross-site")
    own = await edge.post("/tickets", body, **cookie, Origin=edge.mall.url, Sec_Fetch_Site="same-origin")

    assert (origin.status, fetched.status, own.status) == (403, 403, 201)


async def test_all_pages_may_be_open_in_one_browser(edge: Edge):
    """Cookies of staff, kiosk and display stand side by side; a call takes the one that may do it."""
    kiosk, display = edge.token("kiosk", name="K1"), edge.token("display", name="D1")
    cookies = f"antrean_staff={edge.token('clerk', name='ani')}; antrean_kiosk={kiosk}; antrean_display={display}"

    at_kiosk = await edge.post("/tickets", {"service": "visa", "kiosk": "K1"}, Cookie=cookies, X_Antrean="1")
    at_desk = await edge.post("/tickets", {"service": "visa"}, Cookie=cookies, X_Antrean="1")
    me = await edge.get("/me", Cookie=cookies)
    board = await edge.get("/boards/main", Cookie=f"antrean_kiosk={kiosk}; antrean_display={display}")

    channels = [edge.engine.state.tickets[ticket["id"]].channel for ticket in (at_kiosk, at_desk)]
    assert channels == ["kiosk", "desk"]
    assert me["role"] == "clerk"
    assert board.status == 200


async def test_an_old_cookie_is_no_obstacle_where_none_is_needed(edge: Edge):
    """A cookie that lets nobody in any more is as none."""
    mall = await edge.get("/mall", Cookie="antrean_staff=antrean_gone")
    me = await edge.get("/me", Cookie="antrean_staff=antrean_gone")

    assert (mall.status, me.status) == (200, 401)


async def test_an_agencys_staff_see_and_do_only_what_is_theirs(edge: Edge):
    """Queues, tickets and counters of other agencies are out of reach; a journey that comes to them is seen."""
    theirs = edge.token("supervisor", name="sri", agency="immigration")
    passport, birth = await edge.ticket("passport"), await edge.ticket("birth")
    both = await edge.post("/tickets", {"services": ["birth", "passport"]}, by="kiosk")

    queues = await edge.get("/queues", by=theirs)
    counters = await edge.get("/counters", by=theirs)
    found = await edge.get(f"/tickets?number={birth['number']}", by=theirs)
    foreign = await edge.post(f"/tickets/{birth['id']}/note", {"text": "x"}, by=theirs)
    number = both["number"]
    shared = await edge.get(f"/tickets?number={number}", by=theirs)
    own = await edge.post(f"/tickets/{passport['id']}/note", {"text": "x"}, by=theirs)
    counter = await edge.post("/counters/3/open", by=theirs)
    paused = await edge.post("/services/birth/pause", {"reason": "mistake"}, by=theirs)
    issued = await edge.post("/tickets", {"service": "birth"}, by=theirs)

    assert {queue["service"] for queue in queues.body} == {"passport", "visa"}
    assert {c["id"] for c in counters.body} == {"1", "2"}
    assert found.said[:2] == (404, "not_found")
    assert (shared.status, own.status) == (200, 200)
    assert {a.said for a in (foreign, counter, paused, issued)} == {(403, "forbidden", "other_agency")}


async def test_an_agencys_clerk_calls_only_its_own_people(edge: Edge):
    """At a counter that agencies share, their clerks are called nobody who came for another one."""
    await edge.ticket("birth")
    edge.wait(60)
    passport = await edge.ticket("passport")
    theirs = edge.token("clerk", name="sri", agency="immigration")
    await edge.post("/counters/2/open", by=theirs)

    called = await edge.post("/counters/2/call-next", by=theirs)
    await edge.post("/counters/2/start", by=theirs)
    nobody = await edge.post("/counters/2/call-next", by=theirs)

    assert called["id"] == passport["id"]
    assert nobody.status == 204


async def test_a_kiosk_speaks_for_itself_alone(edge: Edge):
    """A kiosk's token takes tickets at that kiosk and nowhere else."""
    other = await edge.post("/tickets", {"service": "visa", "kiosk": "K9"}, by="kiosk")

    assert other.said == (403, "forbidden", "kiosk")


async def test_an_address_lets_in_no_staff(edge: Edge):
    """A link that somebody sends makes the reader nobody else: only kiosks and displays come with a token."""
    for role in ("clerk", "supervisor", "manager", "admin", "auditor", "printer"):
        token = edge.token(role, name=role)

        answer = await edge.page(f"/terminal?token={token}")

        assert (answer.status, answer.headers["Location"], dict(cookies_of(answer))) == (303, "/terminal", {}), role


@pytest.mark.parametrize("path", ["//evil.example/", "///evil.example", "/%5Cevil.example/", "//evil.example/%2e%2e"])
async def test_an_address_leads_nowhere_else(edge: Edge, path: str):
    """However its slashes are written, what is left without the token is a path of this house."""
    reader, writer = await asyncio.open_connection("127.0.0.1", edge.port)
    writer.write(f"GET {path}?token=x HTTP/1.1\r\nHost: mall\r\nConnection: close\r\n\r\n".encode())
    head = (await reader.read()).decode().lower()
    writer.close()

    places = re.findall(r"\r\nlocation: (\S+)", head)
    assert len(places) == 1
    assert re.match(r"/(?![/\\])", places[0])


@pytest.mark.parametrize(
    ("role", "status"),
    [("kiosk", 403), ("printer", 403), ("display", 403), ("manager", 403), ("auditor", 403), ("clerk", 200), ("", 200)],
)
async def test_who_cancels_by_a_tickets_id(edge: Edge, role: str, status: int):
    """Whoever holds the slip, and who works at counters; devices and those who only read do not."""
    ticket = await edge.ticket()

    answer = await edge.post(f"/tickets/{ticket['id']}/cancel", by=role)

    assert answer.status == status


async def test_an_agencys_staff_cancel_no_other_ones_ticket(edge: Edge):
    """Knowing the id is not enough for them."""
    ticket = await edge.ticket("birth")

    answer = await edge.post(f"/tickets/{ticket['id']}/cancel", by=edge.token("clerk", agency="immigration"))

    assert answer.said == (403, "forbidden", "other_agency")


async def test_a_reader_of_this_browser_cancels_as_a_citizen(edge: Edge):
    """The page of a ticket opened beside a kiosk or by an auditor acts in nobody's name."""
    ticket = await edge.ticket()
    cookie = f"antrean_kiosk={edge.token('kiosk', name='K1')}"

    answer = await edge.post(f"/tickets/{ticket['id']}/cancel", Cookie=cookie, X_Antrean="1")

    assert answer.status == 200
