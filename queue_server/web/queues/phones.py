"""Phones that want to be told of a ticket while its page is closed, where the mall tells them (notices/phones).

Whoever holds a ticket's id may have a phone told; what a browser gives for that is never shown again.
"""

from __future__ import annotations

from queue_server.errors import Invalid
from queue_server.notices.phones.kept import Subscription
from queue_server.notices.phones.sealing import bytes_of
from queue_server.web.ask import Ask
from queue_server.wire.phones import PhoneRequest, PhoneStopRequest


async def tell(ask: Ask[PhoneRequest]) -> None:
    """Have a phone told of this ticket when it is nearly due and when it is called. Safe to repeat."""
    body, known = ask.body, ask.ticket
    try:
        key, auth = bytes_of(body.key), bytes_of(body.auth)
    except ValueError:
        raise Invalid("These are no keys of a browser's subscription.", reason="push_keys", field="key") from None
    language = body.language if body.language in ask.engine.state.rules.languages else known.language
    assert language is not None
    given = Subscription(endpoint=body.endpoint, phone=key, auth=auth, language=language)
    await ask.parts.phones.add(known, given)


async def stop(ask: Ask[PhoneStopRequest]) -> None:
    """Tell a phone no more of this ticket. Safe to repeat."""
    await ask.parts.phones.remove(ask.ticket.id, ask.body.endpoint)
