"""A call that makes something of the registry's, sent again under its Idempotency-Key: it is carried out once.

The first answer is given again from memory, to a twin that came meanwhile as well. After a restart it is known that the
call was begun and not what was answered (that may have had a token's secret in it, which no disk keeps): such a repeat
is refused, and somebody looks what is there. Refusals are not remembered, so trying again is safe.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any

from queue_server.errors import AntreanError, IdempotencyMismatch, IllegalMove
from queue_server.registry.once import Once
from queue_server.service.keys import Key

ANSWERS = 500
"""So many are kept; those before are known to have been given."""


class Repeats:
    def __init__(self) -> None:
        self._answers: OrderedDict[bytes, tuple[bytes, asyncio.Future[Any]]] = OrderedDict()

    async def once(self, kept: Once, key: Key, call: Callable[[], Awaitable[Any]]) -> Any:
        """What `call` answers, or answered before. Raises IdempotencyMismatch, IllegalMove, and whatever it raises."""
        while (known := self._answers.get(key.key)) is not None:
            _check(known[0], key)
            try:
                return await asyncio.shield(known[1])
            except AntreanError:
                continue  # nothing came of the first: this one tries
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        answer.add_done_callback(_looked_at)
        self._answers[key.key] = key.body, answer
        try:
            before = await asyncio.to_thread(kept.claim, key.key, key.body)
            if before is not None:
                _check(before, key)
                said = "That was begun before the server began anew: look at what is there, and use a new key for more."
                raise IllegalMove(said, reason="done_before")
            try:
                answer.set_result(await call())
            except AntreanError:
                await asyncio.to_thread(kept.give_back, key.key)
                raise
        except BaseException as error:
            self._answers.pop(key.key, None)
            answer.set_exception(
                error if isinstance(error, AntreanError) else IllegalMove("It failed.", reason="done_before")
            )
            raise
        while len(self._answers) > ANSWERS:
            self._answers.popitem(last=False)
        return answer.result()


def _check(body: bytes, key: Key) -> None:
    if body != key.body:
        raise IdempotencyMismatch("This Idempotency-Key was used for another body; use a new one.")


def _looked_at(answer: asyncio.Future[Any]) -> None:
    """An exception that no twin waits for is the first one's, and told there."""
    if not answer.cancelled():
        answer.exception()
