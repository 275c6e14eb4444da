"""The rollup, the leads and the frozen weeks say the same after random calls by several processes at once."""

import os
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings

from leads import freezing
from leads.counts import differences, fold_counts, rebuild_counts
from leads.models import Candidate, DailyCount, FrozenWeek, Lead, Merge
from tests.factories import RoomFactory, UserFactory
from tests.leads.calls import DAYS, START
from tests.leads.factories import ContestSessionFactory
from tests.serving import ROOT, database_url

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
PROCESSES, CALLS = int(os.environ.get("ROLLUP_PROCESSES", "4")), int(os.environ.get("ROLLUP_CALLS", "150"))  # of each
COLUMNS = ("dimension", "day", "value", "kind", "leads")


def start(seed):
    environment = {
        "PATH": os.environ["PATH"],
        "VAR_DIR": str(settings.VAR_DIR),
        "SECRET_KEY": settings.SECRET_KEY,
        "DATABASE_URL": database_url(),
    }
    command = [sys.executable, "-m", "tests.leads.calls", str(seed), str(CALLS)]
    return subprocess.Popen(command, cwd=ROOT, env=environment)


def rows():
    while fold_counts():
        continue
    return set(DailyCount.objects.exclude(leads=0).values_list(*COLUMNS))


def test_after_random_calls_by_several_processes_nothing_differs_from_a_rebuild():
    UserFactory(username="caller", is_superuser=True)
    RoomFactory.create_batch(2)
    ContestSessionFactory()
    callers = [start(seed) for seed in range(PROCESSES)]
    assert [caller.wait() for caller in callers] == [0] * PROCESSES
    assert Lead.objects.filter(is_spam=True).exists()
    assert Merge.objects.exists()
    assert Candidate.objects.filter(erased_at__isnull=False).exists()
    assert differences() == {}
    assert not Lead.objects.behind().exists()
    assert FrozenWeek.objects.filter(version__gt=1).exists()
    assert freezing.restate_what_differs(START + timedelta(days=DAYS)) == []
    assert all(
        sum(v.values()) == version.total for version in FrozenWeek.objects.all() for v in version.values.values()
    )
    counted = rows()
    rebuild_counts()
    assert rows() == counted
