"""What `[questions.ID]` and `[privacy]` may say: which personal word a service asks for, and what it is sealed by."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path as File

from queue_server.settings.mistakes import Mistakes, meant
from queue_server.settings.secrets import check_reference
from queue_server.settings.tables import Question, Settings


def questions_of(settings: Settings, service: str) -> Iterator[tuple[str, Question]]:
    """What may be asked of whoever comes for this service, by id, in the file's order."""
    return ((id_, one) for id_, one in settings.questions.items() if not one.services or service in one.services)


def check_questions(settings: Settings, mistakes: Mistakes, folder: File | None) -> None:
    """Adds what is wrong; files are looked for in `folder`, if there is one."""
    check_reference(mistakes, folder, ("privacy", "key_file"), settings.privacy.key_file)
    first: dict[tuple[str, str], str] = {}
    for id_, question in settings.questions.items():
        path = ("questions", id_, "services")
        for place, service in enumerate(question.services):
            if service not in settings.services:
                wrong = f'there is no service "{service}"'
                todo = meant(service, settings.services, "take it out, or add what it names")
                mistakes.add(path, wrong, todo, place)
        for service in question.services or settings.services:
            other = first.setdefault((question.asks, service), id_)
            if other != id_:
                wrong = f'"{service}" is asked for the {question.asks} by {other} already'
                mistakes.add(path, wrong, "name other services, or take one of the two out")
                break
