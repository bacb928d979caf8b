"""`antrean user`: people come and go, and secrets never stand in an argument."""

from __future__ import annotations

import asyncio
import json
from contextlib import closing
from pathlib import Path

import pyotp
from click.testing import CliRunner, Result

from queue_server.cli import antrean
from queue_server.database import open_file
from queue_server.registry.roles import Role
from queue_server.registry.store import open_registry
from tests.waiting import until
from tests.web.edge import edge_at
from tests.web.test_citizens import acts

HOUSE = Path(__file__).parent.parent.parent


def user(folder: Path, *words: str, secret: str | None = None) -> Result:
    return CliRunner().invoke(antrean, ["user", *words, "--data", str(folder)], input=secret)


def test_somebody_is_added_listed_changed_and_removed(tmp_path: Path):
    """The whole life of a sign-in, as an administrator types it."""
    added = user(
        tmp_path,
        *("add", "Siti", "--role", "clerk", "--agency", "pajak", "--skills", "ktp_el, skck"),
        *("--config", str(HOUSE / "config.toml")),
        secret="471108\n",
    )
    listed = user(tmp_path, "list")
    changed = user(tmp_path, "password", "siti", secret="081594\n")
    registry = open_registry(tmp_path / "registry.db")
    old, new = (registry.people.check("Siti", secret) for secret in ("471108", "081594"))
    registry.close()
    removed = user(tmp_path, "remove", "Siti")
    registry = open_registry(tmp_path / "registry.db")
    kept = {(act.what, act.by) for act in registry.acts.waiting()}
    registry.close()

    assert kept == {(what, "machine") for what in ("person_added", "secret_set", "person_removed")}
    assert [ran.exit_code for ran in (added, listed, changed, removed)] == [0, 0, 0, 0]
    assert listed.stdout.split("\t")[:4] == ["Siti", "clerk", "pajak", "ktp_el,skck"]
    assert old is None
    assert new is not None
    assert new.id in removed.stdout
    assert "Nobody signs in yet" in user(tmp_path, "list").stderr


def test_what_cannot_be_is_said_in_one_line(tmp_path: Path):
    """A name that is taken, a secret too short, somebody unknown: exit status 1 and what to do."""
    user(tmp_path, "add", "Siti", "--role", "clerk", secret="471108\n")

    refused = [
        user(tmp_path, "add", "SITI", "--role", "clerk", secret="471108\n"),
        user(tmp_path, "add", "Budi", "--role", "clerk", secret="1\n"),
        user(tmp_path, "remove", "Budi"),
    ]

    assert [(ran.exit_code, ran.stderr.count("\n")) for ran in refused] == [(1, 1)] * 3
    assert "antrean user list" in refused[2].stderr


def test_skills_are_services_of_the_mall(tmp_path: Path):
    """Who may serve only what there is not could never call anybody; without the mall's file it is said so."""
    config = str(HOUSE / "config.toml")
    words = ("add", "Siti", "--role", "clerk", "--skills")

    unknown = user(tmp_path, *words, "ktp_el,skkc", "--config", config, secret="471108\n")
    mistaken = user(tmp_path, "list")
    unchecked = user(tmp_path, *words, "skkc", "--config", str(tmp_path / "none.toml"), secret="471108\n")

    assert (unknown.exit_code, unknown.stderr.count("\n")) == (1, 1)
    assert 'no service "skkc"' in unknown.stderr
    assert 'did you mean "skck"?' in unknown.stderr
    assert "Nobody signs in yet" in mistaken.stderr
    assert (unchecked.exit_code, "was not checked" in unchecked.stderr) == (0, True)


def test_a_device_does_not_sign_in(tmp_path: Path):
    """Roles of machines are wrong usage here."""
    assert user(tmp_path, "add", "K1", "--role", "kiosk", secret="471108\n").exit_code == 2


def test_somebody_chooses_a_secret_by_a_link_is_suspended_and_restored(tmp_path: Path):
    """As the page of people does it; who is suspended is found by no secret, and no session of theirs is left."""
    user(tmp_path, "add", "Siti", "--role", "clerk", secret="471108\n")
    link = user(tmp_path, "link", "siti").stdout.strip()
    registry = open_registry(tmp_path / "registry.db")
    person = registry.people.named("siti")
    assert person is not None
    linked = registry.links.find(link.rpartition("#")[2])
    cookie = registry.sessions.start(person.id, 60_000)

    suspended = user(tmp_path, "suspend", "siti")
    out = (registry.people.check("siti", "471108"), registry.sessions.find(cookie))
    restored = user(tmp_path, "restore", "siti")
    back = registry.people.check("siti", "471108")
    registry.sessions.start(person.id, 60_000)
    signed_out = user(tmp_path, "sign-out", "siti")
    left = registry.sessions.of(person.id)
    registry.close()

    assert linked is not None
    assert (linked.person, out) == (person.id, (None, None))
    assert back is not None
    assert [ran.exit_code for ran in (suspended, restored, signed_out)] == [0, 0, 0]
    assert ("1 browsers" in signed_out.stdout, left) == (True, [])


