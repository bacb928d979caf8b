"""Signing in by an identity provider, against a real one on this machine: who is mapped is let in, and nobody else."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import warnings
from collections.abc import AsyncIterator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from aiohttp import ClientSession
from click.testing import CliRunner, Result

from queue_server.cli import antrean
from queue_server.domain.acts import ActKind
from queue_server.errors import Forbidden, Unauthorized
from queue_server.registry.roles import PEOPLE, Role
from queue_server.settings.provider import ROLES
from queue_server.settings.tables import Oidc
from queue_server.web.identity.oidc import ATTEMPTS, OF_ONE, STARTS, Attempts, rights_of
from tests.web.edge import CONFIG, Answer, Edge, edge_at
from tests.web.test_people import SECRET, as_, cookie_of, hired
from tests.web.test_refusals_kept import Kept

with warnings.catch_warnings():  # of what the provider itself imports
    warnings.simplefilter("ignore")
    from oidc_provider_mock import User, run_server_in_thread

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
"""Of the provider, in a thread of this process."""

HOME = "https://queue.example.id"
PUBLIC = CONFIG.replace("[mall]", f'[mall]\npublic_url = "{HOME}"', 1)
TABLE = """
[oidc]
issuer = "{issuer}"
client_id = "antrean"
secret_file = "oidc.secret"
name = {{id = "Akun ASN", en = "Civil service account"}}
role_claim = "realm_access.roles"
agency_claim = "units"
[oidc.roles]
admin = ["mpp-admin"]
supervisor = ["mpp-lead", "mpp-chief"]
clerk = ["mpp-clerk"]
[oidc.agencies]
immigration = ["IMM"]
registry = ["REG"]
"""


def someone(sub: str, *roles: str, units: object = ("IMM",), **claims: object) -> User:
    said = {"name": f"{sub} of the provider", "realm_access": {"roles": list(roles)}, "units": units, **claims}
    return User(
        sub=sub, claims={name: list(value) if isinstance(value, tuple) else value for name, value in said.items()}
    )


PEOPLE_THERE = (
    someone("ani", "mpp-clerk", "something-else"),
    someone("budi", "mpp-chief", "mpp-clerk", units=("REG", "IMM")),
    someone("citra", "mpp-admin", units=()),
    someone("dewi", "something-else"),
    someone("eka", "mpp-clerk", units=("ELSEWHERE",)),
)


@contextmanager
def provider(port: int = 0) -> Iterator[str]:
    """Running; gives its address."""
    with run_server_in_thread(port=port, user_claims=PEOPLE_THERE, require_nonce=True) as server:
        yield f"http://localhost:{server.server_port}"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with provider() as address:
        yield address


@pytest.fixture
async def edge(tmp_path: Path, issuer: str) -> AsyncIterator[Edge]:
    (tmp_path / "oidc.secret").write_text("nobody knows\n", encoding="utf-8")
    async with edge_at(tmp_path, config=PUBLIC + TABLE.format(issuer=issuer)) as running:
        yield running


async def start(edge: Edge, goes: str = "/floor") -> tuple[str, str]:
    """The provider's address that the browser is sent to, and the cookie of the attempt."""
    answer = await edge.page(f"/oidc/start?next={goes}")
    assert answer.status == 303, answer
    return answer.headers["Location"], answer.headers["Set-Cookie"].partition(";")[0]


async def at_provider(edge: Edge, there: str, sub: str, action: str = "authorize") -> str:
    """Where the provider leads back to, once somebody has signed in there."""
    async with edge.client.post(there, data={"sub": sub, "action": action}, allow_redirects=False) as answer:
        return str(answer.headers["Location"])


async def back(edge: Edge, address: str, cookie: str) -> Answer:
    target = urlsplit(address)
    return await edge.page(f"{target.path}?{target.query}", Cookie=cookie)


async def through(edge: Edge, sub: str) -> Answer:
    there, cookie = await start(edge)
    return await back(edge, await at_provider(edge, there, sub), cookie)


