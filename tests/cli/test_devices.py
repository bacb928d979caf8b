"""`antrean devices` and `antrean token`: machines let in, renamed, replaced and revoked beside a server."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from queue_server.cli import antrean
from queue_server.registry.roles import Role
from queue_server.registry.store import Registry, open_registry

SAMPLE = str(Path(__file__).parent.parent.parent / "config.toml")


class Shell:
    def __init__(self, data: Path) -> None:
        self.data = data

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(antrean, [*words, "--data", str(self.data)])

    def registry(self) -> Registry:
        return open_registry(self.data / "registry.db")

    def waiting(self) -> tuple[str, str]:
        """A screen's secret, and the code that it shows."""
        registry = self.registry()
        secret, pairing = registry.pairings.begin()
        registry.close()
        return secret, pairing.code


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path / "data")


def accepted(shell: Shell, *more: str, kind: str = "kiosk", id_: str = "kiosk-1") -> tuple[Result, str | None]:
    """What the command says, and whom the screen's code was accepted as."""
    secret, code = shell.waiting()
    ran = shell.run("devices", "accept", code, kind, id_, "--config", SAMPLE, *more)
    registry = shell.registry()
    pairing = registry.pairings.of(secret)
    registry.close()
    return ran, pairing.name if pairing else None


def test_a_code_is_accepted(shell: Shell):
    """As a kiosk of the file, or as one of several displays of a board."""
    kiosk = accepted(shell)
    west = accepted(shell, "--name", "west", kind="display", id_="hall")

    assert (kiosk[0].exit_code, kiosk[1]) == (0, "kiosk-1")
    assert (west[0].exit_code, west[1]) == (0, "west")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("XXXXXX", "kiosk", "kiosk-1"), "No screen shows that code"),
        (("XXXXXX", "kiosk", "kiosk-9"), 'There is no kiosk "kiosk-9"'),
        (("XXXXXX", "display", "nowhere"), 'There is no board "nowhere"'),
        (("XXXXXX", "kiosk", "kiosk-1", "--name", "other"), "A kiosk is called what config.toml calls it"),
    ],
)
def test_what_cannot_be_accepted_is_said(shell: Shell, words: tuple[str, ...], says: str):
    """Each mistake with what to do, and nothing is changed."""
    ran = shell.run("devices", "accept", *words, "--config", SAMPLE)

    assert ran.exit_code == 1
    assert says in ran.stderr


def test_a_machine_is_replaced_only_when_that_is_said(shell: Shell):
    """Two machines are never one kiosk by mistake."""
    registry = shell.registry()
    registry.tokens.create(Role.KIOSK, name="kiosk-1")
    registry.close()

    refused, _ = accepted(shell)
    replaced, name = accepted(shell, "--replace")

    assert (refused.exit_code, "say --replace" in refused.stderr) == (1, True)
    assert (replaced.exit_code, name) == (0, "kiosk-1")


def test_devices_are_listed_renamed_and_revoked(shell: Shell):
    """And who was never let in is not shown as a device."""
    nobody = shell.run("devices", "list")
    registry = shell.registry()
    registry.tokens.create(Role.DISPLAY, name="west", shows="hall")
    registry.close()

    listed = shell.run("devices", "list").stdout
    shell.run("devices", "rename", "display", "west", "east")
    renamed = shell.run("devices", "list").stdout
    revoked = shell.run("devices", "revoke", "display", "east")
    gone = shell.run("devices", "revoke", "display", "east")

    assert (nobody.stdout, "No machine is let in yet" in nobody.stderr) == ("", True)
    assert listed == "display\twest\thall\tnever\t-\n"
    assert renamed.startswith("display\teast\thall\t")
    assert (revoked.exit_code, gone.exit_code) == (0, 1)


def test_tokens_are_listed_rotated_and_revoked(shell: Shell):
    """The list holds no secret; a rotated token stands alone on standard output and lets in as the old one did."""
    old = shell.run("token", "--role", "manager", "--name", "figures", "--agency", "tax").stdout.strip()
    listed = shell.run("token", "list").stdout
    new = shell.run("token", "rotate", "1").stdout.strip()
    registry = shell.registry()
    found = [registry.tokens.find(bearer) for bearer in (old, new)]
    registry.close()
    revoked = shell.run("token", "revoke", "2")
    empty = shell.run("token", "list")
    everything = shell.run("token", "list", "--all").stdout

    assert listed == "1\tmanager\tfigures\tagency tax\tused never\n"
    assert found[0] is None
    assert found[1] is not None
    assert (found[1].role, found[1].name, found[1].agencies) == ("manager", "figures", ("tax",))
    assert (revoked.exit_code, empty.stdout, everything.count("revoked")) == (0, "", 2)


def test_who_asks_for_no_role_is_told(shell: Shell):
    """Wrong usage, as before there were other commands."""
    assert shell.run("token").exit_code == 2
