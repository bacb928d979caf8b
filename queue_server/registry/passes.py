"""Passes: what a command on this machine shows to the server that runs on the same folder, instead of a token.

Whoever may read the registry file may make one. It is good once, for a minute, for one purpose (`POST /api/v1/reload`)
and leaves nothing behind: a command that is killed halfway has let nobody in.
"""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha256

PREFIX = "antrean_pass_"

LIVES_MS = 60_000


class Passes:
    """`secret` is the registry's own."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._used: dict[str, int] = {}

    def make(self, purpose: str, now: int) -> str:
        """Good until a minute after `now` (milliseconds since the epoch)."""
        said = f"{now + LIVES_MS}.{secrets.token_hex(16)}"
        return f"{PREFIX}{said}.{self._seal(purpose, said)}"

    def take(self, shown: str, purpose: str, now: int) -> bool:
        """Whether it is good for this, now and for the first time."""
        said, _, seal = shown.removeprefix(PREFIX).rpartition(".")
        until = said.partition(".")[0]
        if not hmac.compare_digest(seal.encode(errors="replace"), self._seal(purpose, said).encode()):
            return False
        ends = int(until)  # sealed, so it is a number
        self._used = {one: at for one, at in self._used.items() if at > now}
        if not now < ends <= now + LIVES_MS or said in self._used:
            return False
        self._used[said] = ends
        return True

    def _seal(self, purpose: str, said: str) -> str:
        return hmac.new(self._secret, f"{purpose}\n{said}".encode(errors="replace"), sha256).hexdigest()
