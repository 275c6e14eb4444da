"""An act on 3,412 candidates and an import of 50,000 lines, on a database that is there: seconds and memory added."""

import io
import os
import random
import resource
import statistics
import sys
import time

import django

ACT, LINES = 3_412, 50_000
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
WANTED = {"act tried": 0.2, "act run": 1.5, "import tried": 2.0, "import run": 5.0}


def file_of(lines: int, letters: str) -> bytes:
    """People nobody knows, one in ten of them twice, with a few faults."""
    chance = random.Random(letters)
    text = io.StringIO()
    text.write("Prénom;Nom;Mail;Téléphone;CP;Né le;Date;Message\n")
    for n in range(lines):
        who = n - 1 if n % 10 == 9 else n
        code = f"{chance.randrange(1, 96):02}{chance.randrange(1000):03}" if n % 500 else "9310"
        born = f"{chance.randrange(1, 29):02}/{chance.randrange(1, 13):02}/{chance.randrange(1970, 2008)}"
        phone = f"06{chance.randrange(10**8):08}"
        said = f"Question {n % 40}"
        text.write(f"Zoé{n % 97};Durand{n % 311};{letters}{who}@example.org;{phone};{code};{born};;{said}\n")
    return text.getvalue().encode()


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def timed(name: str, act):
    before, started = peak(), time.perf_counter()
    made = act()
    told = (name, time.perf_counter() - started, peak() - before)
    print(*told, file=sys.stderr, flush=True)
    return made, told


def confirmed(batch, actor):
    from django.utils import timezone

    from leads import services

    services.confirm_batch(batch_id=batch.pk, actor=actor, now=timezone.now())
    services.run_batches(clock=timezone.now)


def undone(batch, actor):
    from django.utils import timezone

    from leads import services

    services.undo_batch(batch_id=batch.pk, actor=actor, now=timezone.now())
    services.run_batches(clock=timezone.now)


def act(actor, now):
    from leads import services
    from leads.batch_words import BatchKind
    from leads.models import Candidate

    ids = list(Candidate.objects.current().filter(stage="new").order_by("pk").values_list("pk", flat=True)[:ACT])
    told = {"list_name": "candidate", "query": "", "actor": actor, "now": now}
    batch = services.begin_act(kind=BatchKind.STAGE, ids=ids, **told)
    asked = {"batch_id": batch.pk, "options": {"to": "contacted"}, "actor": actor, "now": now}
    _batch, tried = timed("act tried", lambda: services.try_act(**asked))
    _none, run = timed("act run", lambda: confirmed(batch, actor))
    _none, undo = timed("act undone", lambda: undone(batch, actor))
    batch.delete()
    return tried, run, undo


def take_in(actor, now, letters):
    from leads import services

    data = file_of(LINES, letters)
    told = {"file": io.BytesIO(data), "size": len(data), "name": "bench.csv", "actor": actor, "now": now}
    batch, read = timed("import read", lambda: services.begin_import(**told))
    asked = {"batch_id": batch.pk, "options": {}, "actor": actor, "now": now}
    _batch, tried = timed("import tried", lambda: services.try_import(**asked))
    _none, run = timed("import run", lambda: confirmed(batch, actor))
    _none, undo = timed("import undone", lambda: undone(batch, actor))
    services.batches.imports.remove_file(batch)
    batch.delete()
    return read, tried, run, undo


def table() -> str:
    from django.contrib.auth.models import User
    from django.db import connection
    from django.utils import timezone

    from leads.models import Candidate, Team

    actor, _ = User.objects.get_or_create(username="bench-recruiter", defaults={"is_staff": True})
    Team.objects.default().members.add(actor)
    found: dict[str, list[tuple[float, float]]] = {}
    for n in range(ROUNDS):
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            cursor.execute("VACUUM ANALYZE")  # as the server does by itself in quiet times
            cursor.execute("RESET statement_timeout")
        now = timezone.now()
        for name, seconds, memory in (*act(actor, now), *take_in(actor, now, "abc"[n])):
            found.setdefault(name, []).append((seconds, memory))
    lines = [
        f"An act on {ACT:,} of {Candidate.objects.count():,} candidates, an import of {LINES:,} lines: "
        f"median of {ROUNDS} (worst), memory added at most"
    ]
    for name, got in found.items():
        times = [seconds for seconds, _memory in got]
        wanted = f"   wanted {WANTED[name]} s" if name in WANTED else ""
        lines.append(
            f"  {name:14} {statistics.median(times):6.2f} ({max(times):.2f}) s   "
            f"{max(memory for _seconds, memory in got):5.1f} MiB{wanted}"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "recruitment.settings"
    django.setup()
    print(table())
