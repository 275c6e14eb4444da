"""An evening of calls: real processes, one of them killed while it holds somebody."""

import os
import subprocess
import sys
from collections import Counter
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from leads import services
from leads.choices import FollowUpKind
from leads.models import Candidate, FollowUp
from leads.services.claims import LEASE
from tests.leads.factories import CandidateFactory
from tests.leads.staff import recruiter
from tests.serving import ROOT, database_url

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
PROCESSES, RECRUITERS_EACH, PEOPLE = 4, 10, 160


def start(users, *more):
    environment = os.environ | {"DATABASE_URL": database_url(), "VAR_DIR": str(settings.VAR_DIR)}
    command = [sys.executable, "-m", "tests.leads.calling", ",".join(str(user.pk) for user in users), *more]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    return subprocess.Popen(command, cwd=ROOT, env=environment, text=True, **pipes)


def holding(process):
    """What it has printed up to the moment at which it holds a person and goes no further; whom it holds."""
    told = []
    while [word for word, *_ in told].count("took") < 3:
        told.append(process.stdout.readline().split())
    return told, int(told[-1][1])


def test_forty_recruiters_call_everybody_once_and_nobody_is_held_for_ever():
    due = timezone.now() - timedelta(days=1)
    people = {CandidateFactory(next_action_at=due, last_name=f"P{n}").pk for n in range(PEOPLE)}
    victim = start([recruiter()], "hold")
    told, held = holding(victim)
    teams = [[recruiter() for _ in range(RECRUITERS_EACH)] for _ in range(PROCESSES)]
    others = [start(users) for users in teams]
    victim.kill()
    victim.communicate()
    for process in others:
        output, _ = process.communicate(timeout=120)
        told += [line.split() for line in output.splitlines()]
        assert process.returncode == 0

    taken = Counter(int(person) for word, person, _ in told if word == "took")
    assert set(taken) == people and set(taken.values()) == {1}
    done = {int(person) for word, person, _ in told if word == "done"}
    assert people - done == {held}
    calls = FollowUp.objects.filter(kind=FollowUpKind.CALL).values_list("candidate", flat=True)
    assert Counter(calls) == dict.fromkeys(done, 1)

    late = recruiter()
    assert services.take_next(actor=late, now=timezone.now()) is None
    assert services.take_next(actor=late, now=timezone.now() + LEASE).pk == held
    assert not Candidate.objects.filter(pk__in=done, claimed_until__isnull=False).exists()
