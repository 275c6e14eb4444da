"""A worker that is killed in the middle of a batch: another one goes on behind it, and every row is done once."""

import io
import os
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.utils import timezone

from leads import services
from leads.batch_words import BatchKind, BatchState
from leads.choices import FollowUpKind
from leads.counts import differences
from leads.models import Batch, Candidate, FollowUp, Lead
from tests.leads.factories import CandidateFactory
from tests.leads.staff import recruiter
from tests.serving import ROOT, database_url

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
ROWS = 600


def imported(me):
    text = "Prénom;Nom;Mail;CP\n" + "".join(f"Zoé;Roy{n};z{n}@example.org;93100\n" for n in range(ROWS))
    data, now = text.encode(), timezone.now()
    batch = services.begin_import(file=io.BytesIO(data), size=len(data), name="forum.csv", actor=me, now=now)
    return services.try_import(batch_id=batch.pk, options={}, actor=me, now=now)


def closed(me):
    ids, now = [person.pk for person in CandidateFactory.create_batch(ROWS)], timezone.now()
    told = {"kind": BatchKind.CLOSE, "list_name": "candidate", "query": ""}
    batch = services.begin_act(ids=ids, actor=me, now=now, **told)
    return services.try_act(batch_id=batch.pk, options={"reason": "withdrawn"}, actor=me, now=now)


def worker(minutes_ahead=0):
    environment = {
        "PATH": os.environ["PATH"],
        "VAR_DIR": str(settings.VAR_DIR),
        "SECRET_KEY": settings.SECRET_KEY,
        "DATABASE_URL": database_url(),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "tests.leads.running", str(minutes_ahead)], cwd=ROOT, env=environment
    )


def kill_once_some_are_done(process, batch):
    deadline = time.monotonic() + 60
    while not batch.rows.done().exists() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    process.kill()
    process.wait()


@pytest.mark.parametrize("begun", [imported, closed])
def test_a_worker_killed_in_the_middle_leaves_the_rest_to_another_and_nothing_is_done_twice(begun):
    me = recruiter()
    batch = begun(me)
    services.confirm_batch(batch_id=batch.pk, actor=me, now=timezone.now())
    kill_once_some_are_done(worker(), batch)
    done = batch.rows.done().count()
    assert 0 < done < ROWS and Batch.objects.get().state == BatchState.RUNNING
    assert worker().wait(60) == 0  # while the dead one's time is not over, it is in its hands
    assert batch.rows.done().count() == done
    assert worker(minutes_ahead=5).wait(60) == 0
    assert Batch.objects.get().state == BatchState.DONE and batch.rows.done().count() == ROWS
    kind = FollowUpKind.REQUEST if begun is imported else FollowUpKind.STAGE
    assert FollowUp.objects.filter(kind=kind).count() == ROWS == Candidate.objects.count()
    assert Lead.objects.count() == (ROWS if begun is imported else 0) and differences() == {}
