"""A second factor is asked for after name and password, whatever they were; where the mall wants one, first of all."""

from __future__ import annotations

from pathlib import Path

import pyotp

from queue_server.domain.acts import ActKind
from queue_server.registry.roles import Role
from queue_server.registry.second_factors import STEP_MS
from tests.waiting import until
from tests.web.edge import CONFIG, Answer, Edge, edge_at
from tests.web.test_people import SECRET, as_, cookie_of, hired, signed_in
from tests.web.test_refusals_kept import Kept

WANTED = CONFIG + '\n[sign_in]\nsecond_factor = "admins"\n'
NEEDS_CODE = (401, "unauthorized", "code_needed")
WRONG = (401, "unauthorized", "sign_in")


def code(edge: Edge, secret: str, steps: int = 0) -> str:
    return pyotp.TOTP(secret).at((edge.parts.registry.now() + steps * STEP_MS) // 1000)


async def set_up(edge: Edge, cookie: str) -> tuple[str, list[str]]:
    """What the app has, and the recovery codes; the code of the next half minute is not used yet."""
    offer = await as_(edge, cookie, "/second-factor/offer", {"password": SECRET})
    assert offer.status == 200, offer
    codes = await as_(edge, cookie, "/second-factor/confirm", {"code": code(edge, offer["secret"])})
    assert codes.status == 200, codes
    return offer["secret"], codes["recovery"]


async def tried(edge: Edge, password: str = SECRET, **more: str) -> Answer:
    return await edge.post("/sign-in", {"name": "Ani", "password": password, **more})


async def test_it_is_set_up_and_asked_for_from_then_on(edge: Edge):
    """An app's first code confirms it; then name and password alone are answered alike, right or wrong."""
    await hired(edge, "Ani", Role.ADMIN)
    cookie = await signed_in(edge, "ani")
    before = (await edge.get("/second-factor", Cookie=cookie)).body
    secret, _recovery = await set_up(edge, cookie)

    after = (await edge.get("/second-factor", Cookie=cookie)).body
    alone = await tried(edge)
    wrong = await tried(edge, "no such password")
    both = await tried(edge, code=code(edge, secret, 1))

    assert before == {"set_at": None, "recovery": 0, "needed": False}
    assert (after["set_at"] is not None, after["recovery"]) == (True, 10)
    assert alone.said == wrong.said == NEEDS_CODE
    assert alone.body == wrong.body
    assert (both.status, both["name"]) == (200, "Ani")


async def test_nobody_learns_which_of_the_two_was_wrong(edge: Edge):
    """A wrong password with the right code, and the other way round, get one answer; a code is never good twice."""
    await hired(edge, "Ani", Role.ADMIN)
    secret, recovery = await set_up(edge, await signed_in(edge, "ani"))

    wrong_password = await tried(edge, "no such password", code=code(edge, secret, 1))
    wrong_code = await tried(edge, code="ABCD-EFGH")
    right = await tried(edge, code=code(edge, secret, 1))
    replayed = await tried(edge, code=code(edge, secret, 1))
    recovered = await tried(edge, code=recovery[0])
    again = await tried(edge, code=recovery[0])

    assert wrong_password.body == wrong_code.body
    assert wrong_code.said == WRONG
    assert [one.status for one in (right, replayed, recovered, again)] == [200, 401, 200, 401]


async def test_codes_are_not_guessed(edge: Edge):
    """Wrong ones count like wrong passwords when signing in; a session that sets up has its own (test_proving.py)."""
    await hired(edge, "Ani", Role.ADMIN)
    cookie = await signed_in(edge, "ani")
    secret, _recovery = await set_up(edge, cookie)

    statuses = [(await tried(edge, code=f"guess{n}")).status for n in range(12)]
    right = await tried(edge, code=code(edge, secret, 1))

    assert statuses == [401] * 10 + [429] * 2
    assert right.status == 429


async def test_an_account_without_one_signs_in_as_before(edge: Edge):
    """Nothing more is asked, also where a code is sent."""
    await hired(edge, "Ani", Role.ADMIN)

    alone = await tried(edge)
    with_code = await tried(edge, code="123456")

    assert (alone.status, alone["held"], with_code.status) == (200, None, 200)


async def test_where_the_mall_wants_it_admins_set_it_up_first(tmp_path: Path):
    """Until then the session lets them do that alone, by calls, topics and pages; clerks and tokens are not asked."""
    async with edge_at(tmp_path, config=WANTED) as edge:
        await hired(edge, "Ani", Role.AGENCY_ADMIN, "immigration")
        await hired(edge, "Budi", Role.CLERK)
        signed = await tried(edge)
        cookie = cookie_of(signed)
        kept_out = [await edge.get(path, Cookie=cookie) for path in ("/queues", "/people", "/sessions")]
        moved = await as_(edge, cookie, "/hall/hold", {"reason": "mistake"})
        watched = await edge.get("/live?topic=floor", Cookie=cookie)
        page = await edge.page("/report", Cookie=cookie, Accept="text/html")
        public = await edge.get("/mall", Cookie=cookie)
        secret, _recovery = await set_up(edge, cookie)
        opened = await edge.get("/queues", Cookie=cookie)
        kept = await as_(edge, cookie, "/second-factor/remove", {"password": SECRET})
        clerk = await edge.get("/queues", Cookie=await signed_in(edge, "budi"))
        token = await edge.get("/people", by="admin")
        again = await tried(edge, code=code(edge, secret, 1))

        assert signed["held"] == "second_factor"
        assert {one.said for one in (*kept_out, moved)} == {(403, "forbidden", "second_factor")}
        assert watched.status == 401
        assert (page.status, page.headers["Location"]) == (303, "/account")
        assert (public.status, opened.status, clerk.status, token.status) == (200, 200, 200, 200)
        assert kept.said == (403, "forbidden", "factor_needed")
        assert (again.status, again["held"]) == (200, None)


async def test_setting_up_and_taking_away_want_the_password(edge: Edge):
    """A browser that was left open is not enough; nor is the password alone, once there is a second factor."""
    await hired(edge, "Ani", Role.CLERK)
    cookie = await signed_in(edge, "ani")
    blind = await as_(edge, cookie, "/second-factor/offer", {"password": "no such one"})
    _secret, codes = await set_up(edge, cookie)
    calls = [f"/second-factor/{what}" for what in ("offer", "remove")]

    alone = [await as_(edge, cookie, call, {"password": SECRET}) for call in calls]
    not_it = [await as_(edge, cookie, call, {"password": SECRET, "code": "ABCD"}) for call in calls]
    wrong = await as_(edge, cookie, "/second-factor/remove", {"password": "no such one", "code": codes[0]})
    right = await as_(edge, cookie, "/second-factor/remove", {"password": SECRET, "code": codes[0]})
    twice = await as_(edge, cookie, "/second-factor/remove", {"password": SECRET})

    assert [one.said for one in alone] == [NEEDS_CODE] * 2
    assert {one.said for one in (blind, wrong, *not_it)} == {WRONG}
    assert (right.status, right["set_at"]) == (200, None)
    assert twice.said == (404, "not_found", "second_factor")
    assert (await tried(edge)).status == 200


async def test_another_admin_takes_a_lost_one_away(edge: Edge):
    """Only who governs that person, never oneself this way; the list shows who has one, the record who did it."""
    person = await hired(edge, "Ani", Role.ADMIN)
    cookie = await signed_in(edge, "ani")
    await set_up(edge, cookie)

    shown = [one["second_factor"] for one in (await edge.get("/people", by="admin")).body]
    foreign = await edge.post(f"/people/{person}/second-factor/remove", by="agency_admin")
    oneself = await as_(edge, cookie, f"/people/{person}/second-factor/remove")
    done = await edge.post(f"/people/{person}/second-factor/remove", by="admin")

    assert shown == [True]
    assert foreign.said == (403, "forbidden", "other_agency")
    assert (oneself.said, done.status) == ((422, "invalid", "oneself"), 204)
    assert (await tried(edge)).status == 200


async def test_a_link_does_not_stand_in_for_it(edge: Edge):
    """Whoever gets hold of a link for a new password still lacks the code, and the link is not used up by trying."""
    person = await hired(edge, "Ani", Role.ADMIN)
    secret, _recovery = await set_up(edge, await signed_in(edge, "ani"))
    link = (await edge.post(f"/people/{person}/invite", by="admin"))["link"].partition("#")[2]
    body = {"link": link, "password": "gajah biru 23 tidur"}

    looked = await edge.post("/join/look", {"link": link})
    without = await edge.post("/join", body)
    joined = await edge.post("/join", {**body, "code": code(edge, secret, 1)})

    assert looked["second_factor"] is True
    assert without.said == (401, "unauthorized", "code")
    assert joined.status == 200


async def test_it_is_on_record(edge: Edge):
    """That it was set up and taken away, by whom and of whom."""
    noted = Kept(edge)
    person = await hired(edge, "Ani", Role.ADMIN)

    await set_up(edge, await signed_in(edge, "ani"))
    await edge.post(f"/people/{person}/second-factor/remove", by="admin")

    put = await noted.first(ActKind.SECOND_FACTOR_SET)
    gone = await noted.first(ActKind.SECOND_FACTOR_REMOVED)
    assert (put.by, put.about, gone.about) == (person, person, person)
    assert gone.by is not None
    assert gone.by.startswith("token:")


async def test_a_key_that_is_lost_is_said_before_anything_is_checked(tmp_path: Path):
    """An alarm tells operators; who sends an app's code hears that it cannot be computed, whatever the password was."""
    async with edge_at(tmp_path) as edge:
        await hired(edge, "Ani", Role.ADMIN)
        secret, recovery = await set_up(edge, await signed_in(edge, "ani"))
    (tmp_path / "data" / "personal.key").unlink()

    async with edge_at(tmp_path) as edge:
        await until(lambda: edge.engine.faults.of("registry", "second_factors"))
        right = await tried(edge, code=code(edge, secret, 1))
        wrong = await tried(edge, "no such password", code=code(edge, secret, 1))
        recovered = await tried(edge, code=recovery[0])

    assert right.said[:2] == (503, "unavailable")
    assert wrong.body == right.body
    assert recovered.status == 200
