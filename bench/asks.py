"""2,000 questions from 200 visitors: acknowledged per second, and how long an ack takes."""

import asyncio
import json
import time

import uvloop

from bench.crowd import come
from bench.product import product
from tests.serving import visitor_cookie

VISITORS = 200
EACH = 10


async def ask_all(port: int, path: str, cookies: list[str]) -> tuple[float, list[float]]:
    """(seconds for all, seconds of each ack): each visitor asks the next once the last is acknowledged."""
    visitors = [await come(port, path, cookie) for cookie in cookies]
    waits: list[float] = []

    async def visit(number: int) -> None:
        viewer, acks = visitors[number], asyncio.Queue()
        viewer.on_text = acks.put_nowait
        for index in range(EACH):
            asked = time.perf_counter()
            viewer.say(type="ask", id=f"{index}", text=f"Question {number}-{index} ?")
            while (answer := json.loads(await acks.get()))["type"] not in ("ack", "error"):
                pass
            assert answer["type"] == "ack", answer
            waits.append(time.perf_counter() - asked)

    started = time.perf_counter()
    await asyncio.gather(*(visit(number) for number in range(VISITORS)))
    return time.perf_counter() - started, waits


def table() -> str:
    lines = [f"{VISITORS * EACH} questions from {VISITORS} visitors, each durable before its ack"]
    for kind in ("sqlite", "postgresql"):
        with product(kind) as (site, made):
            cookies = [visitor_cookie_for("bench") for _ in range(VISITORS)]
            seconds, waits = uvloop.run(ask_all(site.port, made["path"], cookies))
        waits.sort()
        p50, p99 = waits[len(waits) // 2], waits[int(len(waits) * 0.99)]
        rate = len(waits) / seconds
        lines.append(f"  {kind:12} {rate:7.0f} acks/s   p50 {p50 * 1000:6.0f} ms   p99 {p99 * 1000:6.0f} ms")
    return "\n".join(lines)


def visitor_cookie_for(secret_key: str) -> str:
    """Signed by the served site's key, which is not this process's."""
    from django.test import override_settings

    with override_settings(SECRET_KEY=secret_key):
        return visitor_cookie()
