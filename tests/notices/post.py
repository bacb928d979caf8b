"""Who receives messages: a mail server that speaks TLS, and a program behind a webhook, each on a free port."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiohttp import web
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "antrean", "rahasia sekali"


def certificate(folder: Path) -> tuple[Path, Path]:
    """One for 127.0.0.1 that has signed itself; its file is its own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, secret = folder / "mail.pem", folder / "mail.key"
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return pem, secret


class Inbox:
    """What the mail server has taken."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.encrypted: list[bool] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        read: Message = BytesParser(policy=default).parsebytes(envelope.content)
        assert isinstance(read, EmailMessage)
        self.mails.append(read)
        assert server.transport is not None
        self.encrypted.append(server.transport.get_extra_info("ssl_object") is not None)
        return "250 OK"

    @property
    def subjects(self) -> list[str]:
        return [str(mail["Subject"]) for mail in self.mails]


@asynccontextmanager
async def mail_server(folder: Path, *, tls: str) -> AsyncIterator[tuple[Inbox, int]]:
    """`tls` from the first byte, or `starttls`, without which nobody may sign in or send."""
    pem, secret = certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, secret)

    def signed_in(server: SMTP, session: Session, envelope: Envelope, mechanism: str, login: Any) -> AuthResult:
        right = isinstance(login, LoginPassword) and login.password == PASSWORD.encode()
        return AuthResult(success=right)

    inbox = Inbox()
    options: dict[str, Any] = {"authenticator": signed_in, "auth_required": True, "auth_require_tls": tls == "starttls"}
    if tls == "starttls":
        options |= {"tls_context": context, "require_starttls": True}
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(inbox, **options), "127.0.0.1", 0, ssl=context if tls == "tls" else None
    )
    try:
        yield inbox, server.sockets[0].getsockname()[1]
    finally:
        server.close()


class Hook:
    """A program behind a webhook; `answers` are the statuses that come first, then all is taken."""

    def __init__(self) -> None:
        self.at = ""
        self.answers: list[int] = []
        self.tried: list[tuple[dict[str, str], bytes]] = []
        self.taken: list[tuple[dict[str, str], bytes]] = []

    async def receive(self, request: web.Request) -> web.Response:
        got = ({name.lower(): value for name, value in request.headers.items()}, await request.read())
        self.tried.append(got)
        status = self.answers.pop(0) if self.answers else 204
        if status < 300:
            self.taken.append(got)
        return web.Response(status=status, headers={"Retry-After": "0", "Location": "/elsewhere"})


@asynccontextmanager
async def hook() -> AsyncIterator[Hook]:
    receiver = Hook()
    app = web.Application()
    app.router.add_post("/hook", receiver.receive)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    receiver.at = f"http://{host}:{port}/hook"
    try:
        yield receiver
    finally:
        await runner.cleanup()
