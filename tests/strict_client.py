"""A WebSocket client that accepts nothing but what RFC 6455 says, and keeps what it was sent, byte for byte."""

import asyncio
import base64
import hashlib
import json
import secrets
import socket
from collections import deque

from django.utils.datastructures import CaseInsensitiveMapping

GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
PATIENCE = 30


def run(work):
    """Run a coroutine to its end, and leave no client open."""

    async def tidied():
        try:
            return await work
        finally:
            while StrictClient.opened:
                StrictClient.opened.pop().vanish()

    return asyncio.run(tidied())


class Refused(Exception):
    """The handshake was answered with another status than 101."""

    def __init__(self, status: int, head: str):
        super().__init__(status)
        self.status = status
        self.headers = CaseInsensitiveMapping(line.split(": ", 1) for line in head.strip().split("\r\n")[1:])


class StrictClient:
    opened: list["StrictClient"] = []

    def __init__(self, reader, writer):
        self.opened.append(self)
        self.reader = reader
        self.writer = writer
        self.close_code = None
        self.texts: list[str] = []  # every text, in order, as sent
        self.raw: list[bytes] = []  # the same as whole frames
        self.skipped = ("presence", "tally")
        self.unread: deque[dict] = deque()

    @classmethod
    async def connect(cls, port, path, *, origin=None, host="127.0.0.1", cookie="", headers=(), is_sleepy=False):
        reader, writer = await cls.dial(port, is_sleepy)
        key = base64.b64encode(secrets.token_bytes(16)).decode()
        lines = [
            f"GET {path} HTTP/1.1",
            f"Host: {host}:{port}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {key}",
            "Sec-WebSocket-Version: 13",
            *headers,
        ]
        if origin:
            lines.append(f"Origin: {origin}")
        if cookie:
            lines.append(f"Cookie: {cookie}")
        writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
        except (OSError, asyncio.IncompleteReadError):
            writer.close()
            raise
        status = int(head.split()[1])
        if status != 101:
            writer.close()
            raise Refused(status, head)
        accept = base64.b64encode(hashlib.sha1((key + GUID).encode()).digest()).decode()
        assert f"sec-websocket-accept: {accept.lower()}" in head.lower()
        assert "sec-websocket-extensions" not in head.lower()
        return cls(reader, writer)

    @staticmethod
    async def dial(port, is_sleepy):
        """A sleepy client reads nothing and has little room in its kernel, which hides it otherwise."""
        sock = socket.socket()
        if is_sleepy:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.setblocking(False)
        try:
            await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", port))
        except OSError:
            sock.close()
            raise
        return await asyncio.open_connection(sock=sock)

    def sleep(self) -> None:
        self.writer.transport.pause_reading()

    def wake(self) -> None:
        self.writer.transport.resume_reading()

    # --- sending ---

    def send_frame(self, opcode: int, payload: bytes, *, fin: bool = True, masked: bool = True) -> None:
        length = len(payload)
        head = bytes((fin << 7 | opcode,))
        flag = masked << 7
        if length < 126:
            head += bytes((flag | length,))
        elif length < 65536:
            head += bytes((flag | 126,)) + length.to_bytes(2, "big")
        else:
            head += bytes((flag | 127,)) + length.to_bytes(8, "big")
        if masked:
            mask = secrets.token_bytes(4)
            stretched = (mask * (length // 4 + 1))[:length]
            payload = (int.from_bytes(payload, "big") ^ int.from_bytes(stretched, "big")).to_bytes(length, "big")
            head += mask
        self.writer.write(head + payload)

    def send_text(self, text: str) -> None:
        self.send_frame(1, text.encode(errors="surrogatepass"))

    def send(self, **frame) -> None:
        self.send_text(json.dumps(frame))

    async def act(self, **frame):
        """Send a frame with an id, give its ack or error. What came before it, its event perhaps, stays unread."""
        frame.setdefault("id", secrets.token_hex(8))
        self.send(**frame)
        passed_over = []
        while (got := await self.next()) is not None:
            if got["type"] in ("ack", "error") and got.get("id") == frame["id"]:
                self.unread.extendleft(reversed(passed_over))
                return got
            passed_over.append(got)
        raise ConnectionError(f"closed with {self.close_code} before the reply came")

    def close(self, code: int = 1000) -> None:
        self.send_frame(8, code.to_bytes(2, "big"))

    def vanish(self) -> None:
        """As when the phone enters a tunnel: no close frame, a reset."""
        self.writer.transport.abort()

    # --- receiving ---

    async def read_frame(self) -> tuple[int, bytes]:
        first, second = await self.reader.readexactly(2)
        assert first & 0x80, "a fragment from a server that sends none"
        assert not first & 0x70, "a reserved bit without an extension"
        assert not second & 0x80, "a masked frame from the server"
        raw = bytes((first, second))
        length = second & 0x7F
        if length >= 126:
            size = 2 if length == 126 else 8
            extended = await self.reader.readexactly(size)
            raw += extended
            length = int.from_bytes(extended, "big")
            assert length >= (126 if size == 2 else 65536), "not the shortest length"
        payload = await self.reader.readexactly(length)
        opcode = first & 0x0F
        assert opcode in (1, 2, 8, 9, 10)
        if opcode >= 8:
            assert length < 126, "a control frame that is too long"
        if opcode == 1:
            self.raw.append(raw + payload)
        return opcode, payload

    async def next_text(self) -> str | None:
        """The next text frame; None once the server has closed."""
        while True:
            try:
                opcode, payload = await self.read_frame()
            except (asyncio.IncompleteReadError, ConnectionError):
                self.close_code = self.close_code or 1006
                return None
            if opcode == 9:
                self.send_frame(10, payload)
            elif opcode == 8:
                assert self.close_code is None, "a second close frame"
                self.close_code = int.from_bytes(payload[:2], "big") if payload else 1005
                self.send_frame(8, payload)
            elif opcode == 1:
                assert self.close_code is None, "data after the close frame"
                text = payload.decode()  # raises where it is not UTF-8
                self.texts.append(text)
                return text

    async def next(self):
        """The next frame but presence and tally (unless `skipped` says otherwise); None at the end."""
        if self.unread:
            return self.unread.popleft()
        async with asyncio.timeout(PATIENCE):
            while (text := await self.next_text()) is not None:
                frame = json.loads(text)
                if frame["type"] not in self.skipped:
                    return frame
            return None

    async def look(self) -> None:
        """Wait for the next frame, and leave it to be read: a socket is in the room once it was welcomed."""
        if (frame := await self.next()) is not None:
            self.unread.append(frame)

    async def until(self, wanted):
        """Read up to the first frame of which `wanted(frame)` is true, and give it."""
        while (frame := await self.next()) is not None:
            if wanted(frame):
                return frame
        raise ConnectionError(f"closed with {self.close_code} before it came")

    async def event(self, kind):
        return await self.until(lambda frame: frame.get("kind") == kind)

    async def settles_on(self, wanted: dict) -> None:
        """Read until the last frame of this type, skipped or not, is this one: it may have come already."""
        async with asyncio.timeout(PATIENCE):
            while self.last_of(wanted["type"]) != wanted and await self.next_text() is not None:
                pass
        assert self.last_of(wanted["type"]) == wanted

    def last_of(self, kind: str) -> dict | None:
        frames = (json.loads(text) for text in reversed(self.texts))
        return next((frame for frame in frames if frame["type"] == kind), None)

    async def closed(self) -> int:
        """The close code, once the server has closed."""
        async with asyncio.timeout(PATIENCE):
            while await self.next_text() is not None:
                pass
        self.writer.close()
        return self.close_code

    def events(self, stream="public"):
        """The events of a stream that were read so far, in the order in which they came."""
        frames = map(json.loads, self.texts)
        return [frame for frame in frames if frame["type"] == "event" and frame["stream"] == stream]
