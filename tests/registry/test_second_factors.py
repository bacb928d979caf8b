"""Second factors: a code is good in its time and once; recovery codes stand in for it, each once."""

from __future__ import annotations

from contextlib import closing

import pyotp
import pytest

from queue_server.database import open_file
from queue_server.errors import Unavailable
from queue_server.registry.keys import fresh
from queue_server.registry.roles import Role
from queue_server.registry.schema import MIGRATIONS
from queue_server.registry.second_factors import STEP_MS
from queue_server.registry.store import Registry
from tests.registry.conftest import Place


def code(secret: str, place: Place, steps: int = 0) -> str:
    return pyotp.TOTP(secret).at((place.now + steps * STEP_MS) // 1000)


def another(right: str) -> str:
    """Six digits that are wrong, whatever the right ones are."""
    return f"{(int(right) + 1) % 1_000_000:06}"


@pytest.fixture
def siti(registry: Registry) -> str:
    return registry.people.add("Siti", Role.ADMIN, secret="kuda hijau 17 lari").id


def set_up(registry: Registry, place: Place, person: str) -> tuple[str, tuple[str, ...]]:
    secret = registry.second_factors.offer(person)
    codes = registry.second_factors.accept(person, code(secret, place))
    assert codes is not None
    place.now += 2 * STEP_MS
    return secret, codes


def test_it_counts_once_the_app_has_shown_that_it_has_it(registry: Registry, place: Place, siti: str):
    """What was only offered is asked for by nobody, and a wrong code does not accept it."""
    secret = registry.second_factors.offer(siti)
    wrong = registry.second_factors.accept(siti, another(code(secret, place)))
    before = registry.second_factors.get(siti)

    codes = registry.second_factors.accept(siti, code(secret, place))

    after = registry.second_factors.get(siti)
    assert (wrong, before) == (None, None)
    assert codes is not None
    assert after is not None
    assert (after.set_at, after.recovery, len(set(codes))) == (place.now, 10, 10)


def test_a_code_is_good_once_and_none_before_it(registry: Registry, place: Place, siti: str):
    """The code that set it up, one that was used, and an earlier one let nobody in."""
    secret = registry.second_factors.offer(siti)
    first = code(secret, place)
    registry.second_factors.accept(siti, first)
    replayed = registry.second_factors.take(siti, first)
    place.now += 5 * STEP_MS
    earlier, present = code(secret, place, -1), code(secret, place)

    taken = [registry.second_factors.take(siti, one) for one in (present, present, earlier)]

    assert replayed is None
    assert taken == ["app", None, None]


@pytest.mark.parametrize(("steps", "good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_phones_clock_may_be_half_a_minute_off(registry: Registry, place: Place, siti: str, steps: int, good: bool):
    """Codes of the half minute before and after are good, no others; spaces do not matter."""
    secret, _codes = set_up(registry, place, siti)
    place.now += 10 * STEP_MS
    shown = code(secret, place, steps)

    taken = registry.second_factors.take(siti, f" {shown[:3]} {shown[3:]}")

    assert (taken == "app") is good


def test_a_recovery_code_is_good_once_and_for_one_person(registry: Registry, place: Place, siti: str):
    """However it is typed; another's is not."""
    budi = registry.people.add("Budi", Role.ADMIN, secret="kuda hijau 17 lari").id
    _secret, codes = set_up(registry, place, siti)
    set_up(registry, place, budi)
    typed = codes[0].lower().replace("-", " ")

    taken = [registry.second_factors.take(person, typed) for person in (budi, siti, siti)]

    left = registry.second_factors.get(siti)
    assert taken == [None, "recovery", None]
    assert left is not None
    assert left.recovery == 9
    assert codes[1].encode() not in place.bytes_on_disk()


def test_setting_it_up_anew_ends_the_old_one(registry: Registry, place: Place, siti: str):
    """Until the new app's code the old one counts; then neither it nor its recovery codes."""
    old, codes = set_up(registry, place, siti)
    new = registry.second_factors.offer(siti)
    during = registry.second_factors.take(siti, code(old, place))
    place.now += 2 * STEP_MS

    registry.second_factors.accept(siti, code(new, place))
    place.now += 2 * STEP_MS

    taken = [registry.second_factors.take(siti, one) for one in (code(old, place), codes[0], code(new, place))]
    assert during == "app"
    assert taken == [None, None, "app"]


def test_who_is_removed_takes_it_along(registry: Registry, place: Place, siti: str):
    """Nothing of it stays in the file; taking away what is not there says so."""
    secret, _codes = set_up(registry, place, siti)
    registry.people.remove(siti)
    registry.write_down()

    assert registry.second_factors.get(siti) is None
    assert registry.second_factors.remove(siti) is False
    assert secret.encode() not in place.bytes_on_disk()


def test_the_file_alone_computes_no_code(registry: Registry, place: Place, siti: str):
    """Neither what counts nor what was only offered stands readable in it."""
    secret, _codes = set_up(registry, place, siti)
    offered = registry.second_factors.offer(siti)
    registry.write_down()

    assert [one for one in (secret, offered) if one.encode() in place.bytes_on_disk()] == []


def test_it_belongs_to_one_person(registry: Registry, place: Place, siti: str):
    """Whoever can write the file and moves somebody's secret to another's row opens nothing by it."""
    budi = registry.people.add("Budi", Role.ADMIN, secret="kuda hijau 17 lari").id
    ours, _codes = set_up(registry, place, budi)
    set_up(registry, place, siti)
    with closing(open_file(place.path)) as db:
        db.execute(
            "UPDATE second_factors SET secret = (SELECT secret FROM second_factors WHERE person = ?) WHERE person = ?",
            (budi, siti),
        )

    taken = [registry.second_factors.take(person, code(ours, place)) for person in (siti, budi)]

    assert taken == [None, "app"]


def test_an_older_registrys_are_carried_forward_and_sealed(place: Place):
    """They go on at once, and what lay open is gone from the file once the server has looked."""
    secret = pyotp.random_base32()
    with closing(open_file(place.path)) as db:
        MIGRATIONS.apply(db, stop_before="m_second_factors_are_sealed")
        db.execute("INSERT INTO people (id, name, role, created_at) VALUES ('p1', 'Siti', 'admin', 1)")
        db.execute("INSERT INTO second_factors (person, secret, set_at) VALUES ('p1', ?, 1)", (secret,))
    registry = place.open()
    before = registry.second_factors.take("p1", code(secret, place))
    left = registry.sealed_by_others()
    place.now += 2 * STEP_MS

    registry.second_factors.seal_anew()

    assert (before, left, registry.sealed_by_others()) == ("app", 1, 0)
    assert secret.encode() not in place.bytes_on_disk()
    assert registry.second_factors.take("p1", code(secret, place)) == "app"


def test_the_malls_key_is_exchanged_without_a_pause(registry: Registry, place: Place, siti: str):
    """Old and new key stand side by side until all is sealed by the new one; then the old one may go."""
    secret, _codes = set_up(registry, place, siti)
    file, new = place.path.with_name("personal.key"), fresh()
    file.write_text(f"{new}\n{file.read_text()}")
    registry.read_keys_again()
    left = registry.sealed_by_others()

    registry.second_factors.seal_anew()

    file.write_text(new)
    after = place.open()
    assert (left, after.sealed_by_others()) == (1, 0)
    assert after.second_factors.take(siti, code(secret, place)) == "app"


def test_without_the_key_recovery_codes_still_count(registry: Registry, place: Place, siti: str):
    """An app's code cannot be computed, and that is said; with another key it is wrong, and the upkeep says so."""
    secret, codes = set_up(registry, place, siti)
    file = place.path.with_name("personal.key")
    file.unlink()
    without = place.open()

    with pytest.raises(Unavailable, match="Put the file back"):
        without.second_factors.take(siti, code(secret, place))
    recovered = without.second_factors.take(siti, codes[0])
    file.write_text(fresh())
    other = place.open()
    with pytest.raises(Unavailable, match="not there any more"):
        other.second_factors.seal_anew()

    assert recovered == "recovery"
    assert other.second_factors.take(siti, code(secret, place)) is None
    anew, _codes = set_up(other, place, siti)
    other.second_factors.seal_anew()
    assert other.second_factors.take(siti, code(anew, place)) == "app"
