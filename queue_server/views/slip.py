"""What a slip says, in the language that its citizen chose: ready strings, which the printer's agent only draws.

A slip tells the day and hour of issue, and the place in the queue as it is when the slip is made. What a ticket no
longer has (people ahead of somebody who was called) takes no paper.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo
from typing import get_args

from queue_server.domain import measures
from queue_server.domain.lifecycle import StepState
from queue_server.domain.records import Estimate, Ticket
from queue_server.domain.state import State
from queue_server.languages.catalogues import say
from queue_server.languages.locales import date_text, decimal_text, rtl, time_text
from queue_server.views.names import service_name
from queue_server.views.waits import place_in_line
from queue_server.wire.api import Texts, Wait
from queue_server.wire.printing import Fact, Listing, Sign, SignKind, SlipView, Track

_SIGNS = frozenset(get_args(SignKind))

SLIP = "slip"

HOUSE_TEXTS = (
    *("expected_wait", "documents", "follow", "no_counter"),
    *("no_wait", "wait_up_to", "wait_range", "wait_up_to_hours", "wait_range_hours"),
)
"""What slips say in the words of every screen."""


def slip_view(
    state: State, ticket: Ticket, *, estimates: Mapping[str, Estimate], tz: tzinfo, logo: str | None = None
) -> SlipView:
    """The slip of a ticket of today. `tz` is the mall's time zone, `logo` the hash of the agency's picture."""
    rules, language = state.rules, ticket.language
    service = rules.services.get(ticket.step.service)
    ahead, wait = _facts(state, ticket, estimates) if ticket.step.state is StepState.WAITING else (None, None)
    return SlipView(
        language=language,
        rtl=rtl(language),
        mall=_said(rules.name, language),
        agency=_said(rules.agencies[service.agency].name, language) if service else "",
        logo=logo,
        number=number_text(ticket.number),
        service=_said(service_name(rules, ticket.step.service), language),
        sign=_sign(state, ticket),
        date=date_text(ticket.issued_at, tz, language),
        time=time_text(ticket.issued_at, tz, language),
        ahead=ahead,
        wait=wait,
        then=_then(state, ticket),
        bring=_bring(state, ticket),
        track=_track(rules.public_url, ticket),
        copy=f"{say(SLIP, language, 'copy')} {ticket.slip.copy}" if ticket.slip.copy else None,
    )


def _facts(state: State, ticket: Ticket, estimates: Mapping[str, Estimate]) -> tuple[Fact, Fact | None]:
    """How many come before, and the wait that is made of them; or why nothing is known of it."""
    language = ticket.language
    ahead, told = place_in_line(state, ticket, estimates)
    value = say(SLIP, language, "no_counter") if told.wait_reason else wait_text(language, told.estimated_wait)
    count = ahead if told.wait_behind is None else told.wait_behind
    return people_ahead(language, count), expected_wait(language, value) if value else None


def people_ahead(language: str, count: int) -> Fact:
    return Fact(label=say(SLIP, language, "people_ahead"), value=str(count))


def expected_wait(language: str, wait: str) -> Fact:
    return Fact(label=say(SLIP, language, "expected_wait"), value=wait)


def number_text(number: str) -> str:
    """As people read it: the letters apart from the digits."""
    letters = number.rstrip("0123456789")
    return f"{letters} {number[len(letters) :]}" if letters and letters != number else number


def wait_text(language: str, wait: Wait | None) -> str:
    """A range in whole minutes up to ten, then in fives, from two hours on in half hours, as the screens say it.

    Empty where nothing is known.
    """
    if wait is None:
        return ""
    least, most = measures.told(wait.p50_s, wait.p90_s)
    if -(-wait.p90_s // 60) >= measures.HOURS_FROM:
        if least == 0 or least >= most:
            return say(SLIP, language, "wait_up_to_hours", max=decimal_text(most / 60, language))
        shortest, longest = decimal_text(least / 60, language), decimal_text(most / 60, language)
        return say(SLIP, language, "wait_range_hours", min=shortest, max=longest)
    if most == 0:
        return say(SLIP, language, "no_wait")
    if least == 0 or least >= most:
        return say(SLIP, language, "wait_up_to", max=most)
    return say(SLIP, language, "wait_range", min=least, max=most)


def _said(texts: Texts, language: str) -> str:
    """In the reader's language, or the first that there is."""
    return texts.get(language) or next(iter(texts.values()), "")


def _sign(state: State, ticket: Ticket) -> Sign | None:
    """Why its holder may wait less; what is usual needs no sign."""
    category = state.rules.categories.get(ticket.category)
    if category is None or category.id == "regular":
        return None
    kind: SignKind = category.id if category.id in _SIGNS else "other"  # type: ignore[assignment]
    return Sign(kind=kind, label=_said(category.name, ticket.language))


def _then(state: State, ticket: Ticket) -> Listing | None:
    """The rest of the journey, each service with its agency where that is another one."""
    rules, language = state.rules, ticket.language
    lines, here = [], rules.services.get(ticket.step.service)
    for step in ticket.steps[ticket.current + 1 :]:
        service = rules.services.get(step.service)
        line = _said(service_name(rules, step.service), language)
        if service is not None and here is not None and service.agency != here.agency:
            line += f", {_said(rules.agencies[service.agency].name, language)}"
        lines.append(line)
    return Listing(title=say(SLIP, language, "then"), lines=tuple(lines)) if lines else None


def _bring(state: State, ticket: Ticket) -> Listing | None:
    """The documents for this and the later services, each once."""
    lines: dict[str, None] = {}
    for step in ticket.steps[ticket.current :]:
        service = state.rules.services.get(step.service)
        known = service.documents if service else {}
        lines.update(dict.fromkeys(known.get(ticket.language) or next(iter(known.values()), ())))
    return Listing(title=say(SLIP, ticket.language, "documents"), lines=tuple(lines)) if lines else None


def _track(public_url: str, ticket: Ticket) -> Track | None:
    """The way to the ticket's own page, if phones have one to this server."""
    if not public_url:
        return None
    url = f"{public_url}/t/{ticket.id}"
    return Track(url=url, caption=say(SLIP, ticket.language, "follow"), line=url.partition("://")[2] or url)
