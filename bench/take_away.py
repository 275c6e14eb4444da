"""Hands the list of candidates out as a file, from a database that is there, and prints rows/s, first byte, memory."""

import asyncio
import os
import resource
import statistics
import time

import django

ROWS = (100_000, 1_000_000)
ROUNDS = 5


def export(rows: int, since) -> tuple[float, float, float, float]:
    """(milliseconds to the first byte, rows/s, longest wait of others in ms, MiB at most above the start)."""
    from django.contrib.auth.models import User
    from django.utils import timezone

    from leads import services
    from leads.candidate_file import Words, csv_of
    from leads.models import Candidate, Export, Team

    actor, _ = User.objects.get_or_create(username="bench-recruiter", defaults={"is_staff": True})
    Team.objects.default().members.add(actor)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    chosen = Candidate.objects.current().in_scope_of(actor)
    if rows < ROWS[-1]:
        chosen = chosen.filter(asked_at__gt=since)
    told = {"list_name": "bench", "query": "", "reason": "bench", "actor": actor, "now": timezone.now()}
    ids = services.record_export(rows=chosen.order_by("-asked_at", "-pk"), **told)
    first, waited = asyncio.run(read(csv_of(ids, Words()), started))
    seconds = time.perf_counter() - started
    Export.objects.filter(list_name="bench").delete()
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return first * 1000, len(ids) / seconds, waited * 1000, (after - before) / 1024


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
    return "\n".join(lines)


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "recruitment.settings"
    django.setup()
    print(table())
