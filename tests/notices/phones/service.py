"""A push service and a browser that subscribed with it: what Google's, Mozilla's and Apple's do, on a free port.

It opens what it gets by an implementation of its own (RFC 8188 and 8291, from their text, on `cryptography` alone) and
checks who sent it (RFC 8292), so that what the server seals is held by something else than itself.
"""

from __future__ import annotations

import hmac
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from secrets import token_bytes
from time import time
from typing import Any

from aiohttp import web
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def b64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def raw(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def hmac_256(key: bytes, data: bytes) -> bytes:
    return hmac.new(key, data, "sha256").digest()


def opened(body: bytes, private: ec.EllipticCurvePrivateKey, auth: bytes) -> bytes:
    """What was sealed for this browser. Raises InvalidTag for what was sealed for another."""
    salt, record, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
    sender, sealed = body[21 : 21 + length], body[21 + length :]
    assert len(sealed) <= record
    shared = private.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender))
    both = b"WebPush: info\x00" + raw(private.public_key()) + sender
    seed = hmac_256(hmac_256(auth, shared), both + b"\x01")
    mixed = hmac_256(salt, seed)
    key = hmac_256(mixed, b"Content-Encoding: aes128gcm\x00\x01")[:16]
    nonce = hmac_256(mixed, b"Content-Encoding: nonce\x00\x01")[:12]
    words, mark, padding = AESGCM(key).decrypt(nonce, sealed, b"").rpartition(b"\x02")
    assert mark == b"\x02"
    assert not padding.strip(b"\x00")
    return words


def sender(authorization: str) -> tuple[str, dict[str, Any]]:
    """The key that a request is signed with, and what it claims. Raises InvalidSignature."""
    scheme, _, said = authorization.partition(" ")
    assert scheme == "vapid"
    parts = dict(part.strip().split("=", 1) for part in said.split(","))
    head, claims, signature = parts["t"].split(".")
    r, s = unb64(signature)[:32], unb64(signature)[32:]
    der = encode_dss_signature(int.from_bytes(r, "big"), int.from_bytes(s, "big"))
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unb64(parts["k"]))
    key.verify(der, f"{head}.{claims}".encode(), ec.ECDSA(SHA256()))
    assert json.loads(unb64(head)) == {"typ": "JWT", "alg": "ES256"}
    return parts["k"], json.loads(unb64(claims))


@dataclass
class Browser:
    """One phone's subscription."""

    endpoint: str
    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = field(default_factory=lambda: token_bytes(16))

    @property
    def body(self) -> dict[str, str]:
        """As the ticket's page sends it."""
        return {"endpoint": self.endpoint, "key": b64(raw(self.private.public_key())), "auth": b64(self.auth)}


@dataclass
class Got:
    """One message as it came; `shown` is what the phone reads."""

    headers: dict[str, str]
    shown: dict[str, Any]
    key: str


@dataclass
class PushService:
    """`answers` are the statuses that come first, then all is taken."""

    at: str = ""
    answers: list[int] = field(default_factory=list)
    browsers: dict[str, Browser] = field(default_factory=dict)
    tried: int = 0
    got: list[Got] = field(default_factory=list)

    def subscribe(self) -> Browser:
        browser = Browser(f"{self.at}/push/{b64(token_bytes(16))}")
        self.browsers[browser.endpoint] = browser
        return browser

    @property
    def headings(self) -> list[str]:
        return [one.shown["heading"] for one in self.got]

    async def receive(self, request: web.Request) -> web.Response:
        self.tried += 1
        status = self.answers.pop(0) if self.answers else 201
        if status != 201:
            return web.Response(status=status, headers={"Retry-After": "0"})
        headers = {name.lower(): value for name, value in request.headers.items()}
        key, claims = sender(headers["authorization"])
        assert claims["aud"] == self.at
        assert time() < claims["exp"] <= time() + 86_400
        assert claims["sub"] == "mailto:antrean@mall.example"
        browser = self.browsers[f"{self.at}{request.path}"]
        assert headers["content-encoding"] == "aes128gcm"
        shown = json.loads(opened(await request.read(), browser.private, browser.auth))
        self.got.append(Got(headers, shown, key))
        return web.Response(status=201)


@asynccontextmanager
async def push_service() -> AsyncIterator[PushService]:
    service = PushService()
    app = web.Application()
    app.router.add_post("/push/{who}", service.receive)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    service.at = f"http://{host}:{port}"
    try:
        yield service
    finally:
        await runner.cleanup()
