"""No guide puts a secret into the arguments of a command, where everybody on the machine sees it."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from queue_server.cli import COMMANDS, antrean

HOUSE = Path(__file__).parents[2]
GUIDES = [HOUSE / "README.md", HOUSE / "CONTRIBUTING.md", *(HOUSE / "docs").rglob("*.md")]

SHOWN = re.compile(
    r"--token[ =]|--password[ =]|--secret[ =]|-u \S+:\S+|AGE-SECRET-KEY-1|whsec_[A-Za-z0-9+/]{8}"
    r"|(curl|wget) [^\n]*(Authorization: Bearer|[?&]token=|://[^\s/]+:[^\s/]+@)"
)


def commands(text: str) -> list[str]:
    """What is set as code: lines that are set in, and blocks."""
    return [line for line in text.replace("\\\n", " ").splitlines() if line.startswith(("    ", "\t", "$ "))]


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: path.relative_to(HOUSE).as_posix())
def test_no_guide_shows_a_secret_to_the_machine(guide: Path):
    """Tokens and passwords are asked for, read from standard input, a file or the environment."""
    assert [line for line in commands(guide.read_text(encoding="utf-8")) if SHOWN.search(line)] == []


def test_what_is_looked_for_is_found():
    """The rule sees the ways in which it was ever done wrong."""
    wrong = (
        "    antrean printer --server x --token T\n    curl -H 'Authorization: Bearer abc' x\n    curl -u ani:1234 x\n"
    )

    assert len([line for line in commands(wrong) if SHOWN.search(line)]) == 3


def test_no_command_wants_a_secret_as_an_argument():
    """Whatever takes one takes where it is: a file, standard input, a variable (as the printer's token)."""
    wanted = {"password", "secret", "pin", "passphrase"}
    found = []

    def look(command: click.Command, name: str) -> None:
        for parameter in command.params:
            if parameter.name in wanted:
                found.append(f"{name} {parameter.name}")
            if parameter.name == "token" and not parameter.envvar:
                found.append(f"{name} {parameter.name}")
        for sub, inner in getattr(command, "commands", {}).items():
            look(inner, f"{name} {sub}")

    with click.Context(antrean) as context:
        for name in COMMANDS:
            command = antrean.get_command(context, name)
            assert command is not None
            look(command, name)

    assert found == []
