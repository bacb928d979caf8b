"""What every test may use; parts of one room stand in that room's own conftest."""

import pytest
from hypothesis import settings

pytest_plugins = ["tests.browser"]

# how long an example takes says something about the machine, nothing about the code
settings.register_profile("house", deadline=None)
settings.load_profile("house")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """`-m "not browser"` leaves out what needs Chromium, without anybody marking it; `-m soak` asks for long runs."""
    long = pytest.mark.skip(reason="long: asked for with -m soak")
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
        if item.get_closest_marker("soak") and "soak" not in config.getoption("markexpr"):
            item.add_marker(long)
