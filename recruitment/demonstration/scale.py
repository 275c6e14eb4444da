"""As many invented requests as somebody asks for, each of another person, over the year before: to try size out."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from django.db import connection, transaction

from leads.choices import ClosedReason, FileStatus, LeadKind, Outcome, Stage
from leads.models import Candidate
from leads.progress import restore_progress
from leads.public import load_reference_data, rebuild_counts
from recruitment.demonstration.campaigns import Arrival, Flow, flow_today, new_ledger, request_of
from recruitment.demonstration.data import random_for
from recruitment.demonstration.employers import POLICE, installed
from recruitment.demonstration.lives import Step

AT_ONCE = 5000
YEAR = timedelta(days=365)
NAME = "user"


def seed(leads: int, *, now: datetime) -> Iterator[int]:
    """Add `leads` requests of `user<N>@example.org`, N going on from those there are; yields how many are written."""
    employer = installed() or POLICE
    load_reference_data(employer.name)
    first = Candidate.objects.filter(email__startswith=NAME, email__endswith="@example.org").count() + 1
    flow, ledger = flow_today(employer), new_ledger(f"scale from {first}")
    for start in range(0, leads, AT_ONCE):
        count = min(AT_ONCE, leads - start)
        for number in range(first + start, first + start + count):
            ledger.add(life(number, now, flow), recruiter=None)
        with transaction.atomic():
            ledger.write_rows()
        ledger.clear()
        yield start + count
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")  # what follows is planned by how many rows there are now
    rebuild_counts()
    restore_progress()


def life(number: int, now: datetime, flow: Flow) -> Iterator[Step]:
    """A request, and for most what came of it."""
    random = random_for("scale", number)
    at = now - YEAR * random.random()
    request = request_of(number, Arrival(at), random, flow)
    typed = replace(request.typed, email=f"{NAME}{number}@example.org")
    yield Step(at, "requested", replace(request, typed=typed, request_id=f"scale-{number}"))
    if request.kind == LeadKind.REGISTRATION_FILE:
        yield Step(at, "filed", FileStatus.SENT)
    yield from _followed_up(at + (now - at) * random.random(), random, now)


def _followed_up(at: datetime, random: Random, now: datetime) -> Iterator[Step]:
    chance = random.random()
    if chance < 0.3:
        return
    yield Step(at, "called", Outcome.REACHED if chance < 0.8 else Outcome.VOICEMAIL)
    if chance < 0.45:
        yield Step(at, "moved", Stage.QUALIFIED)
    elif chance < 0.5:
        yield Step(at, "moved", Stage.WAITING, until=now + timedelta(days=30) * random.random())
    elif chance < 0.7:
        yield Step(at, "moved", Stage.CLOSED, text=random.choice((ClosedReason.NOT_INTERESTED, ClosedReason.WITHDRAWN)))
