"""People are invited, changed, suspended and removed, each within one's own agencies, and it is felt at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from queue_server.registry.roles import Role
from tests.web.edge import CONFIG, Answer, Edge, edge_at

SECRET = "kuda hijau 17 lari"


async def signed_in(edge: Edge, name: str, secret: str = SECRET) -> str:
    answer = await edge.post("/sign-in", {"name": name, "password": secret})
    assert answer.status == 200, answer
    return cookie_of(answer)


def cookie_of(answer: Answer) -> str:
    cookies: list[str] = answer.headers.getall("Set-Cookie")
    return next(one for one in cookies if one.startswith("antrean_staff")).partition(";")[0]


async def hired(edge: Edge, name: str, role: Role, agency: str | None = None) -> str:
    """Somebody with a password, by the pseudonym."""
    return edge.parts.registry.people.add(name, role, secret=SECRET, agency=agency).id


async def as_(edge: Edge, cookie: str, path: str, body: object = None) -> Answer:
    return await edge.post(path, body, Cookie=cookie, X_Antrean="1")


async def invited(edge: Edge, **body: Any) -> tuple[str, str]:
    """The pseudonym and the link's secret."""
    made = await edge.post("/people", {"name": "Siti", "role": "clerk", **body}, by="admin")
    assert made.status == 201, made
    return made["person"], made["link"].partition("/join#")[2]


async def test_somebody_is_invited_and_chooses_a_secret(edge: Edge):
    """The link says for whom it is, is good once, and whoever used it is signed in."""
    person, link = await invited(edge, agencies=["immigration"])

    before = (await edge.get("/people", by="admin")).body
    looked = await edge.post("/join/look", {"link": link})
    easy = await edge.post("/join", {"link": link, "password": "123456"})
    joined = await edge.post("/join", {"link": link, "password": "815947"})
    again = await edge.post("/join", {"link": link, "password": "815948"})
    me = await edge.get("/me", Cookie=cookie_of(joined))
    after = (await edge.get("/people", by="admin")).body

    assert [one["state"] for one in (*before, *after)] == ["invited", "active"]
    assert [one["signed_in_at"] is None for one in (*before, *after)] == [True, False]
    assert looked.body == {"name": "Siti", "role": "clerk", "least": 6, "second_factor": False}
    assert easy.said == (422, "invalid", "secret_common")
    assert (joined.status, me["clerk"], me["agencies"]) == (200, person, ["immigration"])
    assert again.said == (404, "not_found", "link")


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "192.0.2.7", "[", "127.0.0.1.evil.example"])
async def test_a_link_leads_to_no_host_that_the_asker_made_up(edge: Edge, host: str):
    """Only an address of the server's own comes into it; else the page that asked completes it."""
    person = await hired(edge, "Rina", Role.CLERK)

    forged = await edge.post(f"/people/{person}/invite", by="admin", Host=host)
    own = await edge.post(f"/people/{person}/invite", by="admin")

    assert forged["link"].startswith("/join#")
    assert own["link"].startswith(f"{edge.mall.url}/join#")


async def test_links_lead_to_the_public_address(tmp_path: Path):
    """Where config.toml names one, whatever the request says."""
    config = CONFIG.replace("[mall]", '[mall]\npublic_url = "https://queue.example.id"', 1)
    async with edge_at(tmp_path, config=config) as edge:
        person = await hired(edge, "Rina", Role.CLERK)

        made = await edge.post(f"/people/{person}/invite", by="admin", Host="evil.example")

    assert made["link"].startswith("https://queue.example.id/join#")


async def test_links_are_not_guessed(edge: Edge):
    """Wrong ones are slowed down like wrong passwords; a right one is let in behind the same address all the while."""
    _, link = await invited(edge)

    answers = [(await edge.post("/join/look", {"link": f"wrong-{n}"})).status for n in range(12)]
    looked = await edge.post("/join/look", {"link": link})
    joined = await edge.post("/join", {"link": link, "password": "815947"})

    assert answers == [404] * 10 + [429] * 2
    assert (looked.status, joined.status) == (200, 200)


