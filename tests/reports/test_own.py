"""A clerk's own day beside what is usual for them."""

from __future__ import annotations

from queue_server.reports.numbers import Group
from queue_server.reports.own import own_day
from queue_server.reports.words import Words
from queue_server.wire.stats import CounterTime
from tests.views.hall import RULES

DAY = Group(issued=12, count=11, served=10, no_shows=1, service_half=240, walk=20)
USUAL = Group(issued=400, count=390, served=380, service_half=300, walk=30)
TIME = CounterTime(
    open_s=9_000, serving_s=3_600, walking_s=300, idle_waiting_s=600, idle_s=900, paused_s=1_200, paused_by={}
)


def test_usual_is_of_one_day_and_not_of_all():
    """Of twenty days with 380 people, nineteen are usual."""
    day = own_day(DAY, USUAL, 20, TIME, (), Words("en", RULES), lambda at: at)
    tiles = {tile.id: (tile.said, tile.notes) for tile in day.tiles}

    assert tiles["served"] == ("10", ("usual (20 days): 19",))
    assert tiles["service"] == ("4 min", ("usual (20 days): 5 min",))
    assert tiles["walk"] == ("20 s", ("usual (20 days): 30 s",))
    assert tiles["missed"][0] == "1"
    assert tiles["time"][0] == "1 h"
    assert "25 min" in tiles["time"][1][0]  # free, whether somebody waited or not
    assert "20 min" in tiles["time"][1][1]


def test_whoever_is_new_has_nothing_usual():
    """And whoever served nobody is told that."""
    new = own_day(DAY, Group(), 0, None, (), Words("en", RULES), lambda at: at)
    nobody = own_day(Group(), USUAL, 20, TIME, (), Words("en", RULES), lambda at: at)

    assert [tile.notes for tile in new.tiles] == [(), (), (), ()]
    assert (nobody.finding, nobody.tiles) == ("You called nobody on this day.", ())
