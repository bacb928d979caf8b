"""Letting devices in: codes of new screens, tokens."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from queue_server.wire.api import Texts


class PairingView(Struct, frozen=True, kw_only=True):
    """A screen that wants to be let in: the `code` that it shows until `expires_at`; the `page` that it belongs to once
    the code is accepted; `over` when it has to ask for a new one.
    """

    code: str | None = None
    expires_at: str | None = None
    page: str | None = None
    over: bool = False


class AcceptRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`id` is a kiosk of config.toml, or the board that a display shows; `name` what this one of several displays is
    called. `replace`: another machine was this device, and is it no more.
    """

    code: Annotated[str, Meta(min_length=1, max_length=16)]
    kind: Literal["kiosk", "display"]
    id: Annotated[str, Meta(min_length=1, max_length=64)]
    name: Annotated[str, Meta(max_length=64)] | None = None
    replace: bool = False


class Let(Struct, frozen=True, kw_only=True):
    """Who a machine is now, and where its page is."""

    kind: str
    id: str
    page: str


class RenameRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    name: Annotated[str, Meta(min_length=1, max_length=64)]


class TokenView(Struct, frozen=True, kw_only=True):
    """Whom it lets in as what, made when, used when last, revoked when. The secret itself is nowhere."""

    id: int
    role: str
    name: str | None
    counter: str | None
    agency: str | None
    shows: str | None
    created_at: str
    used_at: str | None
    revoked_at: str | None


class RotatedView(Struct, frozen=True, kw_only=True):
    """The new token, shown this once."""

    token: str


class PictureRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A picture as a `data:` address, WebP, PNG or JPEG; the page's size in dots."""

    image: Annotated[str, Meta(max_length=60_000, pattern=r"^data:image/(webp|png|jpeg);base64,[A-Za-z0-9+/]+=*$")]
    width: Annotated[int, Meta(ge=1, le=100_000)]
    height: Annotated[int, Meta(ge=1, le=100_000)]


class PictureView(Struct, frozen=True, kw_only=True):
    """What a display showed: the picture as a `data:` address, the page's size in dots, when it came."""

    image: str
    width: int
    height: int
    taken_at: str


class TechnicianPin(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    pin: Annotated[str, Meta(max_length=64)]


class TechnicianDeed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`menu_key` is the open menu's. `test` prints a test slip, `pair` lets this machine out so that it shows a code;
    `reload`, `text_size` and `end` the page does itself, and `look` does nothing."""

    menu_key: Annotated[str, Meta(max_length=64)]
    does: Literal["look", "test", "text_size", "reload", "pair", "end"]


class KioskPrinter(Struct, frozen=True, kw_only=True):
    """`state` is `ready`, `warning` or `down`, `test` how the last test slip stands (`printed`, `not_printed`…)."""

    id: str
    state: str
    reason: str | None
    linked: bool
    test: str | None
    test_reason: str | None


class TechnicianView(Struct, frozen=True, kw_only=True):
    """What a technician sees before a kiosk. `address` is the machine's, as the server sees it."""

    menu_key: str
    kiosk: str
    listed: bool
    """Whether config.toml lists it."""
    name: Texts
    version: str
    build: str
    address: str
    printer: KioskPrinter | None
    panel: str | None
    """As config.toml has it."""
    last_error: str | None
    alarms: int
    """Of the server; the floor page says them."""
