"""Slips as this machine's fonts draw them: previews, and the texts that no font here can write.

Agents have fonts of their own and refuse what they cannot draw; here it is said before a citizen meets it.
"""

from __future__ import annotations

import asyncio
from functools import lru_cache

from printer.fonts import NoFonts
from printer.press import Press, press
from queue_server.domain.rules import Rules
from queue_server.errors import Unavailable
from queue_server.service.days import Days
from queue_server.service.logs import log
from queue_server.service.slips.files import SlipFiles
from queue_server.views.slip_sample import texts_on_slips
from queue_server.web.parts import Drawing, Parts
from queue_server.wire.printing import Paper, SlipLayout, SlipView

LETTERS_S = 5.0
"""So soon after a change of texts it is known whether slips can show them."""


@lru_cache(maxsize=1)
def _press() -> Press:
    """This machine's fonts, opened when a preview or a check first wants them. Raises NoFonts."""
    return press()


def drawing(files: SlipFiles) -> Drawing:
    """How slips are drawn for previews."""

    def preview(view: SlipView, paper: Paper, layout: SlipLayout, logo: bytes | None) -> bytes:
        try:
            return _press().preview(view, paper, layout=layout, logo=logo)
        except NoFonts as error:
            raise Unavailable(str(error)) from error

    def logo(agency: str | None) -> bytes | None:
        named = files.logo(agency)
        return files.file(named) if named else None

    return Drawing(preview=preview, layout=lambda: files.layout, logo=logo)


async def watch_letters(parts: Parts, days: Days) -> None:
    """An alarm while a text that comes onto slips has letters that no font here can draw.

    Looked at anew when texts change.
    """
    checked: tuple[object, object] = (None, None)
    while True:
        rules, footer = parts.engine.state.rules, days.settings.slip.footer
        if rules is not checked[0] or footer is not checked[1]:
            with parts.engine.faults.part("letters"):
                parts.alarms[:] = await asyncio.to_thread(_undrawn, rules, footer)
                checked = (rules, footer)
                for said in parts.alarms:
                    log.error("slip_text_not_drawn", detail=said)
        await asyncio.sleep(LETTERS_S)


def _undrawn(rules: Rules, footer: dict[str, str]) -> list[str]:
    """One sentence each; nothing where this machine has no fonts to judge by."""
    try:
        drawn = _press()
    except NoFonts as error:
        log.info("slip_texts_not_checked", detail=str(error))
        return []
    missing: dict[str, str] = {}
    for place, text in texts_on_slips(rules, footer):
        if letters := drawn.uncovered(text):
            missing[place] = letters
    return [
        f"{place}: no font here can draw {letters} on slips; install one, or write it otherwise."
        for place, letters in missing.items()
    ]
