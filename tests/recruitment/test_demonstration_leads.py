"""The demonstration's requests: 433 in May 2004, a year before today; in bulk as the services would have left them."""

from datetime import UTC, date, datetime, timedelta
from itertools import islice

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from leads import counts, services
from leads.batch_words import BatchState
from leads.choices import FileStatus, LeadKind
from leads.models import (
    Batch,
    Candidate,
    Consent,
    DailyCount,
    DuplicateGroup,
    FollowUp,
    Lead,
    Message,
    Receipt,
    RegistrationFile,
)
from leads.references import read_reference
from leads.services.requests import take_request
from recruitment.demonstration.accounts import make_accounts, make_recruiters
from recruitment.demonstration.campaigns import (
    OF_ROOMS_2004,
    lives_of_2004,
    lives_of_the_year,
    new_ledger,
    seed_requests,
)
from recruitment.demonstration.contacts import TWICE_KNOWN, seed_contacts
from recruitment.demonstration.data import load
from recruitment.demonstration.employers import POLICE
from tests.factories import RoomFactory
from tests.leads.adding_up import assert_adds_up

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)
SAMPLE = 60


@pytest.fixture
def ground(monkeypatch):
    monkeypatch.setenv("DEMO_PASSWORD", "password of a test")
    make_accounts()
    services.load_reference_data()
    times = [tuple(map(datetime.fromisoformat, (r["starts_at"], r["ends_at"]))) for r in load("rooms_2004")["rooms"]]
    for slug, (opens_at, closes_at) in zip(OF_ROOMS_2004, times, strict=True):
        RoomFactory(slug=slug, opens_at=opens_at, closes_at=closes_at, is_demonstration=True)
    RoomFactory(opens_at=NOW - 2 * DAY, closes_at=NOW - DAY, is_demonstration=True)
    RoomFactory(opens_at=NOW - DAY / 24, closes_at=NOW + DAY, is_demonstration=True)
    return make_recruiters()


def test_the_weeks_of_may_2004_add_up_to_433(ground):
    ledger = new_ledger("2004")
    for steps in lives_of_2004():
        ledger.add(steps, recruiter=None)
    ledger.write()
    assert Lead.objects.count() == 433
    days = Lead.objects.values_list("day", flat=True)
    assert date(2004, 5, 1) <= min(days) and max(days) <= date(2004, 5, 31)
    rows = DailyCount.objects.filter(dimension="all")
    assert sum(row.leads for row in rows) == 433
    assert not Candidate.objects.exclude(stage__in=("closed", "registered")).exists()


@pytest.mark.slow
def test_the_year_reaches_from_a_year_ago_to_now_and_again_nothing_is_doubled(ground):
    seed_requests(NOW, ground)
    year = Lead.objects.filter(day__gt=date(2005, 1, 1))
    assert 3000 < year.count() < 6000
    assert year.earliest("at").at < NOW - 363 * DAY
    assert NOW - DAY < year.latest("at").at <= NOW
    assert not FollowUp.objects.filter(at__gt=NOW).exists()
    assert len(set(year.values_list("candidate__stage", flat=True))) == 7
    assert year.filter(room__isnull=False).exists()
    for first in (date(2003, 12, 29), date(2025, 11, 24)):  # a year of each campaign
        assert_adds_up(first, first + timedelta(weeks=53))
    counted = set(DailyCount.objects.values_list("dimension", "day", "value", "kind", "leads"))
    counts.rebuild_counts()
    assert set(DailyCount.objects.values_list("dimension", "day", "value", "kind", "leads")) == counted
    before = Lead.objects.count(), Candidate.objects.count(), FollowUp.objects.count()
    seed_requests(NOW + DAY, ground)
    assert (Lead.objects.count(), Candidate.objects.count(), FollowUp.objects.count()) == before


def test_the_same_seed_gives_the_same_people_and_steps(ground):
    once, again = (list(islice(lives_of_the_year(NOW), SAMPLE)) for _ in range(2))
    assert once == again


def test_nobody_can_be_reached_under_an_invented_address_and_no_mail_goes_out(ground):
    write(list(islice(lives_of_the_year(NOW), SAMPLE)), ground[0])
    for email, phone in Candidate.objects.values_list("email", "phone"):
        assert email == "" or email.endswith("@example.org")
        assert phone == "" or phone.startswith("+3363998")
    assert Candidate.objects.filter(is_invented=False).count() == 0
    assert not Message.objects.exists()


def test_every_request_has_a_receipt_whose_reference_is_well_formed(ground):
    write(list(islice(lives_of_the_year(NOW), SAMPLE)), ground[0])
    references = Receipt.objects.values_list("reference", flat=True)
    assert len(references) == Lead.objects.count()
    assert all(read_reference(reference) == reference for reference in references)


# --- in bulk and through the services -------------------------------------------------------------------------------


def write(lives, recruiter) -> None:
    ledger = new_ledger("sample")
    for steps in lives:
        ledger.add(steps, recruiter=recruiter)
    ledger.write()


