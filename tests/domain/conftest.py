"""Long runs of the domain's tests wait until somebody asks for them: `pytest -m soak tests/domain`."""

import pytest


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if "soak" in str(config.option.markexpr):
        return
    for item in items:
        if "soak" in item.keywords:
            item.add_marker(pytest.mark.skip(reason="long: asked for with -m soak"))
