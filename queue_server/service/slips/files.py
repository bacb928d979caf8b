"""The mall's layout and its logos as they travel to agents: once each, named by the hash of their bytes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from queue_server.service.logs import log
from queue_server.settings import Settings, tables
from queue_server.wire.printing import Part, PartKind, SlipLayout, encode, hash_of

LARGEST = 500_000
"""Bytes of a logo. It goes over the agents' link, and printers draw two centimetres of it."""


class SlipFiles:
    """`settings` gives config.toml as it was last taken; logos lie in `folder`, beside it."""

    def __init__(self, settings: Callable[[], Settings], folder: Path) -> None:
        self._settings = settings
        self._folder = folder
        self._taken: Settings | None = None
        self._files: dict[str, bytes] = {}
        self._logos: dict[str, str] = {}
        self._layout = SlipLayout()
        self._layout_hash: str | None = None

    @property
    def layout(self) -> SlipLayout:
        self._take()
        return self._layout

    @property
    def layout_hash(self) -> str | None:
        """None for the layout that agents have already."""
        self._take()
        return self._layout_hash

    def logo(self, agency: str | None) -> str | None:
        """The hash of the agency's logo, or of the mall's where it has none."""
        self._take()
        return self._logos.get(agency or "") or self._logos.get("")

    def file(self, hash_: str) -> bytes:
        """The bytes of that name; empty if there are none."""
        self._take()
        return self._files.get(hash_, b"")

    def _take(self) -> None:
        """Read anew what config.toml names, once for each version of it; what jobs named before is kept."""
        settings = self._settings()
        if settings is self._taken:
            return
        self._taken = settings
        self._layout = layout_of(settings.slip)
        self._layout_hash = None
        if self._layout != SlipLayout():
            self._layout_hash = self._keep(encode(self._layout))
        logos = {"": settings.mall.logo} | {id_: agency.logo for id_, agency in settings.agencies.items()}
        self._logos = {id_: named for id_, logo in logos.items() if logo and (named := self._read(logo))}

    def _read(self, logo: str) -> str | None:
        try:
            data = (self._folder / logo).read_bytes()
        except OSError as error:
            log.warning("logo_not_read", file=logo, error=error.strerror)
            return None
        if len(data) > LARGEST:
            log.warning("logo_too_large", file=logo, bytes=len(data), at_most=LARGEST)
            return None
        return self._keep(data)

    def _keep(self, data: bytes) -> str:
        named = hash_of(data)
        self._files[named] = data
        return named


def layout_of(slip: tables.Slip) -> SlipLayout:
    """The layout as agents read it."""
    kinds: tuple[PartKind, ...] = slip.parts or tables.SLIP_PARTS  # type: ignore[assignment]  # checked when loaded
    parts = tuple(
        Part(kind=kind, size="large" if kind in slip.large else "small" if kind in slip.small else "normal")
        for kind in kinds
    )
    return SlipLayout(parts=parts, number_mm=slip.number_mm, qr_mm=slip.qr_mm, footer=dict(slip.footer))
