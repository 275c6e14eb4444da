"""Writers that take turns, where the database lets one in at a time."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

_turn = threading.Lock()


@contextmanager
def in_turn() -> Iterator[None]:
    """Around a transaction that many ask for at once. SQLite's own waiters poll, and in a burst some starve until they
    are refused; here they queue, within the process. Other databases need no queue.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with _turn:
        yield
