"""Pages that several connections read at once, handed out in their order."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from typing import Any

from asgiref.sync import sync_to_async
from django.db import connection

READERS = 2  # each has a thread and a connection of its own, while the file lasts


def may_read_at_once() -> bool:
    """Whether other connections see what this one does: PostgreSQL, outside a transaction. Asked in the request's
    database thread.
    """
    return connection.vendor == "postgresql" and not connection.in_atomic_block


async def pages_in_order(read: Callable[[Any], bytes], parts: Iterable[Any], *, at_once: bool) -> AsyncIterator[bytes]:
    """What `read` makes of each part. One after the other in the request's own thread, unless `at_once`."""
    if not at_once:
        for part in parts:
            yield await sync_to_async(read)(part)
        return
    readers = [ThreadPoolExecutor(1) for _ in range(READERS)]
    coming, turns = iter(parts), cycle(readers)
    ahead: deque[asyncio.Future] = deque()
    try:
        ahead.extend(_asked(reader, read, part) for reader, part in zip(turns, islice(coming, READERS), strict=False))
        while ahead:
            page = await ahead.popleft()
            ahead.extend(_asked(next(turns), read, part) for part in islice(coming, 1))
            yield page
    finally:
        for page in ahead:
            if not page.cancel():
                page.exception()  # asked for, or asyncio complains that nobody did
        for reader in readers:
            reader.submit(_hang_up)
            reader.shutdown(wait=False)


def _asked(reader: ThreadPoolExecutor, read: Callable[[Any], bytes], part: Any) -> asyncio.Future:
    return asyncio.get_running_loop().run_in_executor(reader, read, part)


def _hang_up() -> None:
    """Of the thread that it runs in: the name stands for another connection in each."""
    connection.close()
