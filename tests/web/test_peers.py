"""Behind a proxy and over TLS: who is believed, what is secure, who may read figures and reasons."""

from __future__ import annotations

import asyncio
import os
import ssl
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from aiohttp import ClientSession, DummyCookieJar, TCPConnector, WSServerHandshakeError
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from queue_server.errors import Broken
from queue_server.registry.roles import Role
from queue_server.service.certificate import Certificate
from queue_server.service.listening import Room
from queue_server.web.edge.handshakes import EACH
from tests.waiting import answered, until
from tests.web.edge import API, CONFIG, Edge, edge_at

OTHER = "127.0.0.2"
SECRET = "correct-horse-7"


def behind(proxies: str, more: str = "") -> str:
    return CONFIG + f"\n[server]\nproxies = {proxies}\n{more}"


async def sign_in(edge: Edge, **headers: str):
    if edge.parts.registry.people.named("ani") is None:
        await asyncio.to_thread(edge.parts.registry.people.add, "ani", Role.CLERK, secret=SECRET)
    body = {"name": "ani", "password": SECRET}
    return await edge.post("/sign-in", body, X_Antrean="1", **headers)


async def test_a_known_proxy_is_believed(tmp_path: Path):
    """Limits count whoever stands behind it, each by themselves, and what came by TLS has secure cookies and HSTS."""
    config = behind('["127.0.0.1"]', '[limits]\nrequests = "2 per minute"\n')
    async with edge_at(tmp_path, config=config) as edge:
        first = [(await edge.get("/mall", X_Forwarded_For="203.0.113.5")).status for _ in range(3)]
        other = await edge.get("/mall", X_Forwarded_For="203.0.113.6")
        signed = await sign_in(edge, X_Forwarded_For="203.0.113.7", X_Forwarded_Proto="https")
        plain = await sign_in(edge, X_Forwarded_For="203.0.113.8", X_Forwarded_Proto="http")

        assert first == [200, 200, 429]
        assert other.status == 200
        assert "Secure" in signed.headers["Set-Cookie"]
        assert "max-age=" in signed.headers["Strict-Transport-Security"]
        assert "Secure" not in plain.headers["Set-Cookie"]
        assert "Strict-Transport-Security" not in plain.headers


@pytest.mark.parametrize(
    ("said", "counted"),
    [
        ("203.0.113.5", "203.0.113.5"),
        ("1.1.1.1, 203.0.113.5", "203.0.113.5"),  # whatever stands to the left was written by whoever sent it
        ("203.0.113.5, 127.0.0.1", "203.0.113.5"),
        ("evil, 203.0.113.5", "203.0.113.5"),
        ("203.0.113.5, evil", "127.0.0.1"),
        ("", "127.0.0.1"),
        ("2001:db8::1", "2001:db8::9"),  # one network
        ("fe80::1%e0", "fe80::1"),  # by whichever way it came
    ],
)
async def test_of_a_chain_only_what_proxies_wrote_counts(tmp_path: Path, said: str, counted: str):
    """Nobody writes themselves another address, and nothing that is no address is taken for one."""
    config = behind('["127.0.0.1"]', '[limits]\nrequests = "1 per minute"\n')
    async with edge_at(tmp_path, config=config) as edge:
        first = await edge.get("/mall", X_Forwarded_For=said)
        same = await edge.get("/mall", X_Forwarded_For=counted)

        assert (first.status, same.status) == (200, 429)


async def test_nobody_else_is_believed(tmp_path: Path):
    """Whoever is no proxy of the file speaks for nobody: one address, no TLS."""
    config = behind('["10.0.0.1"]', '[limits]\nrequests = "3 per minute"\n')
    async with edge_at(tmp_path, config=config) as edge:
        signed = await sign_in(edge, X_Forwarded_For="203.0.113.5", X_Forwarded_Proto="https")
        answers = [(await edge.get("/mall", X_Forwarded_For=f"203.0.113.{n}")).status for n in range(3)]

        assert "Secure" not in signed.headers["Set-Cookie"]
        assert answers == [200, 200, 429]


# Figures and reasons


async def test_figures_and_reasons_are_for_who_looks_after_the_house(tmp_path: Path):
    """Anybody learns that the server lives; why not, its version and its figures are for watchers and certain roles."""
    async with edge_at(tmp_path, config=CONFIG + "\n[server]\nwatchers = []\n") as edge:
        edge.engine.refused_rules.append("a reason")
        known = {}
        for role in ("", "clerk", "supervisor", "kiosk", "display", "printer", "manager", "admin", "auditor"):
            health, metrics = await edge.get("/healthz", by=role), await edge.get("/metrics", by=role)
            known[role] = (health["alarms"] != [], health["version"] != "", metrics.status == 200)
            assert health.status == 200
        agency = edge.token("manager", agency="immigration")
        of_agency = await edge.get("/metrics", by=agency)
        wrong = await edge.get("/healthz", by="antrean_nobody")

        assert {role for role, told in known.items() if told == (True, True, True)} == {"manager", "admin", "auditor"}
        assert set(known.values()) == {(True, True, True), (False, False, False)}
        assert of_agency.status == 403
        assert (wrong.status, wrong["alarms"]) == (200, [])