async def test_links_and_passwords_do_not_shut_each_other_out(edge: Edge):
    """Whoever tries many of the one in a hall keeps nobody there from the other."""
    _, first = await invited(edge)
    await edge.post("/join", {"link": first, "password": "815947"})
    _, second = await invited(edge, name="Sari")

    links = [(await edge.post("/join/look", {"link": f"wrong-{n}"})).status for n in range(12)]
    right = await edge.post("/sign-in", {"name": "Siti", "password": "815947"})
    wrong = [(await edge.post("/sign-in", {"name": f"nobody{n}", "password": "wrong pass"})).status for n in range(12)]
    joined = await edge.post("/join", {"link": second, "password": "815947"})

    assert (links[-1], right.status) == (429, 200)
    assert (wrong[-1], joined.status) == (429, 200)


async def test_a_newer_link_ends_the_older(edge: Edge):
    """Whoever asks for another link takes the first one out of the hands that it came into."""
    person, first = await invited(edge)
    second = (await edge.post(f"/people/{person}/invite", by="admin"))["link"].partition("#")[2]

    old = await edge.post("/join", {"link": first, "password": "815947"})
    new = await edge.post("/join", {"link": second, "password": "815947"})

    assert (old.status, new.status) == (404, 200)


async def test_who_is_suspended_is_out_until_restored(edge: Edge):
    """At once, whatever they know; the right password says no more than a wrong one."""
    person = await hired(edge, "Ani", Role.CLERK)
    cookie = await signed_in(edge, "ani")

    suspended = await edge.post(f"/people/{person}/suspend", by="admin")
    edge.parts.doors.forget_all()  # what the recheck does within a moment
    out = await edge.get("/me", Cookie=cookie)
    refused = await edge.post("/sign-in", {"name": "ani", "password": SECRET})
    await edge.post(f"/people/{person}/restore", by="admin")
    back = await edge.post("/sign-in", {"name": "ani", "password": SECRET})

    assert suspended["state"] == "suspended"
    assert (out.status, refused.said, back.status) == (401, (401, "unauthorized", "sign_in"), 200)


async def test_an_agencys_admin_has_only_their_people(edge: Edge):
    """Others are neither seen nor touched, and nobody is given more than the admin has."""
    theirs, others, malls = [
        await hired(edge, name, Role.CLERK, agency)
        for name, agency in (("Ani", "immigration"), ("Budi", "registry"), ("Citra", None))
    ]
    sri = edge.token("agency_admin", name="sri", agency="immigration")
    shared = await hired(edge, "Dewi", Role.SUPERVISOR, "immigration,registry")

    seen = [person["id"] for person in (await edge.get("/people", by=sri)).body]
    touched = [
        (await edge.post(f"/people/{person}/{move}", by=sri)).status
        for person in (others, malls, shared)
        for move in ("suspend", "remove", "invite", "sign-out", "restore")
    ]
    given = [
        (await edge.post(f"/people/{theirs}", body, by=sri)).status
        for body in (
            {"role": "clerk"},
            {"role": "admin"},
            {"role": "admin", "agencies": ["immigration"]},
            {"role": "clerk", "agencies": ["registry"]},
            {"role": "clerk", "agencies": ["immigration", "registry"]},
        )
    ]
    own = await edge.post(f"/people/{theirs}", {"role": "supervisor", "agencies": ["immigration"]}, by=sri)
    added = await edge.post("/people", {"name": "Eka", "role": "clerk", "agencies": ["registry"]}, by=sri)

    assert seen == [theirs]
    assert set(touched) == {403}
    assert given == [403, 403, 422, 403, 403]
    assert (own["role"], added.status) == ("supervisor", 403)