def refused(answer: Answer) -> Any:
    assert answer.status == 303, answer
    assert not any(one.startswith("antrean_staff") for one in answer.headers.getall("Set-Cookie", []))
    return parse_qs(urlsplit(answer.headers["Location"]).query)["refused"][0]


async def me_of(edge: Edge, answer: Answer) -> Answer:
    assert answer.headers["Location"].startswith("/sign-in?signed=1"), answer.headers["Location"]
    return await edge.get("/me", Cookie=cookie_of(answer))


async def test_the_provider_leads_back_to_the_public_address(edge: Edge):
    """There and out, whatever host the request was made to."""
    made_up = await edge.page("/oidc/start", Host="evil.example")
    out = await edge.page("/oidc/out", Host="evil.example")

    [back_to] = parse_qs(urlsplit(made_up.headers["Location"]).query)["redirect_uri"]
    [left_to] = parse_qs(urlsplit(out.headers["Location"]).query)["post_logout_redirect_uri"]
    assert (back_to, left_to) == (f"{HOME}/oidc/back", f"{HOME}/sign-in")


async def test_an_admin_lets_somebody_in_again(edge: Edge):
    """Whom the mall removed stays out until the mall's admin says otherwise, in the browser; it is on record."""
    kept = Kept(edge)
    person = (await me_of(edge, await through(edge, "ani")))["clerk"]
    await edge.post(f"/people/{person}/remove", by="admin")

    out = (await edge.get("/shut-out", by="admin")).body
    kept_out = refused(await through(edge, "ani"))
    by_another = await edge.post(f"/shut-out/{person}/let-in", by="agency_admin")
    let_in = await edge.post(f"/shut-out/{person}/let-in", by="admin")
    twice = await edge.post(f"/shut-out/{person}/let-in", by="admin")
    again = await me_of(edge, await through(edge, "ani"))

    assert [one["person"] for one in out] == [person]
    assert (kept_out, by_another.status, let_in.status, twice.status) == ("suspended", 403, 204, 404)
    assert again["clerk"] != person
    assert (await edge.get("/shut-out", by="admin")).body == []
    assert (await kept.first(ActKind.PERSON_RESTORED)).about == person


async def test_nobody_of_the_provider_gets_a_password_here(edge: Edge, tmp_path: Path):
    """Neither by an admin's link nor by a command beside the server, which says what to do instead."""
    person = (await me_of(edge, await through(edge, "ani")))["clerk"]
    link = await edge.post(f"/people/{person}/invite", by="admin")
    badge = await edge.post(f"/people/{person}/badge", {"badge": "0012345678"}, by="admin")
    said = [user(tmp_path / "data", command, "ani of the provider") for command in ("password", "link")]

    assert {link.said, badge.said} == {(422, "invalid", "by_provider")}
    assert [one.exit_code for one in said] == [1, 1]
    assert all("antrean user add" in one.output for one in said)
    assert [one.has_secret for one in edge.parts.registry.people.list()] == [False]


async def test_somebody_signs_in_with_role_and_agencies_of_the_provider(edge: Edge):
    """A new person here, on record; the second time the same one."""
    kept = Kept(edge)
    first = await me_of(edge, await through(edge, "budi"))
    second = await me_of(edge, await through(edge, "budi"))
    admin = await me_of(edge, await through(edge, "citra"))
    people = (await edge.get("/people", by="admin")).body

    assert (first["role"], first["name"]) == ("supervisor", "budi of the provider")
    assert (set(first["agencies"]), first["by_provider"]) == ({"immigration", "registry"}, True)
    assert second["clerk"] == first["clerk"]
    assert (admin["role"], admin["agencies"]) == ("admin", None)
    assert [(one["state"], one["by_provider"]) for one in people] == [("active", True)] * 2
    added = await kept.first(ActKind.PERSON_ADDED)
    assert (added.by, added.about) == ("provider", first["clerk"])
    assert (await kept.first(ActKind.SIGN_IN)).details == {"way": "provider"}


