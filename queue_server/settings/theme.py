"""The colours of the hall's displays: whatever stands on their ground is read from afar.

Four tokens are the mall's own; signs of leaving, of a lost line, of a free counter keep the house's colours, so the
ground must be dark enough for those, too.
"""

from __future__ import annotations

from queue_server.settings.mistakes import Mistakes
from queue_server.settings.tables import Theme
from queue_server.settings.values import READ_FROM_AFAR, READABLE, contrast

SIGNS = ("#7FE0A7", "#FF9B93", "#6FD3DE", "#FFD34D")
"""Good, alert, accent and warning of dark pages, as in look.css."""


def check_theme(theme: Theme, mistakes: Mistakes) -> None:
    own = min(SIGNS, key=lambda colour: contrast(colour, theme.ground))
    found = contrast(own, theme.ground)
    if found < READABLE:
        wrong = f"{theme.ground} is too light: {own}, a sign of the house's own, has {found:.2f}:1 on it"
        mistakes.add(("theme", "ground"), wrong, "take a dark one, which is kinder to the panels, too")
        return
    for name, colour in (("ink", theme.ink), ("soft", theme.soft), ("call", theme.call)):
        found = contrast(colour, theme.ground)
        if found < READ_FROM_AFAR:
            wrong = f"{colour} is not read from afar: its contrast with {theme.ground} is {found:.2f}:1"
            mistakes.add(("theme", name), wrong, f"it must be at least {READ_FROM_AFAR:.0f}:1, so take a lighter one")
