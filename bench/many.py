"""Thousands of viewers: the last browser's wait, memory, a storm of returns, and readers that are no readers."""

import asyncio
import random
import signal
import time
from statistics import median

import uvloop

from bench.crowd import Viewer, come, percentiles, until
from bench.product import product
from tests.machine import Lacking, redis_server

EVENTS = 20
READINGS = 400  # of the good readers' wait: the 99th of a hundred is no single one
BACK_WITHIN = 30


def memory(pid: int) -> int:
    """Resident bytes of a process."""
    with open(f"/proc/{pid}/statm") as statm:
        return int(statm.read().split()[1]) * 4096


async def gather_crowd(ports: list[int], path: str, viewers: int) -> list[Viewer]:
    crowd: list[Viewer] = []
    for start in range(0, viewers, 250):
        batch = range(start, min(start + 250, viewers))
        crowd += await asyncio.gather(*(come(ports[n % len(ports)], path) for n in batch))
    await asyncio.sleep(2)
    return crowd


async def last_waits(teller: Viewer, crowd: list[Viewer], events: int = EVENTS) -> list[float]:
    """For each announcement the seconds until the last of the crowd had it."""
    waits = []
    for number in range(events):
        wanted = [viewer.events + 1 for viewer in crowd]
        sent = time.perf_counter()
        teller.say(type="announce", id=f"{sent}-{number}", text="x" * 200)
        await until(lambda wanted=wanted: all(v.events >= n for v, n in zip(crowd, wanted, strict=True)))
        waits.append(time.perf_counter() - sent)
    return waits


async def crowded(site, made, viewers: int) -> str:
    before = {port: memory(process.pid) for port, process in site.running.items()}
    crowd = await gather_crowd(site.ports, made["path"], viewers)
    grown = sum(memory(process.pid) - before[port] for port, process in site.running.items())
    teller = await come(site.port, made["path"], made["cookie"])
    waits = await last_waits(teller, crowd)
    for viewer in crowd:
        viewer.transport.abort()
    return f"announcement to the last browser {percentiles(waits)}; {grown / viewers / 1024:.0f} KiB a viewer"


# --- a storm of returns ---


async def come_back(port: int, path: str, viewer: Viewer) -> float:
    """Full jitter from 1 to 30 s, as the page's client does; the seconds until it was back in."""
    started, attempt = time.perf_counter(), 0
    while True:
        await asyncio.sleep(random.uniform(0, min(30, 2**attempt)))
        attempt += 1
        try:
            back = await come(port, f"{path}?after={viewer.events}")
        except (OSError, AssertionError):
            continue
        viewer.transport = back.transport
        return time.perf_counter() - started


async def storm(site, made, viewers: int) -> str:
    crowd = await gather_crowd(site.ports, made["path"], viewers)
    await asyncio.to_thread(site.stop, sig=signal.SIGKILL)
    returns = [asyncio.create_task(come_back(site.port, made["path"], viewer)) for viewer in crowd]
    await asyncio.to_thread(site.start)
    waits = await asyncio.gather(*returns)
    for viewer in crowd:
        viewer.transport.abort()
    return f"all {len(waits)} back: {percentiles(waits)}"


# --- those who do not read ---


async def plagued(site, made) -> str:
    """The wait of 200 good readers without and with 50 that never read and 50 that reset."""
    path, port = made["path"], site.port
    crowd = await gather_crowd([port], path, 200)
    teller = await come(port, path, made["cookie"])
    pid = site.running[port].pid
    waits, started_with = await last_waits(teller, crowd, READINGS), memory(pid)
    sleepers = [await come(port, path) for _ in range(50)]
    for sleeper in sleepers:
        sleeper.transport.pause_reading()
    resetting = [asyncio.create_task(reset_again_and_again(port, path)) for _ in range(50)]
    plague = await last_waits(teller, crowd, READINGS)
    for one in resetting:
        one.cancel()
    grown = (memory(pid) - started_with) / 2**20
    return (
        f"without: {percentiles(waits)}; with: {percentiles(plague)} "
        f"(medians {median(plague) / median(waits):.2f}, p99 {late(plague) / late(waits):.2f}); "
        f"{grown:.0f} MiB more memory"
    )


def late(waits: list[float]) -> float:
    return sorted(waits)[int(0.99 * len(waits))]


async def reset_again_and_again(port: int, path: str) -> None:
    """One of them, at a pace of its own, as people's phones do: twice a second."""
    while True:
        await asyncio.sleep(random.uniform(0, 1))
        (await come(port, path)).transport.abort()


def table() -> str:
    lines = ["Many viewers in a room"]
    with product("sqlite") as (site, made):
        lines.append(f"  5,000, one process, SQLite: {uvloop.run(crowded(site, made, 5000))}")
        lines.append(f"  5,000 come back after kill -9: {uvloop.run(storm(site, made, 5000))}")
    with product("sqlite") as (site, made):
        lines.append(f"  50 never read, 50 reset: {uvloop.run(plagued(site, made))}")
    try:
        two = {"processes": 2, "REDIS_URL": redis_server()}
    except Lacking:
        return "\n".join(lines)
    with product("postgresql", **two) as (site, made):
        lines.append(f"  10,000, two processes, PostgreSQL, Redis: {uvloop.run(crowded(site, made, 10000))}")
    return "\n".join(lines)
