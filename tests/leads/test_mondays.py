"""Two schedulers at the same moment, and one that is killed: each manager gets one mail."""

import os
import subprocess
import sys
import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

from leads.models import FrozenWeek, Message
from recruitment.models import JobRun
from tests.leads.factories import ask
from tests.leads.staff import staff
from tests.serving import ROOT, database_url

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
MONDAY_SIX = datetime(2026, 11, 23, 6, tzinfo=ZoneInfo("Europe/Paris"))
MANAGERS = 8
WITHIN = 60


@pytest.fixture
def managers():
    for number in range(6):
        ask(now=MONDAY_SIX - timedelta(days=number + 1))
    return [staff("managers", email=f"manager{number}@example.org") for number in range(MANAGERS)]


def scheduler(now):
    environment = {
        "PATH": os.environ["PATH"],
        "VAR_DIR": str(settings.VAR_DIR),
        "SECRET_KEY": settings.SECRET_KEY,
        "DATABASE_URL": database_url(),
    }
    return subprocess.Popen([sys.executable, "-m", "tests.leads.mondays", now.isoformat()], cwd=ROOT, env=environment)


def until(is_so):
    deadline = time.monotonic() + WITHIN
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.002)


def mails():
    return Message.objects.filter(template="weekly")


def test_two_schedulers_at_once_write_one_mail_to_each(managers):
    both = [scheduler(MONDAY_SIX), scheduler(MONDAY_SIX)]
    assert [one.wait() for one in both] == [0, 0]
    assert mails().count() == len(set(mails().values_list("recipient", flat=True))) == MANAGERS


def test_a_scheduler_killed_in_the_middle_costs_nobody_a_mail_and_gives_nobody_two(managers):
    killed = scheduler(MONDAY_SIX)
    until(JobRun.objects.filter(job="monday_mail", claimed_at__isnull=False).exists)
    killed.kill()
    killed.wait()
    both = [scheduler(MONDAY_SIX + timedelta(minutes=20)) for _ in range(2)]
    assert [one.wait() for one in both] == [0, 0]
    assert FrozenWeek.objects.filter(version=1).count() == 1
    assert mails().count() == len(set(mails().values_list("recipient", flat=True))) == MANAGERS
    assert JobRun.objects.get(job="monday_mail").done_at
