"""What people do in a room, group after group: what arrives while one is being written is the next.

So a silent room acts at once, and a crowd waits for the disk once instead of each for all before.
"""

import asyncio
import logging

from django.utils import timezone
from django.utils.translation import gettext_lazy

from chat.actions import CROWDS, Act, Outcome, perform
from chat.errors import ChatError, Unavailable
from chat.frames import Data
from chat.threads import in_database

log = logging.getLogger(__name__)

LARGEST = 100

Waiting = tuple[Act, "asyncio.Future[Data]"]


class Groups:
    def __init__(self) -> None:
        self.waiting: dict[int, list[Waiting]] = {}
        self.tasks: set[asyncio.Task[None]] = set()

    async def do(self, room_id: int, act: Act) -> Data:
        """The ack, once it is committed. Raises `ChatError`."""
        outcome: asyncio.Future[Data] = asyncio.get_running_loop().create_future()
        if room_id not in self.waiting:
            self.waiting[room_id] = []
            task = asyncio.create_task(self._write(room_id))
            self.tasks.add(task)
            task.add_done_callback(self._ended)
        self.waiting[room_id].append((act, outcome))
        return await outcome

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self.tasks.discard(task)
        if not task.cancelled() and (fault := task.exception()):
            log.error("A group of acts failed", exc_info=fault)

    async def _write(self, room_id: int) -> None:
        try:
            while group := self._next(room_id):
                await self._write_group(room_id, group)
        finally:
            _settle_all(self.waiting.pop(room_id), [])

    def _next(self, room_id: int) -> list[Waiting]:
        """The staff first: theirs are few, and all wait for them."""
        waiting = sorted(self.waiting[room_id], key=lambda one: one[0].type in CROWDS)
        self.waiting[room_id] = waiting[LARGEST:]
        return waiting[:LARGEST]

    async def _write_group(self, room_id: int, group: list[Waiting]) -> None:
        outcomes: list[Outcome] = []
        try:
            outcomes = await in_database(perform, room_id, [act for act, _ in group], timezone.now())
        except ChatError as refusal:
            outcomes = [refusal] * len(group)
        finally:  # a fault leaves nobody waiting
            _settle_all(group, outcomes)


def _settle_all(group: list[Waiting], outcomes: list[Outcome]) -> None:
    failed = Unavailable(gettext_lazy("This did not work. Try again."))
    for (_, future), outcome in zip(group, outcomes or [failed] * len(group), strict=True):
        _settle(future, outcome)


def _settle(future: "asyncio.Future[Data]", outcome: Outcome) -> None:
    if future.done():  # its socket is gone
        return
    if isinstance(outcome, ChatError):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)


groups = Groups()
