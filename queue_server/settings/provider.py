"""What `[oidc]` may say: the identity provider by which people sign in, and who of them is who here."""

from __future__ import annotations

from pathlib import Path as File
from urllib.parse import urlsplit

from queue_server.settings.mistakes import Mistakes, meant
from queue_server.settings.secrets import check_reference
from queue_server.settings.tables import Settings

ROLES = ("admin", "agency_admin", "supervisor", "manager", "auditor", "clerk")
"""Whom a provider may make; a test holds it to the registry's."""

LOCAL = ("127.0.0.1", "localhost", "::1")


def check_provider(settings: Settings, mistakes: Mistakes, folder: File | None) -> None:
    oidc = settings.oidc
    if not oidc.issuer:
        if oidc.client_id or oidc.roles:
            mistakes.add(("oidc",), "names no provider", "write its address as issuer, or take the table out")
        return
    address = urlsplit(oidc.issuer)
    if address.scheme != "https" and not (address.scheme == "http" and address.hostname in LOCAL):
        mistakes.add(("oidc", "issuer"), "must be reached encrypted", 'write one like "https://id.example.id"')
    if not oidc.client_id:
        mistakes.add(("oidc", "client_id"), "is missing", "write what the provider calls this mall")
    if not settings.mall.public_url:
        todo = 'write the address by which browsers open this mall, like "https://antrean.example.id"'
        mistakes.add(("mall", "public_url"), "is missing, and the identity provider leads people back to it", todo)
    check_reference(mistakes, folder, ("oidc", "secret_file"), oidc.secret_file)
    if not oidc.roles:
        mistakes.add(("oidc", "roles"), "lets nobody in", 'write [oidc.roles] with lines like clerk = ["GROUP"]')
    _check_mapped(settings, mistakes)


def _check_mapped(settings: Settings, mistakes: Mistakes) -> None:
    oidc = settings.oidc
    for role in oidc.roles:
        if role not in ROLES:
            mistakes.add(("oidc", "roles", role), f'there is no role "{role}"', meant(role, ROLES, "take it out"))
    for agency in oidc.agencies:
        if agency not in settings.agencies:
            todo = meant(agency, settings.agencies, "take it out, or add it")
            mistakes.add(("oidc", "agencies", agency), f'there is no agency "{agency}"', todo)
    if "agency_admin" in oidc.roles and not oidc.agencies:
        todo = "write [oidc.agencies], or take the role out"
        mistakes.add(("oidc", "roles", "agency_admin"), "needs agencies, and none is mapped", todo)
