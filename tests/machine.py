"""What this machine has of what some tests need; what it lacks is skipped and named, or a failure under REQUIRE=all."""

import os
import shutil
from collections.abc import Callable
from functools import cache

import psycopg
import redis

REDIS_URL = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/9")
POSTGRES_URLS = [
    os.environ.get("TEST_DATABASE_URL", ""),
    "postgres://recruitment:recruitment@127.0.0.1:5432/recruitment",
    "postgres:///postgres",
]
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


class Lacking(Exception):
    """This machine has it not; the message says what was looked for, and how to get it."""


@cache
def postgres() -> str:
    """The URL of a server where this user may make databases."""
    for url in filter(None, POSTGRES_URLS):
        try:
            with psycopg.connect(url, connect_timeout=2) as connection:
                row = connection.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
                if row.fetchone()[0]:
                    return url
        except psycopg.OperationalError:
            continue
    raise Lacking("no PostgreSQL lets this user make databases: set TEST_DATABASE_URL")


@cache
def redis_server() -> str:
    """The URL of a Redis, a database of it that the tests may empty."""
    try:
        with redis.Redis.from_url(REDIS_URL, socket_timeout=2, socket_connect_timeout=2) as client:
            client.ping()
    except redis.RedisError:
        raise Lacking(f"nothing answers at {REDIS_URL}: start redis-server or set TEST_REDIS_URL") from None
    return REDIS_URL


def program(*names: str) -> str:
    for name in names:
        if path := shutil.which(name):
            return path
    raise Lacking(f"{' or '.join(names)} is not on the PATH")


NEEDS: dict[str, tuple[str, Callable[[], str]]] = {
    "needs_postgres": ("PostgreSQL", postgres),
    "needs_redis": ("Redis", redis_server),
    "needs_chromium": ("Chromium", lambda: program(*BROWSERS)),
    "needs_node": ("Node", lambda: program("node")),
    "needs_gettext": ("gettext", lambda: program("msgfmt")),
}


@cache
def lacking() -> dict[str, str]:
    """What this machine lacks: {name: why}."""
    found = {}
    for name, look in NEEDS.values():
        try:
            look()
        except Lacking as why:
            found[name] = str(why)
    return found
