"""What one kiosk offers, in the order of config.toml: whole agencies, then single services; and which pages it has."""

from __future__ import annotations

from queue_server.settings.mistakes import Mistakes, meant
from queue_server.settings.tables import Kiosk, Settings

#: What a kiosk may show beside the choices themselves; each can be left out.
PAGES = ("common", "search", "priority", "details", "several")


def menu_of(settings: Settings, kiosk: Kiosk) -> tuple[str, ...]:
    """The services of its agencies, then those named one by one; nothing where it offers everything."""
    whole = (id_ for agency in kiosk.agencies for id_, service in settings.services.items() if service.agency == agency)
    return tuple(dict.fromkeys((*whole, *kiosk.services)))


def check_menus(settings: Settings, mistakes: Mistakes) -> None:
    """Adds what a kiosk names and could not offer."""
    for id_, kiosk in settings.kiosks.items():
        path = ("kiosks", id_)
        menu = menu_of(settings, kiosk) or tuple(settings.services)
        _refer(mistakes, (*path, "agencies"), "agency", kiosk.agencies, tuple(settings.agencies))
        _refer(mistakes, (*path, "services"), "service", kiosk.services, tuple(settings.services))
        _refer(mistakes, (*path, "common"), "service at this kiosk", kiosk.common or (), menu)
        _refer(mistakes, (*path, "pages"), "page of a kiosk", kiosk.pages, PAGES)
        used = {service.agency for service in settings.services.values()}
        for place, agency in enumerate(kiosk.agencies):
            if agency in settings.agencies and agency not in used:
                mistakes.add((*path, "agencies"), f"{agency} has no service", "take it out", place)
        if kiosk.common and "common" not in kiosk.pages:
            mistakes.add(
                (*path, "common"), "is shown nowhere without the page common", "add it to pages, or take it out"
            )
        if menu_of(settings, kiosk) and all(
            settings.services[one].paper_roll for one in menu if one in settings.services
        ):
            mistakes.add(path, "offers nothing: its services have paper rolls", "name others")


def _refer(
    mistakes: Mistakes, path: tuple[str, ...], what: str, names: tuple[str, ...], valid: tuple[str, ...]
) -> None:
    for place, name in enumerate(names):
        if name not in valid:
            todo = meant(name, valid, "take it out, or add what it names")
            mistakes.add(path, f'there is no {what} "{name}"', todo, place)