@pytest.mark.parametrize("sub", ["dewi", "eka", "stranger"])
async def test_nobody_is_let_in_whom_nothing_is_mapped_to(edge: Edge, sub: str):
    """Without a mapped role or agency no person is made and no session begun, and it is on record."""
    kept = Kept(edge)

    answer = await through(edge, sub)

    assert refused(answer) == "provider_unmapped"
    assert edge.parts.registry.people.list() == []
    assert (await kept.first(ActKind.SIGN_IN_REFUSED)).why == "provider_unmapped"


async def test_the_request_has_state_nonce_and_challenge(edge: Edge):
    """Each another one in each attempt; the secret and the verifier do not pass through the browser."""
    asked = [parse_qs(urlsplit((await start(edge))[0]).query) for _ in range(2)]

    one, other = asked
    assert one["code_challenge_method"] == ["S256"]
    assert one["redirect_uri"] == [f"{HOME}/oidc/back"]
    assert one["prompt"] == ["login"]
    assert all(one[name] != other[name] for name in ("state", "nonce", "code_challenge"))
    assert "nobody knows" not in str(asked)
    assert "code_verifier" not in one


async def test_one_address_begins_only_so_often(edge: Edge):
    """Beyond its rate it is led back with a word, and the provider hears nothing of it."""
    answers = [await edge.page("/oidc/start") for _ in range(STARTS.count + 1)]

    assert refused(answers[-1]) == "sign_in"
    assert "refused=" not in answers[-2].headers["Location"]


def test_one_addresss_attempts_push_out_no_others():
    """A flood loses its own oldest, whether it fills its share or the whole."""
    attempts = Attempts()
    state, made = attempts.begin("/floor", "192.0.2.1")
    for number in range(2 * ATTEMPTS):
        attempts.begin("/", f"198.51.100.{number % (ATTEMPTS // OF_ONE)}")
    other, _ = attempts.begin("/", "192.0.2.2")
    again = attempts.take(state, made.browser)

    assert again == made
    with pytest.raises(Unauthorized):
        attempts.take(other, "another browser")


async def test_whom_we_trust_is_read_once(edge: Edge, monkeypatch: pytest.MonkeyPatch):
    """That takes long: once, in a thread, and not for each attempt."""
    read: list[bool] = []
    made = httpx.create_ssl_context

    def counted(**given: Any) -> Any:
        read.append(threading.current_thread() is threading.main_thread())
        return made(**given)

    monkeypatch.setattr(httpx, "create_ssl_context", counted)
    await through(edge, "ani")
    await through(edge, "budi")
    await start(edge)

    assert read == [False]


@pytest.mark.parametrize(
    ("said", "role"),
    [
        ("visitor not mpp-admin really", None),
        ("mpp-admin", "admin"),
        ("head of office", "manager"),
        (["mpp-lead", "x"], "supervisor"),
    ],
)
def test_a_text_is_one_role(said: object, role: str | None):
    """Spaces in it make no list of it; a role whose name has some fits whole."""
    oidc = Oidc(roles={"admin": ("mpp-admin",), "manager": ("head of office",), "supervisor": ("mpp-lead",)})

    if role is None:
        with pytest.raises(Forbidden):
            rights_of(oidc, {"roles": said})
    else:
        assert rights_of(oidc, {"roles": said})[0] == role


def test_only_scope_is_a_list_with_spaces():
    """As OAuth defines it."""
    oidc = Oidc(role_claim="scope", roles={"admin": ("mpp-admin",)})

    assert rights_of(oidc, {"scope": "openid mpp-admin"})[0] == "admin"


