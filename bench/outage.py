"""Redis gone for a minute in the middle of a burst: what viewers of another process wait for, and what is lost."""

import asyncio
import subprocess
import time

import uvloop

from bench.crowd import Viewer, come, percentiles
from bench.product import product
from tests.machine import Lacking, program
from tests.serving import free_port

GONE_FOR = 60
BEFORE, AFTER = 10, 20
EVERY = 0.2
VIEWERS = 50


def start_redis(port: int) -> subprocess.Popen:
    command = [program("redis-server"), "--port", str(port), "--save", "", "--appendonly", "no"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL)


async def last(site, made, redis: subprocess.Popen, port: int) -> str:
    """A moderator of one process tells five times a second, viewers of the other listen."""
    viewers = [await come(site.ports[1], made["path"]) for _ in range(VIEWERS)]
    teller = await come(site.ports[0], made["path"], made["cookie"])
    sent: list[float] = []
    waits: dict[str, list[float]] = {"before": [], "without Redis": [], "after": []}
    listener = viewers[0]

    def heard() -> None:
        waits[phase].append(time.perf_counter() - sent[listener.events - 1])

    listener.on_event, phase, started = heard, "before", time.perf_counter()
    while (passed := time.perf_counter() - started) < BEFORE + GONE_FOR + AFTER:
        phase = "before" if passed < BEFORE else "without Redis" if passed < BEFORE + GONE_FOR else "after"
        if phase == "without Redis" and redis.poll() is None:
            redis.kill()
            redis.wait()
        elif phase == "after" and redis.poll() is not None:
            redis = start_redis(port)
        sent.append(time.perf_counter())
        teller.say(type="announce", id=f"{len(sent)}", text="x" * 200)
        await asyncio.sleep(EVERY)
    await asyncio.sleep(3)
    redis.kill()
    return summary(viewers, sent, waits)


def summary(viewers: list[Viewer], sent: list[float], waits: dict[str, list[float]]) -> str:
    lost = sum(len(sent) - viewer.events for viewer in viewers)
    phases = "\n".join(f"  {name}: {percentiles(seconds)}" for name, seconds in waits.items())
    return f"  {len(sent)} events to {len(viewers)} viewers, lost or twice {lost}\n{phases}"


def table() -> str:
    head = f"Redis gone for {GONE_FOR} s under two processes: from a frame to a viewer of the other process\n"
    port = free_port()
    try:
        redis = start_redis(port)
    except Lacking as lacking:
        return f"{head}  left out: {lacking}"
    with product("postgresql", processes=2, REDIS_URL=f"redis://127.0.0.1:{port}/0") as (site, made):
        return head + uvloop.run(last(site, made, redis, port))
