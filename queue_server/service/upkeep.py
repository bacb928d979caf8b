"""What keeps the server's parts going: one that ends is begun again, and the registry is tidied up."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from queue_server.domain.acts import ActKind
from queue_server.journal.sqlite import SqliteJournal
from queue_server.registry.store import Registry
from queue_server.service.faults import Faults
from queue_server.settings.tables import Privacy

EVERY_S = 60.0

BEGIN_AGAIN_S = 1.0
"""So long after a part of the server has ended it is begun again."""

DAY_MS = 86_400_000

WELL_S = 60.0
"""A part that runs for so long works again."""

ORPHANED_MS = 10 * 60_000
"""After so long no request that kept personal words is still on its way to its event."""


async def keep_running(name: str, run: Callable[[], Awaitable[None]], faults: Faults) -> None:
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


async def keep_registry(
    registry: Registry, journal: SqliteJournal, faults: Faults, privacy: Callable[[], Privacy]
) -> None:
    """What devices say is written down once a minute, words whose event never came are forgotten, and addresses that
    were kept long enough, which is noted each time that any were.
    """

    def named(reference: str) -> bool:
        return journal.mentions(reference, streams=3)

    while True:
        # a full disk is no reason to close the hall; the next minute tries again
        with faults.part("registry", "devices"):
            await asyncio.to_thread(registry.write_down)
        with faults.part("registry", "words"):
            await asyncio.to_thread(registry.personal.sweep, named, older_than_ms=ORPHANED_MS)
        with faults.part("registry", "retention"):
            await asyncio.to_thread(forget_addresses, registry, privacy().addresses)
        await asyncio.sleep(EVERY_S)


def forget_addresses(registry: Registry, after_ms: int) -> None:
    """Once a day at most, so that the journal says of each day that it was done, and how many went."""
    acts = registry.acts
    if acts.swept_within(DAY_MS):
        return
    gone = acts.forget_before(registry.now() - after_ms)
    acts.note(ActKind.RETENTION_RAN, about="addresses", details={"gone": gone})
