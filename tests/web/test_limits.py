"""At most so many in any stretch of so long."""

from __future__ import annotations

import pytest

from queue_server.errors import RateLimited
from queue_server.settings import Rate
from queue_server.web.edge.limits import ASKERS, Limit, asker_at

TWO = Rate(count=2, per_ms=10_000)


def test_the_window_slides():
    """Two in ten seconds: the third must wait until the first is ten seconds old."""
    limit = Limit("lookups")
    limit.count("a", TWO, 0.0)
    limit.count("a", TWO, 6.0)

    with pytest.raises(RateLimited) as refused:
        limit.check("a", TWO, 7.5)
    limit.check("a", TWO, 10.0)
    limit.check("b", TWO, 7.5)

    assert refused.value.fields == {"retry_after_s": 3}


def test_off_is_no_limit():
    """None lets everybody through and remembers nobody."""
    limit = Limit("lookups")
    for _ in range(100):
        limit.count("a", None, 0.0)

    limit.check("a", TWO, 0.0)


def test_memory_is_bounded():
    """However many ask, only so many are remembered, and the one who was quiet longest goes first."""
    limit = Limit("lookups")
    for number in range(ASKERS + 1):
        limit.count(str(number), Rate(count=1, per_ms=10_000), 0.0)

    limit.check("0", Rate(count=1, per_ms=10_000), 0.0)
    with pytest.raises(RateLimited):
        limit.check("1", Rate(count=1, per_ms=10_000), 0.0)


@pytest.mark.parametrize(
    ("address", "asker"),
    [
        ("10.0.0.7", "10.0.0.7"),
        ("::ffff:10.0.0.7", "10.0.0.7"),
        ("2001:db8:1:2::3", "2001:0db8:0001:0002"),
        ("2001:db8:1:2:ffff::9", "2001:0db8:0001:0002"),
        (None, ""),
    ],
)
def test_an_address_stands_for_its_network(address: str | None, asker: str):
    """A machine with endless IPv6 addresses is one asker."""
    assert asker_at(address) == asker