def perform(steps, recruiter: User) -> None:
    """One life through the services, step by step."""
    candidate_id = None
    for step in steps:
        by = {"actor": recruiter if step.by_staff else None, "now": step.at}
        if step.kind == "requested":
            candidate_id = take_request(step.what, now=step.at).lead.candidate_id
        elif step.kind == "assigned":
            services.assign_candidates(candidate_ids=[candidate_id], to=recruiter, **by)
        elif step.kind == "noted":
            services.add_note(candidate_id=candidate_id, text=step.text, **by)
        elif step.kind == "filed":
            file = RegistrationFile.objects.get(candidate=candidate_id)
            services.move_file(file_id=file.pk, to=step.what, expected_version=file.version, **by)
        else:
            act = {"called": call, "moved": move, "planned": plan}[step.kind]
            act(step, candidate_id=candidate_id, expected_version=None, **by)


def call(step, **where):
    services.log_outcome(outcome=step.what, **where)


def move(step, **where):
    services.move_candidate(to=step.what, reason=step.text, until=step.until, **where)


def plan(step, **where):
    services.plan_next_action(kind=step.what, at=step.until, **where)


def fields_of(model, *left_out):
    return [f.attname for f in model._meta.concrete_fields if f.name not in ("id", *left_out)]


def left_behind() -> dict:
    """Every row, without keys: a candidate is named by its first request, a lead by its own."""
    forms = dict(Receipt.objects.values_list("lead", "request_id"))
    people = {lead.candidate_id: forms[lead.pk] for lead in Lead.objects.order_by("-at")}
    files = {file.pk: (people[file.candidate_id], file.contest_session_id) for file in RegistrationFile.objects.all()}

    def timeline(line):
        data = line.data | {"lead": forms.get(line.data.get("lead"))} | {"file": files.get(line.data.get("file"))}
        return (
            people[line.candidate_id],
            line.at,
            line.kind,
            line.outcome,
            line.text,
            line.actor_id,
            line.version,
            data,
        )

    def rows(model, *left_out):
        names = fields_of(model, "candidate", *left_out)
        every = model.objects.all()
        return sorted(([people[row.candidate_id], *[getattr(row, n) for n in names]] for row in every), key=str)

    names = fields_of(Candidate)
    return {
        "candidates": sorted(
            ([people[c.pk], *[getattr(c, n) for n in names]] for c in Candidate.objects.all()), key=str
        ),
        "leads": rows(Lead),
        "files": rows(RegistrationFile),
        "consents": rows(Consent),
        "receipts": sorted(Receipt.objects.values_list("request_id", "digest", "at")),
        "timeline": [timeline(line) for line in FollowUp.objects.order_by("candidate", "at", "version", "pk")],
        "counts": sorted(DailyCount.objects.values_list("dimension", "day", "value", "kind", "leads")),
    }


def forget() -> None:
    for model in (Receipt, FollowUp, Consent, Lead, RegistrationFile, Candidate, DailyCount):
        model.objects.all().delete()


@pytest.mark.slow
def test_in_bulk_they_are_as_the_services_would_have_left_them(ground):
    everybody = list(lives_of_the_year(NOW))
    waiting = [steps for steps in everybody if steps[-1].until is not None]
    lives = everybody[:SAMPLE] + everybody[-SAMPLE:] + waiting[-20:]
    lives = list({steps[0].what.request_id: steps for steps in lives}.values())
    kinds = {(step.kind, str(step.what)) for steps in lives for step in steps if step.kind != "requested"}
    assert {("called", "reached"), ("moved", "waiting"), ("filed", FileStatus.REGISTERED), ("planned", "call")} <= kinds
    assert any(sum(step.kind == "requested" for step in steps) == 2 for steps in lives)
    for steps in lives:
        perform(steps, ground[0])
    while counts.fold_counts():
        pass
    served = left_behind()
    forget()
    write(lives, ground[0])
    played = left_behind()
    for part in served:
        assert played[part] == served[part], part


def test_requests_of_2004_come_from_its_rooms_and_its_sources(ground):
    requests = [step.what for steps in lives_of_2004() for step in steps if step.kind == "requested"]
    assert len({request.room_id for request in requests} - {None}) == 5
    assert {request.touches.deciding.source_key for request in requests} == {"ministere", "presse-regionale", "ami", ""}
    assert {request.kind for request in requests} == set(LeadKind)
    assert all(request.contest_session is None or request.contest_session.year == 2004 for request in requests)


def test_recruiters_act_in_office_hours(ground):
    for steps in islice(lives_of_the_year(NOW), SAMPLE):
        for step in steps:
            if step.kind == "called":
                local = timezone.localtime(step.at)
                assert local.weekday() < 5 and 8 <= local.hour < 18


# --- a list of contacts ---------------------------------------------------------------------------------------------


def test_an_import_has_been_run_and_there_are_people_to_merge_and_again_nothing_is_doubled(ground):
    write(list(islice(lives_of_the_year(NOW), SAMPLE)), ground[0])
    seed_contacts(NOW, ground[0], POLICE)
    batch = Batch.objects.get()
    assert batch.state == BatchState.DONE
    assert set(batch.rows.values_list("verdict", flat=True)) == {"new", "updated", "duplicate", "refused"}
    assert DuplicateGroup.objects.open_to(ground[0]).count() >= TWICE_KNOWN
    assert not Candidate.objects.filter(is_invented=False).exists() and not Message.objects.exists()
    assert counts.differences() == {}
    people = list(Candidate.objects.values_list("pk", "email"))
    seed_contacts(NOW + DAY, ground[0], POLICE)
    assert list(Candidate.objects.values_list("pk", "email")) == people and Batch.objects.count() == 1