async def test_a_pin_never_becomes_the_secret_of_more(edge: Edge):
    """Whoever gets a role that wants a password is put out with their PIN, and chooses a password by the link that the
    answer has; until then nobody is let in by that name. A role of which no more is asked changes nothing of that."""
    await hired(edge, "Rina", Role.ADMIN)
    person, link = await invited(edge)
    joined = cookie_of(await edge.post("/join", {"link": link, "password": "739251"}))
    older = (await edge.post(f"/people/{person}/invite", by="admin"))["link"].partition("#")[2]

    raised = await edge.post(f"/people/{person}", {"role": "admin"}, by="admin")
    inside = await edge.get("/me", Cookie=joined)
    pin = await edge.post("/sign-in", {"name": "Siti", "password": "739251"})
    by_older = await edge.post("/join", {"link": older, "password": SECRET})
    fresh = raised["link"]["link"].partition("#")[2]
    short = await edge.post("/join", {"link": fresh, "password": "739251"})
    chosen = await edge.post("/join", {"link": fresh, "password": SECRET})
    lowered = await edge.post(f"/people/{person}", {"role": "supervisor"}, by="admin")

    assert (raised["state"], raised["role"]) == ("invited", "admin")
    assert (inside.status, pin.said, by_older.status) == (401, (401, "unauthorized", "sign_in"), 404)
    assert (short.said, chosen["role"]) == ((422, "invalid", "secret_short"), "admin")
    assert (lowered["state"], lowered["link"]) == ("active", None)
    assert (await edge.post("/sign-in", {"name": "Siti", "password": SECRET})).status == 200


async def test_the_last_admin_stays(edge: Edge):
    """Neither by another admin's token, nor does anybody put themselves out; who was only invited is no other admin."""
    person = await hired(edge, "Ani", Role.ADMIN)
    assert (await edge.post("/people", {"name": "Siti", "role": "admin"}, by="admin")).status == 201
    moves = ("suspend", "remove")
    last = [await edge.post(f"/people/{person}/{move}", by="admin") for move in moves]
    demoted = await edge.post(f"/people/{person}", {"role": "clerk"}, by="admin")
    await hired(edge, "Budi", Role.ADMIN)
    cookie = await signed_in(edge, "ani")
    oneself = await as_(edge, cookie, f"/people/{person}/remove")

    assert {answer.said for answer in (*last, demoted)} == {(422, "invalid", "last_admin")}
    assert oneself.said == (422, "invalid", "oneself")


async def test_sessions_are_seen_and_ended(edge: Edge):
    """One's own one by one; somebody else's by an admin, all together. Nobody ends another one's by its id."""
    person = await hired(edge, "Ani", Role.CLERK)
    await hired(edge, "Budi", Role.CLERK)
    here, there, other = [await signed_in(edge, name) for name in ("ani", "ani", "budi")]
    listed = (await edge.get("/sessions", Cookie=here)).body
    away = next(one["id"] for one in listed if not one["here"])

    stolen = await as_(edge, other, f"/sessions/{away}/end")
    ended = await as_(edge, here, f"/sessions/{away}/end")
    edge.parts.doors.forget_all()
    left = [(await edge.get("/me", Cookie=cookie)).status for cookie in (here, there, other)]
    await edge.post(f"/people/{person}/sign-out", by="admin")
    edge.parts.doors.forget_all()
    nobody = [(await edge.get("/me", Cookie=cookie)).status for cookie in (here, other)]

    assert [one["address"] for one in listed] == ["127.0.0.1"] * 2
    assert (stolen.status, ended.status) == (404, 204)
    assert (left, nobody) == ([200, 401, 200], [401, 200])


