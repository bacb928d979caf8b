"""Where everything is put together: the only file that knows all parts.

    async with running(Setting(config=…, data=…)) as mall:
        print(mall.url)

The order of starting is the order of trust: the folder's lock, the registry, the journal, the state that it gives, then
what watches it, then the door. Stopping goes the other way, and nothing that was answered depends on it.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from secrets import token_hex
from socket import socket

from aiohttp import web
from msgspec import Struct

import display
import kiosk
import queue_server
from queue_server.database import Connection, Fault, lock_folder, open_to_read
from queue_server.drawing import drawing, watch_letters
from queue_server.errors import Broken, FileDamaged, JournalDamaged, Unavailable
from queue_server.handover.persons import Journal as Records
from queue_server.journal.promises import Journal
from queue_server.journal.sqlite import open_journal
from queue_server.journal.sqlite.forward import bring_forward
from queue_server.journal.sqlite.history import SqliteHistory
from queue_server.media.library import Library
from queue_server.notices.phones.telling import PhoneTelling
from queue_server.notices.scheduled import Scheduled
from queue_server.notices.telling import Telling
from queue_server.registry.file import wall_clock
from queue_server.registry.keys import personal_keys
from queue_server.registry.store import Registry, open_registry
from queue_server.reports.story import TicketEvents
from queue_server.reports.that_day import ThatDay
from queue_server.service.acting import Acting
from queue_server.service.certificate import Certificate
from queue_server.service.clock import Clock, MallClock
from queue_server.service.closings import Closings
from queue_server.service.days import Days
from queue_server.service.engine import Engine
from queue_server.service.estimates import Estimates
from queue_server.service.forgetting import Forgetting
from queue_server.service.hub import Hub
from queue_server.service.listening import ADDRESS, Room, leave_address, listen, make_room, shown
from queue_server.service.logs import log, one_line_logger
from queue_server.service.provider import Provider
from queue_server.service.reports import Reports
from queue_server.service.screens import Screens
from queue_server.service.slips.contents import slips
from queue_server.service.slips.files import SlipFiles
from queue_server.service.slips.printing import Printing
from queue_server.service.touches import BoardsTold, FaultTold, PrinterTold
from queue_server.service.upkeep import keep_registry, keep_running
from queue_server.settings import Settings
from queue_server.settings.technician import pin_of
from queue_server.speech.announcements import Announcements
from queue_server.speech.rendering import Made, Order
from queue_server.views.instants import rfc3339
from queue_server.web import page_table
from queue_server.web.app import make_app
from queue_server.web.edge.handshakes import Handshakes
from queue_server.web.edge.lines import Lines
from queue_server.web.edge.peers import is_proxy
from queue_server.web.identity.access import Doors
from queue_server.web.identity.idle import Idle
from queue_server.web.identity.oidc import routes as oidc_routes
from queue_server.web.identity.open_house import guest_tokens, open_house
from queue_server.web.identity.recheck import Recheck
from queue_server.web.identity.second_factor import factor_for
from queue_server.web.identity.technicians import Technicians
from queue_server.web.machines.devices import devices_of
from queue_server.web.may import may
from queue_server.web.noting import note_tight
from queue_server.web.page import qr
from queue_server.web.page.pages import Pages
from queue_server.web.page.printing import routes as printing_routes
from queue_server.web.parts import Parts
from queue_server.web.queues import hall, poster, tickets
from queue_server.web.queues.media import routes as media_routes
from queue_server.web.queues.speech import routes as speech_routes
from queue_server.web.reading import auditing
from queue_server.web.reading.reporting import reporting
from queue_server.web.topics import TOPICS

GC_THRESHOLDS = (50_000, 50, 100)
"""Tickets live all day: looking through them for cycles every 700 objects only costs time."""

BACKLOG = 1024
"""So many newcomers the kernel keeps for us."""


class Setting(Struct, frozen=True, kw_only=True):
    """What a server is started with. `clock_at` is the instant of `--clock` (milliseconds)."""

    settings: Settings
    data: Path
    host: str = "127.0.0.1"
    port: int = 8080
    clock_at: int | None = None
    always_open: bool = False
    demo: bool = False
    """Screens are let in by themselves, and the virtual printers' slips can be seen."""
    routes: tuple[web.RouteDef, ...] = ()
    """Further addresses, of a demonstration."""
    clock: Clock | None = None
    """A clock that somebody else drives; otherwise the mall's own."""
    config: Path | None = None
    """The file that `reload` reads again."""
    reload: Callable[[], Settings] | None = None
    folder: Path = Path()
    """Where config.toml lies, and the logos that it names."""
    room: Room | None = None
    """How many connections there may be; otherwise as many as this machine lets it have."""


