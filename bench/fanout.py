"""One event to 500 viewers: server CPU per delivery, the product beside others."""

import contextlib
import statistics
import subprocess
import sys
from collections.abc import Callable
from contextlib import contextmanager

import uvloop

from bench.crowd import broadcast
from bench.product import ROOT, product
from tests.machine import Lacking, program
from tests.serving import Site

VIEWERS = 500
EVENTS = 200
ROUNDS = 3


@contextmanager
def peer(*command: str, path: str = "/"):
    """(port, process id, path, cookie) of another system on a port of its own."""
    site = Site()
    site.running[site.port] = subprocess.Popen(
        [part.format(port=site.port) for part in command], cwd=ROOT, stderr=subprocess.DEVNULL
    )
    try:
        site.wait_for(site.port)
        yield site.port, site.running[site.port].pid, path, ""
    finally:
        site.stop()


@contextmanager
def the_product(kind: str):
    with product(kind) as (site, made):
        yield site.port, site.running[site.port].pid, made["path"], made["cookie"]


def systems() -> dict[str, Callable]:
    found = {
        "the product, SQLite": lambda: the_product("sqlite"),
        "the product, PostgreSQL": lambda: the_product("postgresql"),
        "its hub alone, no row an event": lambda: peer(sys.executable, "-m", "bench.serve_hub", "{port}"),
    }
    with contextlib.suppress(Lacking):
        node = program("node")
        found["node ws"] = lambda: peer(node, "bench/peers/ws.mjs", "{port}")
        engine_io = "/socket.io/?EIO=4&transport=websocket"
        found["Socket.IO"] = lambda: peer(node, "bench/peers/socket_io.mjs", "{port}", path=engine_io)
        found["Bun"] = lambda: peer("bench/node_modules/.bin/bun", "bench/peers/bun.mjs", "{port}")
    found["picows"] = lambda: peer(sys.executable, "-m", "bench.peers.picows_loop", "{port}")
    daphne = [
        sys.executable,
        "-m",
        "daphne",
        "-v",
        "0",
        "-b",
        "127.0.0.1",
        "-p",
        "{port}",
        "bench.tutorial:application",
    ]
    found["Channels tutorial, Daphne"] = lambda: peer(*daphne)
    return found


def measure(serve: Callable, window: int, events: int) -> float:
    with serve() as (port, pid, path, cookie):
        return uvloop.run(broadcast(port, pid, path, cookie, viewers=VIEWERS, events=events, window=window))


def table() -> str:
    """Rounds take turns, so that a noisy minute meets all systems alike."""
    measured: dict[tuple[str, int], list[float]] = {}
    for _ in range(ROUNDS):
        for name, serve in systems().items():
            for window in (1, 4):
                events = EVENTS if "tutorial" not in name else EVENTS // 10
                measured.setdefault((name, window), []).append(measure(serve, window, events))
    medians = {key: statistics.median(values) for key, values in measured.items()}
    lines = [f"Fan-out, {VIEWERS} viewers, median of {ROUNDS}: server CPU per delivery in µs, and times node ws"]
    for name in systems():
        cells = [f"{medians[name, w]:8.2f} ({ratio(medians, name, w)})" for w in (1, 4)]
        lines.append(f"  {name:32} w=1 {cells[0]}   w=4 {cells[1]}")
    return "\n".join(lines)


def ratio(medians: dict[tuple[str, int], float], name: str, window: int) -> str:
    node = medians.get(("node ws", window))
    return f"{medians[name, window] / node:.2f}" if node else "-"
