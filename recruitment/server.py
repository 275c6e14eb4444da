"""One web process: `python -m recruitment.server [--fd N]`, on the listening socket it is given or on PORT.

Settings come from the environment. SIGTERM ends it within 10 s: sockets get 1012, spread over CLOSE_SPREAD seconds.
It also ends when the process that started it is gone, so that none is left on the port.
"""

import argparse
import os
import socket

import django
import uvicorn
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "recruitment.settings")
django.setup()

from chat import public as rooms  # noqa: E402  # models need the set-up above
from recruitment.protocol import PoliteProtocol, PreparedProtocol  # noqa: E402

LARGEST_FRAME = 16 * 1024


class RoomServer(uvicorn.Server):
    """uvicorn closes all sockets at once, before the application hears of it; here the rooms do it, spread."""

    def __init__(self, config: uvicorn.Config):
        super().__init__(config)
        self.parent = os.getppid()

    async def on_tick(self, counter: int) -> bool:
        return await super().on_tick(counter) or os.getppid() != self.parent

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        await rooms.stop(spread=settings.CLOSE_SPREAD)
        await super().shutdown(sockets)


def config() -> uvicorn.Config:
    return uvicorn.Config(
        "recruitment.asgi:application",
        http=PoliteProtocol,
        loop="uvloop",
        ws=PreparedProtocol,
        ws_max_size=LARGEST_FRAME,
        ws_per_message_deflate=False,
        ws_ping_interval=20,
        ws_ping_timeout=20,
        lifespan="on",
        log_config=None,  # Django's
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=bool(settings.TRUSTED_PROXIES),
        forwarded_allow_ips=settings.TRUSTED_PROXIES,
        timeout_graceful_shutdown=5,
    )


def listen(port: int) -> socket.socket:
    """The socket that one or several web processes accept on."""
    sock = socket.create_server((settings.BIND, port), backlog=2048, reuse_port=False)
    sock.setblocking(False)
    return sock


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--fd", type=int, help="an open listening socket, inherited")
    given = parser.parse_args().fd
    sock = listen(settings.PORT) if given is None else socket.socket(fileno=given)
    RoomServer(config()).run(sockets=[sock])


if __name__ == "__main__":
    main()
