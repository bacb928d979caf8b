"""What every test may use; parts of one room stand in that room's own conftest."""

import asyncio
import os
from collections.abc import AsyncIterator

import pytest
from hypothesis import settings

pytest_plugins = ["tests.browser", "tests.loudspeaker"]

# how long an example takes says something about the machine, nothing about the code
settings.register_profile("house", deadline=None)
settings.load_profile("house")


def pytest_xdist_auto_num_workers() -> int:
    """Two tests a core at once: most of them wait for a server, a browser or a disk."""
    return 2 * (os.cpu_count() or 1)


SLOW = ("web/pages", "kiosk", "display", "whole", "crash", "cli", "printer", "speech")
"""Rooms whose tests wait for browsers, servers and machines. Their files are given out first: a slow one that came last
would be waited for by all workers but one."""


def _turn(item: pytest.Item) -> int:
    room = item.path.relative_to(item.config.rootpath / "tests").as_posix()
    return next((place for place, slow in enumerate(SLOW) if room.startswith(f"{slow}/")), len(SLOW))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """`-m "not browser"` leaves out what needs Chromium, without anybody marking it; `-m soak` asks for long runs."""
    items.sort(key=_turn)
    long = pytest.mark.skip(reason="long: asked for with -m soak")
    for item in items:
        names = getattr(item, "fixturenames", [])
        if "browser" in names:
            item.add_marker("browser")
        if item.get_closest_marker("soak") and "soak" not in config.getoption("markexpr"):
            item.add_marker(long)
        if item.get_closest_marker("asyncio"):
            # before the test's own fixtures, after the browser that the worker keeps
            names.insert(names.index("chromium") + 1 if "chromium" in names else 0, "nothing_left_running")


@pytest.fixture
async def nothing_left_running() -> AsyncIterator[None]:
    """All tests of a worker share one event loop, so what one leaves running would disturb those after it."""
    before = asyncio.all_tasks()
    yield
    left = {task for task in asyncio.all_tasks() - before if task is not asyncio.current_task()}
    forgotten = [task.get_coro() for task in left if not task.cancelling()]
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)
    assert forgotten == [], "left running"
