"""What every test may use, and what becomes of a test whose needs this machine does not meet."""

import os
from collections.abc import Iterator

import psycopg
import pytest
from django.core.cache import cache
from django.db import connection
from hypothesis import settings

from chat.intake import topic_words, watched
from chat.similarity import memory
from tests import machine
from tests.serving import OwnRedis

# The same examples in every run: what CI finds is found again, and a run never fails by luck.
settings.register_profile("same", derandomize=True)
settings.load_profile("same")

SKIPPED_FOR = "This machine lacks "


def have(need: str) -> str:
    """The URL or path of what the marker `need` stands for; skips the test where there is none."""
    name, look = machine.NEEDS[need]
    try:
        return look()
    except machine.Lacking as why:
        message = f"{SKIPPED_FOR}{name}: {why}"
        if os.environ.get("REQUIRE") == "all":
            pytest.fail(message, pytrace=False)
        pytest.skip(message)


def pytest_configure(config):
    for need, (name, _) in machine.NEEDS.items():
        config.addinivalue_line("markers", f"{need}: skipped where there is no {name}")

    config.addinivalue_line("markers", "on_postgres: runs with the suite on PostgreSQL, and is left out on SQLite")
    config.addinivalue_line("markers", "installed: slow, on what an installation has: PostgreSQL")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """Say what runs on which database; files with slow tests come first, so that no process ends alone with one."""
    for item in items:
        is_about_servers = item.path.parent.name in ("chat", "leads") and not item.get_closest_marker("either")
        if is_about_servers and item.get_closest_marker("slow"):
            item.add_marker("installed")
    if connection.vendor != "postgresql":
        leave_to_postgres(config, items)
    result = yield
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)
    return result


def leave_to_postgres(config, items):
    """Where there is one, `tests/run` goes through the suite on it too."""
    apart = [item for item in items if item.get_closest_marker("on_postgres")]
    if "PostgreSQL" in machine.lacking():
        for item in apart:
            item.add_marker("needs_postgres")
    elif apart:
        config.hook.pytest_deselected(items=apart)
        items[:] = [item for item in items if item not in apart]


def pytest_runtest_setup(item):
    for read in (memory, watched, topic_words):
        read.forget()  # the rows of the test before
    cache.clear()  # and what it has used of the limits
    for need in machine.NEEDS:
        if item.get_closest_marker(need):
            have(need)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter):
    """Behind everything else that is told, so that it stands right above the last line."""
    result = yield
    skipped = [str(report.longrepr) for report in terminalreporter.stats.get("skipped", [])]
    for name, why in machine.lacking().items():
        count = sum(f"{SKIPPED_FOR}{name}:" in reason for reason in skipped)
        terminalreporter.write_line(f"Skipped, no {name}: {count} tests ({why})")
    if left_out := os.environ.get("TESTS_LEFT_OUT"):
        terminalreporter.write_line(left_out)
    return result


@pytest.fixture(scope="session")
def postgres_url() -> str:
    return have("needs_postgres")


@pytest.fixture
def empty_database_url(postgres_url) -> Iterator[str]:
    """The URL of a new PostgreSQL database, for a server of its own process."""
    name = f"test_server_{os.getpid()}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {name}")
        yield f"{postgres_url.rpartition('/')[0]}/{name}"
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def redis_url() -> str:
    return have("needs_redis")


@pytest.fixture
def own_redis() -> Iterator[OwnRedis]:
    try:
        server = OwnRedis()
    except machine.Lacking:
        pytest.skip("redis-server cannot be started by this user")
    yield server
    server.kill()


@pytest.fixture(scope="session")
def chromium_path() -> str:
    return have("needs_chromium")


@pytest.fixture(scope="session")
def node_path() -> str:
    return have("needs_node")
