"""What `[push]` may say: who sends, and through whom."""

from __future__ import annotations

import re
from pathlib import Path as File
from urllib.parse import urlsplit

from queue_server.settings.mistakes import Mistakes
from queue_server.settings.provider import LOCAL
from queue_server.settings.secrets import check_reference
from queue_server.settings.tables import Settings

_CONTACT = re.compile(r"mailto:[^\s@<>,;]+@[^\s@<>,;]+|https://[^\s/?#@]+\S*")
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
_WHOLE = re.compile(r"https?://(?:[a-z0-9.-]+|\[[0-9a-f:]+\])(?::[0-9]{1,5})?")

_PROXY = re.compile(r"http://(?:[a-z0-9.-]+|\[[0-9a-f:]+\]):[0-9]{1,5}")


def check_push(settings: Settings, mistakes: Mistakes, folder: File | None) -> None:
    """Adds what is wrong; the key is looked for in `folder`, if there is one."""
    push = settings.push
    check_reference(mistakes, folder, ("push", "key_file"), push.key_file)
    for place, service in enumerate(push.through):
        if not (_WHOLE if "://" in service else _HOST).fullmatch(service):
            todo = 'write a name like "push.apple.com", or for a trial a whole "http://127.0.0.1:9000"'
            mistakes.add(("push", "through"), f'"{service}" is no push service', todo, place)
    if push.proxy and not _PROXY.fullmatch(push.proxy):
        mistakes.add(("push", "proxy"), "is no proxy's address", 'write one like "http://proxy.mall.lan:3128"')
    if push.contact and not _CONTACT.fullmatch(push.contact):
        mistakes.add(("push", "contact"), "is no address", 'write one like "mailto:antrean@example.go.id"')
    if not push.on:
        return
    if not push.contact:
        mistakes.add(("push", "contact"), "is missing", 'write one like "mailto:antrean@example.go.id"')
    if not push.through:
        mistakes.add(("push", "through"), "lets no message through", "name a push service, or take the key out")
    if not _is_safe(settings):
        wrong = "wants the phones' page on https: browsers take no messages from any other"
        mistakes.add(("push", "on"), wrong, "write an https address as [mall] public_url, or set on = false")


def _is_safe(settings: Settings) -> bool:
    """Whether browsers trust the address that phones open: encrypted, or this machine's own."""
    if not settings.mall.public_url:
        return settings.server.certificate is not None or settings.server.host in LOCAL
    address = urlsplit(settings.mall.public_url)
    return address.scheme == "https" or address.hostname in LOCAL
