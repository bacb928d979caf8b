"""What printing needs to know of a slip: what stands on a ticket's, and on a test's."""

from __future__ import annotations

from secrets import token_urlsafe
from zoneinfo import ZoneInfo

from queue_server.domain.records import Ticket
from queue_server.languages.locales import time_text
from queue_server.service.engine import Engine
from queue_server.service.slips.exits import Slips
from queue_server.service.slips.files import SlipFiles
from queue_server.views.slip import slip_view
from queue_server.wire.printing import SlipView, TestView


def slips(engine: Engine, files: SlipFiles) -> Slips:
    """Of the hall as it is when printing asks."""

    def view(ticket: Ticket) -> SlipView:
        rules = engine.state.rules
        service = rules.services.get(ticket.step.service)
        logo, tz = files.logo(service.agency if service else None), ZoneInfo(rules.timezone)
        return slip_view(engine.state, ticket, estimates=engine.expected, tz=tz, logo=logo)

    def test(printer: str) -> TestView:
        rules = engine.state.rules
        language = rules.languages[0]
        name, hour = rules.printers[printer].name, time_text(engine.now(), ZoneInfo(rules.timezone), language)
        return TestView(title=rules.name[language], lines=(name.get(language, printer), f"{printer} · {hour}"))

    return Slips(
        view=view,
        test=test,
        layout=lambda: files.layout_hash,
        asset=files.file,
        job_id=lambda: token_urlsafe(9),
    )
