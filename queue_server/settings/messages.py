"""What `[mail]`, `[recipients.ID]`, `[alerts.ID]` and `[schedules.ID]` may say: who is told, by what, of what."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from email.utils import parseaddr
from importlib.util import find_spec
from pathlib import Path as File

from queue_server.settings.mistakes import Mistakes, meant
from queue_server.settings.secrets import check_reference
from queue_server.settings.syntax import Path
from queue_server.settings.tables import Recipient, Settings
from queue_server.settings.values import NotWritten, span

FORMATS = ("csv", "pdf", "xlsx")
"""In which a report may be written."""

_ADDRESS = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+")
_URL = re.compile(r"https?://[^\s/?#@]+[^\s#]*")


def check_messages(settings: Settings, mistakes: Mistakes, folder: File | None) -> None:
    """Adds what is wrong; files are looked for in `folder`, if there is one."""
    _mail(settings, mistakes, folder)
    for id_, recipient in settings.recipients.items():
        _recipient(settings, mistakes, folder, ("recipients", id_), recipient)
    _refer(mistakes, ("audit", "to"), "recipient", settings.audit.to, settings.recipients)
    for id_, rule in settings.alerts.items():
        path = ("alerts", id_)
        _refer(mistakes, (*path, "agencies"), "agency", rule.agencies, settings.agencies)
        _refer(mistakes, (*path, "services"), "service", rule.services, settings.services)
        _refer(mistakes, (*path, "to"), "recipient", rule.to, settings.recipients)
    for id_, schedule in settings.schedules.items():
        path = ("schedules", id_)
        _refer(mistakes, (*path, "to"), "recipient", schedule.to, settings.recipients)
        _refer(mistakes, (*path, "formats"), "format", schedule.formats, FORMATS)
        if schedule.agency:
            _refer(mistakes, (*path, "agency"), "agency", (schedule.agency,), settings.agencies)
        if schedule.language:
            _refer(mistakes, (*path, "language"), "language", (schedule.language,), settings.mall.languages)


def _refer(mistakes: Mistakes, path: Path, what: str, names: Iterable[str], valid: Collection[str]) -> None:
    for place, name in enumerate(names):
        if name not in valid:
            wrong = f'there is no {what} "{name}"'
            mistakes.add(path, wrong, meant(name, valid, "take it out, or add what it names"), place)


def _mail(settings: Settings, mistakes: Mistakes, folder: File | None) -> None:
    mail = settings.mail
    check_reference(mistakes, folder, ("mail", "password_file"), mail.password_file)
    if mail.authority and folder and not (folder / mail.authority).is_file():
        wrong = f'there is no file "{mail.authority}"'
        mistakes.add(("mail", "authority"), wrong, "put it there, or take the key out")
    if mail.host and not _ADDRESS.fullmatch(parseaddr(mail.sender)[1]):
        mistakes.add(("mail", "sender"), "must be an address", 'write one like "antrean@example.id"')
    if mail.user and mail.security == "none":
        mistakes.add(
            ("mail", "user"), "its password would cross the network in the clear", 'take security = "starttls"'
        )
    if mail.user and not mail.password_file:
        mistakes.add(("mail", "user"), "has no password", "write it into a file and name that as password_file")


def _recipient(settings: Settings, mistakes: Mistakes, folder: File | None, path: Path, recipient: Recipient) -> None:
    _email(settings, mistakes, path, recipient)
    _webhook(mistakes, path, recipient)
    if recipient.apprise_file and find_spec("apprise") is None:
        mistakes.add((*path, "apprise_file"), "Apprise is not installed", "install its package, or take the key out")
    for key, file in (("secret_file", recipient.secret_file), ("apprise_file", recipient.apprise_file)):
        check_reference(mistakes, folder, (*path, key), file)
    if recipient.language:
        _refer(mistakes, (*path, "language"), "language", (recipient.language,), settings.mall.languages)
    for place, written in enumerate(recipient.quiet):
        try:
            span(written)
        except NotWritten as error:
            mistakes.add((*path, "quiet"), error.wrong, error.todo, place)


def _email(settings: Settings, mistakes: Mistakes, path: Path, recipient: Recipient) -> None:
    for place, address in enumerate(recipient.email):
        if not _ADDRESS.fullmatch(address):
            mistakes.add((*path, "email"), f'"{address}" is no address', 'write one like "name@example.id"', place)
    if recipient.email and not settings.mail.host:
        mistakes.add((*path, "email"), "no mail server is named", "write its name as host under [mail]")


def _webhook(mistakes: Mistakes, path: Path, recipient: Recipient) -> None:
    if recipient.webhook and not _URL.fullmatch(recipient.webhook):
        mistakes.add((*path, "webhook"), "is no address", 'write one like "https://example.id/hook"')
    if recipient.webhook and not recipient.secret_file:
        todo = "write whsec_ and 24 to 64 random bytes in base64 into a file and name that as secret_file"
        mistakes.add((*path, "webhook"), "nobody could tell who sent it without a secret", todo)
