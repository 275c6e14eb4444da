"""433 requests for information from 64 clients: the campaign of 2004 in one moment, and in a minute of misfortune."""

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain
from urllib.parse import urlencode

import psycopg

from bench.mail_server import MailServer
from bench.outage import start_redis
from bench.product import ROOT, product
from tests.machine import Lacking
from tests.serving import free_port

REQUESTS = 433
CLIENTS = 64
HIDDEN = re.compile(r'name="(csrfmiddlewaretoken|request_id|served)"[^>]*?value="([^"]+)"')
REFERENCE = re.compile(r'class="ref">([^<]+)<')
READING = 2.1  # seconds: a form that comes back sooner is shown again

# the minute of misfortune
WITHIN = 60
REFUSES_FOR = 30
KILLED_AFTER = 45
MAILS_WITHIN = 600  # what a killed worker held is free again after five minutes
WANTED_P95 = 0.3


class Visitor:
    """One browser: fills the form in, waits as people do, sends it."""

    def __init__(self, port: int, number: int):
        self.port = port
        self.origin = f"http://127.0.0.1:{port}"
        self.number = number
        self.cookies: dict[str, str] = {}

    def read_form(self) -> None:
        page = self._ask("GET", "/request/")[1]
        self.hidden = dict(HIDDEN.findall(page))

    def send(self) -> tuple[int, float]:
        """(status, seconds)."""
        mine = {"email": f"candidate{self.number}@example.org", "postal_code": "93100", "message": "Le concours ?"}
        started = time.perf_counter()
        status, _page = self._ask("POST", "/request/", urlencode(self.hidden | mine))
        return status, time.perf_counter() - started

    def reference(self) -> str:
        """Of the receipt that this browser was given last."""
        found = REFERENCE.search(self._ask("GET", "/request/received/")[1])
        return found[1].strip() if found else ""

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers |= {"Referer": f"{self.origin}/request/", "Origin": self.origin}
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        page = response.read().decode()
        for cookie in response.headers.get_all("Set-Cookie") or []:
            name, _, value = cookie.split(";")[0].partition("=")
            self.cookies[name] = value
        connection.close()
        return response.status, page


# --- all in one moment ----------------------------------------------------------------------------------------------
def send_all(port: int) -> tuple[list[tuple[int, float]], float]:
    visitors = [Visitor(port, number) for number in range(REQUESTS)]
    shares = [visitors[start::CLIENTS] for start in range(CLIENTS)]
    with ThreadPoolExecutor(CLIENTS) as clients:
        list(clients.map(lambda share: [visitor.read_form() for visitor in share], shares))
        time.sleep(READING)
        started = time.perf_counter()
        sent = list(clients.map(lambda share: [visitor.send() for visitor in share], shares))
        return list(chain(*sent)), time.perf_counter() - started


def counted(environment: dict[str, str]) -> int:
    """This week's leads, as the manager reads them."""
    report = [sys.executable, "manage.py", "weekly_report", "--format", "json"]
    output = subprocess.run(report, cwd=ROOT, env=os.environ | environment, check=True, capture_output=True).stdout
    return json.loads(output)["total"]


def at_once(kind: str) -> str:
    with product(kind) as (site, _):
        answers, seconds = send_all(site.port)
        total = counted(site.environment)
    refused = sum(status != 303 for status, _ in answers)
    return f"  {kind:12} refused {refused}   counted {total}   {REQUESTS / seconds:5.0f}/s   {waits_of(answers)}"


