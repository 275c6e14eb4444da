"""Fan-out: what the journal holds, to every browser in the room, each frame built once in this process.

Services say `announce` and `votes_changed` after commit, from any thread. All else runs on the event loop's thread.
"""

import asyncio
import contextlib
import logging
import random
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import Any

from channels.layers import get_channel_layer
from django.conf import settings
from django.db.models import Count
from redis.exceptions import RedisError

from chat import frames
from chat.choices import STATE_AFTER, EventStream
from chat.errors import ChatError
from chat.models import Question, Room, RoomEvent
from chat.readers import Batch, Reader
from chat.streams import Stream, Told
from chat.threads import in_database

log = logging.getLogger(__name__)

GATHER = 0.005  # for so long an event waits for acts that are under way, to share one write with theirs
PULSE = 1.0
TALLY_EVERY = 0.25
SWEEP_EVERY = 2.0  # votes of other processes, where a notice was lost
PRESENCE_EVERY = 5.0
PRESENCE_LASTS = 15.0
POLL_COUNTS_FOR = 30.0
IDLE_AFTER = 60.0
GROUP = "rooms"
VOTED_ON = ("question.published", "answer.published")  # what may come with votes from when it was not public
GOING_AWAY = 1012


class LiveRoom:
    """One room in this process: its two streams, who listens, votes and presence."""

    def __init__(self, room: Room, votes: dict[int, int]):
        self.room_id = room.pk
        self.standing = room
        self.public = Stream(room.pk, EventStream.PUBLIC, room.public_seq)
        self.staff = Stream(room.pk, EventStream.STAFF, room.staff_seq)
        self.polls: dict[str, float] = {}
        self.elsewhere: dict[str, tuple[float, int]] = {}
        self.votes = votes
        self.touched: set[int] = set()
        self.must_count_all = False
        self.told_viewers = 0
        self.gathering: asyncio.TimerHandle | None = None
        self.under_way = 0
        self.turn = asyncio.Lock()
        self.used_at = asyncio.get_running_loop().time()

    # --- events ---

    def stream(self, name: str) -> Stream:
        return self.public if name == EventStream.PUBLIC else self.staff

    @contextlib.asynccontextmanager
    async def acting(self) -> AsyncIterator[None]:
        """One act of this process after the other: they would wait for the room's lock anyway, each with a thread."""
        self.under_way += 1
        try:
            async with self.turn:
                yield
        finally:
            self.under_way -= 1

    def gather(self) -> None:
        """Tell what was offered, at once or, if the next act is under way, once its event is here or time is up.

        The act whose event this is still counts: it ends only after it.
        """
        if self.under_way <= 1:
            self._tell_offered()
        elif self.gathering is None:
            self.gathering = asyncio.get_running_loop().call_later(GATHER, self._tell_offered)

    def _tell_offered(self) -> None:
        if self.gathering is not None:
            self.gathering.cancel()
            self.gathering = None
        for stream in (self.public, self.staff):
            self._heed(stream.tell_offered())
            if stream.offered:  # behind a gap: another process, or another thread, was first
                hub.spawn(self.catch_up(stream.name))

    async def catch_up(self, *names: str) -> None:
        for name in names:
            self._heed(await self.stream(name).catch_up())

    def _heed(self, heard: Iterable[Told]) -> None:
        for told in heard:
            if told.kind in STATE_AFTER:
                self.standing.state = STATE_AFTER[told.kind]
            elif told.kind in VOTED_ON and told.question is not None:
                self.touched.add(told.question)

    def position(self) -> tuple[int, int]:
        return self.public.last, self.staff.last

    async def follow(self, room: Room, before: tuple[int, int]) -> None:
        """Take what the row says; read the journal where it is ahead; tell all to forget a wiped room.

        `before`: the position before the row was read. A row behind it was wiped; one behind the position of now may
        just be older than what came meanwhile.
        """
        row = room.public_seq, room.staff_seq
        if row[0] < before[0] or row[1] < before[1]:
            self._forget(room)
            return
        if row[0] >= self.public.last:
            self.standing = room
        if row[0] > self.public.last or row[1] > self.staff.last:
            await self.catch_up(*EventStream.values)

    def _forget(self, room: Room) -> None:
        batch = Batch.of(frames.reset())
        for reader in self.readers():
            reader.write(batch)
            reader.close(1000)
        hub.rooms.pop(room.pk, None)
        self.public.moved.set()

    # --- people ---

    def readers(self) -> set[Reader]:
        return self.public.readers | self.staff.readers

    def leave(self, reader: Reader) -> None:
        self.public.readers.discard(reader)
        self.staff.readers.discard(reader)
        self.used_at = asyncio.get_running_loop().time()

    def polled(self, visitor: str) -> None:
        """Somebody asked for events over HTTP: a viewer for a while."""
        self.used_at = self.polls[visitor] = asyncio.get_running_loop().time()

    def viewers_here(self) -> int:
        limit = asyncio.get_running_loop().time() - POLL_COUNTS_FOR
        self.polls = {visitor: at for visitor, at in self.polls.items() if at > limit}
        return len(self.public.readers) + len(self.polls)

    def viewers(self) -> int:
        now = asyncio.get_running_loop().time()
        self.elsewhere = {process: seen for process, seen in self.elsewhere.items() if seen[0] > now}
        return self.viewers_here() + sum(count for _, count in self.elsewhere.values())

    def tell_presence(self) -> None:
        viewers = self.viewers()
        if viewers != self.told_viewers:
            self.told_viewers = viewers
            self._write_to_all(Batch.of(frames.presence(viewers)))

    # --- votes ---

    async def tell_tally(self) -> None:
        """Count what was voted on, tell what changed."""
        if not (self.touched or self.must_count_all):
            return
        only, self.touched = (None if self.must_count_all else self.touched), set()
        self.must_count_all = False
        counts = await in_database(count_votes, self.room_id, only)
        changed = {question: count for question, count in counts.items() if self.votes.get(question, 0) != count}
        self.votes.update(counts)
        if changed:
            self._write_to_all(Batch.of(frames.tally(changed)))

    def write_tally(self, reader: Reader) -> None:
        """All counts, for one who was away while some changed."""
        if self.votes:
            reader.write(Batch.of(frames.tally(self.votes)))

    def _write_to_all(self, batch: Batch) -> None:
        for reader in tuple(self.public.readers):
            reader.write(batch)


