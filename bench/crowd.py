"""Many viewers that only count what they get: the same client for every system."""

import asyncio
import base64
import json
import os
import secrets
import time


class Viewer(asyncio.Protocol):
    """One open WebSocket. Counts the events among its text frames without decoding them."""

    def __init__(self, request: bytes):
        self.request = request
        self.opened = asyncio.get_running_loop().create_future()
        self.buffer = b""
        self.events = 0
        self.on_text = None
        self.on_event = None

    def connection_made(self, transport):
        self.transport = transport
        transport.write(self.request)

    def data_received(self, data):
        self.buffer += data
        if not self.opened.done():
            head, end, rest = self.buffer.partition(b"\r\n\r\n")
            if not end:
                return
            assert head.startswith(b"HTTP/1.1 101"), head
            self.buffer = rest
            self.opened.set_result(None)
        self.count()

    def count(self):
        data, position = self.buffer, 0
        while len(data) - position >= 2:
            length, start = data[position + 1], position + 2
            if length >= 126:
                size = 2 if length == 126 else 8
                length, start = int.from_bytes(data[start : start + size], "big"), start + size
            if len(data) < start + length:
                break
            self.heed(data[position], data[start : start + length])
            position = start + length
        self.buffer = data[position:]

    def heed(self, first, payload):
        if first & 0x0F == 9:
            self.transport.write(masked(10, payload))
        elif first & 0x0F == 1:
            if b'"type":"event"' in payload or b'"type": "event"' in payload:
                self.events += 1
                if self.on_event:
                    self.on_event()
            if self.on_text:
                self.on_text(payload)

    def say(self, **frame):
        self.transport.write(masked(1, json.dumps(frame).encode()))


class SocketIoViewer(Viewer):
    """The same over Engine.IO: a greeting to answer, and a digit before each text."""

    def heed(self, first, payload):
        if payload.startswith(b"0{"):
            self.transport.write(masked(1, b"40"))
        elif payload == b"2":
            self.transport.write(masked(1, b"3"))
        else:
            super().heed(first, payload)

    def say(self, **frame):
        self.transport.write(masked(1, b"42" + json.dumps(["announce", frame]).encode()))


def masked(opcode: int, payload: bytes) -> bytes:
    """A client frame; a mask of zeros is a mask."""
    length = len(payload)
    head = bytes((0x80 | opcode, 0x80 | length)) if length < 126 else bytes((0x80 | opcode, 0xFE)) + length.to_bytes(2)
    return head + b"\0\0\0\0" + payload


async def come(port: int, path: str = "/", cookie: str = "") -> Viewer:
    kind = SocketIoViewer if path.startswith("/socket.io/") else Viewer
    key = base64.b64encode(secrets.token_bytes(16)).decode()
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        f"Origin: http://127.0.0.1:{port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        f"Sec-WebSocket-Key: {key}",
        "Sec-WebSocket-Version: 13",
        *([f"Cookie: {cookie}"] if cookie else []),
    ]
    request = ("\r\n".join(lines) + "\r\n\r\n").encode()
    _, viewer = await asyncio.get_running_loop().create_connection(lambda: kind(request), "127.0.0.1", port)
    await viewer.opened
    return viewer


def cpu_seconds(pid: int) -> float:
    """User and system time of a process so far."""
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def percentiles(seconds: list[float]) -> str:
    ordered = sorted(seconds)
    p50, p99 = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.99)]
    return f"p50 {p50 * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms, max {ordered[-1] * 1000:.0f} ms"


async def until(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError
        await asyncio.sleep(0.005)


async def tell_all(tellers: list[Viewer], events: int, text: str) -> int:
    """Send `events` more, the next as soon as one has come, each teller in its turn; how many were sent in all."""
    first = sent = tellers[0].events
    done = asyncio.get_running_loop().create_future()

    def send_more():
        nonlocal sent
        while sent < first + events and sent - tellers[0].events < len(tellers):
            tellers[sent % len(tellers)].say(type="announce", id=f"event-{sent}", text=text)
            sent += 1
        if tellers[0].events == first + events and not done.done():
            done.set_result(None)

    tellers[0].on_event = send_more
    send_more()
    await done
    return sent


async def broadcast(port: int, pid: int, path: str, cookie: str, *, viewers: int, events: int, window: int) -> float:
    """Server CPU per delivery, in microseconds: each of `window` tellers has an event under way, to all and itself."""
    tellers = [await come(port, path, cookie) for _ in range(window)]
    crowd = tellers + [await come(port, path) for _ in range(viewers - window)]
    await asyncio.sleep(1)
    text = "x" * 200
    for warm in range(10):
        tellers[0].say(type="announce", id=f"warm-{warm}", text=text)
    await until(lambda: all(viewer.events >= 10 for viewer in crowd))
    before = cpu_seconds(pid)
    sent = await tell_all(tellers, events, text)
    await until(lambda: all(viewer.events >= sent for viewer in crowd))
    spent = cpu_seconds(pid) - before
    assert all(viewer.events == sent for viewer in crowd), "an event came twice"
    for viewer in crowd:
        viewer.transport.abort()
    return spent / (events * viewers) * 1e6
