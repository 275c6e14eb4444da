"""The product, served on a database of its own, for a benchmark."""

import json
import os
import secrets
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from tests import machine
from tests.serving import Site

ROOT = Path(__file__).resolve().parent.parent
NO_LIMITS = dict.fromkeys(
    (
        "ROOM_CONNECTIONS_PER_ADDRESS",
        "ROOM_ASKS_PER_MINUTE",
        "ROOM_ASKS_PER_ADDRESS_PER_MINUTE",
        "ROOM_VOTES_PER_MINUTE",
        "REQUESTS_PER_ADDRESS_PER_HOUR",
    ),
    "0",
)


@contextmanager
def database(kind: str):
    """The URL of an empty database: `sqlite` or `postgresql`."""
    if kind == "sqlite":
        with tempfile.TemporaryDirectory(prefix="recruitment-bench-") as folder:
            yield f"sqlite:///{folder}/db.sqlite3"
        return
    server, name = machine.postgres(), f"bench_{secrets.token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield f"{server.rpartition('/')[0]}/{name}"
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def product(kind: str, *, processes: int = 1, **settings: str):
    """(site, what `prepare.py` made) with web processes on a fresh database."""
    with database(kind) as url, tempfile.TemporaryDirectory(prefix="recruitment-bench-") as folder:
        environment = {"DATABASE_URL": url, "VAR_DIR": folder, "SECRET_KEY": "bench"} | NO_LIMITS | settings
        prepare = [sys.executable, "-m", "bench.prepare"]
        made = subprocess.run(
            prepare, cwd=ROOT, env=os.environ | environment, check=True, capture_output=True, text=True
        ).stdout
        site = Site(processes=processes, **environment)
        site.start()
        try:
            yield site, json.loads(made.splitlines()[-1])
        finally:
            site.stop()
