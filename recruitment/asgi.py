"""One ASGI application: sockets and long polls to the rooms' engine, the rest to Django."""

import asyncio
import gc
import os
from collections.abc import Awaitable, Callable
from typing import Any

from channels.routing import ProtocolTypeRouter, URLRouter
from django.core.asgi import get_asgi_application
from django.urls import path, re_path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "recruitment.settings")
django_application = get_asgi_application()

from chat import public as rooms  # noqa: E402  # models need the application set up
from chat import routes  # noqa: E402
from chat.longpoll import room_events  # noqa: E402
from recruitment import housekeeping  # noqa: E402
from recruitment.middleware import (  # noqa: E402
    with_host_check,
    with_origin_check,
    with_security_headers,
    with_tls,
)

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


async def lifespan(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    """Start and stop what runs beside requests."""
    await receive()
    rooms.start()
    housekeeping.start()
    gc.collect()
    gc.freeze()  # what start-up left is not gone through again
    gc.set_threshold(50_000, 20, 50)
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await rooms.stop(spread=0)
    await asyncio.to_thread(housekeeping.stop)
    await send({"type": "lifespan.shutdown.complete"})


polls = path(routes.POLLS, with_security_headers(with_host_check(with_tls(room_events))))  # type: ignore[arg-type]
application = ProtocolTypeRouter(
    {
        "http": URLRouter([polls, re_path(r"", django_application)]),  # type: ignore[arg-type]
        "websocket": with_security_headers(with_host_check(with_origin_check(URLRouter(routes.sockets)))),
        "lifespan": lifespan,
    }
)
