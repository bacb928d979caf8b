"""`antrean token`: the token alone on standard output, in a folder that need not be there yet."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import chdir
from pathlib import Path

import pytest
from click.testing import CliRunner

from queue_server.cli import antrean
from queue_server.registry.roles import Role
from queue_server.registry.store import open_registry
from queue_server.settings import load

SAMPLE = Path(__file__).parent.parent.parent / "config.toml"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path) -> Iterator[Path]:
    """A folder without a config.toml."""
    with chdir(tmp_path):
        yield tmp_path


@pytest.mark.parametrize("role", [role.value for role in Role])
def test_the_token_stands_alone_and_lets_in(tmp_path: Path, role: str):
    """Whatever the role, a script can take standard output as the token, and the server knows it."""
    data = tmp_path / "new" / "data"
    agency = () if role == Role.ADMIN else ("--agency", "tax")

    ran = CliRunner().invoke(
        antrean, ["token", "--role", role, "--name", "N", "--counter", "7", *agency, "--data", str(data)]
    )

    registry = open_registry(data / "registry.db")
    found = registry.tokens.find(ran.stdout.strip())
    registry.close()
    assert (ran.exit_code, ran.stderr, ran.stdout.count("\n")) == (0, "", 1)
    assert found is not None
    assert (found.role, found.name, found.counter, found.agencies) == (role, "N", "7", ("tax",) if agency else None)


@pytest.mark.parametrize("role", ["kiosk", "printer", "display"])
def test_a_device_without_its_name_is_warned_of(tmp_path: Path, role: str):
    """Without it nobody knows which device this is; the token is made all the same, alone on standard output."""
    ran = CliRunner().invoke(antrean, ["token", "--role", role, "--data", str(tmp_path / "data")])

    assert (ran.exit_code, ran.stdout.count("\n")) == (0, 1)
    assert ran.stdout.startswith("antrean_")
    assert ran.stderr == (
        f"warning: without --name the server cannot tell which {role} this is; make another with its id.\n"
    )


@pytest.mark.parametrize(
    ("options", "doubt"),
    [
        (["--role", "clerk", "--counter", "999"], 'config.toml here has no counter "999"'),
        (["--role", "clerk", "--agency", "dukcapill"], 'no agency "dukcapill"; did you mean "dukcapil"?'),
        (["--role", "printer", "--name", "dest"], 'no printer "dest"; did you mean "desk"?'),
        (["--role", "clerk", "--counter", "1", "--agency", "dukcapil"], ""),
        (["--role", "kiosk", "--name", "not-listed"], ""),
        (["--role", "supervisor"], ""),
    ],
)
def test_what_the_file_here_does_not_have_is_warned_of(tmp_path: Path, options: list[str], doubt: str):
    """Where the mall's file is in the folder, a counter, agency or printer that it lacks is named with the nearest."""
    (tmp_path / "config.toml").write_bytes(SAMPLE.read_bytes())

    ran = CliRunner().invoke(antrean, ["token", *options, "--data", str(tmp_path / "data")])

    assert (ran.exit_code, ran.stdout.count("\n")) == (0, 1)
    assert doubt in ran.stderr
    assert ran.stderr.count("\n") == bool(doubt)


def test_a_wrong_file_here_is_not_the_tokens_matter(tmp_path: Path):
    """What cannot be read tells nothing; `antrean check` says why."""
    (tmp_path / "config.toml").write_text("[mall", encoding="utf-8")

    ran = CliRunner().invoke(antrean, ["token", "--role", "clerk", "--counter", "999", "--data", str(tmp_path / "d")])

    assert (ran.exit_code, ran.stderr) == (0, "")


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


@pytest.mark.parametrize("narrowed", ["--agency", "--counter", "--name"])
def test_an_empty_word_opens_nothing(tmp_path: Path, narrowed: str):
    """A script whose variable was empty gets a refusal, no token that is good for every agency."""
    data = tmp_path / "data"

    ran = CliRunner().invoke(antrean, ["token", "--role", "clerk", narrowed, "", "--data", str(data)])

    registry = open_registry(data / "registry.db")
    made = registry.tokens.list()
    registry.close()
    assert (ran.exit_code, ran.stdout, made) == (1, "", [])
    assert narrowed.removeprefix("--") in ran.stderr


def test_a_display_may_be_for_one_board(tmp_path: Path):
    """`--shows` names it; a board that the file here lacks, an empty one and another role are wrong usage."""
    (tmp_path / "config.toml").write_bytes(SAMPLE.read_bytes())
    board = next(iter(load(SAMPLE).boards))
    data = ("--data", str(tmp_path / "data"))

    made = CliRunner().invoke(antrean, ["token", "--role", "display", "--name", "tv", "--shows", board, *data])
    wrong = [
        CliRunner().invoke(antrean, ["token", "--role", role, "--name", "tv", "--shows", shows, *data]).exit_code
        for role, shows in (("display", board + "x"), ("display", ""), ("clerk", board))
    ]
    registry = open_registry(tmp_path / "data" / "registry.db")
    (token,) = registry.tokens.list()
    registry.close()

    assert (made.exit_code, token.shows, wrong) == (0, board, [2, 2, 2])
    assert f"board {board}" in CliRunner().invoke(antrean, ["token", "list", *data]).stdout
