"""Who signs in, managed by admins: invite, change, suspend, remove. Whom an agency's admin may touch is in scope.py."""

from __future__ import annotations

import asyncio
from functools import partial

from msgspec import structs

from queue_server.domain.acts import ActKind
from queue_server.errors import Invalid, NotFound
from queue_server.registry.agencies import together
from queue_server.registry.people import Person
from queue_server.registry.roles import PEOPLE, Role
from queue_server.views.instants import rfc3339
from queue_server.web.ask import Ask, Nothing
from queue_server.web.edge.hosts import is_ours
from queue_server.web.identity.account import sessions_of
from queue_server.web.noting import note
from queue_server.web.parts import Parts
from queue_server.web.scope import governs
from queue_server.wire.people import (
    ChangedView,
    LinkView,
    NewPersonRequest,
    PersonRequest,
    PersonView,
    SessionView,
    ShutOutView,
)


async def people(ask: Ask[None]) -> tuple[PersonView, ...]:
    """Everybody who signs in; for an agency's admin whoever belongs to nobody else's agencies."""
    found = await asyncio.to_thread(ask.parts.registry.people.list)
    return tuple(_view(ask.parts, person) for person in found if governs(ask.caller, person))


async def add(ask: Ask[NewPersonRequest]) -> LinkView:
    """Invite somebody: they choose their secret by the link."""
    role, agency = _wanted(ask.parts, ask.body)
    skills = ask.body.skills
    person = await asyncio.to_thread(ask.parts.registry.people.add, ask.body.name, role, agency=agency, skills=skills)
    await note(ask, ActKind.PERSON_ADDED, about=person.id, details={"role": role, "agencies": agency})
    return await _linked(ask, person)


async def change(ask: Ask[PersonRequest]) -> ChangedView:
    """Give somebody another role, other agencies or skills; every page of theirs asks anew what it may.

    Whose PIN is not enough for the new role is put out, and chooses a password by the `link` in the answer.
    """
    person, (role, agency) = named(ask), _wanted(ask.parts, ask.body)
    if role is not Role.ADMIN:
        check_not_last(ask, person)
    registry = ask.parts.registry
    change = partial(registry.people.change, person.id, role=role, agency=agency, skills=ask.body.skills)
    outgrown = await asyncio.to_thread(change)
    ask.parts.doors.forget_all()
    details = {"was": person.role, "role": role, "agencies": agency}
    await note(ask, ActKind.PERSON_CHANGED, about=person.id, details=details)
    link = await _linked(ask, person) if outgrown else None
    return ChangedView(**structs.asdict(_view(ask.parts, named(ask))), link=link)


async def invite(ask: Ask[Nothing]) -> LinkView:
    """Make a link by which somebody chooses a new secret; what they have holds until they do."""
    return await _linked(ask, named(ask))


async def suspend(ask: Ask[Nothing]) -> PersonView:
    """Let somebody in no longer, and put them out at once; what they are stays."""
    person = named(ask)
    check_not_last(ask, person)
    await asyncio.to_thread(ask.parts.registry.people.suspend, person.id, True)
    await note(ask, ActKind.PERSON_SUSPENDED, about=person.id)
    return _view(ask.parts, named(ask))


async def restore(ask: Ask[Nothing]) -> PersonView:
    """Let somebody who was suspended sign in again."""
    person = named(ask)
    await asyncio.to_thread(ask.parts.registry.people.suspend, person.id, False)
    await note(ask, ActKind.PERSON_RESTORED, about=person.id)
    return _view(ask.parts, named(ask))


async def remove(ask: Ask[Nothing]) -> None:
    """Forget somebody; records keep the pseudonym."""
    person = named(ask)
    check_not_last(ask, person)
    await asyncio.to_thread(ask.parts.registry.people.remove, person.id)
    await note(ask, ActKind.PERSON_REMOVED, about=person.id)


async def shut_out(ask: Ask[None]) -> tuple[ShutOutView, ...]:
    """Whom an identity provider knows and who was removed here: it does not bring them back. The latest first."""
    found = await asyncio.to_thread(ask.parts.registry.provided.shut_out)
    return tuple(ShutOutView(person=person, at=rfc3339(at)) for person, at in found)


