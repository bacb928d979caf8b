"""Who is next: due-time order with ties, credit, help_after, addresses, skills, appointments, and previews."""

from msgspec.structs import replace

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.domain.dispatch import due_at, next_for, order_for, order_of, people_ahead
from tests.domain.hall import MINUTE, MORNING, SECOND, TARGETS, Hall, counter, rules, service


def queue(hall: Hall, counter_: str) -> list[str]:
    return [place.ticket for place in order_for(hall.state, counter_)]


def test_equal_targets_give_first_come_first_served():
    """Whoever came first is due first, whichever of the counter's services it is."""
    hall = Hall()
    hall.open("1")
    for name, wanted in (("anna", "visa"), ("budi", "passport"), ("cici", "visa")):
        hall.issue(wanted, name)
        hall.later(SECOND)

    assert queue(hall, "1") == ["anna", "budi", "cici"]
    assert hall.call("1") == "anna"


def test_a_smaller_target_goes_ahead_but_starves_nobody():
    """An elderly citizen is due 20 minutes sooner, so passes those who came up to then, and nobody earlier."""
    hall = Hall()
    hall.open("2")
    hall.issue("passport", "long here")
    hall.later(1 * MINUTE)
    hall.issue("passport", "just here")
    hall.later(19 * MINUTE + 1)
    hall.issue("passport", "elder", category="elderly")

    assert queue(hall, "2") == ["long here", "elder", "just here"]


def test_ties_go_to_the_earlier_ticket():
    """Two due at the same moment: whose ticket is older comes first."""
    hall = Hall()
    hall.open("2")
    hall.issue("passport", "earlier")
    hall.later(20 * MINUTE)
    hall.issue("passport", "elder", category="elderly")

    assert due_at(hall.state, hall.ticket("earlier")) == due_at(hall.state, hall.ticket("elder"))
    assert queue(hall, "2") == ["earlier", "elder"]
    assert hall.call("2") == "earlier"


def test_ties_of_one_moment_go_to_the_lower_number():
    """Two tickets of the same millisecond: the lower number, whatever the prefix."""
    hall = Hall()
    hall.open("1")
    hall.issue("visa", "V001")
    hall.does(c.CancelTicket, ticket="V001")
    hall.issue("visa", "V002")
    hall.issue("passport", "P001")

    assert queue(hall, "1") == ["P001", "V002"]
    assert hall.call("1") == "P001"


def test_help_after_lets_a_counter_serve_its_own_first():
    """At a counter that helps only later, that service's due times count so much later, there alone."""
    hall = Hall(rules(counter("1", "passport", "visa", help_after={"visa": 10 * MINUTE})))
    hall.open("1", "3")
    hall.issue("visa", "helped")
    hall.later(10 * MINUTE - 1)
    hall.issue("passport", "own")
    hall.later(1)
    hall.issue("passport", "own too")

    assert queue(hall, "1") == ["own", "helped", "own too"]
    assert queue(hall, "3") == ["helped"]


def test_help_after_only_shifts_the_order():
    """A counter with nothing else takes the step at once."""
    hall = Hall(rules(counter("1", "passport", "visa", help_after={"visa": 60 * MINUTE})))
    hall.open("1")
    hall.issue("visa", "helped")

    (called,) = hall.does(c.CallNext, counter="1")

    assert called == e.TicketCalled(
        at=MORNING, counter="1", clerk="clerk 1", ticket="helped", due_at=MORNING + 90 * MINUTE, why="due"
    )


def test_an_address_is_called_only_there():
    """A step addressed to one counter is not seen by another, and is called with that reason."""
    hall = Hall()
    hall.open("1", "2")
    hall.issue("passport", "for 2", counter="2")

    nobody = hall.does(c.CallNext, counter="1")
    (called,) = hall.does(c.CallNext, counter="2")

    assert nobody == []
    assert isinstance(called, e.TicketCalled)
    assert (called.ticket, called.why) == ("for 2", "addressed")


def test_an_address_gives_no_priority():
    """Who waits for one counter alone is due like everybody else."""
    hall = Hall()
    hall.open("2")
    hall.issue("passport", "for all")
    hall.later(1)
    hall.issue("passport", "for 2", counter="2")

    assert queue(hall, "2") == ["for all", "for 2"]


