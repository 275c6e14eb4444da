"""Hands the list of candidates out as a file, from a database that is there, and prints rows/s, first byte, memory.

As CSV as the page streams it, as a workbook as the task writes it.
"""

import asyncio
import os
import resource
import statistics
import time
from pathlib import Path
from tempfile import TemporaryFile

import django

ROWS = (100_000, 1_000_000)
ROUNDS = 5


def export(rows: int, since) -> tuple[float, float, float, float]:
    """(milliseconds to the first byte, rows/s, longest wait of others in ms, MiB at most above the start)."""
    from django.utils import timezone

    from leads.candidate_file import Words, csv_of
    from leads.models import Export

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    ids = recorded(rows, since)
    first, waited = asyncio.run(read(csv_of(ids, Words(timezone.now())), started))
    seconds = time.perf_counter() - started
    Export.objects.filter(list_name="bench").delete()
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return first * 1000, len(ids) / seconds, waited * 1000, (after - before) / 1024


def recorded(rows: int, since):
    """The ids of an export of the newest `rows`, written down as the page does before its first byte."""
    from django.contrib.auth.models import User
    from django.utils import timezone

    from leads import services
    from leads.models import Candidate, Team

    actor, _ = User.objects.get_or_create(username="bench-recruiter", defaults={"is_staff": True})
    Team.objects.default().members.add(actor)
    chosen = Candidate.objects.current().in_scope_of(actor)
    if rows < ROWS[-1]:
        chosen = chosen.filter(asked_at__gt=since)
    told = {"list_name": "bench", "query": "", "reason": "bench", "actor": actor, "now": timezone.now()}
    return services.record_export(rows=chosen.order_by("-asked_at", "-pk"), **told)


def book(rows: int, since) -> tuple[float, float, float, float]:
    """(seconds, rows/s, MiB resident at most above the start, MiB of the file)."""
    from django.utils import timezone

    from leads.candidate_book import write_book
    from leads.candidate_file import Words
    from leads.models import Export

    before = peak = resident()
    started = time.perf_counter()
    ids = recorded(rows, since)
    with TemporaryFile() as file:
        for _done in write_book(file, ids, Words(timezone.now(), guarded=False)):
            peak = max(peak, resident())
        peak, size = max(peak, resident()), file.seek(0, os.SEEK_END)
    seconds = time.perf_counter() - started
    Export.objects.filter(list_name="bench").delete()
    return seconds, len(ids) / seconds, peak - before, size / 2**20


def resident() -> float:
    """MiB of this process in memory, at this moment: the most there ever was would hide what the CSV took before."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


async def read(parts, started: float) -> tuple[float, float]:
    waits: list[float] = []
    beat = asyncio.create_task(heartbeat(waits))
    first = 0.0
    async for _part in parts:
        first = first or time.perf_counter() - started
    beat.cancel()
    return first, max(waits, default=0.0)


async def heartbeat(waits: list[float]) -> None:
    while True:
        at = time.perf_counter()
        await asyncio.sleep(0.005)
        waits.append(time.perf_counter() - at - 0.005)


def table() -> str:
    from leads.models import Candidate

    asked = Candidate.objects.order_by("-asked_at").values_list("asked_at", flat=True)
    since = asked[min(ROWS[0], asked.count() - 1)]
    lines = ["A list as CSV: median of 5 (worst), first byte, rows/s, others wait at most, memory added at most"]
    for rows in ROWS:
        got = [export(rows, since) for _ in range(ROUNDS if rows == ROWS[0] else 1)]
        first, speed, waited, memory = zip(*got, strict=True)
        lines.append(
            f"  {rows:9,} rows: {statistics.median(first):5.0f} ({max(first):.0f}) ms, "
            f"{statistics.median(speed):7,.0f} ({min(speed):,.0f}) rows/s, {max(waited):4.0f} ms, "
            f"{max(memory):5.1f} MiB"
        )
    lines.append("A list as XLSX: seconds, rows/s, memory added at most, size")
    for rows in ROWS:
        seconds, speed, memory, size = book(rows, since)
        lines.append(f"  {rows:9,} rows: {seconds:5.1f} s, {speed:7,.0f} rows/s, {memory:5.1f} MiB, {size:5.1f} MiB")
    return "\n".join(lines)


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "recruitment.settings"
    django.setup()
    print(table())