class Mall(Struct, frozen=True, kw_only=True):
    """A running server."""

    url: str
    parts: Parts
    app: web.Application
    telling: Telling


@asynccontextmanager
async def running(setting: Setting) -> AsyncIterator[Mall]:
    """The whole server, ready when the block begins; everything is closed when it ends.

    Raises DataFolderBusy, Unavailable (journal or registry cannot be opened), OSError (the port is taken).
    """
    async with contextlib.AsyncExitStack() as stack:
        stack.enter_context(lock_folder(setting.data))
        registry = open_registry(
            setting.data / "registry.db",
            keys=lambda make: personal_keys(days.settings, setting.folder, setting.data, make=make),
        )
        stack.callback(registry.close)
        engines: list[Engine] = []
        _bring_forward(setting.data / "journal.db")
        journal = open_journal(
            setting.data / "journal.db",
            loop=asyncio.get_running_loop(),
            on_commit=lambda seq: engines[0].committed(seq),
            on_failure=lambda error: engines[0].failed(error),
        )
        stack.callback(journal.close)
        sock = listen(setting.host, setting.port)
        stack.callback(sock.close)
        certificate = _certificate(setting)
        url = f"{'https' if certificate else 'http'}://{shown(setting.host)}:{sock.getsockname()[1]}"
        days = Days(setting.settings, always_open=setting.always_open, listens_at=url)
        clock = setting.clock or MallClock(starts_at=setting.clock_at, floor=journal.last_at())
        engine = Engine(journal, clock, days, registry.secret("idempotency"), Estimates())
        engines.append(engine)
        screens = Screens(engine)
        try:
            await engine.start()
        except FileDamaged:
            raise  # room on the disk would not help
        except Unavailable as error:
            raise Broken(
                f"The journal in {setting.data} cannot be written ({engine.fault or error.detail})."
                " Is the disk full? Make room, and start again."
            ) from error
        reports = Reports(engine, setting.data / "journal.db", setting.data / "statistics.db")
        stack.callback(reports.close)
        closings = _closings(setting, engine, journal, registry, days)
        parts = _parts(setting, engine, screens, registry, days, reports)
        stack.callback(parts.phones.close)
        parts.closings = closings
        parts.certificate = certificate
        telling = Telling(
            engine, journal, lambda: days.settings, lambda: devices_of(parts), setting.data, setting.folder
        )
        stack.callback(telling.close)
        scheduled = Scheduled(
            engine, telling.outbox, lambda: days.settings, reporting(parts), setting.folder, wall_clock
        )
        app = make_app(
            parts,
            [
                *_page_routes(parts, Provider(lambda: days.settings.oidc, setting.folder), demo=setting.demo),
                *setting.routes,
            ],
        )
        tasks = [
            asyncio.get_running_loop().create_task(keep_running(name, part, engine.faults), name=name)
            for name, part in (
                ("engine", engine.run),
                ("hub", parts.hub.run),
                ("printing", parts.printing.run),
                ("speech", parts.speech.run),
                ("media", parts.media.run),
                ("lines", parts.lines.run),
                ("recheck", parts.recheck.run),
                ("idle", parts.idle.run),
                ("acts", Acting(engine, registry.acts).run),
                ("closings", closings.run),
                ("forgetting", Forgetting(engine, registry, lambda: days.settings.privacy).run),
                ("alerts", telling.watch.run),
                ("messages", telling.post.run),
                ("phones", parts.phones.run),
                ("schedules", scheduled.run),
                ("letters", lambda: watch_letters(parts, days)),
                *((("certificate", certificate.run),) if certificate else ()),
                ("registry", lambda: keep_registry(registry, journal, engine.faults, lambda: days.settings.privacy)),
            )
        ]
        stack.push_async_callback(_stop, tasks, parts)
        runner = web.AppRunner(app, handle_signals=False, shutdown_timeout=2.0)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        assert runner.server is not None
        await parts.speech.ready()
        await _open(stack, parts, runner.server, sock)
        parts.screens.expect()
        leave_address(setting.data / ADDRESS, url)
        gc.collect()
        gc.freeze()
        gc.set_threshold(*GC_THRESHOLDS)
        log.info("listening", url=url, version=queue_server.__version__, day=engine.state.day)
        yield Mall(url=url, parts=parts, app=app, telling=telling)


