"""Every kiosk, printer and display: whether it is there, when it was last seen, and what it last complained of.

A display goes by the board that it shows, and by its token's name where that is another. One that works by its token
alone, without a live connection, is there while it asks for something now and then.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

from msgspec.structs import replace

from queue_server.errors import IllegalMove
from queue_server.registry.roles import DEVICES
from queue_server.service.clock import SAID
from queue_server.service.faults import Fault
from queue_server.service.hub import VIEW
from queue_server.views.instants import rfc3339
from queue_server.web.ask import Ask, Nothing
from queue_server.web.identity.guesses import said_of
from queue_server.web.parts import Parts
from queue_server.wire.api import DeviceView
from queue_server.wire.devices import PictureRequest, PictureView
from queue_server.wire.live import Alert

TOPICS = {"kiosk": "kiosk", "display": "board"}
"""The topic that a screen watches."""


async def devices(ask: Ask[None]) -> tuple[DeviceView, ...]:
    """Every device of the mall, and every other one that was ever let in."""
    return devices_of(ask.parts)


async def picture(ask: Ask[Nothing]) -> PictureView:
    """What this display shows just now, drawn by its page. It takes seconds, and nothing of it is kept."""
    device = ask["kind"], ask["id"]
    heard = ask.parts.heartbeats.last.get(device)
    if heard is not None and heard.said.version is not None:
        raise IllegalMove("The agent of a panel has no page.", reason="no_picture")
    return _showing(ask, await ask.parts.pictures.take(device))


async def picture_came(ask: Ask[PictureRequest]) -> PictureView:
    """A display's page sends the picture that it was asked for."""
    ask.parts.pictures.came(ask["picture"], ask.body)
    return _showing(ask, ask.body)


def _showing(ask: Ask[Any], made: PictureRequest) -> PictureView:
    return PictureView(image=made.image, width=made.width, height=made.height, taken_at=rfc3339(ask.engine.now()))


def devices_of(parts: Parts) -> tuple[DeviceView, ...]:
    """Every device, for other views too: first those of config.toml, in its order."""
    rules = parts.engine.state.rules
    ours = [("kiosk", id_) for id_ in rules.kiosks] + [("printer", id_) for id_ in rules.printers]
    ours += [("display", id_) for id_ in rules.boards]
    seen = {(device.kind, device.id) for device in parts.registry.devices.list()}
    let_in = {
        (str(token.role), token.name)
        for token in parts.registry.tokens.list()
        if token.role in DEVICES and token.name and token.revoked_at is None
    }
    every = [*ours, *sorted((seen | let_in) - set(ours))]
    return tuple(_view(parts, kind, id_, (kind, id_) in let_in) for kind, id_ in every)


def alarms_of(parts: Parts) -> tuple[Alert, ...]:
    """What is wrong with the server itself; each stays until an operator has looked."""
    engine = parts.engine
    found = [Alert(kind="rules", subject="config.toml", text=said, fields={"why": said}) for said in parts.alarms]
    if parts.lines.alarm:
        room: dict[str, str | int | None] = {"open": len(parts.lines), "room": parts.lines.room.connections}
        found.insert(0, Alert(kind="connections", subject="", text=parts.lines.alarm, severity="alert", fields=room))
    guessed = parts.guesses.alarm(time.monotonic())
    if guessed is not None:
        said = said_of(guessed)
        found.insert(0, Alert(kind="sign_in", subject="", text=said, severity="alert", fields={"accounts": guessed}))
    if parts.certificate and parts.certificate.alarm:
        why = parts.certificate.alarm
        found.insert(0, Alert(kind="certificate", subject="", text=why, severity="alert", fields={"why": why}))
    if parts.closings and parts.closings.alarm:
        why = parts.closings.alarm
        found.insert(0, Alert(kind="closing", subject="", text=why, severity="alert", fields={"why": why}))
    found += [
        Alert(kind="speech", subject=language, text=said, fields={"why": said})
        for language, said in parts.speech.troubles.items()
    ]
    for why in engine.refused_rules:
        said = f"config.toml is not in force: {why}"
        found.insert(0, Alert(kind="rules", subject="config.toml", text=said, fields={"reason": "refused", "why": why}))
    clock = engine.clock
    if clock.alarm is not None:
        # seconds by which the machine's clock is ahead, and whether confirming it would begin the day anew
        fields: dict[str, str | int | None] = {
            "reason": clock.alarm,
            "off_s": clock.off_ms // 1000,
            "back": int(clock.goes_back),
        }
        found.insert(0, Alert(kind="clock", subject="", text=SAID[clock.alarm], severity="alert", fields=fields))
    found += [_fault(fault) for fault in _different(engine.faults)]
    for code, said in engine.day_alarms.items():
        found.insert(
            0, Alert(kind="day", subject=engine.state.day, text=said, severity="alert", fields={"reason": code})
        )
    if not engine.healthy:
        found.insert(0, Alert(kind="journal", subject="", text="The journal cannot be written.", severity="alert"))
    return tuple(found)