async def test_an_attempt_is_one_browsers_and_is_good_once(edge: Edge):
    """Whoever is sent a finished attempt by somebody else is not signed in as them."""
    there, cookie = await start(edge)
    address = await at_provider(edge, there, "ani")
    foreign = await back(edge, address, (await start(edge))[1])
    burnt = await back(edge, address, cookie)

    there, cookie = await start(edge)
    address = await at_provider(edge, there, "ani")
    first, again = [await back(edge, address, cookie) for _ in range(2)]
    made_up = await edge.page("/oidc/back?state=guess&code=guess", Cookie=cookie)

    assert [refused(one) for one in (foreign, burnt, again, made_up)] == ["provider_state"] * 4
    assert (await me_of(edge, first))["role"] == "clerk"


async def test_a_code_of_another_attempt_is_not_taken(edge: Edge):
    """The nonce ties what the provider signed to the attempt, whatever code comes with its state."""
    there, cookie = await start(edge)
    stolen = parse_qs(urlsplit(await at_provider(edge, (await start(edge))[0], "citra")).query)["code"][0]
    state = parse_qs(urlsplit(there).query)["state"][0]

    answer = await edge.page(f"/oidc/back?state={state}&code={stolen}", Cookie=cookie)

    assert refused(answer) == "provider_wrong"


async def test_whoever_is_not_let_in_there_is_not_here(edge: Edge):
    """The provider's no leads back with its reason; this one forgets to say of which attempt it speaks."""
    there, cookie = await start(edge)

    denied = await back(edge, await at_provider(edge, there, "ani", "deny"), cookie)
    there, cookie = await start(edge)
    state = parse_qs(urlsplit(there).query)["state"][0]
    wrong = await edge.page(f"/oidc/back?state={state}&code=no-such-code", Cookie=cookie)
    there, cookie = await start(edge)
    state = parse_qs(urlsplit(there).query)["state"][0]
    told = await edge.page(f"/oidc/back?state={state}&error=access_denied", Cookie=cookie)

    assert [refused(one) for one in (denied, wrong, told)] == ["provider_state", *["provider_refused"] * 2]


async def test_the_provider_says_anew_each_time(edge: Edge, issuer: str):
    """Who has another role there has it here from the next sign-in on; who has none is out."""
    before = await me_of(edge, await through(edge, "budi"))

    async with ClientSession() as client:
        there, said = f"{issuer}/users/budi", {"name": "Budi", "units": ["REG"]}
        async with client.put(there, json={**said, "realm_access": {"roles": ["mpp-clerk"]}}):
            changed = await me_of(edge, await through(edge, "budi"))
        async with client.put(there, json={**said, "realm_access": {"roles": ["other"]}}):
            last = await through(edge, "budi")
        async with client.put(there, json=PEOPLE_THERE[1].claims):
            pass

    assert (before["role"], changed["role"], changed["agencies"]) == ("supervisor", "clerk", ["registry"])
    assert changed["clerk"] == before["clerk"]
    assert refused(last) == "provider_unmapped"


async def test_who_is_suspended_here_stays_out(edge: Edge):
    """Whatever the provider says."""
    me = await me_of(edge, await through(edge, "ani"))
    await edge.post(f"/people/{me['clerk']}/suspend", by="admin")

    answer = await through(edge, "ani")

    assert refused(answer) == "suspended"


async def test_who_was_removed_here_stays_out_until_let_in(edge: Edge, tmp_path: Path):
    """The provider does not make them anew at the next sign-in; an admin lets them in again, as somebody new."""
    me = await me_of(edge, await through(edge, "ani"))
    await asyncio.to_thread(edge.parts.registry.people.remove, me["clerk"])

    out = await through(edge, "ani")
    listed = await asyncio.to_thread(user, tmp_path / "data", "let-in")
    done = await asyncio.to_thread(user, tmp_path / "data", "let-in", str(me["clerk"]))
    again = await me_of(edge, await through(edge, "ani"))

    assert refused(out) == "suspended"
    assert listed.stdout.startswith(f"{me['clerk']}\t")
    assert (done.exit_code, again["role"]) == (0, "clerk")
    assert again["clerk"] != me["clerk"]


def user(tmp: Path, *words: str) -> Result:
    return CliRunner().invoke(antrean, ["user", *words, "--data", str(tmp)])


