"""uvicorn's protocols, with our headers on what they refuse themselves; and for WebSockets with a second way in:
frames prepared once, written straight to each transport.

It leans on uvicorn's internals (`run_asgi`, `connection_made`, `writable`, `queue`, `conn`, `handshake_complete`,
`close_sent`, `read_paused`, `close_timer`; `send_400_response`), so uvicorn and websockets are pinned exactly, and
`tests/recruitment/test_protocol.py` holds every case by a strict client.
"""

import socket
from asyncio.transports import BaseTransport

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Response
from websockets.protocol import State
from websockets.server import ServerProtocol
from websockets.typing import StatusLike

from chat.readers import EXTENSION, TOO_SLOW, Batch
from recruitment.middleware import bare_headers

WRITE_BUFFER = 512 * 1024  # a reader with more than this unsent is behind
KERNEL_BUFFER = 64 * 1024  # by default the kernel hides a slow reader for 3 MB
ABORT_AFTER = 3.0


class PoliteProtocol(HttpToolsProtocol):
    """Where a request is no HTTP there is no application to answer it."""

    def send_400_response(self, msg: str) -> None:
        named = {"Content-Type": "text/plain; charset=utf-8", "Content-Length": str(len(msg)), "Connection": "close"}
        head = "".join(f"{name}: {value}\r\n" for name, value in (named | bare_headers()).items())
        self.transport.write(f"HTTP/1.1 400 Bad Request\r\n{head}\r\n{msg}".encode("ascii"))
        self.transport.close()


class PreparedProtocol(WebSocketsSansIOProtocol):
    """Puts itself, a `chat.readers.Reader`, into the scope's extensions."""

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)
        self.conn.reject = self._reject  # type: ignore[method-assign]
        self.transport.set_write_buffer_limits(high=WRITE_BUFFER)
        raw = transport.get_extra_info("socket")
        if raw is not None and raw.family in (socket.AF_INET, socket.AF_INET6):
            raw.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KERNEL_BUFFER)

    def _reject(self, status: StatusLike, text: str) -> Response:
        response = ServerProtocol.reject(self.conn, status, text)
        response.headers.update(bare_headers())
        return response

    async def run_asgi(self) -> None:
        self.scope["extensions"][EXTENSION] = self  # type: ignore[assignment]
        await super().run_asgi()

    def write(self, batch: Batch) -> None:
        """Queue complete server frames behind what was written before, and return."""
        if not self.writable.is_set():
            self.close(TOO_SLOW)
        elif not self.close_sent and not self.transport.is_closing():  # a closed uvloop transport raises
            self.transport.write(batch.wire)

    async def drain(self) -> None:
        await self.writable.wait()

    def close(self, code: int) -> None:
        """The close frame behind what is queued, and an abort seconds later.

        ASGI's own close waits for a buffer that may never drain.
        """
        if self.close_sent or self.transport.is_closing() or self.conn.state is not State.OPEN:
            return
        self.stop_keepalive()
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code})
        self.conn.send_close(code)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self._read_on()
        self.close_timer = self.loop.call_later(ABORT_AFTER, self.transport.abort)

    def _read_on(self) -> None:
        """So that the other side's close frame is seen."""
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()

    def handle_parser_exception(self) -> None:
        super().handle_parser_exception()
        self._abort_later()

    def keepalive_timeout(self) -> None:
        super().keepalive_timeout()
        self._abort_later()

    def _abort_later(self) -> None:
        """`transport.close()` waits for the buffer as well."""
        self.loop.call_later(ABORT_AFTER, self.transport.abort)
