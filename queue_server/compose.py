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
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import lru_cache
from pathlib import Path
from secrets import token_hex, token_urlsafe
from zoneinfo import ZoneInfo

from aiohttp import web
from msgspec import Struct

import display.pages
import kiosk.pages
import queue_server
from printer.fonts import NoFonts
from printer.press import Press, press
from queue_server.database import Fault, lock_folder
from queue_server.domain import events as e
from queue_server.domain.records import Ticket
from queue_server.domain.rules import Rules
from queue_server.errors import Broken, FileDamaged, JournalDamaged, PortTaken, Unavailable
from queue_server.journal.sqlite import SqliteJournal, open_journal
from queue_server.journal.sqlite.forward import bring_forward
from queue_server.languages.locales import time_text
from queue_server.registry.roles import Role
from queue_server.registry.store import Registry, open_registry
from queue_server.service.clock import Clock, MallClock
from queue_server.service.days import Days
from queue_server.service.engine import Engine
from queue_server.service.estimates import Estimates
from queue_server.service.faults import Faults
from queue_server.service.hub import Build, Hub
from queue_server.service.logs import log, one_line_logger
from queue_server.service.printing import Printing, Slips
from queue_server.service.screens import Screens
from queue_server.service.slip_files import SlipFiles
from queue_server.settings import Settings
from queue_server.views.board import board_view
from queue_server.views.desk import desk_view
from queue_server.views.floor import floor_view
from queue_server.views.instants import rfc3339
from queue_server.views.menu import kiosk_view
from queue_server.views.slip import slip_view
from queue_server.views.slip_sample import texts_on_slips
from queue_server.views.ticket import ticket_page
from queue_server.web import staff_pages
from queue_server.web.access import Doors
from queue_server.web.app import make_app
from queue_server.web.devices import alarms_of, devices_of
from queue_server.web.open_house import open_house
from queue_server.web.pages import Pages
from queue_server.web.parts import Drawing, Parts
from queue_server.web.printing import routes as printing_routes
from queue_server.web.printing import view_of
from queue_server.web.words_kept import notes_at
from queue_server.wire.printing import Paper, SlipLayout, SlipView, TestView

GC_THRESHOLDS = (50_000, 50, 100)
"""Tickets live all day: looking through them for cycles every 700 objects only costs time."""

SETTLE_S = 60.0

LETTERS_S = 5.0
"""So soon after a change of texts it is known whether slips can show them."""

BEGIN_AGAIN_S = 1.0
"""So long after a part of the server has ended it is begun again."""

WELL_S = 60.0
"""A part that runs for so long works again."""

ORPHANED_MS = 10 * 60_000
"""After so long no request that kept personal words is still on its way to its event."""

ADDRESS = "address"
"""The file in the data folder that says where the running server listens, for commands beside it."""


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


class Mall(Struct, frozen=True, kw_only=True):
    """A running server."""

    url: str
    parts: Parts
    app: web.Application


@asynccontextmanager
async def running(setting: Setting) -> AsyncIterator[Mall]:
    """The whole server, ready when the block begins; everything is closed when it ends.

    Raises DataFolderBusy, Unavailable (journal or registry cannot be opened), OSError (the port is taken).
    """
    async with contextlib.AsyncExitStack() as stack:
        stack.enter_context(lock_folder(setting.data))
        registry = open_registry(setting.data / "registry.db")
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
        sock = _listen(setting.host, setting.port)
        stack.callback(sock.close)
        url = f"http://{_shown(setting.host)}:{sock.getsockname()[1]}"
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
        parts = _parts(setting, engine, screens, registry, days)
        app = make_app(parts, [*_page_routes(parts, demo=setting.demo), *setting.routes])
        tasks = [
            asyncio.get_running_loop().create_task(_keep_running(name, part, engine.faults), name=name)
            for name, part in (
                ("engine", engine.run),
                ("hub", parts.hub.run),
                ("printing", parts.printing.run),
                ("letters", lambda: _watch_letters(parts, days)),
                ("registry", lambda: _settle(registry, journal, engine.faults)),
            )
        ]
        stack.push_async_callback(_stop, tasks, parts)
        runner = web.AppRunner(
            app, access_log=None, logger=one_line_logger(), handle_signals=False, shutdown_timeout=2.0
        )
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.SockSite(runner, sock, backlog=1024).start()
        parts.screens.expect()
        _leave_address(setting.data / ADDRESS, url)
        gc.collect()
        gc.freeze()
        gc.set_threshold(*GC_THRESHOLDS)
        log.info("listening", url=url, version=queue_server.__version__, day=engine.state.day)
        yield Mall(url=url, parts=parts, app=app)


def _bring_forward(path: Path) -> None:
    """What cannot be made anew stays as the older version left it: the hall does not wait for its statistics."""
    try:
        events = bring_forward(path)
    except (JournalDamaged, Fault, OSError) as error:
        log.error("journal_not_brought_forward", detail=str(error))
        return
    if events:
        log.info("journal_brought_forward", events=events)


