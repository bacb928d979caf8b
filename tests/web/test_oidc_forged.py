"""A provider, or somebody between it and us, that sends what it must not: whoever comes with that is not let in.

It signs with a key of its own and says whatever the test wants; everything else is the real server.
"""

from __future__ import annotations

import json
import time
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from aiohttp import web
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from tests.web.edge import Answer, Edge, edge_at
from tests.web.test_oidc import PUBLIC, TABLE, back, me_of, refused, start

KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
Forge = Callable[[dict[str, Any]], str]


def signed(claims: dict[str, Any], key: RSAKey = KEY, **head: object) -> str:
    return jwt.encode({"alg": "RS256", "kid": "one", **head}, claims, key)


class Hostile:
    """`forge` makes the identity token out of what an honest one would say."""

    def __init__(self) -> None:
        self.at = ""
        self.issuer: str | None = None
        self.forge: Forge = signed
        self.nonce = ""
        self.asked: list[dict[str, str]] = []

    async def about(self, request: web.Request) -> web.Response:
        places = {name: f"{self.at}/{name}" for name in ("authorization_endpoint", "token_endpoint", "jwks_uri")}
        return web.json_response({"issuer": self.issuer or self.at, **places})

    async def keys(self, request: web.Request) -> web.Response:
        return web.json_response({"keys": [KEY.as_dict(private=False)]})

    async def token(self, request: web.Request) -> web.Response:
        self.asked.append({name: str(value) for name, value in (await request.post()).items()})
        now = int(time.time())
        honest = {"iss": self.at, "sub": "ani", "aud": "antrean", "iat": now, "exp": now + 300, "nonce": self.nonce}
        honest |= {"name": "Ani", "realm_access": {"roles": ["mpp-clerk"]}, "units": ["IMM"]}
        return web.json_response({"access_token": "a", "token_type": "Bearer", "id_token": self.forge(honest)})


@asynccontextmanager
async def running(hostile: Hostile) -> AsyncIterator[None]:
    app = web.Application()
    app.router.add_get("/.well-known/openid-configuration", hostile.about)
    app.router.add_get("/jwks_uri", hostile.keys)
    app.router.add_post("/token_endpoint", hostile.token)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hostile.at = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield
    finally:
        await runner.cleanup()


@pytest.fixture
async def hostile() -> AsyncIterator[Hostile]:
    made = Hostile()
    async with running(made):
        yield made


@pytest.fixture
async def edge(tmp_path: Path, hostile: Hostile) -> AsyncIterator[Edge]:
    (tmp_path / "oidc.secret").write_text("nobody knows\n", encoding="utf-8")
    async with edge_at(tmp_path, config=PUBLIC + TABLE.format(issuer=hostile.at)) as mall:
        yield mall


async def come(edge: Edge, hostile: Hostile, **more: str) -> Answer:
    there, cookie = await start(edge)
    asked = parse_qs(urlsplit(there).query)
    hostile.nonce = asked["nonce"][0]
    return await back(edge, "/oidc/back?" + urlencode({"state": asked["state"][0], "code": "c", **more}), cookie)


def public_as_secret(claims: dict[str, Any]) -> str:
    """The provider's public key taken for a shared secret."""
    shared = OctKey.import_key(json.dumps(KEY.as_dict(private=False)).encode())
    return jwt.encode({"alg": "HS256", "kid": "one"}, claims, shared)


def unsigned(claims: dict[str, Any]) -> str:
    parts = ({"alg": "none"}, claims)
    return ".".join(urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts) + "."


FORGED: dict[str, Forge] = {
    "unsigned": unsigned,
    "the public key as a secret": public_as_secret,
    "a key of somebody else": lambda said: signed(said, RSAKey.generate_key(2048, {"kid": "one"})),
    "another issuer": lambda said: signed({**said, "iss": "https://evil.example"}),
    "no issuer": lambda said: signed({name: value for name, value in said.items() if name != "iss"}),
    "another client": lambda said: signed({**said, "aud": "another"}),
    "several clients, made for another": lambda said: signed({**said, "aud": ["antrean", "other"], "azp": "other"}),
    "no nonce": lambda said: signed({name: value for name, value in said.items() if name != "nonce"}),
    "another attempt's nonce": lambda said: signed({**said, "nonce": "replayed"}),
    "long over": lambda said: signed({**said, "iat": 1, "exp": 2}),
    "no end": lambda said: signed({name: value for name, value in said.items() if name != "exp"}),
    "of tomorrow": lambda said: signed({**said, "iat": said["iat"] + 86_400, "exp": said["exp"] + 90_000}),
    "nobody": lambda said: signed({name: value for name, value in said.items() if name != "sub"}),
    "no token": lambda said: "x.y.z",
}


@pytest.mark.parametrize("forge", FORGED.values(), ids=FORGED.keys())
async def test_what_is_forged_lets_nobody_in(edge: Edge, hostile: Hostile, forge: Forge):
    """Not signed by the provider, not for us, not for this attempt, not now: no session, nobody added."""
    hostile.forge = forge

    answer = await come(edge, hostile)

    assert refused(answer) == "provider_wrong"
    assert not edge.parts.registry.people.list()


@pytest.mark.parametrize(
    "claims",
    [
        {"realm_access": {"roles": ["admin"]}},
        {"realm_access": {"roles": [["mpp-admin"]]}},
        {"realm_access": {"roles": {"mpp-admin": True}}},
        {"realm_access": {"roles": "mpp-clerk mpp-admin"}},
        {"realm_access": {"roles": ["MPP-ADMIN"]}},
        {"realm_access": None, "roles": ["mpp-admin"]},
    ],
)
async def test_a_role_is_what_the_mall_maps_and_nothing_like_it(edge: Edge, hostile: Hostile, claims: dict[str, Any]):
    """Neither our own role's name, nor another form or letter-case of a mapped one."""
    hostile.forge = lambda said: signed({**said, **claims})

    assert refused(await come(edge, hostile)) == "provider_unmapped"


async def test_an_answer_that_names_another_issuer_is_not_gone_on_with(edge: Edge, hostile: Hostile):
    """Whoever mixes two providers up says so in the answer (RFC 9207): the code is then given to nobody."""
    mixed = await come(edge, hostile, iss="https://evil.example")
    asked = list(hostile.asked)
    named = await come(edge, hostile, iss=hostile.at)

    assert refused(mixed) == "provider_wrong"
    assert asked == []
    assert (await me_of(edge, named))["role"] == "clerk"
    assert len(hostile.asked[0]["code_verifier"]) >= 43


async def test_a_provider_that_says_it_is_another_is_not_asked(edge: Edge, hostile: Hostile):
    """What it publishes of itself must name the issuer that config.toml names."""
    hostile.issuer = "https://evil.example"

    answer = await edge.page("/oidc/start?next=/floor")

    assert refused(answer) == "provider_wrong"


@pytest.mark.parametrize(
    "goes", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/%2fevil"]
)
async def test_the_way_on_leads_nowhere_else(edge: Edge, hostile: Hostile, goes: str):
    """The server leads to its own sign-in page alone, whatever was asked for; that page goes to its own pages only."""
    there, cookie = await start(edge, goes)
    asked = parse_qs(urlsplit(there).query)
    hostile.nonce = asked["nonce"][0]

    answer = await back(edge, "/oidc/back?" + urlencode({"state": asked["state"][0], "code": "c"}), cookie)

    target = urlsplit(answer.headers["Location"])
    assert (target.scheme, target.netloc, target.path) == ("", "", "/sign-in")
