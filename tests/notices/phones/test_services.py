"""The hall is told of a push service that is in trouble, and of nothing that a phone made up."""

from __future__ import annotations

from queue_server.notices.phones.endpoints import NoSuchPlace
from queue_server.notices.phones.services import IN_A_ROW, Services

HOST = "fcm.googleapis.com"


def test_a_name_that_leads_nowhere_is_the_phones_own_affair():
    """However many tickets say it."""
    services = Services()

    told = [services.failed("made-up.push.apple.com", f"t{n}", NoSuchPlace(), of_phone=False) for n in range(9)]

    assert not any(told)
    assert services.all_well()


def test_a_service_that_took_messages_and_fails_is_told_of():
    """At once, whatever the reason, until it takes one again."""
    services = Services()
    services.took(HOST)

    assert services.failed(HOST, "t1", NoSuchPlace(), of_phone=False)
    assert not services.all_well()
    services.took(HOST)
    assert services.all_well()


def test_a_refusal_of_one_phone_is_none_of_the_service():
    """What one phone gave is refused again and again; only phones of several tickets make a trouble of it."""
    services = Services()
    services.took(HOST)

    alone = [services.failed(HOST, "t1", None, of_phone=True) for _ in range(20)]
    others = [services.failed(HOST, f"t{n}", None, of_phone=True) for n in range(2, IN_A_ROW + 1)]

    assert not any(alone)
    assert others[-1]


def test_a_service_that_never_took_any_is_told_of_after_several_tickets():
    """The line is down since the start, or the mall's key is refused."""
    services = Services()

    told = [services.failed(HOST, f"t{n}", OSError(), of_phone=False) for n in range(IN_A_ROW)]

    assert told == [False] * (IN_A_ROW - 1) + [True]
