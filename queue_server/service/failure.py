"""Why no command is taken: what the disk said, or what went wrong in us, as an operator reads it."""

from __future__ import annotations

from msgspec import Struct

from queue_server.database import advice
from queue_server.errors import FileDamaged

OUR_FAULT = "Keep the log, and ask who maintains Antrean."


class Failure(Struct, frozen=True):
    """`ours` where the server itself was wrong, and not the disk."""

    error: BaseException
    ours: bool

    @property
    def said(self) -> str:
        """One sentence or two that say what to do."""
        if isinstance(self.error, FileDamaged):
            return self.error.detail
        if self.ours:
            return f"A fault of the server's own ({type(self.error).__name__}): it reads the journal again. {OUR_FAULT}"
        return f"The journal cannot be written ({self.error}). {advice(self.error)} It goes on by itself."
