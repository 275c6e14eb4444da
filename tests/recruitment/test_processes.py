import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager, suppress

import psycopg
import pytest

from tests.recruitment.test_settings import SECURE
from tests.settings import NAMES, ROOT

pytestmark = pytest.mark.slow
GONE_WITHIN = 10


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return sock.getsockname()[1]


@contextmanager
def running(command: str, var_dir, **environment):
    """`manage.py command` in a process group of its own, which is gone afterwards."""
    port = free_port()
    kept = {name: value for name, value in os.environ.items() if name not in NAMES}
    given = {"VAR_DIR": str(var_dir), "PORT": str(port), "DJANGO_SETTINGS_MODULE": "recruitment.settings"}
    with open(var_dir / "log", "wb") as log:
        process = subprocess.Popen(
            [sys.executable, "manage.py", command],
            cwd=ROOT,
            env=kept | given | environment,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process, f"http://127.0.0.1:{port}"
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def loopback(port_url: str = "http://127.0.0.1:8000") -> dict[str, str]:
    return SECURE | {"SITE_URL": port_url, "ALLOWED_HOSTS": "127.0.0.1", "SERVE_WORKER": "1"}


def answer(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=60) as response:
        return response.read()


def wait_until_alive(process, base: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert process.poll() is None, "it ended before it served"
        try:
            answer(f"{base}/healthz")
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("it does not answer")


def group_of(process) -> set[int]:
    listed = subprocess.run(["ps", "-eo", "pid,pgid"], capture_output=True, text=True, check=True).stdout
    pairs = [line.split() for line in listed.splitlines()[1:]]
    return {int(pid) for pid, group in pairs if int(group) == process.pid}


def wait_until_gone(process) -> int:
    status = process.wait(GONE_WITHIN)
    deadline = time.monotonic() + 5
    while group_of(process):
        assert time.monotonic() < deadline, "children were left behind"
        time.sleep(0.05)
    return status


@pytest.fixture(scope="module")
def first_start(tmp_path_factory):
    """A folder as the first start leaves it."""
    var_dir = tmp_path_factory.mktemp("first")
    with running("serve", var_dir, **loopback()) as (process, base):
        wait_until_alive(process, base)
        process.terminate()
        process.wait()
    return var_dir


@pytest.fixture
def begun(first_start, tmp_path):
    """Another such folder: what is asked here is not whether migrations take their time."""
    return shutil.copytree(first_start, tmp_path / "begun")


def test_serve_migrates_gathers_and_serves_until_sigterm(tmp_path):
    with running("serve", tmp_path, **loopback()) as (process, base):
        wait_until_alive(process, base)
        assert json.loads(answer(f"{base}/readyz"))["status"] == "ok"
        assert b"--c-accent" in answer(f"{base}/static/css/tokens.css")
        process.terminate()
        assert wait_until_gone(process) == 0


def test_a_web_process_that_dies_ends_the_whole(begun):
    with running("serve", begun, **loopback()) as (process, base):
        wait_until_alive(process, base)
        (child,) = group_of(process) - {process.pid}
        os.kill(child, signal.SIGKILL)
        assert wait_until_gone(process) == 1


def test_a_parent_that_is_killed_leaves_nobody_on_the_port(begun):
    with running("serve", begun, **loopback()) as (process, base):
        wait_until_alive(process, base)
        process.kill()
        wait_until_gone(process)
        with pytest.raises(urllib.error.URLError):
            answer(f"{base}/healthz")


def test_serve_on_a_taken_port_says_which(begun):
    with running("serve", begun, **loopback()) as (process, base):
        wait_until_alive(process, base)
        port = base.rpartition(":")[2]
        environment = {**os.environ, **loopback(), "VAR_DIR": str(begun), "PORT": port}
        environment["DJANGO_SETTINGS_MODULE"] = "recruitment.settings"
        second = subprocess.run(
            [sys.executable, "manage.py", "serve"],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert second.returncode == 1
        assert f"port {port}: Address already in use" in second.stderr


def test_serve_refuses_an_insecure_setting_before_it_touches_the_database(tmp_path):
    with running("serve", tmp_path, **loopback() | {"DEBUG": "1"}) as (process, _):
        assert process.wait(30) == 1
    assert "DEBUG is on" in (tmp_path / "log").read_text()
    assert not (tmp_path / "db.sqlite3").exists()


@pytest.mark.needs_postgres
@pytest.mark.needs_redis
def test_with_postgresql_and_redis_two_web_processes_and_celery_serve(tmp_path, empty_database_url, redis_url):
    both = {"DATABASE_URL": empty_database_url, "REDIS_URL": redis_url, "WEB_WORKERS": "2"}
    with running("serve", tmp_path, **loopback() | both) as (process, base):
        wait_until_alive(process, base)
        assert json.loads(answer(f"{base}/readyz"))["status"] == "ok"
        assert len(group_of(process)) == 5
        wait_for_a_job(empty_database_url)
        process.terminate()
        assert wait_until_gone(process) == 0


def wait_for_a_job(url: str) -> None:
    deadline = time.monotonic() + 150  # beat begins with the next minute
    with psycopg.connect(url, autocommit=True) as connection:
        while not connection.execute("SELECT 1 FROM recruitment_jobrun WHERE done_at IS NOT NULL").fetchone():
            assert time.monotonic() < deadline, "Celery ran no job"
            time.sleep(0.2)