async def _open(stack: contextlib.AsyncExitStack, parts: Parts, server: web.Server, sock: socket) -> None:
    """From here on whoever connects is let in."""
    loop, make = asyncio.get_running_loop(), parts.lines.listen(server, one_line_logger())
    if parts.certificate is None:
        door = await loop.create_server(make, sock=sock, backlog=BACKLOG)
        stack.callback(door.close)
        return
    sock.listen(BACKLOG)
    handshakes = Handshakes(parts.certificate.context, make, parts.lines.shared)
    accepting = keep_running("handshakes", lambda: handshakes.run(sock), parts.engine.faults)
    task = loop.create_task(accepting, name="handshakes")
    stack.callback(task.cancel)


def _closings(setting: Setting, engine: Engine, journal: Journal, registry: Registry, days: Days) -> Closings:
    """Files are named from where config.toml lies, as it is now."""

    def named(file: str | None) -> Path | None:
        return None if file is None else setting.folder / file

    return Closings(
        engine,
        journal,
        registry.acts,
        setting.data,
        key_file=lambda: named(days.settings.audit.key_file),
        publish=lambda: named(days.settings.audit.publish),
    )


def _certificate(setting: Setting) -> Certificate | None:
    """What the server speaks TLS with, if the file names one; a demonstration has none."""
    server = setting.settings.server
    if setting.demo or server.certificate is None or server.key is None:
        return None
    return Certificate(setting.folder / server.certificate, setting.folder / server.key)


def _bring_forward(path: Path) -> None:
    """What cannot be made anew stays as the older version left it: the hall does not wait for its statistics."""
    try:
        events = bring_forward(path)
    except (JournalDamaged, Fault, OSError) as error:
        log.error("journal_not_brought_forward", detail=str(error))
        return
    if events:
        log.info("journal_brought_forward", events=events)


def _reader(data: Path) -> Connection:
    """A connection of its own for one question of a report, which no call at a counter waits for."""
    return open_to_read(data / "journal.db").conn


