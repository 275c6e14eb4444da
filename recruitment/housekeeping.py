"""Without a broker, one thread of the server process does what Celery does with one: mails and periodic work."""

import logging
import threading
from datetime import datetime

from django.conf import settings
from django.db import connections
from django.utils import timezone

from leads import public as follow_up
from recruitment import jobs

logger = logging.getLogger(__name__)
LOOKS_EVERY = 20.0
GOES_WITHIN = 2.0


class Housekeeper(threading.Thread):
    """Daemon: a mail server that hangs does not keep the process; its mail is claimed again later."""

    def __init__(self) -> None:
        super().__init__(name="housekeeping", daemon=True)
        self.wanted = threading.Event()
        self.wanted.set()  # the first look is at once
        self.is_stopping = False

    def run(self) -> None:
        while not self.is_stopping:
            is_nudged = self.wanted.wait(LOOKS_EVERY)
            self.wanted.clear()
            keep_house(timezone.now(), is_nudged=is_nudged)

    def stop(self) -> None:
        self.is_stopping = True
        self.wanted.set()
        self.join(GOES_WITHIN)


def keep_house(now: datetime, *, is_nudged: bool = False) -> None:
    """What is due; the mails in any case after a nudge, which tells of one."""
    try:
        if is_nudged:
            follow_up.housekeeping(now)
        jobs.run_due(now)
    except Exception:  # the thread must outlive any job, or mails stop without a word
        logger.exception("housekeeping")
    finally:
        connections.close_all()


_housekeeper: Housekeeper | None = None


def start() -> None:
    """Begin, unless there is a broker: then Celery does all this. From the server's lifespan."""
    global _housekeeper  # noqa: PLW0603 (one per process)
    if not settings.REDIS_URL and _housekeeper is None:
        follow_up.set_nudge(nudge)
        _housekeeper = Housekeeper()
        _housekeeper.start()


def stop() -> None:
    """End it, within GOES_WITHIN seconds whatever it is at. Twice does no harm."""
    global _housekeeper  # noqa: PLW0603 (one per process)
    if _housekeeper is not None:
        _housekeeper.stop()
        _housekeeper = None


def nudge() -> None:
    """Something is to be sent: do not wait for the next look. Returns at once."""
    if _housekeeper is not None:
        _housekeeper.wanted.set()
