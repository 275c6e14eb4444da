"""Who listens in a room: a socket written to directly where the server lets us, through ASGI elsewhere."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Protocol

from chat import frames
from chat.frames import Data

EXTENSION = "recruitment.prepared"
ASGI_QUEUE = 500
TOO_SLOW = 4408


class Batch:
    """Frames built once for all who get them: as texts, and as the bytes of one write."""

    __slots__ = ("texts", "wire")

    def __init__(self, texts: Iterable[str], wire: bytes | None = None):
        self.texts = tuple(texts)
        self.wire = b"".join(map(frames.prepare, self.texts)) if wire is None else wire

    @classmethod
    def of(cls, frame: Data) -> "Batch":
        return cls([frames.dumps(frame, is_ascii=True)])


class Reader(Protocol):
    """One open socket. All of it is used on the event loop's thread.

    `recruitment.protocol` puts one into a connection's scope that writes straight to the transport.
    """

    def write(self, batch: Batch) -> None:
        """Queue and return. A reader that is too far behind is dropped with 4408."""

    async def drain(self) -> None:
        """Wait until what was written has room again. Between the pages of a long catch-up."""

    def close(self, code: int) -> None:
        """Close behind what is queued, without waiting for it. Twice does no harm."""


class AsgiReader:
    """A bounded queue and one task that sends from it."""

    def __init__(self, send: Callable[[dict[str, Any]], Awaitable[None]]):
        self.send = send
        self.queue: asyncio.Queue[str | int] = asyncio.Queue()
        self.is_closed = False
        self.pump = asyncio.create_task(self._pump())

    def write(self, batch: Batch) -> None:
        if self.is_closed:
            return
        if self.queue.qsize() > ASGI_QUEUE:
            self._end(TOO_SLOW)
            return
        for text in batch.texts:
            self.queue.put_nowait(text)

    async def drain(self) -> None:
        await self.queue.join()

    def close(self, code: int) -> None:
        if not self.is_closed:
            self.is_closed = True
            self.queue.put_nowait(code)

    def _end(self, code: int) -> None:
        """Close at once, whatever is still queued."""
        while not self.queue.empty():
            self.queue.get_nowait()
            self.queue.task_done()
        self.close(code)

    async def _pump(self) -> None:
        with contextlib.suppress(OSError):  # the reader is gone
            while isinstance(item := await self.queue.get(), str):
                await self.send({"type": "websocket.send", "text": item})
                self.queue.task_done()
            await self.send({"type": "websocket.close", "code": item})


def reader_for(scope: dict[str, Any], send: Callable[[dict[str, Any]], Awaitable[None]]) -> Reader:
    return scope.get("extensions", {}).get(EXTENSION) or AsgiReader(send)