async def test_an_admin_ends_one_session_of_somebody_else(edge: Edge):
    """The others go on; nobody ends another's by naming the wrong person, and an agency's admin only their people's."""
    person = await hired(edge, "Ani", Role.CLERK)
    budi = await hired(edge, "Budi", Role.CLERK)
    here, there = [await signed_in(edge, "ani") for _ in range(2)]
    listed = await edge.get(f"/people/{person}/sessions", by="admin")
    away = next(one["id"] for one in (await edge.get("/sessions", Cookie=here)).body if not one["here"])

    wrong = await edge.post(f"/people/{budi}/sessions/{away}/end", by="admin")
    foreign = await edge.post(f"/people/{person}/sessions/{away}/end", by="agency_admin")
    unseen = await edge.get(f"/people/{person}/sessions", by="agency_admin")
    ended = await edge.post(f"/people/{person}/sessions/{away}/end", by="admin")
    edge.parts.doors.forget_all()  # what the recheck does within a moment
    left = [(await edge.get("/me", Cookie=cookie)).status for cookie in (here, there)]

    assert [one["here"] for one in listed.body] == [False, False]
    assert [one.status for one in (wrong, foreign, unseen, ended)] == [404, 403, 403, 204]
    assert left == [200, 401]


async def test_signing_in_gives_another_cookie_and_ends_the_old_one(edge: Edge):
    """Whoever put a session into somebody's browser does not share what they do there."""
    await hired(edge, "Ani", Role.CLERK)
    await hired(edge, "Budi", Role.CLERK)
    planted = await signed_in(edge, "budi")

    answer = await edge.post("/sign-in", {"name": "ani", "password": SECRET}, Cookie=planted, X_Antrean="1")
    edge.parts.doors.forget_all()

    assert cookie_of(answer) != planted
    assert (await edge.get("/me", Cookie=planted)).status == 401


async def test_one_changes_ones_own_password(edge: Edge):
    """With the present one only; other browsers are signed out, this one stays."""
    await hired(edge, "Ani", Role.CLERK)
    here, there = [await signed_in(edge, "ani") for _ in range(2)]

    wrong = await as_(edge, here, "/password", {"old": "no such one", "new": "815947"})
    easy = await as_(edge, here, "/password", {"old": SECRET, "new": "111111"})
    right = await as_(edge, here, "/password", {"old": SECRET, "new": "815947"})
    edge.parts.doors.forget_all()
    left = [(await edge.get("/me", Cookie=cookie)).status for cookie in (here, there)]

    assert (wrong.said, easy.said) == ((401, "unauthorized", "sign_in"), (422, "invalid", "secret_common"))
    assert (right.status, left) == (204, [200, 401])
    assert (await edge.post("/sign-in", {"name": "ani", "password": "815947"})).status == 200


async def test_a_mall_without_an_admin_is_still_set_up(edge: Edge):
    """A clerk who was added first runs nothing: the link lets the admin in all the same."""
    edge.parts.registry.people.add("sari", Role.CLERK, secret="815947")
    link = edge.parts.registry.links.make(None)[0]

    joined = await edge.post("/join", {"link": link, "password": SECRET, "name": "Rina"})

    assert (joined.status, joined["role"]) == (200, "admin")
    assert edge.parts.registry.people.has_admin()


async def test_a_mall_is_set_up_by_its_link(edge: Edge):
    """The first admin chooses name and password; the link is of no use once there is one."""
    first, second = [edge.parts.registry.links.make(None)[0] for _ in range(2)]
    looked = await edge.post("/join/look", {"link": second})
    nameless = await edge.post("/join", {"link": second, "password": SECRET})
    old = await edge.post("/join", {"link": first, "password": SECRET, "name": "Rina"})
    joined = await edge.post("/join", {"link": second, "password": SECRET, "name": "Rina"})
    late = edge.parts.registry.links.make(None)[0]
    again = await edge.post("/join", {"link": late, "password": SECRET, "name": "Mallory"})

    assert looked.body == {"name": None, "role": "admin", "least": 10, "second_factor": False}
    assert (nameless.said, old.status) == ((422, "invalid", "name"), 404)
    assert (joined["role"], joined["name"]) == ("admin", "Rina")
    assert again.said == (404, "not_found", "link")
