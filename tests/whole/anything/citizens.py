"""What citizens said of themselves, by chance: asked at a kiosk, read again, erased by command, gone when it is due.

The model here knows who said what and who must be forgotten; the registry, the journal and the files are held to it.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from random import Random
from typing import NamedTuple

from aiohttp import ClientSession
from click.testing import CliRunner

from queue_server.cli import antrean
from queue_server.compose import Mall
from queue_server.domain import events as e
from queue_server.domain.records import Ticket
from queue_server.registry.citizens import Citizen
from queue_server.registry.roles import Role
from queue_server.service.forgetting import Forgetting

OVER = frozenset({"served", "cancelled", "expired"})
LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Said(NamedTuple):
    """Who came with which ticket."""

    citizen: Citizen
    reference: str


class Citizens:
    """`living` are those whose words are kept, `gone` those whose words are not any more; by ticket."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._token = ""
        self.living: dict[str, Said] = {}
        self.gone: dict[str, Said] = {}

    async def come(self, mall: Mall) -> str | None:
        """Somebody answers a kiosk's questions; gives the ticket. What nobody asks for is refused."""
        parts, chance = mall.parts, self._chance
        if not self._token:
            self._token = parts.registry.tokens.create(Role.KIOSK, name="k1")
        citizen = Citizen(
            name=f"Ibu {''.join(chance.choices(LETTERS, k=14))}" if chance.random() < 0.8 else None,
            phone=f"0812{chance.randrange(10**9):09}" if chance.random() < 0.6 else None,
        )
        said = {field: value for field in ("name", "phone") if (value := getattr(citizen, field)) is not None}
        service = chance.choice(sorted(parts.engine.state.rules.services))
        asked = {question.asks for question in parts.settings().questions.values()}
        head = {"Authorization": f"Bearer {self._token}"}
        async with (
            ClientSession() as client,
            client.post(
                f"{mall.url}/api/v1/tickets", json={"service": service, "citizen": said}, headers=head
            ) as answer,
        ):
            ticket = (await answer.json()).get("id") if answer.status == 201 else None
        if not said.keys() <= asked:
            assert answer.status in (409, 422), answer.status
        if ticket is None:
            return None
        if said:
            (given,) = parts.registry.citizens.of_ticket(ticket)
            self.living[ticket] = Said(citizen, given.reference)
        return str(ticket)

    async def erase(self, folder: Path, data: Path) -> None:
        """Somebody asks to be forgotten: the command, beside the server."""
        if not self.living:
            return
        ticket = self._chance.choice(sorted(self.living))
        words = ["privacy", "erase", ticket, "--yes", "--data", str(data), "--config", str(folder / "config.toml")]
        ran = await asyncio.to_thread(CliRunner().invoke, antrean, words)
        assert ran.exit_code == 0, ran.stderr
        self.gone[ticket] = self.living.pop(ticket)

    async def retire(self, mall: Mall) -> None:
        """The job that forgets whose ticket ended long enough ago, and nobody else."""
        parts, engine = mall.parts, mall.parts.engine
        forgetting = Forgetting(engine, parts.registry, lambda: parts.settings().privacy)
        await forgetting.look()
        await forgetting.forget_due()
        kept = engine.now() - parts.settings().privacy.citizens
        for ticket in sorted(self.living):
            ended = _ended(await engine.find_ticket(ticket))
            if ended is not None and ended <= kept:
                self.gone[ticket] = self.living.pop(ticket)

    async def orphan(self, mall: Mall) -> None:
        """Words whose ticket never came, as a crash leaves them: the next look takes them, and only them, away."""
        registry, journal = mall.parts.registry, mall.parts.engine.journal
        registry.citizens.add("nobody", Citizen(name="Ibu Nobody"))
        gone = registry.personal.sweep(lambda one: journal.mentions(one, streams=100), older_than_ms=0)
        assert gone == 1
        assert registry.citizens.of_ticket("nobody") == []

    async def look(self, mall: Mall, folder: Path) -> None:
        """Who is kept reads as they said it, who is gone is gone everywhere, and no words lie open in a file."""
        engine, registry = mall.parts.engine, mall.parts.registry
        await Forgetting(engine, registry, lambda: mall.parts.settings().privacy).look()
        await engine.settled()
        await self._follow(mall)
        for ticket, said in self.living.items():
            assert registry.citizens.read(said.reference) == said.citizen, ticket
            known = engine.state.tickets.get(ticket)
            assert known is None or known.citizen == said.reference, ticket
        told = {
            event.reference
            for day in engine.journal.reader().days()
            for _, event, _ in engine.journal.read_day(day)
            if isinstance(event, e.PersonalDataErased)
        }
        for ticket, said in self.gone.items():
            assert registry.citizens.of_ticket(ticket) == [], ticket
            assert registry.citizens.read(said.reference) is None, ticket
            assert said.reference in told, f"the journal was not told of {ticket}"
            known = engine.state.tickets.get(ticket)
            assert known is None or known.citizen is None, ticket
        words = [word for said in (*self.living.values(), *self.gone.values()) for word in _words(said.citizen)]
        open_ = [(path.name, word) for path in folder.glob("*.db*") for word in words if word in path.read_bytes()]
        assert open_ == []

    async def _follow(self, mall: Mall) -> None:
        """What the server's own job has forgotten meanwhile it was right to forget."""
        kept = mall.parts.engine.now() - mall.parts.settings().privacy.citizens
        for ticket, said in list(self.living.items()):
            if mall.parts.registry.citizens.read(said.reference) is None:
                ended = _ended(await mall.parts.engine.find_ticket(ticket))
                assert ended is not None, f"{ticket} was forgotten before its end"
                assert ended <= kept, f"{ticket} was forgotten too early"
                self.gone[ticket] = self.living.pop(ticket)


def _ended(ticket: Ticket) -> int | None:
    if ticket.state not in OVER:
        return None
    return max((at for step in ticket.steps for at in (step.finished_at, step.left_at) if at is not None), default=0)


def _words(citizen: Citizen) -> list[bytes]:
    return [word.encode() for word in (citizen.name, citizen.phone) if word is not None]
