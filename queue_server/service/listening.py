"""Where the server listens, and how commands beside it find that."""

from __future__ import annotations

import resource
import socket
from ipaddress import ip_address
from pathlib import Path

from msgspec import Struct

from queue_server.errors import PortTaken
from queue_server.service.logs import log

ADDRESS = "address"
"""The file in the data folder that says where the running server listens, for commands beside it."""

OPEN_FILES = 65_536
"""The soft limit of open files is raised to this, as far as the hard one lets it."""

KEPT_FREE = 256
"""Open files that are not connections: databases, pages' files, programs that speak."""

CONNECTIONS = 10_000
"""More connections than that are no mall's; each costs memory, whether it says anything or not."""


class Room(Struct, frozen=True, kw_only=True):
    """How many connections this machine lets the server have at once, and how many seconds a body may take to come.

    Of an upload each piece (web/queues/media.py) has `piece_s`: whoever sends more slowly takes others' turn.
    """

    connections: int = CONNECTIONS
    body_s: float = 15.0
    piece_s: float = 30.0


def make_room() -> Room:
    """Raise the soft limit of open files, which by default is 1,024 on most machines."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            soft = wanted
        except (OSError, ValueError) as error:
            log.warning("open_files_not_raised", soft=soft, hard=hard, error=type(error).__name__)
    files = OPEN_FILES if soft == resource.RLIM_INFINITY else soft
    return Room(connections=max(16, min(CONNECTIONS, files - KEPT_FREE)))


def listen(host: str, port: int) -> socket.socket:
    """The address is taken before anything else is promised; port 0 is a free one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
    except OSError as error:
        sock.close()
        raise PortTaken(
            f"{host}:{port} cannot be listened at ({error.strerror}); name another with --host or --port."
        ) from error
    return sock


def only_this_machine(host: str) -> bool:
    """Nobody else reaches what listens at this address."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def shown(host: str) -> str:
    """How an address is written in a URL; one that means every interface is shown as this machine's."""
    if host in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


def leave_address(path: Path, url: str) -> None:
    """Where commands beside the server find it; a full disk, on which the old one may still be right, only says so."""
    try:
        if not path.exists() or path.read_text(encoding="utf-8") != url:
            path.write_text(url, encoding="utf-8")
    except OSError as error:
        log.warning("address_not_written", error=error.strerror)