async def let_in(ask: Ask[Nothing]) -> None:
    """Let somebody who was removed sign in by the identity provider again, as somebody new."""
    await asyncio.to_thread(ask.parts.registry.provided.let_in, ask["pseudonym"])
    await note(ask, ActKind.PERSON_RESTORED, about=ask["pseudonym"])


async def sessions(ask: Ask[None]) -> tuple[SessionView, ...]:
    """The browsers in which somebody is signed in, the newest first."""
    return sessions_of(ask, named(ask).id)


async def end_session(ask: Ask[Nothing]) -> None:
    """Sign somebody out in one browser; the others go on."""
    person = named(ask)
    if not await asyncio.to_thread(ask.parts.registry.sessions.end_one, person.id, ask["session"]):
        raise NotFound("There is no such session.")
    await note(ask, ActKind.SESSION_ENDED, about=person.id, details={"session": ask["session"]})


async def sign_out_everywhere(ask: Ask[Nothing]) -> PersonView:
    """End every session of somebody, on every device."""
    person = named(ask)
    ended = await asyncio.to_thread(ask.parts.registry.sessions.end_all, person.id)
    await note(ask, ActKind.SESSION_ENDED, about=person.id, details={"sessions": ended})
    return _view(ask.parts, person)


async def _linked(ask: Ask[NewPersonRequest] | Ask[PersonRequest] | Ask[Nothing], person: Person) -> LinkView:
    secret, ends = await asyncio.to_thread(ask.parts.registry.links.make, person.id)
    await note(ask, ActKind.PERSON_INVITED, about=person.id)
    # whoever asks names any host: only a public address or our own comes into a link, else the page says its own
    settings, request = ask.parts.settings(), ask.request
    base = settings.mall.public_url.rstrip("/")
    if not base and is_ours(request):
        base = f"{request.scheme}://{request.host}"
    return LinkView(person=person.id, name=person.name, link=f"{base}/join#{secret}", expires_at=rfc3339(ends))


def named(ask: Ask[PersonRequest] | Ask[Nothing] | Ask[None]) -> Person:
    """Whom the path names. Raises NotFound."""
    person = ask.parts.registry.people.get(ask["person"])
    if person is None:
        raise NotFound("There is nobody of that id.")
    return person


def _wanted(parts: Parts, body: PersonRequest) -> tuple[Role, str | None]:
    """The role and the agencies, as they may be. Raises Invalid."""
    if body.role not in PEOPLE:
        raise Invalid(f"{body.role!r} is no role of people.", reason="role")
    rules = parts.engine.state.rules
    for agency in body.agencies or ():
        if agency not in rules.agencies:
            raise Invalid(f"There is no agency {agency!r}.", reason="agency", agency=agency)
    for service in body.skills or ():
        if service not in rules.services:
            raise Invalid(f"There is no service {service!r}.", reason="services", service=service)
    return Role(body.role), together(body.agencies)


def check_not_last(ask: Ask[PersonRequest] | Ask[Nothing], person: Person) -> None:
    """Nobody shuts the door behind the last admin, or behind themselves by mistake."""
    if person.id == ask.caller.clerk:
        raise Invalid("Somebody else has to do that: it would put yourself out.", reason="oneself")
    if person.role is not Role.ADMIN:
        return
    others = (one for one in ask.parts.registry.people.list() if one.id != person.id and one.role is Role.ADMIN)
    if not any(_state(ask.parts, one) == "active" for one in others):  # who was only invited lets nobody in yet
        raise Invalid("That is the last admin of the mall; make another one first.", reason="last_admin")


def _state(parts: Parts, person: Person) -> str:
    """Whether they can sign in: by a secret of their own, or by the identity provider."""
    if person.suspended_at is not None:
        return "suspended"
    return "active" if person.has_secret or parts.registry.provided.has(person.id) else "invited"


def _view(parts: Parts, person: Person) -> PersonView:
    return PersonView(
        id=person.id,
        name=person.name,
        role=str(person.role),
        agencies=person.agencies,
        skills=person.skills,
        state=_state(parts, person),
        signed_in_at=rfc3339(person.signed_in_at) if person.signed_in_at is not None else None,
        sessions=len(parts.registry.sessions.of(person.id)),
        by_provider=parts.registry.provided.has(person.id),
        badge=parts.registry.badges.has(person.id),
        second_factor=parts.registry.second_factors.get(person.id) is not None,
    )
