"""Where the server listens, and how commands beside it find that."""

from __future__ import annotations

import socket
from pathlib import Path

from queue_server.errors import PortTaken
from queue_server.service.logs import log

ADDRESS = "address"
"""The file in the data folder that says where the running server listens, for commands beside it."""


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
