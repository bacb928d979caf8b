"""How much paper is left is counted from where the sensor sits, and not believed at its first flicker."""

from printer.roll import CUT_FEED_MM, Roll


def test_a_flicker_is_not_believed():
    """The sensor must say the same twice."""
    roll = Roll(2500)

    assert roll.sensed(True) is False
    assert roll.sensed(False) is False
    assert roll.near_end is False
    assert roll.tickets_left is None


def test_twice_is_believed():
    """Then staff are told about how many tickets are left."""
    roll = Roll(2500)
    roll.sensed(True)

    assert roll.sensed(True) is True
    assert roll.tickets_left == 22


def test_paper_is_counted_from_the_sensors_first_word():
    """Each slip, and what the cut feeds, shortens what is left, to no less than nothing."""
    roll = Roll(500, near_end=True)
    for _slip in range(3):
        roll.printed(100)

    assert roll.mm_since == 3 * (100 + CUT_FEED_MM)
    assert roll.tickets_left == 1
    for _slip in range(10):
        roll.printed(100)
    assert roll.tickets_left == 0


def test_a_new_roll_starts_anew():
    """When the sensor sees paper again the count is forgotten."""
    roll = Roll(2500, near_end=True, mm_since=900, _said=True)

    roll.sensed(False)
    changed = roll.sensed(False)

    assert (changed, roll.near_end, roll.mm_since) == (True, False, 0.0)


def test_a_slips_length_is_learned():
    """Halls with long slips have fewer left."""
    long, short = Roll(2500, near_end=True), Roll(2500, near_end=True)
    for _slip in range(20):
        long.printed(150)
        short.printed(60)
    long.mm_since = short.mm_since = 0

    assert long.tickets_left is not None
    assert short.tickets_left is not None
    assert long.tickets_left < short.tickets_left
