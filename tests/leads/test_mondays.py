"""Schedulers at the same moment, and a kill -9: each manager gets one mail. The real commands, by a clock of Monday."""

import os
import re
import subprocess
import sys
import time
from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

from leads.models import FrozenWeek, Message
from recruitment import deployment
from recruitment.models import JobRun
from tests.leads.factories import ask
from tests.leads.staff import staff
from tests.serving import ROOT, database_url

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
MONDAY_SIX = datetime(2026, 11, 23, 6, tzinfo=ZoneInfo("Europe/Paris"))
WHEN_CLAIMS_LAPSE = MONDAY_SIX + timedelta(minutes=20)
ADDRESSES = [f"manager{number}@example.org" for number in range(8)]
TICK = ["manage", "tick"]
WITHIN = 90  # beat first sends after ten seconds


@pytest.fixture(autouse=True)
def managers():
    for number in range(6):
        ask(now=MONDAY_SIX - timedelta(days=number + 1))
    return [staff("managers", email=address) for address in ADDRESSES]


class Machines:
    """Processes of several machines, each with a folder of its own, on this test's database."""

    def __init__(self, folder, redis_url=""):
        self.folder, self.redis_url = folder, redis_url
        self.running = []

    def start(self, name, command, now):
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        environment = {
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "recruitment.settings",
            "VAR_DIR": str(folder),
            "SECRET_KEY": settings.SECRET_KEY,
            "SUPPRESSION_KEY": "one for all machines of this test",
            "DATABASE_URL": database_url(),
            "REDIS_URL": self.redis_url,
        }
        whole = [sys.executable, "-m", "tests.leads.mondays", now.isoformat(), *command]
        self.running.append(subprocess.Popen(whole, cwd=ROOT, env=environment))

    def start_beat(self, name, now):
        """A worker and beat, as `manage.py worker` and `serve` start them."""
        for _python, _m, *command in deployment.worker_commands():
            own = [part.replace(str(settings.VAR_DIR), str(self.folder / name)) for part in command]
            self.start(name, own, now)

    def kill(self):
        for process in self.running:
            process.kill()
        self.wait()

    def wait(self):
        ended = [process.wait() for process in self.running]
        self.running.clear()
        return ended

    def sent(self):
        """Recipient -> mails that left, from all machines."""
        files = self.folder.glob("*/mail/*")
        return Counter(to for file in files for to in re.findall(r"^To: (manager\d+@.*)$", file.read_text(), re.M))


@pytest.fixture
def machines(tmp_path, own_redis):
    both = Machines(tmp_path, own_redis.url)
    yield both
    both.kill()


def until(is_so):
    deadline = time.monotonic() + WITHIN
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.002)


def mails():
    return Message.objects.filter(template="weekly")


def test_two_ticks_at_once_write_one_mail_to_each(tmp_path):
    both = Machines(tmp_path)
    for name in ("here", "there"):
        both.start(name, TICK, MONDAY_SIX)
    assert both.wait() == [0, 0]
    assert sorted(mails().values_list("recipient", flat=True)) == ADDRESSES


@pytest.mark.needs_redis
def test_two_ticks_killed_in_the_middle_leave_two_beats_and_two_ticks_to_send_each_manager_one(machines):
    def start_ticks(now):
        for name in ("cron here", "cron there"):
            machines.start(name, TICK, now)

    start_ticks(MONDAY_SIX)
    until(JobRun.objects.filter(job="monday_mail", claimed_at__isnull=False).exists)
    machines.kill()
    for name in ("beat here", "beat there"):
        machines.start_beat(name, WHEN_CLAIMS_LAPSE)
    start_ticks(WHEN_CLAIMS_LAPSE)
    until(lambda: mails().filter(sent_at__isnull=False).count() == len(ADDRESSES))
    until(JobRun.objects.filter(job="monday_mail", done_at__gt=WHEN_CLAIMS_LAPSE).exists)
    machines.kill()
    machines.start("cron here", TICK, WHEN_CLAIMS_LAPSE + timedelta(hours=1))
    assert machines.wait() == [0]
    assert FrozenWeek.objects.filter(version=1).count() == 1
    assert machines.sent() == dict.fromkeys(ADDRESSES, 1)
