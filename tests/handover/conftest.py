"""A whole server in the test's own loop: real engine, journal and registry files, a real port, a real client."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.web.edge import Edge, edge_at


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[Edge]:
    """The sample mall on a Tuesday morning at nine, on a clock that the test drives."""
    async with edge_at(tmp_path) as running:
        yield running
