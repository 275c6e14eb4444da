"""What the hall may use of the rooms: their engine's life, their periodic work, and reads for other apps."""

from datetime import datetime

from django.utils import timezone

from chat import services
from chat.hub import hub
from chat.threads import in_database

KEEP_TIME_EVERY = 1.0


def start() -> None:
    """Begin to serve rooms, in the running event loop."""
    hub.start()
    hub.every(KEEP_TIME_EVERY, _keep_time)


async def stop(*, spread: float) -> None:
    """Answer waiting polls, close sockets with 1012 over `spread` seconds. Twice does no harm."""
    await hub.stop(spread=spread)


async def _keep_time() -> None:
    await in_database(services.keep_time, timezone.now())


def purge(now: datetime) -> int:
    """Daily work: forget frame receipts of more than a day ago; how many."""
    return services.purge_receipts(now)
