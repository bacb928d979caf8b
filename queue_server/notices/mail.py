"""Sending one message by e-mail: through the mall's mail server, over TLS where it says so, which is then insisted on.

Each message has an id that is the same at every try, so that whoever reads may tell one that came twice.
"""

from __future__ import annotations

import ssl
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from pathlib import Path

import aiosmtplib

from queue_server.notices.outbox import Message
from queue_server.settings.secrets import secret_of
from queue_server.settings.tables import Mail, Recipient

WITHIN_S = 30.0
PORTS = {"tls": 465, "starttls": 587, "none": 25}


def composed(message: Message, mail: Mail, to: tuple[str, ...]) -> EmailMessage:
    """`to` see each other: they are one recipient of config.toml."""
    written = EmailMessage()
    written["From"] = mail.sender
    written["To"] = ", ".join(to)
    written["Subject"] = " ".join(message.content.title.split())
    written["Date"] = format_datetime(datetime.fromtimestamp(message.created_at / 1_000, UTC))
    domain = parseaddr(mail.sender)[1].rpartition("@")[2]
    written["Message-ID"] = f"<{message.id}@{domain}>"
    written["Auto-Submitted"] = "auto-generated"
    if message.about and not message.begins:
        written["X-Antrean-Ends"] = "yes"
    written.set_content(message.content.text + "\n")
    for file in message.content.files:
        main, _, sub = file.kind.partition("/")
        written.add_attachment(file.content, maintype=main, subtype=sub, filename=file.name)
    return written


async def send(message: Message, recipient: Recipient, mail: Mail, folder: Path) -> None:
    """Raises OSError or aiosmtplib's errors where the server did not take it for everybody."""
    password = secret_of(mail.password_file, folder) if mail.password_file else None
    context = ssl.create_default_context(cafile=str(folder / mail.authority) if mail.authority else None)
    refused, _ = await aiosmtplib.send(
        composed(message, mail, recipient.email),
        sender=parseaddr(mail.sender)[1],
        recipients=list(recipient.email),
        hostname=mail.host,
        port=mail.port or PORTS[mail.security],
        username=mail.user or None,
        password=password,
        use_tls=mail.security == "tls",
        start_tls=mail.security == "starttls",
        tls_context=context,
        timeout=WITHIN_S,
    )
    if refused:
        raise OSError(f"refused for {len(refused)} of {len(recipient.email)}")
