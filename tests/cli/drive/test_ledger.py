"""Adding up what the API said: losses, duplicates, waits."""

from queue_server.cli.drive.ledger import Ledger, tally
from queue_server.wire.api import StepView, TicketSlip, TicketView, Wait


def ticket(
    id_: str = "t1",
    number: str = "AA001",
    state: str = "waiting",
    *,
    called: str | None = None,
    told: Wait | None = None,
) -> TicketView:
    step = StepView(
        service="s",
        agency="a",
        state=state,
        queued_at="2020-01-13T08:00:00.000Z",
        first_called_at=called and f"2020-01-13T{called}Z",
    )
    return TicketView(
        id=id_,
        number=number,
        state=state,
        category="regular",
        language="en",
        day="2020-01-13",
        issued_at="2020-01-13T08:00:00.000Z",
        steps=(step,),
        people_ahead=0,
        estimated_wait=told,
        track_url="",
        slip=TicketSlip(state="none"),
    )


def test_whoever_was_issued_and_not_served_is_lost():
    """Lost are those who are neither served nor a no-show nor cancelled."""
    ledger = Ledger()
    for place, state in enumerate(["served", "no_show", "cancelled", "expired", "waiting"]):
        ledger.issued(ticket(f"t{place}", f"AA00{place}"), "a", None)
        ledger.became(ticket(f"t{place}", f"AA00{place}", state))

    counted = tally(ledger.courses.values())

    assert (counted.issued, counted.served, counted.no_show, counted.cancelled, counted.lost) == (5, 1, 1, 1, 2)
    assert len(ledger.not_served()) == 4


def test_a_number_that_is_given_twice_is_a_duplicate():
    """Two tickets with one number, whoever holds them."""
    ledger = Ledger()

    ledger.issued(ticket("t1", "AA001"), "a", None)
    ledger.issued(ticket("t2", "AA001"), "b", None)

    assert ledger.duplicates == ["AA001"]


def test_a_ticket_that_is_called_at_two_counters_is_a_duplicate():
    """And so is one that was never issued here."""
    ledger = Ledger()
    ledger.issued(ticket("t1", "AA001"), "a", None)

    for called in (ticket("t1", "AA001"), ticket("t1", "AA001"), ticket("t9", "AA009")):
        ledger.called(called)

    assert ledger.duplicates == ["AA001", "AA009"]


def test_waits_are_those_of_the_answers():
    """From queued to first call, whole seconds; beside what was recorded and what was told."""
    ledger = Ledger()
    ledger.issued(ticket("t1", "AA001", told=Wait(p50_s=600, p90_s=900)), "a", 90_500)
    ledger.issued(ticket("t2", "AA002", told=Wait(p50_s=59, p90_s=90)), "a", None)
    ledger.issued(ticket("t3", "AA003"), "a", None)

    ledger.called(ticket("t1", "AA001", called="08:10:00.999"))
    ledger.called(ticket("t2", "AA002", called="08:01:20.000"))

    counted = tally(ledger.courses.values())
    assert (counted.waits, counted.recorded, counted.called) == ((80, 600), (90,), 2)
    assert (counted.within_p50, counted.within_p90, counted.off_s) == (0.5, 1.0, 0)


def test_of_nobody_called_there_is_no_wait():
    """An agency that called nobody has no wait, and no estimate of one was off."""
    assert tally([]).off_s is None
