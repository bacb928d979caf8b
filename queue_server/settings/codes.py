"""Codes on forms and posters, and the keys of a box of buttons: what each gives at a kiosk."""

from __future__ import annotations

from queue_server.settings.menus import menu_of
from queue_server.settings.mistakes import Mistakes, meant
from queue_server.settings.tables import Kiosk, Settings

#: What these keys do at a kiosk is the same everywhere: moving, pressing, going back, being read aloud.
TAKEN = ("Enter", "Escape", "Tab", " ", "0", "*", "+", "-", "PageUp", "PageDown")


def codes_of(settings: Settings, kiosk: Kiosk) -> dict[str, str]:
    """The codes that are read at this kiosk, as capitals, each with its service."""
    return {
        code.upper(): service
        for service in menu_of(settings, kiosk) or tuple(settings.services)
        for code in settings.services[service].codes
        if not settings.services[service].paper_roll
    }


def check_codes(settings: Settings, mistakes: Mistakes) -> None:
    """Adds codes that two services have, keys that do something else, and kiosks at which nothing can be chosen."""
    first: dict[str, str] = {}
    for id_, service in settings.services.items():
        for place, code in enumerate(service.codes):
            other = first.setdefault(code.upper(), id_)
            if other != id_:
                wrong = f'"{code}" is a code of {other} already'
                mistakes.add(("services", id_, "codes"), wrong, "take another one for either", place)
    for id_, kiosk in settings.kiosks.items():
        path = ("kiosks", id_)
        menu = [one for one in menu_of(settings, kiosk) or tuple(settings.services) if one in settings.services]
        for key, name in kiosk.keys.items():
            if name not in menu:
                todo = meant(name, menu, "take it out, or add what it names")
                mistakes.add((*path, "keys", key), f'there is no service at this kiosk "{name}"', todo)
            if key in TAKEN or key.startswith("Arrow"):
                mistakes.add((*path, "keys", key), "is a key that does something else", "give the button another one")
        if kiosk.choose_by == "codes" and not kiosk.keys and not any(settings.services[one].codes for one in menu):
            wrong = "nothing can be chosen: it has no keys, and no service here has codes"
            mistakes.add((*path, "choose_by"), wrong, "write either, or take the key out")
