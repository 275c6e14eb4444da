"""`python -m bench [name]…`: tables, with the machine and the commit above; all of them without a name."""

import os
import platform
import subprocess
import sys
import tempfile

os.environ.update(VAR_DIR=tempfile.mkdtemp(prefix="recruitment-bench-"), DJANGO_SETTINGS_MODULE="recruitment.settings")
for name in ("DATABASE_URL", "REDIS_URL"):
    os.environ.pop(name, None)

import django  # noqa: E402

django.setup()

from bench import already, asks, fanout, hour, lists, many, outage, requests, similar  # noqa: E402

TABLES = {
    "fanout": fanout.table,
    "asks": asks.table,
    "requests": requests.table,
    "hour": hour.table,
    "many": many.table,
    "outage": outage.table,
    "similar": similar.table,
    "already": already.table,
    "lists": lists.table,
    "take_away": lists.take_away,
    "batches": lists.batches,
    "counts": lists.counts,
}


def main() -> None:
    commit = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True).stdout.strip()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, commit {commit or '?'}\n")
    for name in sys.argv[1:] or TABLES:
        print(TABLES[name]())
        print(flush=True)


if __name__ == "__main__":
    main()
