"""Fan-out: what the journal holds, to every browser in the room, each frame built once in this process.

Services say `announce` and `votes_changed` after commit, from any thread. All else runs on the event loop's thread.
"""

import asyncio
import contextlib
import logging
import random
import secrets
import threading
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator, Sequence
from typing import Any

from channels.layers import get_channel_layer
from django.conf import settings
from redis.exceptions import RedisError

from chat import frames
from chat.errors import ChatError
from chat.live import LiveRoom, find_room
from chat.models import Room, RoomEvent
from chat.streams import Told
from chat.threads import in_database

log = logging.getLogger(__name__)

PULSE = 1.0
TALLY_EVERY = 0.25
SWEEP_EVERY = 2.0  # votes of other processes, where a notice was lost
PRESENCE_EVERY = 5.0
PRESENCE_LASTS = 15.0
IDLE_AFTER = 60.0
SAID_EVERY = 60.0  # an outage is a line a minute in the log
GROUP = "rooms"
GOING_AWAY = 1012

News = tuple[int, str, Told]  # a room, a stream of it, an event


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

    def every(self, seconds: float, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Do `work` again and again, until the hub stops."""
        self.spawn(self._repeat(seconds, work))

    async def _repeat(self, seconds: float, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Work for ever: what fails is tried again, be it for want of a database or of Redis, or by our own fault."""
        said_at = float("-inf")
        while True:
            try:
                await work()
                await asyncio.sleep(seconds)
            except (ChatError, RedisError, OSError, TimeoutError) as error:
                if (now := asyncio.get_running_loop().time()) > said_at + SAID_EVERY:
                    log.warning("%s fails and is tried again each second: %s", work.__name__, error)
                    said_at = now
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
        return None if found is None else self.rooms.setdefault(found[0].pk, LiveRoom(*found, spawn=self.spawn))

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
        if live.is_wiped or (is_idle and live.used_at < asyncio.get_running_loop().time() - IDLE_AFTER):
            self.rooms.pop(live.room_id, None)

    async def _tell_tallies(self) -> None:
        for live in tuple(self.rooms.values()):
            await live.tell_tally()

    async def _recount(self) -> None:
        for live in self.rooms.values():
            live.must_count_all = True

    # --- other processes ---

    def tell_events(self, news: Sequence[News]) -> None:
        """Events were committed here: those of one room share a write."""
        for room_id, stream, told in news:
            if live := self.rooms.get(room_id):
                live.stream(stream).offer(told)
            self._tell_others(room_id, news={stream})
        for room_id in {room_id for room_id, _, _ in news}:
            if live := self.rooms.get(room_id):
                live.tell_offered()

    def tell_votes(self, room_id: int, questions: set[int], voters: set[str]) -> None:
        """Votes were committed here."""
        if live := self.rooms.get(room_id):
            live.touched |= questions
            live.people |= voters
        self._tell_others(room_id, votes=questions, voters=voters)

    def claim(self, room_id: int, frame: frames.Data) -> None:
        """`frame` to the room's staff in all processes. On the loop's thread."""
        if live := self.rooms.get(room_id):
            live.hear_claim(frame)
        if settings.REDIS_URL and self.loop is not None:
            self.spawn(self._send({"type": "hub.claim", "room": room_id, "frame": frame}))

    def _tell_others(self, room_id: int, **what: set[Any]) -> None:
        if settings.REDIS_URL:
            notice = self.notices.setdefault(room_id, {"news": set(), "votes": set(), "voters": set()})
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
        elif message["type"] == "hub.claim":
            if live := self.rooms.get(message["room"]):
                live.hear_claim(message["frame"])
        else:
            self._hear_presence(message)

    def _hear_news(self, message: dict[str, Any]) -> None:
        if live := self.rooms.get(message["room"]):
            live.touched.update(message["votes"])
            live.people.update(message["voters"])
            if message["news"]:
                self.spawn(live.catch_up(*message["news"]))

    def _hear_presence(self, message: dict[str, Any]) -> None:
        lapses = asyncio.get_running_loop().time() + PRESENCE_LASTS
        for room_id, count in message["viewers"].items():
            if live := self.rooms.get(int(room_id)):
                live.elsewhere[message["process"]] = (lapses, count)


hub = Hub()


_held = threading.local()


@contextlib.contextmanager
def one_notice() -> Iterator[None]:
    """What this thread announces meanwhile reaches the loop as one, so that it shares a write."""
    _held.news = []
    try:
        yield
    finally:
        news, _held.news = _held.news, None
        _say(news)


def announce(events: Iterable[RoomEvent]) -> None:
    """Events of a room's journal are committed. From any thread; outside a web process nobody listens here, and the
    pulse of those who do finds them within a second."""
    news = [(event.room_id, event.stream, Told.of(event)) for event in events] if hub.loop is not None else []
    if (held := getattr(_held, "news", None)) is not None:
        held += news
    else:
        _say(news)


def _say(news: list[News]) -> None:
    if news and hub.loop is not None:
        hub.loop.call_soon_threadsafe(hub.tell_events, news)


def votes_changed(room_id: int, questions: set[int], voters: set[str]) -> None:
    """Public questions' votes are others, by the participants `voters`, and committed. From any thread."""
    if hub.loop is not None:
        hub.loop.call_soon_threadsafe(hub.tell_votes, room_id, questions, voters)