def _different(faults: Iterable[Fault]) -> Iterable[Fault]:
    """Each fault that can be told apart. A ticket's id is a secret, so all tickets without a page are one fault."""
    return {(fault.kind, fault.subject): fault for fault in faults}.values()


def _fault(fault: Fault) -> Alert:
    return Alert(
        kind="fault",
        subject=fault.subject,
        text=fault.said,
        since=rfc3339(fault.since),
        severity="alert",
        fields={"reason": fault.kind, "error": fault.error},
    )


def _view(parts: Parts, kind: str, id_: str, let_in: bool) -> DeviceView:
    view = _printer(parts, id_) if kind == "printer" else _screen(parts, kind, id_)
    return replace(view, let_in=let_in)


def _screen(parts: Parts, kind: str, id_: str) -> DeviceView:
    linked = parts.linked[kind, id_] > 0
    if kind == "display" and id_ in parts.engine.state.rules.boards:
        linked = parts.hub.watched(f"board:{id_}") > 0
    online = linked or parts.seen.here(kind, id_, time.monotonic())
    said = last_heard(parts, kind, id_, linked)
    state = "online" if online else "offline"
    if parts.engine.faults.of(VIEW, f"{TOPICS[kind]}:{id_}") is not None:
        state, said["last_error"] = "error", "view_failed"
    elif linked and parts.heartbeats.hangs((kind, id_), time.monotonic()):
        state, said["last_error"] = "error", "page_hangs"
    details = parts.heartbeats.details((kind, id_), parts.pages.build, parts.version)
    if linked and details.get("broken"):
        said["last_error"] = "media_broken"
    return DeviceView(id=id_, kind=kind, state=state, details=details, **said)


def _printer(parts: Parts, id_: str) -> DeviceView:
    printers = parts.printing.printers
    state, why = printers.device(id_)
    link = printers.links.get(id_)
    online = link is not None
    said = last_heard(parts, "printer", id_, online)
    if link is not None and link.hello is not None:
        said["version"] = link.hello.agent
    said["last_error"] = why if state == "down" and online else printers.last_error(id_) or said["last_error"]
    status = link.status if link else None
    details: dict[str, str | int | bool | None] = {"reason": why}
    if status is not None:
        details |= {
            "printed": status.printed,
            "not_printed": status.not_printed,
            "unknown": status.unknown,
            "tickets_left": status.tickets_left,
        }
    shown = "offline" if not online else "error" if state == "down" else state
    return DeviceView(id=id_, kind="printer", state=shown, details=details, **said)


def last_heard(parts: Parts, kind: str, id_: str, linked: bool) -> dict[str, Any]:
    """When a device was last heard of, and what it said. The registry goes by the real clock; staff read the mall's."""
    device = parts.registry.devices.get(kind, id_)
    now = parts.engine.now()
    seen = device.seen_at if device else None
    ago = 0 if linked else None if seen is None else max(0, time.time_ns() // 1_000_000 - seen)
    return {
        "last_seen": rfc3339(None if ago is None else now - ago),
        "seen_s": None if ago is None else ago // 1000,
        "version": device.version if device else None,
        "last_error": device.error if device else None,
    }