def test_an_address_to_a_clerk_follows_the_clerk():
    """Wherever the clerk sits by then, that is where the step is called."""
    hall = Hall()
    hall.open("1", "2")
    hall.issue("passport", "for ani")
    hall.does(c.TransferTicket, counter="1", ticket="for ani", to_clerk="clerk 2")

    hall.does(c.CloseCounter, counter="1")
    hall.does(c.OpenCounter, counter="1", clerk="clerk 2")

    assert hall.states("for ani") == ["waiting"]
    assert hall.call("1") == "for ani"


def test_skills_only_narrow():
    """A clerk serves what counter and skills have in common; a skill that the counter lacks adds nothing."""
    hall = Hall()
    hall.does(c.OpenCounter, counter="1", clerk="ani", skills=("visa", "tax"))
    for wanted in ("passport", "tax", "visa"):
        hall.issue(wanted, wanted)

    assert hall.state.serves("1") == ("visa",)
    assert queue(hall, "1") == ["visa"]


def test_an_appointment_is_due_at_its_time():
    """Whatever the target: before its time it waits behind those due sooner, after it, it is late."""
    hall = Hall()
    hall.open("2")
    hall.issue("passport", "booked", booked_at=MORNING + 31 * MINUTE, category="elderly")
    hall.issue("passport", "due at 8:30")
    hall.later(2 * MINUTE)
    hall.issue("passport", "due at 8:32")

    assert queue(hall, "2") == ["due at 8:30", "booked", "due at 8:32"]


def test_another_target_costs_nothing_and_changes_the_order_at_once():
    """Due times are derived when compared, so new rules order the queue anew without touching it."""
    hall = Hall()
    hall.open("1")
    hall.issue("passport", "first")
    hall.later(MINUTE)
    hall.issue("visa", "second")
    urgent = rules(service("visa", "V", targets={**TARGETS, "regular": 0}))

    hall.does(c.SetRules, rules=urgent)

    assert queue(hall, "1") == ["second", "first"]


def test_a_preview_of_other_rules_changes_nothing():
    """A supervisor sees the order that other targets or help_after would give before saving them."""
    hall = Hall()
    hall.open("1")
    hall.issue("passport", "first")
    hall.later(MINUTE)
    hall.issue("visa", "second")
    urgent = rules(service("visa", "V", targets={**TARGETS, "regular": 0}))
    helping = rules(replace(hall.state.rules.counters["1"], help_after={"passport": 2 * MINUTE}))

    previews = [[place.ticket for place in order_for(hall.state.under(other), "1")] for other in (urgent, helping)]

    assert previews == [["second", "first"], ["second", "first"]]
    assert queue(hall, "1") == ["first", "second"]


def test_a_services_order_can_be_previewed_with_other_targets():
    """The order of one service, with due times, by other targets of its categories."""
    hall = Hall()
    hall.issue("passport", "regular")
    hall.later(MINUTE)
    hall.issue("passport", "elder", category="elderly")

    alike = rules(service("passport", "P", targets={"regular": MINUTE, "elderly": MINUTE}))
    now = [(place.ticket, place.due_at - MORNING) for place in order_of(hall.state, "passport")]
    equal = [place.ticket for place in order_of(hall.state.under(alike), "passport")]

    assert now == [("elder", 11 * MINUTE), ("regular", 30 * MINUTE)]
    assert equal == ["regular", "elder"]


def test_people_ahead_are_those_of_the_same_service_who_are_due_earlier():
    """Other services do not count, other categories do, nor does it matter whom a step is addressed to."""
    hall = Hall()
    hall.open("2")
    hall.issue("passport", "first")
    hall.issue("visa", "elsewhere")
    hall.later(MINUTE)
    hall.issue("passport", "second", counter="2")
    hall.issue("passport", "third")
    hall.issue("passport", "elder", category="elderly")

    ahead = {name: people_ahead(hall.state, hall.ticket(name)) for name in ("elder", "first", "second", "third")}

    assert ahead == {"elder": 0, "first": 1, "second": 2, "third": 3}


def test_nobody_waits_nobody_is_next():
    """An empty hall has no next."""
    hall = Hall()
    hall.open("1")

    assert next_for(hall.state, "1") is None