def test_a_lost_second_factor_is_taken_away(tmp_path: Path):
    """The password alone lets in again, and it is on record; who has none is told so."""
    user(tmp_path, "add", "Siti", "--role", "admin", secret="kuda hijau 17 lari\n")
    with closing(open_registry(tmp_path / "registry.db")) as registry:
        siti = registry.people.named("Siti")
        assert siti is not None
        secret = registry.second_factors.offer(siti.id)
        assert registry.second_factors.accept(siti.id, pyotp.TOTP(secret).now())

    done = user(tmp_path, "reset-second-factor", "siti")
    twice = user(tmp_path, "reset-second-factor", "siti")

    with closing(open_registry(tmp_path / "registry.db")) as registry:
        noted = [act.what for act in registry.acts.waiting()]
        assert registry.second_factors.get(siti.id) is None
    assert (done.exit_code, twice.exit_code) == (0, 1)
    assert "second_factor_removed" in noted


def test_a_badge_is_given_and_taken_away(tmp_path: Path):
    """Its number is read, never an argument; it is on record, and the number is not on the disk."""
    user(tmp_path, "add", "Siti", "--role", "clerk", secret="471108\n")

    given = user(tmp_path, "badge", "siti", secret="0012345678\n")
    with closing(open_registry(tmp_path / "registry.db")) as registry:
        found = registry.badges.find("0012345678")
    gone = user(tmp_path, "badge", "siti", "--remove")
    twice = user(tmp_path, "badge", "siti", "--remove")

    with closing(open_registry(tmp_path / "registry.db")) as registry:
        noted = [act.details for act in registry.acts.waiting() if act.what == "badge_set"]
    assert found is not None
    assert [ran.exit_code for ran in (given, gone, twice)] == [0, 0, 1]
    assert noted == [{"badge": "set"}, {"badge": "removed"}]


async def test_all_about_a_clerk_is_given_out_and_forgotten(tmp_path: Path):
    """Account, sessions, addresses and what they did; erased, the pseudonym alone stays, and nothing says whose."""
    async with edge_at(tmp_path) as edge:
        registry, data = edge.parts.registry, tmp_path / "data"
        siti = registry.people.add("Siti", Role.CLERK, secret="471108")
        await edge.post("/sign-in", {"name": "Siti", "password": "471108"})
        registry.acts.was_at(siti.id, "10.0.0.7", edge.engine.now())
        registry.write_down()
        await until(lambda: acts(edge, "sign_in"))

        given = await asyncio.to_thread(user, data, "export", "siti")
        erased = await asyncio.to_thread(user, data, "erase", "Siti", "--yes")

        kept = json.loads(given.stdout)
        assert kept["person"]["name"] == "Siti"
        assert [one["address"] for one in kept["sessions"]] == ["127.0.0.1"]
        assert [place[0] for place in kept["places"]] == ["10.0.0.7"]
        assert ("sign_in", siti.id) in [(one["what"], one["by"]) for one in kept["did"]]
        assert list(kept["addresses"].values()) == ["127.0.0.1"]
        assert "471108" not in given.stdout
        assert erased.exit_code == 0
        assert registry.people.named("Siti") is None
        assert registry.acts.places(siti.id, 0, registry.now()) == []
        assert registry.acts.addresses(kept["addresses"]) == {}
        assert b"Siti" not in (data / "journal.db").read_bytes()


def test_a_list_steers_no_terminal(tmp_path: Path):
    """A name that an older version took is printed with its signs as numbers."""
    with closing(open_registry(tmp_path / "registry.db")) as registry:
        registry.people.add("Siti", Role.CLERK)
    with closing(open_file(tmp_path / "registry.db")) as db:
        db.execute("UPDATE people SET name = 'Siti' || char(27) || '[2J'")

    listed = CliRunner().invoke(antrean, ["user", "list", "--data", str(tmp_path)])

    assert "Siti\\u001b[2J" in listed.stdout
    assert "\x1b" not in listed.stdout
