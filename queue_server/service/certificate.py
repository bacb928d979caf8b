"""The server's own certificate: read at the start, read again when its files change, and an alarm before it lapses.

Whoever renews it writes two files, one after the other. A pair that does not fit together is not taken; the one before
goes on, and new connections get the new one as soon as it does.
"""

from __future__ import annotations

import asyncio
import ssl
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509

from queue_server.errors import Broken
from queue_server.service.logs import log

LOOK_S = 5.0
"""So often the files are looked at."""

LAPSES_S = 14 * 86_400
"""So long before its end an operator is told."""


class Certificate:
    """`context` is what the listening socket speaks TLS with. Raises Broken for files that cannot be used."""

    def __init__(self, certificate: Path, key: Path) -> None:
        self._files = (certificate, key)
        self._stamps = self._stamp()
        self.alarm: str | None = None
        self.context = self._context()
        try:
            self._load(self.context)
            self._ends = self._end()
        except (OSError, ValueError) as error:
            raise Broken(f"{certificate} and {key} cannot be used for TLS: {_said(error)}.") from error

    async def run(self) -> None:
        """Take files that have changed; for ever."""
        while True:
            await asyncio.to_thread(self.look)
            await asyncio.sleep(LOOK_S)

    def look(self) -> None:
        """Take the files if they have changed, and say what an operator must do."""
        stamps = self._stamp()
        if stamps != self._stamps:
            self._take(stamps)
        elif self.alarm is None or "lapses" in self.alarm:
            left = (self._ends - datetime.now(UTC)).total_seconds()
            self.alarm = (
                None if left > LAPSES_S else f"The certificate lapses at {self._ends:%Y-%m-%d %H:%M} UTC. Renew it."
            )

    def _take(self, stamps: tuple[object, ...]) -> None:
        self._stamps = stamps
        try:
            self._load(self._context())  # apart, so that half of a pair never stands in the one that is used
            self._load(self.context)
            self._ends = self._end()
        except (OSError, ValueError) as error:
            self.alarm = (
                f"The new certificate is not taken ({_said(error)}); the one before goes on. Look at its files."
            )
            log.error("certificate_not_taken", error=type(error).__name__)
        else:
            self.alarm = None
            log.info("certificate_taken", ends=f"{self._ends:%Y-%m-%d}")

    def _context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        return context

    def _load(self, context: ssl.SSLContext) -> None:
        context.load_cert_chain(*self._files, password="")

    def _end(self) -> datetime:
        return x509.load_pem_x509_certificates(self._files[0].read_bytes())[0].not_valid_after_utc

    def _stamp(self) -> tuple[object, ...]:
        """What changes when a file does."""
        found: list[object] = []
        for file in self._files:
            try:
                stat = file.stat()
            except OSError:
                found.append(None)
            else:
                found.append((stat.st_ino, stat.st_mtime_ns, stat.st_size))
        return tuple(found)


def _said(error: Exception) -> str:
    return getattr(error, "reason", None) or getattr(error, "strerror", None) or type(error).__name__
