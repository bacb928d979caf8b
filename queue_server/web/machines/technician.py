"""The technician's menu on a kiosk: opened by the mall's PIN, for a while, and whatever is done in it is on record.

After a few wrong PINs a kiosk waits before it takes another, a little longer each time and five minutes at most
(technicians.py): some twelve an hour, of a million. Staff who try wait each for themselves. The PIN is asked once; then
a key is good for this kiosk until nobody has used it for ten minutes, or the server starts anew.
"""

from __future__ import annotations

import asyncio
import hmac
from time import monotonic
from typing import Any

from queue_server.domain.acts import ActKind
from queue_server.errors import NotFound, RateLimited, Unauthorized
from queue_server.service.logs import log
from queue_server.views.printers import Known
from queue_server.web.ask import Ask
from queue_server.web.edge.limits import asker_at
from queue_server.web.identity.access import Caller
from queue_server.web.identity.guesses import Place
from queue_server.web.machines.devices import devices_of
from queue_server.web.machines.pairing import revoke_own
from queue_server.web.noting import note
from queue_server.web.page.printing import known_of
from queue_server.web.parts import Parts
from queue_server.wire.devices import KioskPrinter, TechnicianDeed, TechnicianPin, TechnicianView

ACCOUNT = "technician"
"""What an operator is told is guessed at."""


async def begin(ask: Ask[TechnicianPin]) -> TechnicianView:
    """Open the menu by the PIN. Raises NotFound where the mall has set none, Unauthorized, RateLimited."""
    parts, kiosk = ask.parts, ask["kiosk"]
    pin = await asyncio.to_thread(parts.technicians.pin)
    if pin is None:
        raise NotFound("No PIN is set for technicians (technician under [sign_in]).", reason="no_pin")
    waits, asker = parts.technicians.waits, _asker(ask.caller)
    place = Place(account=ACCOUNT, asker=asker_at(ask.request.remote), browser=None, address=None)
    try:
        waits.check(asker, monotonic())
    except RateLimited:
        parts.guesses.notice(place, monotonic())
        raise
    # nothing is awaited between the check and the count: tries that come at once are as many as those that come in turn
    if not hmac.compare_digest(ask.body.pin.encode(errors="replace"), pin.encode()):
        waits.was_wrong(asker, monotonic())
        await note(ask, ActKind.SIGN_IN_REFUSED, about=f"kiosk:{kiosk}", why="pin")
        log.warning("sign_in_refused", address=place.asker, who=f"kiosk:{kiosk}")
        raise Unauthorized("That is not the PIN.", reason="pin")
    waits.was_right(asker)
    await note(ask, ActKind.TECHNICIAN_OPENED, about=f"kiosk:{kiosk}")
    return _view(ask, parts.technicians.begin(kiosk, monotonic()))


def _asker(caller: Caller) -> str:
    """Whose wrong PINs are counted together: a kiosk's, or those of one of the staff at whatever kiosk."""
    return f"kiosk {caller.name}" if caller.role == "kiosk" else f"{caller.role} {caller.clerk or caller.id}"


async def act(ask: Ask[TechnicianDeed]) -> TechnicianView:
    """Look again, or do something; what the page itself does (reload, text size, end) is only recorded here."""
    parts, kiosk, does = ask.parts, ask["kiosk"], ask.body.does
    if not parts.technicians.take(ask.body.menu_key, kiosk, monotonic()):
        raise Unauthorized("The menu was closed; say the PIN once more.", reason="pin")
    if does != "look":
        await note(ask, ActKind.TECHNICIAN_DID, about=f"kiosk:{kiosk}", details={"did": does})
    if does == "test":
        printer = _printer_of(parts, kiosk)
        if printer is None:
            raise NotFound("This kiosk has no printer.", reason="no_printer")
        parts.printing.test(printer)
    if does == "pair":
        await revoke_own(ask, kiosk)
    if does in ("end", "pair", "reload"):
        parts.technicians.open.pop(ask.body.menu_key, None)
    return _view(ask, ask.body.menu_key)


def _printer_of(parts: Parts, kiosk: str) -> str | None:
    rules = parts.engine.state.rules.kiosks.get(kiosk)
    return rules.printer if rules else None


def _view(ask: Ask[Any], key: str) -> TechnicianView:
    parts, kiosk = ask.parts, ask["kiosk"]
    config, own = parts.settings().kiosks.get(kiosk), parts.engine.state.rules.kiosks.get(kiosk)
    device = next((one for one in devices_of(parts) if (one.kind, one.id) == ("kiosk", kiosk)), None)
    printer = _printer_of(parts, kiosk)
    panel = config.panel if config else None
    return TechnicianView(
        menu_key=key,
        kiosk=kiosk,
        listed=own is not None,
        name=dict(own.name) if own else {},
        version=parts.version,
        build=parts.pages.build,
        address=ask.request.remote or "",
        printer=None if printer is None else _printer_view(printer, known_of(parts, printer)),
        panel=None if panel is None else f"{panel.inches:g} inches, {panel.width} x {panel.height}",
        last_error=device.last_error if device else None,
        alarms=len(parts.engine.alarms),
    )


def _printer_view(printer: str, known: Known) -> KioskPrinter:
    at, state, reason = known.test or (None, None, None)
    del at
    return KioskPrinter(
        id=printer,
        state=known.state,
        reason=known.reason,
        linked=known.linked,
        test=str(state) if state else None,
        test_reason=reason,
    )
