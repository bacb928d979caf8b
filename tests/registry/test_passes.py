"""Passes of commands on the server's own machine."""

from __future__ import annotations

import pytest

from queue_server.registry.passes import LIVES_MS, PREFIX, Passes

NOW = 1_790_000_000_000
RELOAD = "POST /api/v1/reload"


@pytest.fixture
def passes() -> Passes:
    return Passes(bytes(32))


def test_a_pass_is_good_once(passes: Passes):
    """Whoever reads it on its way finds it used; who is killed before leaves one that lapses."""
    shown = passes.make(RELOAD, NOW)

    assert passes.take(shown, RELOAD, NOW + 5)
    assert not passes.take(shown, RELOAD, NOW + 6)


def test_a_pass_lapses_after_a_minute(passes: Passes):
    """It is good for a minute, and not before it was made by more than that."""
    shown = passes.make(RELOAD, NOW)

    assert not passes.take(shown, RELOAD, NOW + LIVES_MS)
    assert not passes.take(shown, RELOAD, NOW - 1)
    assert passes.take(shown, RELOAD, NOW + LIVES_MS - 1)


@pytest.mark.parametrize("purpose", ["GET /api/v1/reload", "POST /api/v1/hall/hold", ""])
def test_a_pass_is_good_for_what_it_was_made_for(passes: Passes, purpose: str):
    """One question at one address; and none that another secret sealed."""
    shown = passes.make(RELOAD, NOW)

    assert not passes.take(shown, purpose, NOW)
    assert not Passes(bytes([1]) * 32).take(shown, RELOAD, NOW)


@pytest.mark.parametrize("odd", ["", ".", "..", "x.y.z", "\ud800", "9" * 5_000 + ".a.b", "\u0661.a.b"])
def test_what_is_no_pass_is_refused(passes: Passes, odd: str):
    """Whatever is shown, it is looked at and refused."""
    assert not passes.take(PREFIX + odd, RELOAD, NOW)
