"""One stream of one room in this process: the journal's last frames, and who gets the next."""

import asyncio
import contextlib
from collections import deque
from itertools import islice

from chat import frames, journal
from chat.choices import EventStream
from chat.models import RoomEvent
from chat.readers import Batch, Reader
from chat.threads import in_database

RING = 1000
DRAINS_WITHIN = 1.0


def text_of(row: RoomEvent) -> str:
    return frames.dumps(frames.event(row))


class AfterTooHigh(Exception):
    """`after` is beyond the stream: the room was wiped since."""


class Stream:
    """All of it runs on the event loop's thread."""

    def __init__(self, room_id: int, name: EventStream, last: int):
        self.room_id = room_id
        self.name = name
        self.last = last
        self.ring: deque[tuple[int, str]] = deque(maxlen=RING)
        self.readers: set[Reader] = set()
        self.reading = asyncio.Lock()
        self.moved = asyncio.Event()

    @property
    def oldest(self) -> int:
        """Events after this one are in the ring."""
        return self.last - len(self.ring)

    async def catch_up(self) -> list[tuple[str, frames.Data]]:
        """Read the journal, write what is new to all; the (kind, data) of it.

        On each notice, and each second where the room's row is ahead: a notice may be lost.
        """
        heard: list[tuple[str, frames.Data]] = []
        async with self.reading:
            while rows := await in_database(journal.read_after, self.room_id, self.name, self.last):
                self._tell([(row.seq, text_of(row)) for row in rows])
                heard += [(row.kind, row.data) for row in rows]
                if len(rows) < journal.PAGE:
                    break
                await self._let_drain()
        return heard

    def _tell(self, told: list[tuple[int, str]]) -> None:
        self.ring.extend(told)
        self.last = told[-1][0]
        batch = Batch(text for _, text in told)
        for reader in tuple(self.readers):
            reader.write(batch)
        self.moved.set()
        self.moved = asyncio.Event()

    async def _let_drain(self) -> None:
        """Between two pages: who reads at all gets the time to."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.gather(*(reader.drain() for reader in self.readers)), DRAINS_WITHIN)

    def after(self, seq: int) -> list[str]:
        """The ring's frames after `seq`, which is not before `oldest`."""
        return [text for _, text in islice(self.ring, seq - self.oldest, None)]

    async def reach(self, after: int) -> None:
        """Raises `AfterTooHigh` where the journal has not come to `after`, read anew if need be."""
        if after > self.last:
            await self.catch_up()
        if after > self.last:
            raise AfterTooHigh

    async def join(self, reader: Reader, after: int) -> None:
        """Write what came after `after`, then all that comes, in order, without a gap or a repeat."""
        while after < self.oldest:
            after = await self._write_from_journal(reader, after)
        if after < self.last:
            reader.write(Batch(self.after(after)))
        self.readers.add(reader)  # no await since the ring was read: nothing slips between

    async def _write_from_journal(self, reader: Reader, after: int) -> int:
        texts, reached = await self._from_journal(after)
        reader.write(Batch(texts))
        await reader.drain()
        return reached

    async def _from_journal(self, after: int) -> tuple[list[str], int]:
        """A page of frames after `after`, none that the ring's readers are yet to be told, and the last one's seq."""
        rows = await in_database(journal.read_after, self.room_id, self.name, after)
        known = [row for row in rows if row.seq <= self.last]
        if not known:
            raise AfterTooHigh
        return [text_of(row) for row in known], known[-1].seq

    async def texts_after(self, after: int) -> list[str]:
        """Every frame after `after`, wherever it is kept."""
        texts: list[str] = []
        while after < self.oldest:
            page, after = await self._from_journal(after)
            texts += page
        return texts + self.after(after)

    async def wait_beyond(self, after: int, seconds: float) -> None:
        """Until there is something after `after`, or time is up."""
        if self.last <= after:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.moved.wait(), seconds)
