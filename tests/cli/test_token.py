"""`antrean token`: the token alone on standard output, in a folder that need not be there yet."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from queue_server.cli import antrean
from queue_server.registry.roles import Role
from queue_server.registry.store import open_registry


@pytest.mark.parametrize("role", [role.value for role in Role])
def test_the_token_stands_alone_and_lets_in(tmp_path: Path, role: str):
    """Whatever the role, a script can take standard output as the token, and the server knows it."""
    data = tmp_path / "new" / "data"

    ran = CliRunner().invoke(
        antrean, ["token", "--role", role, "--name", "N", "--counter", "7", "--agency", "tax", "--data", str(data)]
    )

    registry = open_registry(data / "registry.db")
    found = registry.tokens.find(ran.stdout.strip())
    registry.close()
    assert (ran.exit_code, ran.stderr, ran.stdout.count("\n")) == (0, "", 1)
    assert found is not None
    assert (found.role, found.name, found.counter, found.agency) == (role, "N", "7", "tax")


def test_a_token_is_made_beside_an_open_registry(tmp_path: Path):
    """A running server is not in the way and lets the token in at once."""
    server = open_registry(tmp_path / "registry.db")

    ran = CliRunner().invoke(antrean, ["token", "--role", "kiosk", "--data", str(tmp_path)])

    assert server.tokens.find(ran.stdout.strip()) is not None
    server.close()


def test_a_wrong_role_is_wrong_usage(tmp_path: Path):
    """Exit status 2 and the roles there are; nothing is made."""
    ran = CliRunner().invoke(antrean, ["token", "--role", "boss", "--data", str(tmp_path / "data")])

    assert ran.exit_code == 2
    assert "supervisor" in ran.stderr
    assert not (tmp_path / "data").exists()


def test_a_folder_that_cannot_be_is_said(tmp_path: Path):
    """Where the data folder is a file, one line says so."""
    (tmp_path / "data").write_text("")

    ran = CliRunner().invoke(antrean, ["token", "--role", "kiosk", "--data", str(tmp_path / "data" / "in")])

    assert ran.exit_code == 1
    assert str(tmp_path / "data") in ran.stderr
