"""Tells whoever sends the mails that there is one. The hint may be lost: the sweep finds what was missed."""

import logging
import threading
from collections.abc import Callable

from celery import current_app
from django.conf import settings
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)
SWEEP = "leads.tasks.sweep_outbox"


class Publisher:
    """Publishes the sweep from one background thread: with the broker down, publishing takes long and raises."""

    def __init__(self) -> None:
        self._wanted = threading.Event()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def __call__(self) -> None:
        self._wanted.set()
        with self._starting:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="outbox-publisher", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            self._wanted.wait()
            self._wanted.clear()
            publish_sweep()


def publish_sweep() -> None:
    try:
        current_app.send_task(SWEEP, retry=False, ignore_result=True)
    except (OperationalError, OSError) as error:
        logger.warning("outbox: no broker to tell (%s)", error)


def _told_nobody() -> None:
    """Without a broker and before the housekeeping thread has registered, the sweep alone sends."""


_nudge: Callable[[], None] = Publisher() if settings.REDIS_URL else _told_nobody


def set_nudge(wake: Callable[[], None]) -> None:
    """Register what wakes the sender of this process; it must not raise or wait."""
    global _nudge  # noqa: PLW0603 (one sender per process)
    _nudge = wake


def nudge() -> None:
    _nudge()
