"""433 requests for information at once from 64 clients: the whole campaign of 2004 in one moment."""

import http.client
import json
import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from urllib.parse import urlencode

from bench.product import ROOT, product

REQUESTS = 433
CLIENTS = 64
HIDDEN = re.compile(r'name="(csrfmiddlewaretoken|request_id|served)"[^>]*?value="([^"]+)"')


class Visitor:
    """One browser: fills the form in, waits as people do, sends it."""

    def __init__(self, port: int, number: int):
        self.port = port
        self.origin = f"http://127.0.0.1:{port}"
        self.number = number

    def read_form(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", "/request/")
        response = connection.getresponse()
        self.cookie = "; ".join(value.split(";")[0] for value in response.headers.get_all("Set-Cookie") or [])
        self.hidden = dict(HIDDEN.findall(response.read().decode()))
        connection.close()

    def send(self) -> tuple[int, float]:
        """(status, seconds)."""
        mine = {"email": f"candidate{self.number}@example.org", "postal_code": "93100", "message": "Le concours ?"}
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": self.cookie,
            "Referer": f"{self.origin}/request/",
            "Origin": self.origin,
        }
        started = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("POST", "/request/", urlencode(self.hidden | mine), headers)
        response = connection.getresponse()
        response.read()
        connection.close()
        return response.status, time.perf_counter() - started


def send_all(port: int) -> tuple[list[tuple[int, float]], float]:
    visitors = [Visitor(port, number) for number in range(REQUESTS)]
    shares = [visitors[start::CLIENTS] for start in range(CLIENTS)]
    with ThreadPoolExecutor(CLIENTS) as clients:
        list(clients.map(lambda share: [visitor.read_form() for visitor in share], shares))
        time.sleep(2.1)  # a form that comes back sooner is shown again
        started = time.perf_counter()
        sent = list(clients.map(lambda share: [visitor.send() for visitor in share], shares))
        return list(chain(*sent)), time.perf_counter() - started


def counted(environment: dict[str, str]) -> int:
    """This week's leads, as the manager reads them."""
    report = [sys.executable, "manage.py", "weekly_report", "--format", "json"]
    output = subprocess.run(report, cwd=ROOT, env=os.environ | environment, check=True, capture_output=True).stdout
    return json.loads(output)["total"]


def table() -> str:
    lines = [f"{REQUESTS} requests at once from {CLIENTS} clients"]
    for kind in ("sqlite", "postgresql"):
        with product(kind) as (site, _):
            answers, seconds = send_all(site.port)
            total = counted(site.environment)
        waits = sorted(wait for _, wait in answers)
        refused = sum(status != 303 for status, _ in answers)
        p50, p95 = waits[len(waits) // 2], waits[int(len(waits) * 0.95)]
        lines.append(
            f"  {kind:12} refused {refused}   counted {total}   {REQUESTS / seconds:5.0f}/s"
            f"   p50 {p50 * 1000:5.0f} ms   p95 {p95 * 1000:5.0f} ms"
        )
    return "\n".join(lines)
