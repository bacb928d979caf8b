"""What `[server]` may say: its certificate's files, and addresses of others."""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path as File

from queue_server.settings.mistakes import Mistakes
from queue_server.settings.tables import Settings


def check_server(settings: Settings, mistakes: Mistakes, folder: File | None) -> None:
    """Adds what is wrong; files are looked for in `folder`, if there is one."""
    server = settings.server
    for key, file, other in (("certificate", server.certificate, server.key), ("key", server.key, server.certificate)):
        if file and not other:
            missing = "key" if key == "certificate" else "certificate"
            mistakes.add(("server", key), f"is of no use without `{missing}`", "write both, or neither")
        if file and folder and not (folder / file).is_file():
            mistakes.add(("server", key), f'there is no file "{file}"', "put it there, or take the key out")
    for key, addresses in (("proxies", server.proxies), ("watchers", server.watchers)):
        for place, address in enumerate(addresses):
            if not _is_network(address):
                todo = 'write it like "10.0.0.5" or "10.0.0.0/24"'
                mistakes.add(("server", key), f'"{address}" is no address or network', todo, place)
            elif ip_network(address, strict=False).prefixlen == 0:
                mistakes.add(("server", key), f'"{address}" is every address', "name those that are meant", place)


def _is_network(address: str) -> bool:
    try:
        ip_network(address, strict=False)
    except ValueError:
        return False
    return True
