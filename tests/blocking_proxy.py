"""An HTTP proxy as offices and schools have them: pages pass, a WebSocket does not."""

import contextlib
import socket
import threading
from contextlib import contextmanager
from urllib.parse import urlsplit


class BlockingProxy:
    """`refused`: the tunnels it was asked for, as "host:port". `is_silent`: they wait, instead of hearing no."""

    def __init__(self, *, is_silent: bool = False):
        self.is_silent = is_silent
        self.refused: list[str] = []
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        self.clients: list[socket.socket] = []
        self.threads = [threading.Thread(target=self._accept, daemon=True)]
        self.threads[0].start()

    def _accept(self) -> None:
        while True:
            try:
                client = self.server.accept()[0]
            except OSError:
                return
            self.clients.append(client)
            self.threads.append(threading.Thread(target=self._serve, args=[client], daemon=True))
            self.threads[-1].start()

    def _serve(self, client: socket.socket) -> None:
        with client, contextlib.suppress(OSError):
            head = b""
            while b"\r\n\r\n" not in head:
                if not (part := client.recv(65536)):
                    return
                head += part
            method, target, rest = head.split(b" ", 2)
            if method == b"CONNECT" or b"upgrade: websocket" in head.lower():
                self._refuse(client, target.decode())
            else:
                self._fetch(client, method, target.decode(), rest)

    def _fetch(self, client: socket.socket, method: bytes, target: str, rest: bytes) -> None:
        parts = urlsplit(target)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        headers, _, body = rest.partition(b"\r\n\r\n")
        kept = [line for line in headers.split(b"\r\n") if not line.lower().startswith((b"proxy-", b"connection:"))]
        request = b" ".join((method, path.encode(), b"\r\n".join(kept))) + b"\r\nConnection: close\r\n\r\n" + body
        with socket.create_connection((parts.hostname, parts.port or 80)) as site:
            site.sendall(request)
            threading.Thread(target=_pass, args=[client, site], daemon=True).start()
            _pass(site, client)

    def _refuse(self, client: socket.socket, target: str) -> None:
        self.refused.append(target)
        if self.is_silent:
            client.recv(65536)  # until the browser gives up
        else:
            client.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

    def stop(self) -> None:
        """Close the door and everything behind it; a thread that waits on one of them ends by that."""
        self.server.shutdown(socket.SHUT_RDWR)
        self.server.close()
        for client in self.clients:
            with contextlib.suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)
        for thread in self.threads:
            thread.join(5)


def _pass(one: socket.socket, other: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := one.recv(65536):
            other.sendall(data)


@contextmanager
def blocking(**options):
    proxy = BlockingProxy(**options)
    try:
        yield proxy
    finally:
        proxy.stop()
