"""How long a record is kept: told in time, kept at a press, then codes and bands."""

from calendar import monthrange
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from leads import mail, services
from leads.choices import ClosedReason, ConsentMethod, Stage
from leads.models import Candidate, Lead, Message, Organisation, Suppression
from leads.retention import months_after, retain_until
from leads.services import consents
from recruitment import jobs
from tests.leads.factories import NOW, CandidateFactory, ask

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


@pytest.fixture(autouse=True)
def place(settings, tmp_path):
    settings.VAR_DIR = tmp_path


def silent_for(days, **fields):
    return CandidateFactory(last_contact_at=NOW - timedelta(days=days), **fields)


# --- the rule -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2028, 1, 31), 1, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 11, 30), 24, date(2028, 11, 30)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
    ],
)
def test_months_end_where_a_month_does(day, months, expected):
    assert months_after(day, months) == expected


@given(day=DAYS, months=st.integers(0, 120))
def test_months_after_keeps_the_day_or_takes_the_last(day, months):
    later = months_after(day, months)
    assert (later.year - day.year) * 12 + later.month - day.month == months
    assert later.day == min(day.day, monthrange(later.year, later.month)[1])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("stage", "agreed", "expected"),
    [
        (Stage.NEW, False, date(2027, 11, 19)),
        (Stage.NEW, True, date(2028, 11, 19)),
        (Stage.REGISTERED, False, date(2032, 11, 19)),
        (Stage.REGISTERED, True, date(2032, 11, 19)),
    ],
)
def test_a_record_is_kept_as_the_employer_says(stage, agreed, expected):
    candidate = Candidate(stage=stage, last_contact_at=NOW)
    assert retain_until(candidate, Organisation.objects.current(), agreed=agreed) == expected


# --- the nightly work -----------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_who_is_silent_is_told_thirty_days_before_and_then_anonymised():
    candidate = silent_for(336, email="amina@example.org")  # a day or two past the notice
    assert services.purge_expired(now=NOW) == {"told": 1, "anonymised": 0}
    assert services.purge_expired(now=NOW) == {"told": 0, "anonymised": 0}
    assert mail.deliver(Message.objects.get().pk, now=NOW)
    assert services.purge_expired(now=NOW + timedelta(days=20))["anonymised"] == 0
    assert services.purge_expired(now=NOW + timedelta(days=31)) == {"told": 0, "anonymised": 1}
    candidate.refresh_from_db()
    assert (candidate.email, candidate.stage) == ("", Stage.CLOSED)
    assert not Suppression.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("days", [1, 200, 330])
def test_who_was_heard_of_lately_is_left_alone(days):
    silent_for(days)
    assert services.purge_expired(now=NOW) == {"told": 0, "anonymised": 0}


@pytest.mark.django_db
def test_nobody_goes_without_notice_however_late_the_work_runs():
    silent_for(3000)
    assert services.purge_expired(now=NOW) == {"told": 1, "anonymised": 0}
    assert Message.objects.get().context["until"] == "2026-12-19"
    assert services.purge_expired(now=NOW + timedelta(days=29))["anonymised"] == 0
    assert services.purge_expired(now=NOW + timedelta(days=30))["anonymised"] == 1


@pytest.mark.django_db
def test_who_has_no_e_mail_is_anonymised_when_their_time_is_over():
    silent_for(364, email="")
    assert services.purge_expired(now=NOW) == {"told": 0, "anonymised": 0}
    assert services.purge_expired(now=NOW + timedelta(days=1)) == {"told": 0, "anonymised": 1}


@pytest.mark.django_db
def test_consent_doubles_the_time_and_its_withdrawal_ends_that():
    candidate = silent_for(400)
    consents.say(candidate, ["recontact"], given=True, method=ConsentMethod.FORM, now=NOW - timedelta(days=400))
    assert services.purge_expired(now=NOW) == {"told": 0, "anonymised": 0}
    services.set_consents(candidate_id=candidate.pk, purposes=[], now=NOW)
    assert services.purge_expired(now=NOW)["told"] == 1


@pytest.mark.django_db
def test_who_registered_is_kept_for_six_years():
    silent_for(2000, stage=Stage.REGISTERED, next_action="", next_action_at=None)
    assert services.purge_expired(now=NOW) == {"told": 0, "anonymised": 0}
    assert services.purge_expired(now=NOW + timedelta(days=190))["told"] == 1


@pytest.mark.django_db
@pytest.mark.parametrize("sign", ["request", "button"])
def test_a_sign_of_life_keeps_the_record(sign):
    candidate = silent_for(3000, email="amina@example.org")
    services.purge_expired(now=NOW)
    later = NOW + timedelta(days=10)
    if sign == "request":
        ask(email="amina@example.org", now=later)
    else:
        services.keep_longer(candidate_id=candidate.pk, now=later)
    assert services.purge_expired(now=NOW + timedelta(days=40)) == {"told": 0, "anonymised": 0}


@pytest.mark.django_db
def test_a_dry_run_says_how_many_and_does_nothing(capsys):
    silent_for(3000)
    call_command("purge_expired", dry_run=True)
    assert capsys.readouterr().out == "Would tell 1 and anonymise 0.\n"
    assert not Message.objects.exists()
    call_command("purge_expired")
    assert capsys.readouterr().out == "Told 1, anonymised 0.\n"


@pytest.mark.django_db
def test_it_is_done_each_night():
    silent_for(3000)
    job = next(job for job in jobs.JOBS if job.name == "keep_times")
    job.run(timezone.now())
    assert Message.objects.get().template == "retention_notice"


@pytest.mark.django_db
def test_requests_keep_their_codes_when_the_time_is_over():
    ask(email="amina@example.org", now=NOW - timedelta(days=3000), birth_date=date(2000, 1, 1))
    services.purge_expired(now=NOW)
    services.purge_expired(now=NOW + timedelta(days=31))
    lead = Lead.objects.get()
    assert (lead.region, lead.department, lead.age_band, lead.email, lead.birth_date) == ("11", "93", "18_24", "", None)
    assert lead.candidate.closed_reason == ClosedReason.WITHDRAWN


@pytest.mark.django_db
def test_a_night_over_many_costs_two_queries_where_nothing_is_due(django_assert_num_queries):
    for _ in range(5):
        silent_for(10)
    with django_assert_num_queries(2):  # the organisation, the silent ones
        services.purge_expired(now=NOW)