async def test_no_badge_outlives_the_provider(edge: Edge, tmp_path: Path):
    """None is given, and one of an older version lets nobody in."""
    me = await me_of(edge, await through(edge, "ani"))
    local = await hired(edge, "Rina", Role.CLERK)
    badges = edge.parts.registry.badges
    badges.set(local, "0012345678")
    with closing(sqlite3.connect(tmp_path / "data" / "registry.db")) as connection, connection:
        connection.execute("UPDATE badges SET person = ?", (me["clerk"],))

    answer = await edge.post(f"/people/{me['clerk']}/badge", {"badge": "0087654321"}, by="admin")

    assert answer.said == (422, "invalid", "by_provider")
    assert badges.find("0012345678") is None


async def test_nobody_becomes_a_local_account_of_the_same_name(edge: Edge):
    """Another person, told apart by the name; the local one goes on with the password."""
    local = await hired(edge, "ani of the provider", Role.ADMIN)

    me = await me_of(edge, await through(edge, "ani"))
    signed = await edge.post("/sign-in", {"name": "ani of the provider", "password": SECRET})

    assert me["clerk"] != local
    assert (me["name"], me["role"]) == ("ani of the provider (2)", "clerk")
    assert (signed["clerk"], signed["by_provider"]) == (local, False)


async def test_no_password_here_outlives_the_provider(edge: Edge):
    """Whoever signs in by the provider gets no link for one."""
    me = await me_of(edge, await through(edge, "ani"))

    answer = await edge.post(f"/people/{me['clerk']}/invite", by="admin")

    assert answer.said == (422, "invalid", "by_provider")


async def test_signing_out_leads_out_of_the_provider_too(edge: Edge, issuer: str):
    """The session here ends by itself, and the browser is led to the provider's own sign-out and back."""
    answer = await through(edge, "ani")
    cookie = cookie_of(answer)

    ended = await as_(edge, cookie, "/sign-out")
    out = await edge.page("/oidc/out")

    asked = parse_qs(urlsplit(out.headers["Location"]).query)
    assert ended.status == 204
    assert (await edge.get("/me", Cookie=cookie)).status == 401
    assert out.headers["Location"].startswith(f"{issuer}/oauth2/end_session?")
    assert asked["post_logout_redirect_uri"] == [f"{HOME}/sign-in"]


async def test_while_the_provider_is_away_the_page_says_so_and_accounts_go_on(tmp_path: Path):
    """Its own reason, on record; once it answers again it lets people in without a restart."""
    with provider() as there:
        port = int(there.rpartition(":")[2])
    (tmp_path / "oidc.secret").write_text("nobody knows\n", encoding="utf-8")
    async with edge_at(tmp_path, config=PUBLIC + TABLE.format(issuer=there)) as edge:
        kept = Kept(edge)
        await hired(edge, "Rina", Role.CLERK)

        away = await edge.page("/oidc/start")
        out = await edge.page("/oidc/out")
        local = await edge.post("/sign-in", {"name": "rina", "password": SECRET})
        with provider(port):
            again = await me_of(edge, await through(edge, "ani"))

        assert refused(away) == "provider_away"
        assert out.headers["Location"] == "/sign-in"
        assert (local.status, again["role"]) == (200, "clerk")
        assert (await kept.first(ActKind.SIGN_IN_REFUSED)).why == "provider_away"


async def test_without_a_provider_there_is_no_such_way(tmp_path: Path):
    """The addresses are not there, and the sign-in page is told of none."""
    async with edge_at(tmp_path) as edge:
        answers = [(await edge.page(f"/oidc/{name}")).status for name in ("start", "back", "out")]
        ways = await edge.get("/sign-in/ways")

    assert answers == [404] * 3
    assert ways["provider"] is None


def test_a_provider_may_make_whoever_signs_in():
    """The roles that config.toml may map are those of people."""
    assert set(ROLES) == {str(role) for role in PEOPLE}
