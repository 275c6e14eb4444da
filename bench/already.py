"""What a visitor waits while typing: "already answered" over the whole demonstration, as a real request."""

import http.client
import json
import os
import re
import subprocess
import sys
import time
from urllib.parse import urlencode

from bench.crowd import percentiles
from bench.product import ROOT, product
from bench.similar import labelled_questions
from recruitment.demonstration.programme import OPEN

REQUESTS = 200
TOKEN = re.compile(r'data-token="([^"]+)"')


def seed(environment: dict[str, str]) -> None:
    command = [sys.executable, "manage.py", "seed_demo"]
    subprocess.run(command, cwd=ROOT, env=os.environ | environment, check=True, capture_output=True)


def ask_all(port: int) -> tuple[list[float], int]:
    """(seconds of each request, how many found something); one connection, one after the other."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", f"/rooms/{OPEN.slug}/")
    response = connection.getresponse()
    cookie = "; ".join(value.split(";")[0] for value in response.headers.get_all("Set-Cookie") or [])
    token = TOKEN.search(response.read().decode()).group(1)
    origin = f"http://127.0.0.1:{port}"
    headers = {
        "Cookie": cookie,
        "X-CSRFToken": token,
        "Origin": origin,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    waits, found = [], 0
    for text, _ in [("un mot pour commencer", None), *labelled_questions()[:REQUESTS]]:
        started = time.perf_counter()
        connection.request("POST", f"/rooms/{OPEN.slug}/similar", urlencode({"text": text}), headers)
        response = connection.getresponse()
        body = json.loads(response.read())
        assert response.status == 200, body
        waits.append(time.perf_counter() - started)
        found += any(body.values())
    return waits[1:], found  # the first reads the index


def table() -> str:
    with product("sqlite") as (site, _):
        seed(site.environment)
        waits, found = ask_all(site.port)
    return (
        f"Already answered, {len(waits)} requests on the demonstration, {found} found something: {percentiles(waits)}"
    )