async def test_what_comes_through_somebody_unknown_is_no_watchers(edge: Edge):
    """A proxy on this machine that the file does not name makes its callers no watchers."""
    own = await edge.get("/metrics")
    through = [await edge.get("/metrics", **{name: "203.0.113.5"}) for name in ("X_Forwarded_For", "Via", "Forwarded")]

    assert own.status == 200
    assert {answer.status for answer in through} == {401}


async def test_behind_a_proxy_the_one_before_it_is_meant(tmp_path: Path):
    """With a proxy on the same machine watchers are who stands behind it; who cannot be told is none."""
    async with edge_at(tmp_path, config=behind('["127.0.0.1"]', 'watchers = ["127.0.0.1", "10.1.0.0/16"]\n')) as edge:
        public = await edge.get("/metrics", X_Forwarded_For="203.0.113.5")
        watcher = await edge.get("/metrics", X_Forwarded_For="10.1.2.3")
        unsaid = await edge.get("/metrics")

        assert (public.status, watcher.status, unsaid.status) == (401, 200, 401)


# TLS


def issue(folder: Path, *, days: int = 90, name: str = "mall") -> int:
    """Write a certificate of its own and its key; the certificate's number."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    pem = serialization.Encoding.PEM
    (folder / "key.pem").write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    (folder / "chain.pem").write_bytes(certificate.public_bytes(pem))
    return certificate.serial_number


TLS = CONFIG + '\n[server]\ncertificate = "chain.pem"\nkey = "key.pem"\n'


@asynccontextmanager
async def browser(folder: Path) -> AsyncIterator[ClientSession]:
    """Somebody who trusts the certificate that lies in the folder."""
    trusts = ssl.create_default_context(cafile=str(folder / "chain.pem"))
    async with ClientSession(connector=TCPConnector(ssl=trusts), cookie_jar=DummyCookieJar()) as session:
        yield session


async def test_the_server_speaks_tls_itself(tmp_path: Path):
    """Calls, pages, cookies and live views over TLS; a browser is told to come by nothing else."""
    issue(tmp_path)
    async with edge_at(tmp_path, config=TLS) as edge, browser(tmp_path) as session:
        assert edge.mall.url.startswith("https://")
        await asyncio.to_thread(edge.parts.registry.people.add, "ani", Role.CLERK, secret=SECRET)
        async with session.get(edge.mall.url + API + "/mall") as mall, session.get(edge.mall.url + "/") as page:
            hsts = {answer.headers["Strict-Transport-Security"] for answer in (mall, page)}
        body, ours = {"name": "ani", "password": SECRET}, {"X-Antrean": "1"}
        async with session.post(edge.mall.url + API + "/sign-in", json=body, headers=ours) as signed:
            cookie = signed.headers["Set-Cookie"]
        token = {"Authorization": f"Bearer {edge.token('display', name='D1')}"}
        async with session.ws_connect(edge.mall.url + API + "/live?topic=board:main", headers=token) as live:
            first = await live.receive_json()

        assert hsts == {"max-age=15552000"}
        assert "Secure" in cookie
        assert "build" in first


async def test_handshakes_that_never_end_make_way(tmp_path: Path):
    """Connections that never agree on a key are bounded before anything is known of them; others come in meanwhile."""
    issue(tmp_path)
    async with edge_at(tmp_path, config=TLS) as edge, browser(tmp_path) as session:
        held = [await asyncio.open_connection("127.0.0.1", edge.port, local_addr=(OTHER, 0)) for _ in range(EACH + 30)]
        async with asyncio.timeout(20):
            gone = [await reader.read() for reader, _ in held[:30]]
        async with (
            session.get(edge.mall.url + API + "/mall") as citizen,
            session.get(edge.mall.url + "/healthz") as health,
        ):
            statuses = citizen.status, health.status
        for _, writer in held:
            writer.transport.abort()

        assert gone == [b""] * 30
        assert statuses == (200, 200)


async def test_what_is_no_tls_harms_nobody(tmp_path: Path):
    """Whoever speaks plain HTTP, or nothing that is known, to a door of TLS is parted from, and others are served."""
    issue(tmp_path)
    async with edge_at(tmp_path, config=TLS) as edge, browser(tmp_path) as session:
        for sent in (b"GET / HTTP/1.1\r\nHost: mall\r\n\r\n", b"\x16\x03\x01\x00\x05\x01\x00\x00\x01\x00", bytes(600)):
            reader, writer = await asyncio.open_connection("127.0.0.1", edge.port)
            writer.write(sent)
            writer.write_eof()
            async with asyncio.timeout(20):
                with suppress(ConnectionError):
                    await reader.read()
            writer.close()
        async with session.get(edge.mall.url + API + "/mall") as citizen:
            assert citizen.status == 200


async def test_a_renewed_certificate_is_taken_without_a_restart(tmp_path: Path):
    """New files are what new connections get; a pair that does not fit is not taken, and an alarm says so."""
    issue(tmp_path)
    async with edge_at(tmp_path, config=TLS) as edge:
        certificate = edge.parts.certificate
        assert certificate is not None
        (tmp_path / "elsewhere").mkdir()
        issue(tmp_path / "elsewhere")
        (tmp_path / "elsewhere" / "chain.pem").rename(tmp_path / "chain.pem")
        before = await served(edge.port)
        certificate.look()
        half, alarm = await served(edge.port), certificate.alarm
        (tmp_path / "elsewhere" / "key.pem").rename(tmp_path / "key.pem")
        certificate.look()
        whole = await served(edge.port)

        assert alarm is not None
        assert before == half != whole
        assert certificate.alarm is None


async def served(port: int) -> str:
    """The certificate that a new connection gets."""
    return await asyncio.to_thread(ssl.get_server_certificate, ("127.0.0.1", port))


def test_an_operator_hears_before_a_certificate_lapses(tmp_path: Path):
    """Two weeks before its end there is an alarm; what cannot be used at all stops the start with a sentence."""
    issue(tmp_path, days=10)
    lapsing = Certificate(tmp_path / "chain.pem", tmp_path / "key.pem")
    lapsing.look()
    issue(tmp_path, days=90)
    lapsing.look()
    lapsing.look()
    renewed = lapsing.alarm
    (tmp_path / "key.pem").write_text("no key")
    os.utime(tmp_path / "key.pem", ns=(1, 1))
    lapsing.look()

    assert renewed is None
    assert "not taken" in (lapsing.alarm or "")
    with pytest.raises(Broken, match="cannot be used for TLS"):
        Certificate(tmp_path / "chain.pem", tmp_path / "key.pem")


async def test_one_behind_a_proxy_cannot_take_what_others_need(tmp_path: Path):
    """Whoever a proxy speaks for has so many live pages and requests at once as an address has connections; the next is
    refused, others behind the same proxy are not, and what is over leaves room."""
    config = behind('["127.0.0.1"]', "[limits]\nconnections = 20\n")
    async with edge_at(tmp_path, config=config) as edge:
        ticket = await edge.ticket()
        topic = f"ticket:{ticket['id']}"
        async with AsyncExitStack() as pages:
            for _ in range(20):
                page = await pages.enter_async_context(edge.live(topic, X_Forwarded_For="10.0.0.66"))
                await page.receive_json()
            with pytest.raises(WSServerHandshakeError) as refused:
                async with edge.live(topic, X_Forwarded_For="10.0.0.66"):
                    pass
            asked = await edge.get("/mall", X_Forwarded_For="10.0.0.66")
            other = await edge.get("/mall", X_Forwarded_For="10.0.0.7")
            async with edge.live(topic, X_Forwarded_For="10.0.0.7") as page:
                greeted = await page.receive_json()

        async def again() -> int:
            return (await edge.get("/mall", X_Forwarded_For="10.0.0.66")).status

        await answered(again, lambda status: status == 200)

    assert (refused.value.status, asked.said) == (429, (429, "rate_limited", "connections"))
    assert (other.status, "build" in greeted) == (200, True)


async def test_bodies_that_never_come_hold_one_behind_a_proxy_only(tmp_path: Path):
    """Each waits as one request of whoever sends it: beyond the share they are refused at once, others are answered."""
    head = (
        b"POST /api/v1/sign-in HTTP/1.1\r\nHost: mall\r\nContent-Type: application/json\r\nContent-Length: 90\r\n"
        b"X-Forwarded-For: 10.0.0.66\r\n\r\n{"
    )
    config = behind('["127.0.0.1"]', "[limits]\nconnections = 20\n")
    async with edge_at(tmp_path, config=config, room=Room(body_s=60.0)) as edge:
        slow = [await asyncio.open_connection("127.0.0.1", edge.port) for _ in range(30)]
        for _, writer in slow:
            writer.write(head)
        first = [asyncio.ensure_future(reader.readuntil(b"\r\n")) for reader, _ in slow]
        await until(lambda: sum(one.done() for one in first) == 10)
        other = await edge.get("/mall", X_Forwarded_For="10.0.0.7")
        said = {one.result().split()[1] for one in first if one.done()}
        for (reader, _), one in zip(slow, first, strict=True):
            if one.done():
                await reader.read()  # to the end: the rest of a refused body is waited for a moment
        for one in first:
            one.cancel()
        for _, writer in slow:
            writer.transport.abort()
        await until(lambda: len(edge.parts.lines) <= 1)

    assert (said, other.status) == ({b"429"}, 200)
