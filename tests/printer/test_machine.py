"""The rules of evidence: what proves that a slip is on paper, or that it never will be."""

import pytest

from printer.machine import Ending, Limits, Owed, by_count, confirm_limit, given_up, without_count

OWED = Owed("ab12", before=100, whole=True)


@pytest.mark.parametrize("power", [False, True])
@pytest.mark.parametrize("cleared", [False, True])
def test_one_more_cut_is_a_slip(cleared: bool, power: bool):
    """A count that grew proves it, whatever else happened."""
    ending = by_count(OWED._replace(power=power), 101, cleared=cleared, can_clear=True)

    assert ending == Ending("printed", "counter")


def test_the_same_count_proves_nothing_before_clearing():
    """What is still queued may be cut yet."""
    assert by_count(OWED, 100, cleared=False, can_clear=True) is None


def test_the_same_count_after_clearing_is_no_slip():
    """And a piece may hang there."""
    ending = by_count(OWED, 100, cleared=True, can_clear=True)

    assert ending == Ending("not_printed", "counter", "lost", torn=True)


def test_a_printer_that_was_without_power_is_not_believed():
    """It may have forgotten its last cut."""
    ending = by_count(OWED._replace(power=True), 100, cleared=True, can_clear=True)

    assert ending is not None
    assert (ending.outcome, ending.reason) == ("unknown", "power")


def test_what_never_left_never_came_out():
    """Without the end of the job there is no cut: known without asking anybody."""
    partly = OWED._replace(whole=False, before=None)

    assert without_count(partly).outcome == "not_printed"
    assert given_up(partly, "unreachable") == Ending("not_printed", "none", "unreachable", torn=True)
    power = by_count(partly._replace(before=5, power=True), 5, cleared=True, can_clear=True)
    assert power is not None
    assert power.outcome == "not_printed"


@pytest.mark.parametrize("whole", [True, None])
def test_without_a_witness_nothing_is_said(whole: bool | None):
    """All bytes taken is no witness; nor is an agent that died."""
    assert without_count(OWED._replace(whole=whole)).outcome == "unknown"
    assert given_up(OWED._replace(whole=whole), "unreachable").outcome == "unknown"


def test_what_may_be_learned_later_stays_open():
    """Only a printer that counts can be asked again."""
    assert given_up(OWED, "unreachable").open is True
    assert given_up(OWED._replace(before=None), "unreachable").open is False


def test_a_slow_printer_gets_its_time():
    """A healthy printer is never cleared before eight seconds, nor before four times what a slip takes."""
    limits = Limits()

    assert confirm_limit(limits, length_mm=100, ms_per_mm=5) == 8.0
    assert confirm_limit(limits, length_mm=100, ms_per_mm=100) == 40.0
    assert confirm_limit(limits, length_mm=300, ms_per_mm=None) == 15.0