def find_room(slug: str) -> tuple[Room, dict[int, int]] | None:
    """The room of that address, and its votes."""
    room = Room.objects.filter(slug=slug).first()
    return None if room is None else (room, count_votes(room.pk, None))


def count_votes(room_id: int, only: Iterable[int] | None) -> dict[int, int]:
    """Votes of a room's public questions, all or `only` these."""
    questions = Question.objects.public().filter(room=room_id)
    if only is not None:
        questions = questions.filter(pk__in=list(only))
    return dict(questions.values_list("pk").annotate(Count("votes")))


class Hub:
    """All rooms of this process."""

    def __init__(self) -> None:
        self.rooms: dict[int, LiveRoom] = {}
        self.addresses: Counter[str] = Counter()
        self.process = secrets.token_hex(8)
        self.loop: asyncio.AbstractEventLoop | None = None
        self.tasks: set[asyncio.Task[Any]] = set()
        self.notices: dict[int, dict[str, set[Any]]] = {}
        self.has_notices = asyncio.Event()
        self.is_stopping = False

    # --- life ---

    def start(self) -> None:
        """Begin to follow rooms, in the running loop."""
        self.loop = asyncio.get_running_loop()
        self.is_stopping = False
        self.rooms.clear()
        self.every(PULSE, self._pulse)
        self.every(TALLY_EVERY, self._tell_tallies)
        if settings.REDIS_URL:
            self.every(SWEEP_EVERY, self._recount)
            self.every(PRESENCE_EVERY, self._say_presence)
            self.every(0, self._listen)
            self.every(0, self._pass_on)

    async def stop(self, *, spread: float) -> None:
        """Answer waiting polls at once, close sockets with 1012 over `spread` seconds, end all tasks."""
        self.is_stopping = True
        readers = [reader for room in self.rooms.values() for reader in room.readers()]
        for room in self.rooms.values():
            room.public.moved.set()
        for position, reader in enumerate(random.sample(readers, len(readers))):
            await asyncio.sleep(spread / len(readers) if position else 0)
            reader.close(GOING_AWAY)
        self.loop = None
        for task in tuple(self.tasks):
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)

    def spawn(self, work: Awaitable[Any]) -> None:
        task = asyncio.ensure_future(work)
        self.tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: "asyncio.Future[Any]") -> None:
        self.tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("The hub's work failed: %r", error, exc_info=error)

    def every(self, seconds: float, work: Callable[[], Awaitable[None]]) -> None:
        """Do `work` again and again, until the hub stops."""
        self.spawn(self._repeat(seconds, work))

    async def _repeat(self, seconds: float, work: Callable[[], Awaitable[None]]) -> None:
        """Work for ever: what fails is tried again, be it for want of a database or of Redis, or by our own fault."""
        while True:
            try:
                await work()
                await asyncio.sleep(seconds)
            except (ChatError, RedisError, OSError, TimeoutError) as error:
                log.warning("The hub tries again in a second: %s", error)
                await asyncio.sleep(1)
            except Exception:  # without the pulse a whole room would fall silent
                log.exception("The hub tries again in a second")
                await asyncio.sleep(1)

    # --- rooms ---

    async def enter(self, slug: str) -> LiveRoom | None:
        """The room of that address, live in this process; None if there is none."""
        for live in self.rooms.values():
            if live.standing.slug == slug:
                return live
        found = await in_database(find_room, slug)
        return None if found is None else self.rooms.setdefault(found[0].pk, LiveRoom(*found))

    def viewers(self, room_id: int) -> int:
        """Sockets and polls of all processes in a room, as far as this one knows. From any thread."""
        live = self.rooms.get(room_id)
        return live.told_viewers if live else 0

    def take_place(self, address: str, limit: int) -> bool:
        """One more connection of `address` in this process, unless it has `limit` (0: no limit) already."""
        if limit and self.addresses[address] >= limit:
            return False
        self.addresses[address] += 1
        return True

    def give_place(self, address: str) -> None:
        self.addresses[address] -= 1
        if not self.addresses[address]:
            del self.addresses[address]

    # --- the periodic work ---

    async def _pulse(self) -> None:
        if not self.rooms:
            return
        before = {room_id: live.position() for room_id, live in self.rooms.items()}
        rows = await in_database(Room.objects.in_bulk, list(before))
        for room_id, live in tuple(self.rooms.items()):
            if room_id in rows:
                await live.follow(rows[room_id], before[room_id])
            live.tell_presence()
            self._retire(live)

    def _retire(self, live: LiveRoom) -> None:
        is_idle = not live.readers() and not live.viewers_here()
        if is_idle and live.used_at < asyncio.get_running_loop().time() - IDLE_AFTER:
            self.rooms.pop(live.room_id, None)

    async def _tell_tallies(self) -> None:
        for live in tuple(self.rooms.values()):
            await live.tell_tally()

    async def _recount(self) -> None:
        for live in self.rooms.values():
            live.must_count_all = True

    # --- other processes ---

    def tell_event(self, room_id: int, stream: str, told: Told) -> None:
        """An event was committed here."""
        if live := self.rooms.get(room_id):
            live.stream(stream).offer(told)
            live.gather()
        self._tell_others(room_id, news={stream})

    def tell_votes(self, room_id: int, question_id: int) -> None:
        """A vote was committed here."""
        if live := self.rooms.get(room_id):
            live.touched.add(question_id)
        self._tell_others(room_id, votes={question_id})

    def _tell_others(self, room_id: int, **what: set[Any]) -> None:
        if settings.REDIS_URL:
            notice = self.notices.setdefault(room_id, {"news": set(), "votes": set()})
            for kind, values in what.items():
                notice[kind] |= values
            self.has_notices.set()

    async def _pass_on(self) -> None:
        await self.has_notices.wait()
        self.has_notices.clear()
        notices, self.notices = self.notices, {}
        for room_id, notice in notices.items():
            said = {what: list(values) for what, values in notice.items()}
            await self._send({"type": "hub.news", "room": room_id} | said)

    async def _say_presence(self) -> None:
        counts = {str(room_id): live.viewers_here() for room_id, live in self.rooms.items()}
        await self._send({"type": "hub.presence", "viewers": counts})

    async def _send(self, message: dict[str, Any]) -> None:
        await asyncio.wait_for(get_channel_layer().group_send(GROUP, message | {"process": self.process}), 1)

    async def _listen(self) -> None:
        layer = get_channel_layer()
        channel = await layer.new_channel()
        await layer.group_add(GROUP, channel)
        while True:
            message = await layer.receive(channel)
            if message["process"] != self.process:
                self._receive(message)

    def _receive(self, message: dict[str, Any]) -> None:
        if message["type"] == "hub.news":
            self._hear_news(message)
        else:
            self._hear_presence(message)

    def _hear_news(self, message: dict[str, Any]) -> None:
        if live := self.rooms.get(message["room"]):
            live.touched.update(message["votes"])
            if message["news"]:
                self.spawn(live.catch_up(*message["news"]))

    def _hear_presence(self, message: dict[str, Any]) -> None:
        lapses = asyncio.get_running_loop().time() + PRESENCE_LASTS
        for room_id, count in message["viewers"].items():
            if live := self.rooms.get(int(room_id)):
                live.elsewhere[message["process"]] = (lapses, count)


hub = Hub()


def announce(event: RoomEvent) -> None:
    """An event of a room's journal is committed. From any thread; outside a web process nobody listens here, and the
    pulse of those who do finds it within a second."""
    if hub.loop is not None:
        hub.loop.call_soon_threadsafe(hub.tell_event, event.room_id, event.stream, Told.of(event))


def votes_changed(room_id: int, question_id: int) -> None:
    """A public question's votes are others, and committed. From any thread."""
    if hub.loop is not None:
        hub.loop.call_soon_threadsafe(hub.tell_votes, room_id, question_id)
