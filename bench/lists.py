"""Lists, searches and filters over BENCH_LEADS requests, a stock ModelAdmin over the same rows beside.

`BENCH_DATABASE_URL` names a database that holds them already; else one is made and filled.
"""

import os
import subprocess
import sys

from bench.product import ROOT, database

LEADS = os.environ.get("BENCH_LEADS", "100000")


def run(url: str, *command: str) -> str:
    environment = os.environ | {"DATABASE_URL": url, "SECRET_KEY": "bench"}
    done = subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE)
    return done.stdout.decode()


def table() -> str:
    return of_leads("bench.read_lists")


def take_away() -> str:
    return of_leads("bench.take_away")


def batches() -> str:
    return of_leads("bench.act_on_many")


def counts() -> str:
    return of_leads("bench.read_counts")


def of_leads(module: str) -> str:
    """What a module prints of a database with as many requests."""
    if url := os.environ.get("BENCH_DATABASE_URL"):
        return run(url, "-m", module)
    with database("postgresql") as url:
        run(url, "manage.py", "migrate", "--verbosity=0")
        run(url, "-m", "bench.repeat", LEADS)
        return run(url, "-m", module)
