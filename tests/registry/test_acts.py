"""Who did what, on its way into the journal: kept at once, bounded, and without addresses before long."""

from __future__ import annotations

from contextlib import suppress

from queue_server.database import BUSY_MS
from queue_server.domain.acts import ActKind
from queue_server.registry.acts import Acts
from queue_server.registry.file import RegistryFile
from queue_server.registry.store import Registry
from tests.registry.conftest import Place


def test_an_act_waits_until_the_journal_has_it(place: Place, registry: Registry):
    """What was noted outlives a crash, and is asked for no more once it is told of as noted."""
    registry.acts.note(ActKind.SIGN_IN, by="p1", address="10.0.0.7")
    again = place.open()

    (act,) = again.acts.waiting()
    again.acts.noted([act])

    assert (act.what, act.by, act.address, act.at) == ("sign_in", "p1", "10.0.0.7", place.now)
    assert again.acts.waiting() == []
    assert again.acts.addresses([act.act]) == {act.act: "10.0.0.7"}


def test_what_is_no_code_does_not_get_through(registry: Registry):
    """A typed name, a sentence or 50 KB of text becomes a question mark before it can reach the chain."""
    registry.acts.note(ActKind.REFUSED, by="Siti Aminah", about="x" * 65, why="a b", details={"role": "clerk\n"})

    (act,) = registry.acts.waiting()

    assert (act.by, act.about, act.why, act.details) == ("?", "?", "?", {"role": "?"})


def test_refusals_that_are_alike_are_counted(registry: Registry):
    """A thousand guesses at one account from one address are two rows: the first at once, the rest as a number."""
    for _ in range(1000):
        registry.acts.note(ActKind.SIGN_IN_REFUSED, about="p1", why="secret", address="10.0.0.7")
    at_once = [act.times for act in registry.acts.waiting()]
    registry.acts.write()

    assert at_once == [1]
    assert sorted(act.times for act in registry.acts.waiting()) == [1, 999]


def test_refusals_from_many_addresses_are_bounded(registry: Registry):
    """Whoever has a million addresses fills neither the memory nor the journal with them."""
    for number in range(2000):
        registry.acts.note(ActKind.SIGN_IN_REFUSED, about="p1", why="secret", address=f"2001:db8::{number:x}")
    registry.acts.write()

    acts = registry.acts.waiting(5000)

    assert len(acts) == 502
    assert sum(act.times for act in acts) == 2000


def test_an_act_stands_or_falls_with_its_change(place: Place):
    """Noted within a transaction that fails, nothing was done and nothing is told."""
    file = RegistryFile(place.path, lambda: place.now, BUSY_MS)
    acts = Acts(file)

    with suppress(LookupError), file.change() as connection:
        acts.note(ActKind.TOKEN_REVOKED, about="token:7", within=connection)
        raise LookupError
    found = acts.waiting()
    file.close()

    assert found == []


def test_places_are_known_as_long_as_they_are_kept(place: Place, registry: Registry):
    """From where somebody acted is one row a stay; what is older than wanted is gone, from the disk as well."""
    for number, address in enumerate(("10.0.0.7", "10.0.0.7", "10.0.0.8", "10.0.0.7")):
        registry.acts.was_at("p1", address, place.now + number * 1_000)
    held = registry.acts.places("p1", 0, place.now + 9_000)
    registry.acts.write()
    stays = registry.acts.places("p1", 0, place.now + 9_000)
    registry.acts.was_at("p1", "10.0.0.7", place.now + 300_000)
    registry.acts.write()
    goes_on = registry.acts.places("p1", place.now + 200_000, place.now + 200_000)

    gone = registry.acts.forget_before(place.now + 400_000)

    at = place.now
    assert held == stays
    assert stays == [
        ("10.0.0.7", at, at + 1_000),
        ("10.0.0.8", at + 2_000, at + 2_000),
        ("10.0.0.7", at + 3_000, at + 3_000),
    ]
    assert goes_on == [("10.0.0.7", at + 3_000, at + 300_000)]
    assert gone == 3
    assert registry.acts.places("p1", 0, place.now + 400_000) == []