def _parts(setting: Setting, engine: Engine, screens: Screens, registry: Registry, days: Days) -> Parts:
    boot = token_hex(6)
    rules = engine.state.rules
    pages = Pages({"kiosk": kiosk.pages.FOLDER, "display": display.pages.FOLDER}, languages=rules.languages)
    files = SlipFiles(lambda: days.settings, setting.folder)
    printing = Printing(engine, _slips(engine, files))
    hub = Hub(engine, boot, {}, rfc3339)
    parts = Parts(
        engine=engine,
        hub=hub,
        registry=registry,
        printing=printing,
        screens=screens,
        settings=lambda: days.settings,
        pages=pages,
        version=queue_server.__version__,
        boot=boot,
        doors=Doors(registry),
        drawing=_drawing(files),
        reload=setting.reload,
        config=setting.config,
    )
    hub.builders.update(_topics(parts))
    printing.printers.changed.append(lambda printer: _printer_changed(parts, printer))
    engine.changed.append(lambda changes, events: _slips_changed(hub, events))
    engine.faults.changed.append(lambda fault: _touch_floor(hub))
    return parts


# Slips


def _slips(engine: Engine, files: SlipFiles) -> Slips:
    """What printing needs to know of a slip."""

    def view(ticket: Ticket) -> SlipView:
        rules = engine.state.rules
        service = rules.services.get(ticket.step.service)
        logo, tz = files.logo(service.agency if service else None), ZoneInfo(rules.timezone)
        return slip_view(engine.state, ticket, estimates=engine.expected, tz=tz, logo=logo)

    def test(printer: str) -> TestView:
        rules = engine.state.rules
        language = rules.languages[0]
        name, hour = rules.printers[printer].name, time_text(engine.now(), ZoneInfo(rules.timezone), language)
        return TestView(title=rules.name[language], lines=(name.get(language, printer), f"{printer} · {hour}"))

    return Slips(
        view=view,
        test=test,
        layout=lambda: files.layout_hash,
        asset=files.file,
        job_id=lambda: token_urlsafe(9),
    )


@lru_cache(maxsize=1)
def _press() -> Press:
    """This machine's fonts, opened when a preview or a check first wants them. Raises NoFonts."""
    return press()


def _drawing(files: SlipFiles) -> Drawing:
    def preview(view: SlipView, paper: Paper, layout: SlipLayout, logo: bytes | None) -> bytes:
        try:
            return _press().preview(view, paper, layout=layout, logo=logo)
        except NoFonts as error:
            raise Unavailable(str(error)) from error

    def logo(agency: str | None) -> bytes | None:
        named = files.logo(agency)
        return files.file(named) if named else None

    return Drawing(preview=preview, layout=lambda: files.layout, logo=logo)


async def _watch_letters(parts: Parts, days: Days) -> None:
    """An alarm while a text that comes onto slips has letters that no font here can draw.

    Looked at anew when texts change. Agents have fonts of their own and refuse such a job; this says so before a
    citizen meets it.
    """
    checked: tuple[object, object] = (None, None)
    while True:
        rules, footer = parts.engine.state.rules, days.settings.slip.footer
        if rules is not checked[0] or footer is not checked[1]:
            with parts.engine.faults.part("letters"):
                parts.alarms[:] = await asyncio.to_thread(_undrawn, rules, footer)
                checked = (rules, footer)
                for said in parts.alarms:
                    log.error("slip_text_not_drawn", detail=said)
        await asyncio.sleep(LETTERS_S)


def _undrawn(rules: Rules, footer: dict[str, str]) -> list[str]:
    """One sentence each; nothing where this machine has no fonts to judge by."""
    try:
        drawing = _press()
    except NoFonts as error:
        log.info("slip_texts_not_checked", detail=str(error))
        return []
    missing: dict[str, str] = {}
    for place, text in texts_on_slips(rules, footer):
        if letters := drawing.uncovered(text):
            missing[place] = letters
    return [
        f"{place}: no font here can draw {letters} on slips; install one, or write it otherwise."
        for place, letters in missing.items()
    ]


def _topics(parts: Parts) -> dict[str, Build]:
    """How the view of each kind of topic is made."""
    engine = parts.engine

    def kiosk_of(subject: str) -> object:
        state = engine.state
        place = state.rules.kiosks.get(subject)
        named = place.printer if place else None
        printer = parts.printing.paper_of(named) if named else ("none", None)
        zone = ZoneInfo(state.rules.timezone)
        return kiosk_view(state, subject, engine.now(), engine.estimates, printer, tz=zone)

    def counter_of(subject: str) -> object:
        return desk_view(
            engine.state,
            subject,
            engine.now(),
            estimates=engine.expected,
            track_base=engine.state.rules.public_url,
            notes=notes_at(parts, subject),
        )

    def floor_of(subject: str) -> object:
        return floor_view(
            engine.state,
            engine.now(),
            engine.estimates,
            devices_of(parts),
            alarms_of(parts),
            agencies=frozenset((subject,)) if subject else None,
            clerks=_clerks(parts),
            unattended=parts.screens.missing(),
        )

    def ticket_of(subject: str) -> object:
        state = engine.state
        return ticket_page(state, state.ticket(subject), estimates=engine.expected, track_base=state.rules.public_url)

    return {
        "board": lambda subject: board_view(engine.state, subject),
        "counter": counter_of,
        "floor": floor_of,
        "kiosk": kiosk_of,
        "printers": lambda agency: view_of(parts, frozenset((agency,)) if agency else None),
        "ticket": ticket_of,
    }


