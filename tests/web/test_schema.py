"""The API against its own description: whatever a client may send by it, every answer is one that it foresees.

Every role asks every call, and so does nobody in particular.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from itertools import cycle
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from queue_server.registry.roles import Role
from queue_server.web.openapi import describe
from tests.web.edge import edge_at

SCHEMA = schemathesis.openapi.from_dict(describe("1")).exclude(path="/api/v1/live")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Iterator[str], str]]:
    """A server in a thread of its own, since schemathesis asks from this one.

    Gives its address, a token of each role in turn (empty for nobody's), and a ticket of its own.
    """
    ready: list[tuple[str, Iterator[str], str]] = []
    begun, ended = threading.Event(), threading.Event()

    async def serve() -> None:
        async with edge_at(tmp_path_factory.mktemp("served")) as edge:
            await edge.called()
            ticket = await edge.ticket("birth")
            names = {"kiosk": "K1", "printer": "P1"}
            own: dict[str, dict[str, str]] = {"agency_admin": {"agency": "registry"}}
            tokens = [edge.token(role, name=names.get(role, "root"), **own.get(role, {})) for role in Role]
            ready.append((edge.mall.url, cycle([*tokens, ""]), ticket["id"]))
            begun.set()
            await asyncio.to_thread(ended.wait)

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert begun.wait(20)
    yield ready[0]
    ended.set()
    thread.join(20)


USUAL = settings(
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    database=None,
)


@SCHEMA.parametrize()
@settings(USUAL, max_examples=len(Role) + 1)
def test_every_answer_is_foreseen(case: schemathesis.Case, served: tuple[str, Iterator[str], str]):
    """Status, content type and body of every answer to every role are as the description says; nothing is a fault."""
    ask(case, served)


@pytest.mark.soak
@SCHEMA.parametrize()
@settings(USUAL, max_examples=15 * (len(Role) + 1))
def test_every_answer_is_foreseen_for_long(case: schemathesis.Case, served: tuple[str, Iterator[str], str]):
    """The same, many times more."""
    ask(case, served)


def ask(case: schemathesis.Case, served: tuple[str, Iterator[str], str]) -> None:
    url, tokens, ticket = served
    real = {"ticket": ticket, "counter": "1", "service": "roll", "board": "main", "printer": "P1"}
    real |= {"kind": "display", "id": "gone", "token": "999"}  # the callers' own must last
    if len(str(case.body)) % 2:  # some of what is generated is about things that there are
        case.path_parameters.update({name: real[name] for name in case.path_parameters if name in real})

    # a well-formed body may still be refused for what it says: an unknown category, a number that does not follow
    refusable: list[Any] = [positive_data_acceptance]
    token = next(tokens)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    case.call_and_validate(base_url=url, headers=headers, excluded_checks=refusable)
