"""Sending one message through Apprise, which knows a hundred services; an extra that a mall may install."""

from __future__ import annotations

import asyncio
from importlib import import_module
from pathlib import Path

from queue_server.notices.outbox import Message
from queue_server.settings.secrets import secret_of
from queue_server.settings.tables import Recipient


async def send(message: Message, recipient: Recipient, folder: Path) -> None:
    """Raises OSError where not every address took it, ImportError where Apprise is not installed."""
    assert recipient.apprise_file is not None
    lines = secret_of(recipient.apprise_file, folder).splitlines()
    addresses = [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
    if not await asyncio.to_thread(_send, addresses, message):
        raise OSError("Apprise could not send it")


def _send(addresses: list[str], message: Message) -> bool:
    apprise = import_module("apprise")
    sender = apprise.Apprise()
    added = [sender.add(address) for address in addresses]
    if not all(added):
        raise OSError(f"address {added.index(False) + 1} of the file is none that Apprise knows")
    return bool(sender.notify(title=message.content.title, body=message.content.text))
