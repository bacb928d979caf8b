"""What the web edge needs of the house; compose fills it, and every handler reaches it through its `Ask`."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Callable
from weakref import WeakSet

from aiohttp import web
from msgspec import Struct, field

from queue_server.registry.store import Registry
from queue_server.service.engine import Engine
from queue_server.service.hub import Hub
from queue_server.service.printing import Printing
from queue_server.service.screens import Screens
from queue_server.settings import Settings
from queue_server.web.access import Doors
from queue_server.web.limits import Limit
from queue_server.web.meter import Meter
from queue_server.web.pages import Pages


class Limits(Struct, kw_only=True, eq=False):
    """One for each rule of `[limits]` that the web edge holds."""

    tickets: Limit = field(default_factory=Limit)
    lookups: Limit = field(default_factory=Limit)
    sign_in: Limit = field(default_factory=Limit)
    requests: Limit = field(default_factory=Limit)


class Parts(Struct, kw_only=True, eq=False):
    """`settings` gives config.toml as it was last taken; `version` is the program's."""

    engine: Engine
    hub: Hub
    registry: Registry
    printing: Printing
    screens: Screens
    settings: Callable[[], Settings]
    pages: Pages
    version: str
    boot: str
    doors: Doors
    reload: Callable[[], Settings] | None = None
    """Reads config.toml again; raises ConfigWrong."""
    meter: Meter = field(default_factory=Meter)
    limits: Limits = field(default_factory=Limits)
    linked: Tally[tuple[str, str]] = field(default_factory=Tally)
    """How many live connections each device has, by kind and id."""
    sockets: WeakSet[web.WebSocketResponse] = field(default_factory=WeakSet)


PARTS = web.AppKey("PARTS", Parts)
