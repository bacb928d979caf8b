"""Whether what `[questions.ID]` and `[privacy]` say goes together: what is asked for, and what that is sealed by."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path as File

from queue_server.settings.asking import Question
from queue_server.settings.mistakes import Mistakes, meant
from queue_server.settings.secrets import check_reference
from queue_server.settings.syntax import Path
from queue_server.settings.tables import Settings


def questions_of(settings: Settings, service: str) -> Iterator[tuple[str, Question]]:
    """What may be asked of whoever comes for this service, by id, in the file's order."""
    return ((id_, one) for id_, one in settings.questions.items() if not one.services or service in one.services)


def check_questions(settings: Settings, mistakes: Mistakes, folder: File | None) -> None:
    """Adds what is wrong; files are looked for in `folder`, if there is one."""
    check_reference(mistakes, folder, ("privacy", "key_file"), settings.privacy.key_file)
    first: dict[tuple[str, str], str] = {}
    for id_, question in settings.questions.items():
        _check_number(id_, question, mistakes)
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


def _check_number(id_: str, question: Question, mistakes: Mistakes) -> None:
    """An identity number has a kind and a use; nothing else has what belongs to one."""
    path: Path = ("questions", id_)
    if question.asks != "identity":
        _check_word(path, question, mistakes)
        return
    if question.number is None:
        mistakes.add((*path, "number"), "is missing", "write nik, fin, georgia or pattern")
    elif question.number == "pattern":
        _check_pattern(path, question, mistakes)
    else:
        for name in ("shapes", "check_digits"):
            if getattr(question, name):
                wrong = f"a {question.number} has its own"
                mistakes.add((*path, name), wrong, 'take it out, or write number = "pattern"')
    if question.daily is None and not question.keep:
        mistakes.add((*path, "keep"), "a number that is neither kept nor counted is asked for nothing", "write daily")


def _check_word(path: Path, question: Question, mistakes: Mistakes) -> None:
    for name in ("number", "shapes", "check_digits", "daily"):
        if getattr(question, name):
            mistakes.add((*path, name), "is for identity numbers", 'take it out, or ask for the "identity"')
    if not question.keep:
        wrong = f"a {question.asks} that is not kept is asked for nothing"
        mistakes.add((*path, "keep"), wrong, "take the key out, or the whole question")


def _check_pattern(path: Path, question: Question, mistakes: Mistakes) -> None:
    if not question.shapes:
        mistakes.add((*path, "shapes"), "is missing", 'write how the number looks, such as ["999999999"]')
    elif question.check_digits == "luhn" and any(set(shape) != {"9"} for shape in question.shapes):
        mistakes.add((*path, "check_digits"), "Luhn's scheme is for digits alone", 'write "mod97", or shapes of 9')