def waits_of(answers: list[tuple[int, float]]) -> str:
    waits = sorted(wait for _, wait in answers)
    p50, p95 = waits[len(waits) // 2], waits[int(len(waits) * 0.95)]
    return f"p50 {p50 * 1000:5.0f} ms   p95 {p95 * 1000:5.0f} ms"


# --- in a minute of misfortune --------------------------------------------------------------------------------------
@dataclass
class Ledger:
    """What the clients saw."""

    answers: list[tuple[int, float]] = field(default_factory=list)
    references: dict[int, set[str]] = field(default_factory=dict)  # visitor -> theirs

    def note(self, visitor: Visitor) -> None:
        self.answers.append(visitor.send())
        self.references.setdefault(visitor.number, set()).add(visitor.reference())


def post_within(ports: list[int], begins: float, ledger: Ledger) -> None:
    """Every visitor at a moment of their own; each tenth asks the same again: the form sent twice, or read anew."""

    def client(share: range) -> None:
        for number in share:
            visitor, due = Visitor(ports[number % len(ports)], number), begins + WITHIN * number / REQUESTS
            wait_until(due - READING)
            visitor.read_form()
            wait_until(max(due, time.monotonic() + READING))
            ledger.note(visitor)
            if number % 20 == 10:
                ledger.note(visitor)
            elif number % 10 == 0:
                visitor.read_form()
                time.sleep(READING)
                ledger.note(visitor)

    with ThreadPoolExecutor(CLIENTS) as clients:
        list(clients.map(client, [range(start, REQUESTS, CLIENTS) for start in range(CLIENTS)]))


def wait_until(moment: float) -> None:
    time.sleep(max(0.0, moment - time.monotonic()))


@contextmanager
def workers(environment: dict[str, str]):
    """Two Celery workers and a beat, as `manage.py worker` starts them."""
    celery = [sys.executable, "-m", "celery", "--app", "recruitment"]
    worker = [*celery, "worker", "--pool", "threads", "--loglevel", "ERROR", "--without-gossip", "--without-mingle"]
    beat = [*celery, "beat", "--loglevel", "ERROR", "--schedule", f"{environment['VAR_DIR']}/beat", "--pidfile="]
    commands = ([*worker, "-n", "one@bench"], [*worker, "-n", "two@bench"], beat)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    running = [subprocess.Popen(command, cwd=ROOT, env=os.environ | environment, **quiet) for command in commands]
    try:
        until_they_listen(celery, environment)
        yield running
    finally:
        for process in running:
            process.kill()
            process.wait()


def until_they_listen(celery: list[str], environment: dict[str, str]) -> None:
    deadline = time.monotonic() + 120
    ping = {"args": [*celery, "inspect", "ping", "--timeout", "3"], "cwd": ROOT, "env": os.environ | environment}
    while subprocess.run(**ping, capture_output=True).stdout.count(b"pong") < 2:
        if time.monotonic() > deadline:
            raise TimeoutError("the workers do not listen")


def misfortune() -> str:
    """PostgreSQL and Redis, two web processes, two workers, of which one is killed; no mail goes out at first."""
    port = free_port()
    redis = start_redis(port)
    try:
        with MailServer() as mails:
            settings = {"REDIS_URL": f"redis://127.0.0.1:{port}/0", "EMAIL_URL": mails.url}
            with product("postgresql", processes=2, **settings) as (site, _), workers(site.environment) as running:
                ledger = drill(site, running, mails)
                return told(site.environment, ledger, mails)
    finally:
        redis.kill()
        redis.wait()


def drill(site, running: list[subprocess.Popen], mails: MailServer) -> Ledger:
    ledger = Ledger()
    begins = time.monotonic() + READING + 1
    mails.refuse_until = begins + REFUSES_FOR
    killing = threading.Timer(begins + KILLED_AFTER - time.monotonic(), lambda: running[0].send_signal(signal.SIGKILL))
    killing.start()
    post_within(site.ports, begins, ledger)
    killing.join()
    wanted, last = len(set().union(*ledger.references.values())), time.monotonic() + MAILS_WITHIN
    while len(mails.taken) < wanted and time.monotonic() < last:
        time.sleep(1)
    time.sleep(5)  # for one sent twice to come
    return ledger


def told(environment: dict[str, str], ledger: Ledger, mails: MailServer) -> str:
    with psycopg.connect(environment["DATABASE_URL"]) as connection:
        written = {row[0] for row in connection.execute("SELECT reference FROM leads_receipt")}
        people = connection.execute("SELECT count(*) FROM leads_candidate").fetchone()[0]  # type: ignore[index]
        unsent = connection.execute("SELECT count(*) FROM leads_message WHERE sent_at IS NULL").fetchone()[0]  # type: ignore[index]
    seen, total = set().union(*ledger.references.values()), counted(environment)
    refused = sum(status != 303 for status, _ in ledger.answers)
    lost = len(seen - written) + REQUESTS - len(ledger.references)
    doubled = max(0, total - REQUESTS) + len(written - seen)
    twice = sum(times - 1 for times in mails.taken.values())
    return (
        f"  {len(ledger.answers)} posts of {REQUESTS} people in {WITHIN} s, a tenth repeated; the mail server refused "
        f"{mails.refused} times in {REFUSES_FOR} s, a worker was killed after {KILLED_AFTER} s\n"
        f"  refused {refused}   lost {lost}   doubled {doubled}   people {people}   counted {total}   "
        f"{waits_of(ledger.answers)} (wanted {WANTED_P95 * 1000:.0f})\n"
        f"  receipts {len(written)}   mails sent {len(mails.taken)}   sent twice {twice}   unsent {unsent}"
    )


def table() -> str:
    lines = [f"{REQUESTS} requests at once from {CLIENTS} clients", *map(at_once, ("sqlite", "postgresql"))]
    try:
        return "\n".join([*lines, "In a minute, with misfortune", misfortune()])
    except Lacking as lacking:
        return "\n".join([*lines, f"  left out: {lacking}"])
