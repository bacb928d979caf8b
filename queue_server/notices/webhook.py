"""Sending one message to a program, as Standard Webhooks has it: https://www.standardwebhooks.com

The body is signed with the recipient's secret over id, time and body; the id is the same at every try, the time is of
the try. What answers 2xx has it. Nothing is followed elsewhere: a redirect is a failure, like any other answer.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from pathlib import Path

import aiohttp
import msgspec

from queue_server.errors import Broken
from queue_server.notices.outbox import Message
from queue_server.settings.secrets import secret_of
from queue_server.settings.tables import Recipient

WITHIN_S = 15.0
SHORTEST, LONGEST = 24, 64
"""Bytes of a secret, as the standard asks."""


class NotTaken(Exception):
    """The other side did not take it. `gone`: it never will. `wait_s`: when it asks to be tried again. `for_itself`: it
    refused this one message, which says nothing of others.
    """

    def __init__(self, said: str, *, gone: bool = False, wait_s: int | None = None, for_itself: bool = False) -> None:
        super().__init__(said)
        self.gone = gone
        self.wait_s = wait_s
        self.for_itself = for_itself


def key_of(text: str) -> bytes:
    """The bytes of `whsec_…`. Raises Broken for what is none."""
    try:
        key = base64.b64decode(text.strip().removeprefix("whsec_"), validate=True)
    except binascii.Error:
        key = b""
    if not SHORTEST <= len(key) <= LONGEST:
        raise Broken("The secret of a webhook is whsec_ and 24 to 64 random bytes in base64.")
    return key


def signed(id_: str, timestamp: int, body: bytes, secret: bytes) -> str:
    digest = hmac.new(secret, f"{id_}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


async def send(message: Message, recipient: Recipient, folder: Path, now_s: int) -> None:
    """Raises NotTaken, OSError or aiohttp's errors."""
    assert recipient.secret_file is not None
    secret = key_of(secret_of(recipient.secret_file, folder))
    body = msgspec.json.encode(message.content.payload)
    headers = {
        "content-type": "application/json",
        "user-agent": "antrean",
        "webhook-id": message.id,
        "webhook-timestamp": str(now_s),
        "webhook-signature": signed(message.id, now_s, body, secret),
    }
    limit = aiohttp.ClientTimeout(total=WITHIN_S)
    async with (
        aiohttp.ClientSession(timeout=limit) as session,
        session.post(recipient.webhook, data=body, headers=headers, allow_redirects=False) as answer,
    ):
        if not 200 <= answer.status < 300:
            asked = answer.headers.get("retry-after", "")
            wait_s = min(int(asked), 86_400) if asked.isascii() and asked.isdigit() else None
            raise NotTaken(f"answered {answer.status}", gone=answer.status == 410, wait_s=wait_s)
