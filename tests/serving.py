"""Real web processes on this test's database, and what it takes to talk to them."""

import asyncio
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from functools import cache
from http.cookies import SimpleCookie
from pathlib import Path

from asgiref.sync import sync_to_async
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, connections
from redis import Redis
from redis.exceptions import RedisError

from chat.identity import VISITOR_COOKIE, new_visitor
from tests.forked import Forked
from tests.machine import program
from tests.strict_client import StrictClient

ROOT = Path(__file__).resolve().parent.parent
STARTS_WITHIN = 30


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def database_url() -> str:
    """Where the processes find the rows that the test makes."""
    known = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{known['NAME']}"
    return f"postgres://{known['USER']}:{known['PASSWORD']}@{known['HOST']}:{known['PORT'] or 5432}/{known['NAME']}"


@cache
def collect_static() -> None:
    """The static files, hashed, where served processes of this run find them: without DEBUG pages need them."""
    environment = {"PATH": os.environ["PATH"], "VAR_DIR": str(settings.VAR_DIR)}
    command = [sys.executable, "manage.py", "collectstatic", "--no-input", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True)


class Site:
    """One or several web processes, each on a port of its own."""

    def __init__(self, *, processes: int = 1, **environment: str):
        self.ports = [free_port() for _ in range(processes)]
        self.environment = environment
        self.running: dict[int, subprocess.Popen | Forked] = {}

    @property
    def port(self) -> int:
        return self.ports[0]

    def start(self) -> "Site":
        for port in self.ports:
            self.start_on(port)
        for port in self.ports:
            self.wait_for(port)
        return self

    def start_on(self, port: int) -> None:
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": os.environ.get("HOME", "/"),
            "DJANGO_SETTINGS_MODULE": "recruitment.settings",
            "VAR_DIR": str(settings.VAR_DIR),
            "SECRET_KEY": settings.SECRET_KEY,
            "DATABASE_URL": database_url(),
            "PORT": str(port),
            "CLOSE_SPREAD": "0.5",
        } | self.environment
        self.running[port] = self.launch("recruitment.server", environment)

    def launch(self, module: str, environment: dict[str, str]) -> subprocess.Popen | Forked:
        return subprocess.Popen([sys.executable, "-m", module], cwd=ROOT, env=environment)

    def wait_for(self, port: int) -> None:
        deadline = time.monotonic() + STARTS_WITHIN
        while time.monotonic() < deadline:
            if self.running[port].poll() is not None:
                raise RuntimeError(f"the server ended with {self.running[port].returncode}")
            with socket.socket() as sock:
                if sock.connect_ex(("127.0.0.1", port)) == 0:
                    return
            time.sleep(0.05)
        raise TimeoutError("the server does not listen")

    def stop(self, port: int | None = None, *, sig: int = signal.SIGTERM) -> float:
        """End one process or all; the seconds until the last was gone."""
        started = time.monotonic()
        ending = [self.running.pop(port) for port in ([port] if port else list(self.running))]
        for process in ending:
            process.send_signal(sig)
        for process in ending:
            process.wait(15)
        return time.monotonic() - started

    # --- talking to it ---

    def get(self, path: str, port: int | None = None, **headers: str) -> tuple[int, dict[str, str], bytes]:
        return self.request("GET", path, port=port, headers=headers)

    def request(self, method, path, *, port=None, headers=None, body=None):
        conn = http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=30)
        try:
            conn.request(method, path, body=body, headers=headers or {})
            response = conn.getresponse()
            return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
        finally:
            conn.close()

    def events(self, room, after=0, port=None, **query):
        more = "".join(f"&{name}={value}" for name, value in query.items())
        return json.loads(self.get(f"/rooms/{room.slug}/events?after={after}{more}", port)[2])

    async def connect(self, room, *, port=None, cookie="", after=None, staff_after=None, **more) -> StrictClient:
        """A strict client in the room, or refused: its first frame has come, and is the next to be read."""
        query = "&".join(
            f"{name}={value}"
            for name, value in {"after": after, "staff_after": staff_after}.items()
            if value is not None
        )
        path = f"/ws/rooms/{getattr(room, 'slug', room)}/?{query}"
        port = port or self.port
        client = await StrictClient.connect(port, path, origin=f"http://127.0.0.1:{port}", cookie=cookie, **more)
        await client.look()
        return client


class TestedSite(Site):
    """The same, begun sooner: what is not the project's is imported once for all tests."""

    def launch(self, module: str, environment: dict[str, str]) -> Forked:
        return Forked(module, environment)


@contextmanager
def serving(**options):
    site = TestedSite(**options)
    try:
        yield site.start()
    finally:
        site.stop(sig=signal.SIGKILL)


class OwnRedis:
    """A Redis that the test may kill, and that no other test's processes take tasks from."""

    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        command = [program("redis-server"), "--port", str(self.port), "--save", "", "--appendonly", "no"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        client, deadline = Redis(port=self.port), time.monotonic() + 10
        with client:
            while True:
                try:
                    client.ping()
                    return
                except RedisError:
                    if time.monotonic() > deadline:
                        raise
                    time.sleep(0.05)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


def session_cookie(user) -> str:
    """The cookie of somebody who has logged in."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "recruitment.backends.GroupBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def visitor_cookie() -> str:
    cookie = SimpleCookie()
    cookie[VISITOR_COOKIE] = new_visitor()[1]
    return cookie.output(header="", attrs=[]).strip()


def read(function):
    """`function` for a coroutine of a test to await; the thread it runs in keeps no connection."""

    def call(*args, **kwargs):
        try:
            return function(*args, **kwargs)
        finally:
            connections.close_all()

    return sync_to_async(call)


async def wait_for(condition, *, seconds=30):
    """Until `condition()` is true; what it waits for is a state that others reach, not a time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("it did not come to that")
        await asyncio.sleep(0.02)
