"""The command line: one file per command of `antrean`, each with `command: click.Command`.

Exit status: 0; 1 refused or failed, with what to do on standard error; 2 wrong usage.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import IO, Any, NamedTuple

import click

from queue_server.errors import AntreanError


class Place(NamedTuple):
    module: str
    help: str


#: Every command, in the order of `antrean --help`. A command's file is loaded when it is asked for, so that help and
#: completion do not wait for a whole server to be imported.
COMMANDS = {
    "serve": Place("serve", "Run the mall."),
    "demo": Place("demo", "A mall to try, open whatever the hour."),
    "check": Place("check", "Say every mistake in config.toml at once."),
    "reload": Place("reload", "Take a changed config.toml into the running server."),
    "replay": Place("replay", "Drive a recorded day through a whole server."),
    "printer": Place("printer", "Run the agent beside a printer, or try a printer."),
    "display": Place("display", "Run an LED panel over a counter, or print its calls."),
    "devices": Place("devices", "Let screens in, rename, replace and revoke devices."),
    "kiosk-setup": Place("kiosk_setup", "Make the files that turn a machine into a kiosk or a display."),
    "token": Place("token", "Make, list, rotate and revoke bearer tokens."),
    "user": Place("user", "Say who signs in: add, list, remove, password."),
    "privacy": Place("privacy", "Give out or forget what is kept of one citizen; keys."),
    "texts": Place("texts", "List a language's texts for a native speaker to review."),
    "speech": Place("speech", "Say what to record, check recordings, hear a call."),
    "report": Place("report", "Make a report as PDF, HTML or XLSX."),
    "export": Place("export", "Copy the whole history into a folder, as CSV."),
    "import": Place("history_import", "Take history from another system's log, or from an export."),
    "backup": Place("backup", "Copy the data folder into one encrypted file."),
    "restore": Place("restore", "Make a data folder of a backup, and prove it."),
    "verify": Place("verify", "Prove that the journal was not edited."),
    "rebuild": Place("rebuild", "Make the journal's tables and indexes again from its events."),
}


class Said(click.ClickException):
    """What went wrong, in our own words and nothing before them; exit status 1."""

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(self.message, file=file or sys.stderr)


class Antrean(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"queue_server.cli.{COMMANDS[cmd_name].module}").command
        command.name = cmd_name
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, place.help) for name, place in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except AntreanError as error:
            raise Said(error.detail) from error


@click.group(cls=Antrean, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="antrean", prog_name="antrean")
def antrean() -> None:
    """Antrean runs the queues of a public service mall."""


def main() -> None:
    antrean(prog_name="antrean")
