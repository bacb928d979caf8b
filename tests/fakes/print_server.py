"""The server's side of a printer's link, for tests of the agent alone: it greets, gives jobs, keeps what is said."""

import asyncio
import itertools
from typing import Any

from websockets.asyncio.server import Server, ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from queue_server.wire.printing import (
    Ack,
    Asset,
    Cancel,
    FromAgent,
    FromServer,
    Greeting,
    Hello,
    Job,
    Need,
    Paper,
    Result,
    ResultAck,
    SlipView,
    TestView,
    encode,
    from_agent,
    hash_of,
)


class PrintServer:
    """Use as `async with PrintServer() as server`; `server.url` is what the agent dials."""

    def __init__(self, *, paper: Paper | None = None, greeting: Greeting | None = None, acks: bool = True) -> None:
        self.said: list[FromAgent] = []
        self.greeting = greeting or Greeting(server="test", printer="p1", paper=paper or Paper())
        self.acks = acks
        self.links = 0
        self.requests: list[Any] = []
        self.assets: dict[str, bytes] = {}
        self.port = 0
        self._server: Server | None = None
        self.link: ServerConnection | None = None
        self._heard = asyncio.Condition()
        self._unacked: dict[str, Job] = {}
        self._places = itertools.count(1)

    async def __aenter__(self) -> "PrintServer":
        await self.up()
        return self

    async def __aexit__(self, *_exc: object) -> None:
        await self.down()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def up(self) -> None:
        self._server = await serve(self._serve, "127.0.0.1", self.port)
        self.port = next(iter(self._server.sockets)).getsockname()[1]

    async def down(self) -> None:
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None

    async def _serve(self, link: ServerConnection) -> None:
        self.links += 1
        self.requests.append(link.request)
        await link.send(encode(self.greeting), text=True)
        try:
            while True:
                message = from_agent(await link.recv(decode=False))
                self.link = link
                async with self._heard:
                    self.said.append(message)
                    self._heard.notify_all()
                if isinstance(message, Result) and self.acks:
                    await link.send(encode(ResultAck(job=message.job)), text=True)
                if isinstance(message, Ack):
                    self._unacked.pop(message.job, None)
                if isinstance(message, Hello):  # what was lost with the last link
                    for job in self._unacked.values():
                        await link.send(encode(job), text=True)
                if isinstance(message, Need):
                    for wanted in message.hashes:
                        await self.send(Asset(hash=wanted, data=self.assets.get(wanted, b"")))
        except ConnectionClosed:
            pass
        finally:
            if self.link is link:
                self.link = None

    async def send(self, message: FromServer) -> None:
        async with self._heard:
            await asyncio.wait_for(self._heard.wait_for(lambda: self.link is not None), 10)
        assert self.link is not None
        await self.link.send(encode(message), text=True)

    async def cut_off(self) -> None:
        """The link breaks; the agent comes back by itself."""
        if self.link is not None:
            self.link.transport.abort()
            self.link = None

    async def give(
        self,
        view: SlipView | TestView,
        *,
        job: str | None = None,
        ttl_ms: int = 20_000,
        layout: str | None = None,
        seq4: str | None = None,
    ) -> str:
        """A job; its id."""
        place = next(self._places)
        job = job or f"job-{place}"
        number = view.number if isinstance(view, SlipView) else "test"
        made = Job(job=job, ticket=number, seq4=seq4 or f"{place:04}", layout=layout, data=view, ttl_ms=ttl_ms)
        self._unacked[job] = made
        if self.link is not None:  # else it goes out when the agent says hello
            await self.send(made)
        return job

    async def cancel(self, job: str, *, begun: bool = False) -> None:
        await self.send(Cancel(job=job, begun=begun))

    async def heard(self, kind: type, within: float = 10.0, **fields: object) -> Any:
        """The first message of this kind whose fields are as named, waiting for it if need be."""

        def found() -> Any:
            return next(
                (
                    message
                    for message in self.said
                    if isinstance(message, kind)
                    and all(getattr(message, name) == value for name, value in fields.items())
                ),
                None,
            )

        async with self._heard:
            try:
                await asyncio.wait_for(self._heard.wait_for(found), within)
            except TimeoutError:
                raise AssertionError(f"no {kind.__name__} {fields}; last: {self.said[-6:]}") from None
        return found()

    async def result(self, job: str, within: float = 15.0) -> Result:
        result = await self.heard(Result, within, job=job)
        assert isinstance(result, Result)
        return result

    def results(self, job: str) -> list[Result]:
        return [message for message in self.said if isinstance(message, Result) and message.job == job]

    def acks_of(self, job: str) -> list[str]:
        return [message.verdict for message in self.said if isinstance(message, Ack) and message.job == job]

    def asset(self, data: bytes) -> str:
        """Something that the agent may ask for; its hash."""
        named = hash_of(data)
        self.assets[named] = data
        return named
