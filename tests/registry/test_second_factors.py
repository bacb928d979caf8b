"""Second factors: a code is good in its time and once; recovery codes stand in for it, each once."""

from __future__ import annotations

import pyotp
import pytest

from queue_server.registry.roles import Role
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
    registry.personal.empty_log()

    assert registry.second_factors.get(siti) is None
    assert registry.second_factors.remove(siti) is False
    assert secret.encode() not in place.bytes_on_disk()