def _parts(
    setting: Setting, engine: Engine, screens: Screens, registry: Registry, days: Days, reports: Reports
) -> Parts:
    boot = token_hex(6)
    rooms = {"kiosk": kiosk.FOLDER, "display": display.FOLDER}
    pages = Pages(
        rooms,
        lambda: engine.state.rules.languages,
        lambda: days.presentation.accent,
        lambda: days.presentation.theme,
    )
    files = SlipFiles(lambda: days.settings, setting.folder)
    printing = Printing(engine, slips(engine, files))
    hub = Hub(engine, boot, {}, {topic.kind: topic.touched for topic in TOPICS}, rfc3339)
    idle = Idle(registry, lambda: days.settings.sign_in.lock_after, lambda: engine.state.counters.values())
    doors = Doors(registry, lambda: factor_for(days.settings), idle.is_left)
    parts = Parts(
        engine=engine,
        hub=hub,
        registry=registry,
        printing=printing,
        screens=screens,
        settings=lambda: days.settings,
        presentation=lambda: days.presentation,
        opens_later=lambda: days.opens_later(engine.state),
        pages=pages,
        version=queue_server.__version__,
        boot=boot,
        doors=doors,
        recheck=Recheck(registry, doors),
        idle=idle,
        drawing=drawing(files),
        may=may,
        reports=reports,
        lines=Lines(
            setting.room or make_room(),
            per_address=lambda: days.settings.limits.connections,
            shared=lambda address: is_proxy(address, days.settings.server.proxies),
            noted=lambda count: note_tight(registry.acts, count),
        ),
        speech=Announcements(setting.data / "speech", lambda: days.settings, setting.folder, made=_note_speech),
        media=Library(setting.data, lambda: days.settings, setting.folder, registry.media),
        past=TicketEvents(partial(_reader, setting.data)),
        phones=PhoneTelling(
            engine,
            lambda: days.settings,
            registry.keys,
            setting.data,
            setting.folder,
            wall_clock,
            registry.secret("phones"),
        ),
        records=Records(setting.data / "journal.db"),
        that_day=ThatDay(
            partial(_reader, setting.data),
            partial(SqliteHistory, setting.data / "journal.db"),
            lambda: engine.state,
        ),
        reload=setting.reload,
        config=setting.config,
        technicians=Technicians(pin=lambda: pin_of(days.settings.sign_in.technician, setting.folder)),
    )
    hub.builders.update({topic.kind: partial(topic.view, parts) for topic in TOPICS if topic.view is not None})
    printing.printers.changed.append(lambda printer: hub.happened(PrinterTold(engine.state.rules, printer)))
    engine.faults.changed.append(lambda fault: hub.happened(FaultTold()))
    engine.changed.append(lambda changes, events: parts.day_figures.note(changes))
    engine.rebuilt.append(parts.day_figures.forget)
    parts.media.changed.append(lambda: hub.happened(BoardsTold()))
    return parts


def _page_routes(parts: Parts, provider: Provider, *, demo: bool) -> list[web.RouteDef]:
    engine = parts.engine
    house = page_table.House(
        rules=lambda: engine.state.rules,
        layout=parts.drawing.layout,
        ticket=partial(tickets.first_page, parts),
        poster=partial(poster.good, parts),
        phones_take=lambda: parts.settings().poster.tickets,
        menu=partial(hall.menu_of, parts),
        now=engine.now,
        push=lambda: parts.phones.key,
    )
    made = page_table.routes(parts.pages, house, demo=demo)
    for kind in ("kiosk", "display") if demo else ():
        made = open_house(made, kind, parts.doors, guest_tokens(parts.registry))
    codes = qr.routes(
        lambda ticket: f"{engine.state.rules.public_url}/t/{ticket}",
        look=partial(tickets.look, parts),
    )
    return [
        *parts.pages.routes(),
        *made,
        *codes,
        *auditing.routes(),
        *printing_routes(parts),
        *speech_routes(parts),
        *media_routes(parts),
        *poster.routes(),
        *oidc_routes(parts, provider),
    ]


def _note_speech(order: Order, made: Made) -> None:
    """Only what went wrong: what was spoken is in the journal as a call."""
    if made.failed:
        log.warning("speech_failed", spoken_by=made.by or None, why=list(made.failed))


async def _stop(tasks: list[asyncio.Task[None]], parts: Parts) -> None:
    parts.screens.close()
    parts.previews.close()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await parts.speech.close()
    parts.engine.note_stop()
