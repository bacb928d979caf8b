"""Signing in by badge: only where the mall wants it, alone for clerks only, and slow to guess."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from queue_server.domain.acts import ActKind
from queue_server.registry.roles import Role
from tests.web.edge import CONFIG, Answer, Edge, edge_at
from tests.web.test_people import SECRET, cookie_of, hired, signed_in
from tests.web.test_refusals_kept import Kept
from tests.web.test_second_factor import set_up

NUMBER = "0012345678"
WRONG = (401, "unauthorized", "badge")


def mall(badge: str) -> str:
    return CONFIG + f'\n[sign_in]\nbadge = "{badge}"\n'


@pytest.fixture
async def alone(tmp_path: Path) -> AsyncIterator[Edge]:
    async with edge_at(tmp_path, config=mall("alone")) as edge:
        yield edge


@pytest.fixture
async def with_pin(tmp_path: Path) -> AsyncIterator[Edge]:
    async with edge_at(tmp_path, config=mall("with_pin")) as edge:
        yield edge


async def holder(edge: Edge, name: str = "Ani", role: Role = Role.CLERK, number: str = NUMBER) -> str:
    person = await hired(edge, name, role)
    given = await edge.post(f"/people/{person}/badge", {"badge": number}, by="admin")
    assert given.status == 204, given
    return person


async def held(edge: Edge, badge: str = NUMBER, **more: str) -> Answer:
    return await edge.post("/sign-in/badge", {"badge": badge, **more})


async def test_a_clerk_signs_in_by_badge_alone(alone: Edge):
    """However the reader sends it; the session is that clerk's like any other."""
    person = await holder(alone, number="04:a1:b2:c3")

    ways = await alone.get("/sign-in/ways")
    answers = [await held(alone, typed) for typed in ("04:A1:B2:C3", " 04:a1:b2:c3 ")]
    nobody = await held(alone, "04:A1:B2:C4")

    assert ways["badge"] == "alone"
    assert [(one.status, one["clerk"]) for one in answers] == [(200, person)] * 2
    assert nobody.said == WRONG


async def test_who_may_do_more_shows_the_password_too(alone: Edge):
    """A supervisor's badge alone is answered as one that nobody has."""
    await holder(alone, role=Role.SUPERVISOR)

    by_itself = await held(alone)
    nobody = await held(alone, "99999999")
    both = await held(alone, password=SECRET)

    assert by_itself.body == nobody.body
    assert (by_itself.said, both.status) == (WRONG, 200)


async def test_with_a_pin_nobody_learns_which_of_the_two_was_wrong(with_pin: Edge):
    """The PIN is wanted whatever the badge; unknown badges and wrong PINs get one answer."""
    await holder(with_pin)
    await hired(with_pin, "Budi", Role.CLERK)

    missing = [await held(with_pin, badge) for badge in (NUMBER, "99999999")]
    wrong = [await held(with_pin, NUMBER, password="815947"), await held(with_pin, "99999999", password=SECRET)]
    right = await held(with_pin, password=SECRET)

    assert {one.said for one in missing} == {(422, "invalid", "field")}
    assert wrong[0].body == wrong[1].body
    assert (wrong[0].said, right.status) == (WRONG, 200)


async def test_it_is_off_unless_the_mall_wants_it(edge: Edge):
    """A badge may be given before; it lets nobody in."""
    await holder(edge)

    answer = await held(edge, password=SECRET)

    assert (await edge.get("/sign-in/ways"))["badge"] == "off"
    assert answer.said == (403, "forbidden", "badge_off")


async def test_badges_are_not_guessed(alone: Edge):
    """An address that tries number after number is slowed down, and it is on record."""
    kept = Kept(alone)
    await holder(alone)

    statuses = [(await held(alone, f"{n:08}")).status for n in range(12)]

    assert statuses == [401] * 10 + [429] * 2
    refused = await kept.first(ActKind.SIGN_IN_REFUSED)
    assert (refused.why, refused.about) == ("badge", None)


async def test_a_badge_is_one_persons_and_is_taken_away_at_once(alone: Edge):
    """Nobody else gets it, another one replaces it, and who is suspended or has none is not let in by it."""
    kept = Kept(alone)
    ani = await holder(alone)
    budi = await hired(alone, "Budi", Role.CLERK)
    taken = await alone.post(f"/people/{budi}/badge", {"badge": NUMBER}, by="admin")
    short = await alone.post(f"/people/{budi}/badge", {"badge": "12345"}, by="admin")
    foreign = await alone.post(f"/people/{budi}/badge", {"badge": "777777777"}, by="agency_admin")
    await alone.post(f"/people/{ani}/badge", {"badge": "888888888"}, by="admin")
    replaced = [(await held(alone, number)).status for number in (NUMBER, "888888888")]
    shown = {one["name"]: one["badge"] for one in (await alone.get("/people", by="admin")).body}
    await alone.post(f"/people/{ani}/suspend", by="admin")
    suspended = await held(alone, "888888888")
    await alone.post(f"/people/{ani}/restore", by="admin")
    gone = [(await alone.post(f"/people/{ani}/badge", {"badge": None}, by="admin")).status for _ in range(2)]

    assert (taken.said, short.said) == ((422, "invalid", "badge_taken"), (422, "invalid", "badge"))
    assert foreign.said == (403, "forbidden", "other_agency")
    assert replaced == [401, 200]
    assert shown == {"Ani": True, "Budi": False}
    assert suspended.said == WRONG
    assert gone == [204, 404]
    assert (await held(alone, "888888888")).said == WRONG
    assert (await kept.first(ActKind.BADGE_SET)).about == ani


async def test_a_second_factor_is_asked_for_with_a_badge_too(alone: Edge):
    """The badge is one thing that somebody has; the code is wanted like after name and password."""
    await holder(alone)
    cookie = await signed_in(alone, "ani")
    _secret, codes = await set_up(alone, cookie)

    missing = await held(alone)
    nobody = await held(alone, "99999999")
    wrong = await held(alone, code="000000")
    right = await held(alone, code=codes[0])

    assert missing.body == nobody.body
    assert (missing.said, wrong.said, right.status) == (WRONG, WRONG, 200)


async def test_a_missing_code_counts(alone: Edge):
    """From one address as often as a wrong one."""
    await holder(alone)
    await set_up(alone, await signed_in(alone, "ani"))

    statuses = [(await held(alone)).status for _ in range(32)]

    assert statuses[0] == 401
    assert statuses[-1] == 429


async def test_another_role_ends_what_a_badge_began(alone: Edge):
    """A clerk who becomes a supervisor is put out, however they came in: a badge and a PIN are a clerk's."""
    person = await holder(alone)
    by_badge, by_password = cookie_of(await held(alone)), await signed_in(alone, "ani")

    await alone.post(f"/people/{person}", {"role": "clerk", "skills": []}, by="admin")
    same = await alone.get("/me", Cookie=by_badge)
    await alone.post(f"/people/{person}", {"role": "supervisor"}, by="admin")

    asked = [await alone.get("/sessions", Cookie=cookie) for cookie in (by_badge, by_password)]
    assert (same.status, [one.status for one in asked]) == (200, [401, 401])


async def test_the_number_is_not_on_the_disk(alone: Edge, tmp_path: Path):
    """Only a keyed hash of it is."""
    await holder(alone)

    stored = b"".join(path.read_bytes() for path in (tmp_path / "data").glob("registry.db*"))

    assert NUMBER.encode() not in stored
