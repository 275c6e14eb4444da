import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from recruitment import housekeeping, jobs
from recruitment.jobs import Job, daily, every, run_due
from recruitment.models import JobRun

NOW = datetime(2026, 11, 24, 9, 30, 10, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def runs():
    return []


@pytest.fixture
def job(runs):
    return Job("count", every(MINUTE), runs.append)


@pytest.mark.django_db
def test_a_job_runs_once_in_its_period(job, runs):
    assert run_due(NOW, [job]) == ["count"]
    assert run_due(NOW + timedelta(seconds=40), [job]) == []
    assert run_due(NOW + timedelta(seconds=50), [job]) == ["count"]
    assert len(runs) == 2


@pytest.mark.django_db
def test_a_claim_that_was_never_done_lapses(job, runs):
    daily_job = Job("count", daily(hour=4), runs.append)
    assert jobs.claim(daily_job, NOW)
    assert run_due(NOW + MINUTE, [daily_job]) == []
    assert run_due(NOW + timedelta(minutes=16), [daily_job]) == ["count"]
    assert run_due(NOW + timedelta(minutes=40), [daily_job]) == []


@pytest.mark.django_db
def test_a_clock_set_back_runs_nothing_twice(job, runs):
    run_due(NOW, [job])
    assert run_due(NOW - timedelta(minutes=5), [job]) == []


@pytest.mark.django_db
def test_a_job_that_fails_leaves_the_others_their_turn(job, runs):
    def fail(now):
        raise RuntimeError("broken on purpose")

    both = [Job("broken", every(MINUTE), fail), job]
    with pytest.raises(RuntimeError):
        run_due(NOW, both)
    assert run_due(NOW, both) == ["count"]


def test_a_day_begins_at_its_hour_where_the_site_is(settings):
    settings.TIME_ZONE = "Europe/Paris"
    assert daily(hour=4)(NOW) == datetime(2026, 11, 24, 3, tzinfo=UTC)
    assert daily(hour=4)(datetime(2026, 11, 24, 2, 59, tzinfo=UTC)) == datetime(2026, 11, 23, 3, tzinfo=UTC)


@pytest.mark.parametrize("day", [datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)])
def test_days_of_23_and_25_hours_have_one_period_each(day):
    quarters = [day + timedelta(minutes=15 * number) for number in range(-100, 200)]
    periods = {daily(hour=2)(at) for at in quarters}
    assert len({period.astimezone(timezone.get_current_timezone()).date() for period in periods}) == len(periods)
    assert all(timedelta(0) <= at - daily(hour=2)(at) < timedelta(hours=25) for at in quarters)


@pytest.mark.on_postgres
@pytest.mark.django_db(transaction=True)
def test_of_eight_schedulers_one_takes_the_job():
    taken, start = [], threading.Barrier(8)
    job = Job("race", every(MINUTE), taken.append)

    def schedule():
        start.wait()
        run_due(NOW, [job])
        connection.close()

    threads = [threading.Thread(target=schedule) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 1
    assert JobRun.objects.filter(job="race").count() == 1


@pytest.mark.django_db
def test_tick_runs_what_is_due_and_says_so(capsys):
    call_command("tick")
    call_command("tick")
    said = capsys.readouterr().out.splitlines()
    assert "keep_time" in said[0]
    assert said[1] == "Nothing is due."


@pytest.mark.django_db(transaction=True)
def test_the_thread_outlives_a_job_that_fails_and_looks_again_when_nudged(monkeypatch):
    looked = threading.Semaphore(0)

    def fail(now):
        looked.release()
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(housekeeping.jobs, "run_due", fail)
    housekeeping.start()
    try:
        assert looked.acquire(timeout=10)
        housekeeping.nudge()
        assert looked.acquire(timeout=10)
    finally:
        housekeeping.stop()


def test_with_a_broker_there_is_no_thread(settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    housekeeping.start()
    housekeeping.nudge()
    assert not any(thread.name == "housekeeping" for thread in threading.enumerate())
    housekeeping.stop()
