"""Asks that arrive within a few milliseconds share one transaction: one wait for the disk instead of many."""

import asyncio
import logging
from collections import defaultdict

from django.utils import timezone
from django.utils.translation import gettext_lazy

from chat.actions import ask_together
from chat.errors import ChatError, Unavailable
from chat.frames import Data
from chat.services import Ask
from chat.threads import in_database

log = logging.getLogger(__name__)

GATHER = 0.004
LARGEST = 100

Waiting = tuple[Ask, str, "asyncio.Future[Data]"]


class AskGroups:
    def __init__(self) -> None:
        self.waiting: dict[int, list[Waiting]] = defaultdict(list)
        self.tasks: set[asyncio.Task[None]] = set()

    async def ask(self, room_id: int, ask: Ask, address: str) -> Data:
        """The ack, once the question is committed. Raises `ChatError`."""
        outcome: asyncio.Future[Data] = asyncio.get_running_loop().create_future()
        group = self.waiting[room_id]
        group.append((ask, address, outcome))
        if len(group) == 1:
            task = asyncio.create_task(self._write(room_id))
            self.tasks.add(task)
            task.add_done_callback(self._ended)
        return await outcome

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self.tasks.discard(task)
        if not task.cancelled() and (fault := task.exception()):
            log.error("A group of questions failed", exc_info=fault)

    async def _write(self, room_id: int) -> None:
        await asyncio.sleep(GATHER)
        while group := self.waiting.pop(room_id, []):
            try:
                for start in range(0, len(group), LARGEST):
                    await self._write_group(room_id, group[start : start + LARGEST])
            finally:  # a fault leaves nobody waiting
                for *_, future in group:
                    _settle(future, Unavailable(gettext_lazy("This did not work. Try again.")))

    async def _write_group(self, room_id: int, group: list[Waiting]) -> None:
        asks, addresses = [ask for ask, _, _ in group], [address for _, address, _ in group]
        try:
            outcomes = await in_database(ask_together, room_id, asks, addresses, timezone.now())
        except ChatError as refusal:
            outcomes = [refusal] * len(group)
        for (_, _, future), outcome in zip(group, outcomes, strict=True):
            _settle(future, outcome)


def _settle(future: "asyncio.Future[Data]", outcome: Data | ChatError) -> None:
    if future.done():  # its socket is gone
        return
    if isinstance(outcome, ChatError):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)


groups = AskGroups()