def _clerks(parts: Parts) -> dict[str, str]:
    """Names by pseudonym; without them, while the registry does not answer, the floor shows the pseudonyms."""
    with parts.engine.faults.part("registry", "people"):
        return {person.id: person.name for person in parts.registry.people.list()}
    return {}


def _printer_changed(parts: Parts, printer: str) -> None:
    """The kiosks that print there, or would if their own could not, say so, and the floor sees it."""
    rules = parts.engine.state.rules
    for place in rules.kiosks.values():
        own = rules.printers.get(place.printer or "")
        if own is not None and printer in (own.id, own.fallback):
            parts.hub.touch(f"kiosk:{place.id}", at_once=True)
    parts.hub.touch("floor")
    _touch_printers(parts.hub)


def _slips_changed(hub: Hub, events: tuple[e.AnyEvent, ...]) -> None:
    if any(isinstance(event, e.SlipReported | e.SlipRequested) for event in events):
        _touch_printers(hub)


def _touch_printers(hub: Hub) -> None:
    _touch_all(hub, "printers")


def _touch_floor(hub: Hub) -> None:
    _touch_all(hub, "floor")


def _touch_all(hub: Hub, kind: str) -> None:
    for topic in hub.topics:
        if topic.partition(":")[0] == kind:
            hub.touch(topic)


def _page_routes(parts: Parts, *, demo: bool) -> list[web.RouteDef]:
    engine, pages = parts.engine, parts.pages
    kiosks = kiosk.pages.routes(pages, lambda ticket: f"{engine.state.rules.public_url}/t/{ticket}")
    displays = display.pages.routes(pages)
    return [
        *pages.routes(),
        *(open_house(kiosks, "kiosk", parts.doors, _guest_tokens(parts.registry)) if demo else kiosks),
        *(open_house(displays, "display", parts.doors, _guest_tokens(parts.registry)) if demo else displays),
        *staff_pages.routes(pages, lambda: engine.state.rules, demo=demo),
        *printing_routes(pages, lambda: parts),
    ]


def _guest_tokens(registry: Registry) -> Callable[[str, str], str]:
    """One token for each screen that is opened, made when it is first asked for."""
    made: dict[tuple[str, str], str] = {}

    def token_for(kind: str, name: str) -> str:
        if (kind, name) not in made:
            made[kind, name] = registry.tokens.create(Role(kind), name=name)
        return made[kind, name]

    return token_for


def _listen(host: str, port: int) -> socket.socket:
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


def _shown(host: str) -> str:
    """How an address is written in a URL; one that means every interface is shown as this machine's."""
    if host in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host


async def _settle(registry: Registry, journal: SqliteJournal, faults: Faults) -> None:
    """What devices say is written down once a minute, and words whose event never came are forgotten."""

    def named(reference: str) -> bool:
        return journal.mentions(reference, streams=3)

    while True:
        # a full disk is no reason to close the hall; the next minute tries again
        with faults.part("registry", "devices"):
            await asyncio.to_thread(registry.settle)
        with faults.part("registry", "words"):
            await asyncio.to_thread(registry.personal.sweep, named, older_than_ms=ORPHANED_MS)
        await asyncio.sleep(SETTLE_S)


async def _keep_running(name: str, run: Callable[[], Awaitable[None]], faults: Faults) -> None:
    """A part that must not end is begun again if it does; the fault is shown until it has run well for a while."""
    loop = asyncio.get_running_loop()
    while True:
        well = loop.call_later(WELL_S, faults.over, "part", name)
        try:
            await run()
        except Exception as error:  # noqa: BLE001 - one part's fault ends neither the others nor the server
            faults.note("part", name, error)
        finally:
            well.cancel()
        await asyncio.sleep(BEGIN_AGAIN_S)


def _leave_address(path: Path, url: str) -> None:
    """Where commands beside the server find it; a full disk, on which the old one may still be right, only says so."""
    try:
        if not path.exists() or path.read_text(encoding="utf-8") != url:
            path.write_text(url, encoding="utf-8")
    except OSError as error:
        log.warning("address_not_written", error=error.strerror)


async def _stop(tasks: list[asyncio.Task[None]], parts: Parts) -> None:
    parts.screens.close()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    parts.engine.note_stop()
