"""What a phone shows, in its language: the number, and what to do now. Pure.

It stands on a locked screen, so it says no more than the hall's displays do: no category, and the service's name only
where the mall says so.
"""

from __future__ import annotations

import msgspec
from msgspec import Struct

from queue_server.domain.records import Ticket
from queue_server.domain.state import State
from queue_server.languages.catalogues import say
from queue_server.languages.locales import rtl
from queue_server.notices.phones.saying import Saying
from queue_server.notices.wording import in_language
from queue_server.views.names import service_name
from queue_server.views.slip import number_text
from queue_server.views.ticket import where

PAGE = "ticket"


class Shown(Struct, frozen=True, kw_only=True):
    """What ticket/worker.js reads. All messages of a ticket have one `tag`: the newest takes the others' place."""

    heading: str
    body: str
    tag: str
    leads: str
    lang: str
    dir: str
    insists: bool


def worded(state: State, ticket: Ticket, saying: Saying, language: str, *, names_service: bool) -> bytes:
    """The message, as it is sealed."""
    rules = state.rules
    number = number_text(ticket.number)
    label, direction = where(state, ticket)

    def said(key: str, **values: object) -> str:
        return say(PAGE, language, key, **values)

    if saying.kind in ("called", "again"):
        heading = f"{number}: {said('counter')} {label or ticket.step.counter or ''}"
        way = in_language(direction, language, rules.languages)
        lines = [said("again")] if saying.kind == "again" else []
        lines += [said("go_now"), *([way] if way else [])]
    elif saying.kind == "near":
        people = said("ahead", count=saying.ahead, n=saying.ahead) if saying.ahead else said("nobody_ahead")
        heading, lines = f"{number}: {people}", [said("push.near")]
    elif saying.kind == "missed":
        heading, lines = f"{number}: {said('say.no_show')}", [said("do.no_show")]
    else:
        heading, lines = number, [said(f"push.{saying.kind}")]
    if names_service:
        lines.append(in_language(service_name(rules, ticket.step.service), language, rules.languages))
    shown = Shown(
        heading=heading,
        body="\n".join(lines),
        tag=ticket.id,
        leads=f"/t/{ticket.id}",
        lang=language,
        dir="rtl" if rtl(language) else "ltr",
        insists=is_urgent(saying),
    )
    return msgspec.json.encode(shown)


def is_urgent(saying: Saying) -> bool:
    """Somebody waits at a counter for its citizen."""
    return saying.kind in ("called", "again")
