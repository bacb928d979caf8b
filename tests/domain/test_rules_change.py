"""Which changes to the rules a day can take, and what is said about the others."""

from msgspec import structs
from msgspec.structs import replace

from queue_server.domain.rules import Agency, Category, Counter, Prefix, Rules, Service, Zone
from queue_server.domain.rules_change import InUse, breaking_changes

NAME = {"id": "x"}


def service(id_: str, prefix: str, **more) -> Service:
    return Service(id=id_, agency="dukcapil", name=NAME, prefix=prefix, targets={"regular": 60_000}, **more)


def rules(*services: Service, **more) -> Rules:
    return Rules(
        **{
            "name": NAME,
            "languages": ("id",),
            "timezone": "Asia/Jakarta",
            "agencies": {"dukcapil": Agency(id="dukcapil", name=NAME)},
            "services": {one.id: one for one in services},
            "counters": {"1": Counter(id="1", label="1", zone="north", services=("ktp",))},
            "zones": {"north": Zone(id="north", name=NAME)},
            "categories": {"regular": Category(id="regular", name=NAME)},
            **more,
        }
    )


OLD = rules(service("ktp", "A"), service("kia", "C"))
BUSY = InUse(
    services=frozenset({"ktp"}),
    counters=frozenset({"1"}),
    prefixes=frozenset({"A"}),
    categories=frozenset({"regular"}),
)


def test_a_service_may_join_a_series_of_its_agency():
    """A prefix that is shared goes on counting for one more service."""
    joined = rules(service("ktp", "A"), service("kia", "A"))
    elsewhere = rules(service("ktp", "A"), replace(service("kia", "A"), agency="pajak"))

    assert breaking_changes(OLD, joined, BUSY) == []
    assert breaking_changes(joined, OLD, BUSY) == []
    assert breaking_changes(OLD, elsewhere, BUSY) == ["The prefix A cannot go to kia: ktp gave numbers with it today."]


def test_a_prefix_that_looks_like_one_of_today_is_refused():
    """Its series would begin anew, and numbers that were given would be seen a second time."""
    idle = replace(BUSY, services=frozenset())

    for id_ in ("ktp", "kia"):
        new = rules(service("ktp", "А" if id_ == "ktp" else "B"), service("kia", "А" if id_ == "kia" else "C"))
        assert breaking_changes(OLD, new, idle) == [
            f"The prefix А of {id_} looks like A: numbers were given with it today."
        ]


def test_most_changes_are_taken():
    """Hours, targets, quotas, new services and what nobody uses may change at any time."""
    new = rules(
        service("ktp", "A", open=((0, 1),), quota=3), service("new", "D"), timezone="Asia/Jakarta", name={"id": "y"}
    )

    assert breaking_changes(OLD, new, BUSY) == []


def test_the_same_rules_are_taken():
    """A reload of an unchanged file says nothing."""
    assert breaking_changes(OLD, OLD, BUSY) == []


def test_a_service_with_tickets_cannot_go():
    """Somebody waits for it."""
    new = rules(service("kia", "C"))

    assert breaking_changes(OLD, new, BUSY) == ["The service ktp cannot go: tickets for it are not over."]
    assert breaking_changes(OLD, new, InUse()) == []


def test_a_service_with_tickets_keeps_its_prefix():
    """Its numbers are on slips and screens."""
    new = rules(service("ktp", "K"), service("kia", "C"))

    assert breaking_changes(OLD, new, BUSY) == [
        "The service ktp cannot change its prefix A to K: tickets for it are not over."
    ]
    assert breaking_changes(OLD, new, InUse()) == []


def test_a_prefix_used_today_does_not_change_hands():
    """Two services with numbers of one prefix on one day could not be told apart."""
    new = rules(service("ktp", "K"), service("kia", "A"))

    assert breaking_changes(OLD, new, InUse(prefixes=frozenset({"A"}))) == [
        "The prefix A cannot go to kia: ktp gave numbers with it today."
    ]
    assert breaking_changes(OLD, new, InUse()) == []


def test_numbers_of_a_prefix_go_on_as_they_began():
    """Another start or step in the middle of a day could give a number twice; another end cannot."""
    longer = structs.replace(OLD, prefixes={"A": Prefix(end=500)})
    other = structs.replace(OLD, prefixes={"A": Prefix(start=100)})

    assert breaking_changes(OLD, longer, BUSY) == []
    assert breaking_changes(OLD, other, BUSY) == [
        "The numbers of the prefix A cannot start or step otherwise: some were given today."
    ]
    assert breaking_changes(OLD, other, InUse()) == []


def test_an_open_counter_and_a_category_in_use_cannot_go():
    """A clerk sits there; a ticket is in it."""
    new = structs.replace(OLD, counters={}, categories={})

    assert breaking_changes(OLD, new, BUSY) == [
        "The counter 1 cannot go: it is open.",
        "The category regular cannot go: tickets in it are not over.",
    ]


def test_a_counter_to_which_somebody_may_come_back_cannot_go():
    """Whoever was parked there or did not come may still come; what was called there once is history."""
    new = structs.replace(OLD, counters={})

    assert breaking_changes(OLD, new, InUse(awaited=frozenset({"1"}))) == [
        "The counter 1 cannot go: somebody who was called there may come back to it."
    ]
    assert breaking_changes(OLD, new, InUse(awaited=frozenset({"1"}), counters=frozenset({"1"}))) == [
        "The counter 1 cannot go: it is open."
    ]


def test_what_has_gone_already_hinders_nothing():
    """A state that names what the rules no longer have (a journal of an older version) may be reloaded still."""
    gone = InUse(
        services=frozenset({"x"}), counters=frozenset({"x"}), awaited=frozenset({"y"}), categories=frozenset({"x"})
    )

    assert breaking_changes(OLD, structs.replace(OLD, name={"id": "y"}), gone) == []


def test_the_time_zone_stays_for_the_day():
    """The day's bounds are set in it."""
    new = structs.replace(OLD, timezone="Asia/Makassar")

    assert breaking_changes(OLD, new, InUse()) == ["The time zone Asia/Jakarta cannot change within a day."]


def test_every_reason_is_said():
    """Whoever edits the file hears all of it at once."""
    new = rules(service("kia", "A"), counters={})

    assert len(breaking_changes(OLD, new, BUSY)) == 3
