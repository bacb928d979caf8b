"""`antrean check` and what all commands share: exit statuses, help, errors on standard error."""

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from queue_server.cli import COMMANDS, antrean
from tests.fakes.films import picture
from tests.media.test_kinds import WEBM

HOUSE = Path(__file__).parent.parent.parent


@pytest.fixture
def run():
    """The command line as a program would be called."""
    return lambda *words: CliRunner().invoke(antrean, [str(word) for word in words])


def test_a_right_file_is_summed_up(run):
    """A file without mistakes gives its counts and exit status 0."""
    result = run("check", "--config", HOUSE / "config.toml")

    assert result.exit_code == 0
    assert result.stderr == ""
    assert result.stdout.startswith("config.toml is right.\n")
    assert (
        "24 agencies, 66 services, 6 categories, 48 counters, 4 zones, 2 kiosks, 3 printers, 5 boards" in result.stdout
    )
    assert "note:" not in result.stdout


def test_a_boards_folder_is_looked_through(run, tmp_path):
    """What it adds up to, and every file that is not shown or not as it should be, with what to do; no mistake."""
    text = (HOUSE / "config.toml").read_text(encoding="utf-8")
    named = text.replace('place = "between", seconds', 'place = "between", folder = "pictures", seconds')
    (tmp_path / "config.toml").write_text(named, encoding="utf-8")
    missing = run("check", "--config", tmp_path / "config.toml")
    folder = tmp_path / "pictures"
    folder.mkdir()
    (folder / "a.jpg").write_bytes(picture(form="JPEG"))
    (folder / "a.toml").write_text('alt = "Peta"')
    (folder / "b.doc").write_text("no picture")
    (folder / "film.webm").write_bytes(WEBM)

    result = run("check", "--config", tmp_path / "config.toml")

    assert "note: pictures/: There is no folder" in missing.stdout
    assert (missing.exit_code, result.exit_code) == (0, 0)
    assert "pictures/: 1 pictures, 0 videos" in result.stdout
    assert [line.partition(": ")[2].partition(":")[0] for line in result.stdout.splitlines() if "note:" in line] == [
        "pictures/b.doc",
        "pictures/film.webm",
    ]
    assert len(list(folder.iterdir())) == 4


def test_every_mistake_goes_to_standard_error(run, tmp_path):
    """All mistakes, one line each and nothing else, and exit status 1."""
    text = (HOUSE / "config.toml").read_text(encoding="utf-8")
    rows = text.replace('agency = "imigrasi"', 'agency = "imigrsi"', 1).replace('zone = "west"', 'zone = "wset"', 1)
    (tmp_path / "config.toml").write_text(rows, encoding="utf-8")
    lines = [number for number, row in enumerate(rows.splitlines(), 1) if "imigrsi" in row or "wset" in row]

    result = run("check", "--config", tmp_path / "config.toml")

    assert result.exit_code == 1
    assert result.stdout == ""
    assert result.stderr.splitlines() == [
        f'config.toml:{lines[0]}: services.paspor_baru.agency: there is no agency "imigrsi"; did you mean "imigrasi"?',
        f'config.toml:{lines[1]}: counters.28.zone: there is no zone "wset"; did you mean "west"?',
    ]


def test_letters_that_no_slip_can_show_are_mistakes(run, tmp_path):
    """The fonts of this machine are asked whether they have all letters of what comes onto slips."""
    text = (HOUSE / "config.toml").read_text(encoding="utf-8")
    (tmp_path / "config.toml").write_text(
        text.replace('en = "New passport"', 'en = "New \U000f0000"'), encoding="utf-8"
    )

    result = run("check", "--config", tmp_path / "config.toml")

    assert result.exit_code == 1
    assert "services.paspor_baru.name.en: no printer's font here can draw \U000f0000" in result.stderr


def test_a_printer_of_no_known_model_is_a_mistake(run, tmp_path):
    """With near names, and the place."""
    text = (HOUSE / "config.toml").read_text(encoding="utf-8")
    changed = text.replace("[printers.kiosk-2]\n", '[printers.kiosk-2]\nmodel = "TM-T88VI"\n')
    (tmp_path / "config.toml").write_text(changed, encoding="utf-8")

    result = run("check", "--config", tmp_path / "config.toml")

    assert result.exit_code == 1
    assert "printers.kiosk-2.model: no model of printers is called 'TM-T88VI'; near it: TM-T88V" in result.stderr


def test_what_looks_odd_is_noted(run, tmp_path):
    """A service without a counter is no mistake, but whoever edits the file hears of it."""
    text = (HOUSE / "config.toml").read_text(encoding="utf-8")
    (tmp_path / "config.toml").write_text(text.replace('services = ["tilang", ', "services = ["), encoding="utf-8")

    result = run("check", "--config", tmp_path / "config.toml")

    assert result.exit_code == 0
    assert "note: no counter serves tilang" in result.stdout


def test_a_language_that_nobody_can_speak_is_noted(run, tmp_path):
    """The file is right, and whoever edits it hears that displays only chime, and what to do."""
    text = (HOUSE / "config.toml").read_text(encoding="utf-8")
    changed = text.replace('[voices.id]\nengine = "auto"', '[voices.id]\nengine = "clips"')
    (tmp_path / "config.toml").write_text(changed, encoding="utf-8")

    result = run("check", "--config", tmp_path / "config.toml")

    assert changed != text
    assert result.exit_code == 0
    assert "note: Calls are not spoken in Indonesian: there are no recordings in" in result.stdout
    assert "`antrean speech clips id` lists them." in result.stdout


def test_a_file_that_is_not_there_says_what_to_do(run, tmp_path):
    """The refusal names the file and the option."""
    result = run("check", "--config", tmp_path / "config.toml")

    assert result.exit_code == 1
    assert (
        result.stderr
        == f"{tmp_path / 'config.toml'}: there is no such file; write one, or name another with --config\n"
    )


def test_wrong_usage_is_exit_status_2(run):
    """An unknown command or option is wrong usage, not a refusal."""
    assert run("inspect").exit_code == 2
    assert run("check", "--confg", "x").exit_code == 2


def test_help_lists_every_command_without_loading_any(run):
    """Help answers at once: no command's file is imported for it."""
    listing = "import sys; from queue_server.cli import antrean; antrean(['--help'], standalone_mode=False)"
    listing += "; sys.exit(sorted(name for name in sys.modules if name.startswith('queue_server.cli.')))"

    result = subprocess.run([sys.executable, "-c", listing], cwd=HOUSE, capture_output=True, text=True, timeout=30)

    assert result.stderr.strip() == "[]"
    for name in COMMANDS:
        assert f"\n  {name} " in result.stdout


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_has_help(run, name):
    """`--help` works for each, and begins with what the list of commands says."""
    result = run(name, "--help")

    assert result.exit_code == 0
    assert result.stdout.startswith(f"Usage: antrean {name}")


def test_the_module_is_the_same_program():
    """`python -m queue_server` is `antrean`."""
    result = subprocess.run(
        [sys.executable, "-m", "queue_server", "check"], cwd=HOUSE, capture_output=True, text=True, timeout=60
    )

    assert result.returncode == 0
    assert result.stdout.startswith("config.toml is right.")
