"""One stream of one room in this process: the journal's last frames, and who gets the next."""

import asyncio
import contextlib
import json
from collections import deque
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.utils.dateparse import parse_datetime

from chat import frames, journal
from chat.choices import EventStream
from chat.models import RoomEvent
from chat.readers import Batch, Reader
from chat.threads import in_database

RING = 1000
DRAINS_WITHIN = 1.0


class AfterTooHigh(Exception):
    """`after` is beyond the stream: the room was wiped since."""


@dataclass(frozen=True, slots=True)
class Told:
    """An event as every reader gets it, byte for byte, whichever process renders it and whenever."""

    seq: int
    text: str
    kind: str
    question: int | None
    participant: str | None
    closes_at: datetime | None

    @classmethod
    def of(cls, row: RoomEvent) -> "Told":
        # sorted, since a database may give the keys of `data` in an order of its own
        text = json.dumps(frames.event(row), ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        closes_at = parse_datetime(row.data.get("closes_at", ""))
        return cls(row.seq, text, row.kind, row.data.get("question"), row.data.get("participant"), closes_at)


class Stream:
    """All of it runs on the event loop's thread."""

    def __init__(self, room_id: int, name: EventStream, last: int):
        self.room_id = room_id
        self.name = name
        self.last = last
        self.ring: deque[str] = deque(maxlen=RING)
        self.offered: dict[int, Told] = {}
        self.readers: set[Reader] = set()
        self.reading = asyncio.Lock()
        self.moved = asyncio.Event()

    @property
    def oldest(self) -> int:
        """Events after this one are in the ring."""
        return self.last - len(self.ring)

    # --- what is new ---

    def offer(self, told: Told) -> None:
        """An event that this process has just committed: it need not be read."""
        if told.seq > self.last:
            self.offered[told.seq] = told

    def tell_offered(self) -> list[Told]:
        """Write the offered events that follow on the last one told; those behind a gap stay."""
        new: list[Told] = []
        while told := self.offered.pop(self.last + len(new) + 1, None):
            new.append(told)
        self._tell(new)
        return new

    async def catch_up(self) -> list[Told]:
        """Read the journal and write what is new to all.

        On a notice of another process, behind a gap, and where the room's row is ahead: a notice may be lost.
        """
        heard: list[Told] = []
        async with self.reading:
            while rows := await in_database(journal.read_after, self.room_id, self.name, self.last):
                new = [Told.of(row) for row in rows if row.seq > self.last]  # some may have been offered meanwhile
                self._tell(new)
                heard += new
                if len(rows) < journal.PAGE:
                    break
                await self._let_drain()
        self.offered = {seq: told for seq, told in self.offered.items() if seq > self.last}
        return heard

    def _tell(self, new: list[Told]) -> None:
        if not new:
            return
        batch = Batch([told.text for told in new])
        self.ring.extend(batch.texts)
        self.last = new[-1].seq
        for reader in tuple(self.readers):
            reader.write(batch)
        self.moved.set()
        self.moved = asyncio.Event()

    async def _let_drain(self) -> None:
        """Between two pages: who reads at all gets the time to."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.gather(*(reader.drain() for reader in self.readers)), DRAINS_WITHIN)

    # --- what was missed ---

    async def reach(self, after: int) -> None:
        """Raises `AfterTooHigh` where the journal has not come to `after`, read anew if need be."""
        if after > self.last:
            await self.catch_up()
        if after > self.last:
            raise AfterTooHigh

    async def join(self, reader: Reader, after: int) -> None:
        """Write what came after `after`, then all that comes, in order, without a gap or a repeat."""
        while after < self.oldest:
            texts, after = await self._from_journal(after)
            reader.write(Batch(texts))
            await reader.drain()
        if after < self.last:
            reader.write(Batch(self._from_ring(after)))
        self.readers.add(reader)  # no await since the ring was read: nothing slips between

    async def texts_after(self, after: int) -> list[str]:
        """Every frame after `after`, wherever it is kept."""
        texts: list[str] = []
        while after < self.oldest:
            page, after = await self._from_journal(after)
            texts += page
        return texts + self._from_ring(after)

    def _from_ring(self, after: int) -> list[str]:
        return list(islice(self.ring, after - self.oldest, None))

    async def _from_journal(self, after: int) -> tuple[list[str], int]:
        """A page of frames after `after`, none that the readers are yet to be told, and the seq of its last."""
        rows = await in_database(journal.read_after, self.room_id, self.name, after)
        known = [row for row in rows if row.seq <= self.last]
        if not known:
            raise AfterTooHigh
        return [Told.of(row).text for row in known], known[-1].seq

    async def wait_beyond(self, after: int, seconds: float) -> None:
        """Until there is something after `after`, or time is up."""
        if self.last <= after:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.moved.wait(), seconds)
