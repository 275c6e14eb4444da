"""A mail server of its own for a drill: it may refuse at first, and remembers what it took in."""

import re
import socketserver
import threading
import time
from collections import Counter

MESSAGE_ID = re.compile(rb"^Message-ID:\s*(<[^>]+>)", re.IGNORECASE | re.MULTILINE)


class MailServer(socketserver.ThreadingTCPServer):
    """Answers `421` to everybody until `refuse_until` (of `time.monotonic()`), and takes every mail afterwards."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.refuse_until = 0.0
        self.refused = 0
        self.taken: Counter[str] = Counter()  # Message-ID -> how many times
        self.counting = threading.Lock()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    def __enter__(self) -> "MailServer":
        threading.Thread(target=self.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()

    def handle_error(self, *_: object) -> None:
        """A worker that is killed resets its connection."""

    def take(self, mail: bytes) -> None:
        found = MESSAGE_ID.search(mail)
        with self.counting:
            self.taken[found[1].decode() if found else "?"] += 1

    def refuse(self) -> None:
        with self.counting:
            self.refused += 1


class _Session(socketserver.StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        if time.monotonic() < self.server.refuse_until:
            self.server.refuse()
            self._say("421 come back later")
            return
        self._say("220 bench")
        while line := self.rfile.readline():
            match line[:4].upper().strip():
                case b"EHLO" | b"HELO" | b"MAIL" | b"RCPT" | b"RSET" | b"NOOP":
                    self._say("250 ok")
                case b"DATA":
                    self._say("354 go on")
                    self.server.take(self._mail())
                    self._say("250 taken")
                case b"QUIT":
                    self._say("221 bye")
                    return
                case _:
                    self._say("500 what?")

    def _mail(self) -> bytes:
        lines: list[bytes] = []
        while (line := self.rfile.readline()) and line != b".\r\n":
            lines.append(line)
        return b"".join(lines)

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())
