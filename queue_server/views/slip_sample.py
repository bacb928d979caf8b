"""Slips of nobody: what a preview shows, and every text that may come onto one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo

from msgspec.structs import replace

from queue_server.domain.lifecycle import StepState
from queue_server.domain.records import Slip, Step, Ticket
from queue_server.domain.rules import Rules, Texts
from queue_server.domain.state import State
from queue_server.languages.catalogues import SOURCE, catalogue, say
from queue_server.views.slip import HOUSE_TEXTS, SLIP, expected_wait, people_ahead, slip_view, wait_text
from queue_server.wire.api import Wait
from queue_server.wire.printing import SlipView

TICKET = "Sample-0-000"
"""As long as a real ticket's id, so that the QR code is as fine as a real one's."""


def sample_service(rules: Rules, service: str | None = None) -> str:
    """The service that a sample is of: the one named, or the first with documents."""
    if service is not None and service in rules.services:
        return service
    return next((s.id for s in rules.services.values() if s.documents), next(iter(rules.services)))


def sample_slip(
    state: State, now: int, language: str, *, tz: tzinfo, service: str | None = None, copy: bool = False
) -> SlipView:
    """A full slip of that service, or of the first with documents: every part has something to say."""
    rules = state.rules
    first = sample_service(rules, service)
    other = next((s.id for s in rules.services.values() if s.agency != rules.services[first].agency), None)
    category = next((c for c in rules.categories if c != "regular"), "regular")
    ticket = Ticket(
        id=TICKET,
        number=f"{rules.services[first].prefix}012",
        prefix=rules.services[first].prefix,
        ordinal=12,
        category=category,
        language=language,
        day=state.day,
        issued_at=now,
        steps=[Step(service=first, state=StepState.PLANNED)] + ([Step(service=other)] if other else []),
        slip=Slip(copy=1 if copy else 0),
    )
    view = slip_view(state, ticket, estimates={}, tz=tz)
    wait = wait_text(language, Wait(p50_s=12 * 60, p90_s=20 * 60))
    return replace(view, ahead=people_ahead(language, 4), wait=expected_wait(language, wait))


def texts_on_slips(rules: Rules, footer: Texts) -> Iterator[tuple[str, str]]:
    """Where each text stands in config.toml, and the text; and our own words in the mall's languages."""
    named: list[tuple[str, Texts]] = [("mall.name", rules.name), ("slip.footer", footer)]
    named += [(f"agencies.{agency.id}.name", agency.name) for agency in rules.agencies.values()]
    named += [(f"services.{service.id}.name", service.name) for service in rules.services.values()]
    named += [(f"categories.{category.id}.name", category.name) for category in rules.categories.values()]
    for place, texts in named:
        yield from ((place, text) for text in texts.values())
    for service in rules.services.values():
        for lines in service.documents.values():
            yield from ((f"services.{service.id}.documents", line) for line in lines)
    for language in rules.languages:
        yield from ((f"language {language}", text) for text in own_words(language))


def own_words(language: str) -> list[str]:
    """Everything that a slip says beside the mall's own texts."""
    own = catalogue(SLIP, SOURCE)
    assert own is not None, "the source is always there"
    return [say(SLIP, language, key, min="1", max="2") for key in (*own.texts, *HOUSE_TEXTS)]
