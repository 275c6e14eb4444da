"""What comes before serving: the database brought up to the code, static files gathered, then the processes."""

import fcntl
import hashlib
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.utils import timezone

from leads import public as follow_up
from recruitment.processes import run_together
from recruitment.server import listen

MIGRATING = 0x7265_6372  # the advisory lock's key
LOCK_TIMEOUT = "3s"  # a migration that waits for a table longer would hold up everybody behind it


def prepare() -> None:
    """Migrate, replay erasures and gather static files; when several machines start at once, one after another."""
    with one_at_a_time():
        call_command("migrate", verbosity=0, interactive=False)
        follow_up.erase_anew(timezone.now())
    gather_static()
    connection.close()


@contextmanager
def one_at_a_time() -> Iterator[None]:
    if connection.vendor != "postgresql":
        with (settings.VAR_DIR / "migrating").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0; SET lock_timeout = 0")
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATING])
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [LOCK_TIMEOUT])
    try:
        yield
    finally:
        connection.close()  # which also gives the lock back


def gather_static() -> None:
    """`collectstatic`, unless nothing has changed since the last time."""
    stamp: Path = settings.STATIC_ROOT / ".gathered"
    wanted = static_sources()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    call_command("collectstatic", verbosity=0, interactive=False)
    stamp.write_text(wanted)


def static_sources() -> str:
    """A sum over the files that would be gathered: where they are, how long, how old."""
    found = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            whole = Path(storage.path(path))
            stat = whole.stat()
            found.update(f"{whole}:{stat.st_size}:{stat.st_mtime_ns}\n".encode())
    return found.hexdigest()


def open_port() -> socket.socket:
    """PORT, which the web processes accept on. Raises `CommandError` where somebody else does."""
    try:
        return listen(settings.PORT)
    except OSError as error:
        raise CommandError(f"port {settings.PORT}: {error.strerror}. The setting PORT takes another.") from error


def serve() -> int:
    """Listen on PORT with WEB_WORKERS processes, and with a broker run Celery beside them. The exit status.

    Raises `CommandError` where the port is taken.
    """
    sock = open_port()
    web = [sys.executable, "-m", "recruitment.server", "--fd", str(sock.fileno())]
    commands = [web] * settings.WEB_WORKERS
    if settings.REDIS_URL and settings.SERVE_WORKER:
        commands += worker_commands()
    return run_together(commands, pass_fds=[sock.fileno()])


def worker_commands() -> list[list[str]]:
    """A worker of threads, so that killing one process kills all of it; beat beside it, not inside."""
    celery = [sys.executable, "-m", "celery", "--app", "recruitment"]
    worker = [*celery, "worker", "--pool", "threads", "--loglevel", "WARNING", "--without-gossip", "--without-mingle"]
    beat = [*celery, "beat", "--loglevel", "WARNING", "--schedule", str(settings.VAR_DIR / "beat"), "--pidfile="]
    return [worker, beat]
