"""A week is frozen on Monday at six; what changes it later is a version beside the first."""

import logging
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction

from leads import freezing, reports, services, weeks
from leads.batch_words import BatchKind
from leads.choices import Restated
from leads.counts import fold_counts
from leads.masking import masked_weekly
from leads.models import Candidate, CountDelta, FrozenWeek, Lead
from recruitment import jobs
from recruitment.models import JobRun
from tests.factories import UserFactory
from tests.leads.factories import ContestSessionFactory, ask, ask_for_file

pytestmark = pytest.mark.django_db
PARIS = ZoneInfo("Europe/Paris")
W47 = date(2026, 11, 16)
WEEK = timedelta(days=7)
MONDAY_SIX = datetime(2026, 11, 23, 6, tzinfo=PARIS)
SECOND = timedelta(seconds=1)


@pytest.fixture
def week():
    """Three requests of week 47 by two people."""
    for number, email in enumerate(["zoe@example.org", "zoe@example.org", "ugo@example.org"]):
        ask(now=datetime(2026, 11, 17 + number, 12, tzinfo=PARIS), email=email, message=f"Question {number}")


@pytest.fixture
def recruiter():
    return UserFactory(is_superuser=True, first_name="Inès", last_name="Roux")


def versions(monday=W47):
    return [(v.version, v.total, v.people, v.reason) for v in freezing.versions_of([monday])[monday]]


def spoil(lead, recruiter, now=MONDAY_SIX + SECOND):
    return services.mark_spam(lead_id=lead.pk, actor=recruiter, now=now)


# --- when -----------------------------------------------------------------------------------------------------------
def test_a_week_is_frozen_on_monday_at_six_and_not_a_second_before(week):
    assert W47 not in freezing.freeze_due_weeks(MONDAY_SIX - SECOND)
    assert freezing.freeze_due_weeks(MONDAY_SIX) == [W47]
    assert versions() == [(1, 3, 2, "")]
    assert freezing.freeze_due_weeks(MONDAY_SIX + WEEK / 2) == []


@pytest.mark.parametrize(
    ("monday", "frozen_at"),
    [
        (date(2026, 3, 23), datetime(2026, 3, 30, 4, tzinfo=UTC)),  # the clocks went forward that Sunday
        (date(2026, 10, 19), datetime(2026, 10, 26, 5, tzinfo=UTC)),  # and back
        (date(2026, 12, 28), datetime(2027, 1, 4, 5, tzinfo=UTC)),  # week 53
    ],
)
def test_six_is_six_by_the_clock_of_the_site(monday, frozen_at):
    assert weeks.freezes_at(monday) == frozen_at
    assert weeks.last_frozen(frozen_at) == monday
    assert weeks.last_frozen(frozen_at - SECOND) == monday - WEEK


def test_every_week_since_the_first_request_is_frozen_those_without_any_too(week):
    ask(now=datetime(2026, 12, 9, 12, tzinfo=PARIS))
    frozen = freezing.freeze_due_weeks(datetime(2026, 12, 14, 7, tzinfo=PARIS))
    assert frozen == [W47, W47 + WEEK, W47 + 2 * WEEK, W47 + 3 * WEEK]
    assert [versions(monday)[0][1] for monday in frozen] == [3, 0, 0, 1]


def test_nothing_is_frozen_before_anybody_asked():
    assert freezing.freeze_due_weeks(MONDAY_SIX) == []


def test_the_periodic_job_freezes(week):
    (freeze,) = (job for job in jobs.JOBS if job.name == "freeze_weeks")
    assert jobs.run_if_due(freeze, MONDAY_SIX)
    assert JobRun.objects.get(job="freeze_weeks").done_at
    assert versions() == [(1, 3, 2, "")]


def test_what_is_not_folded_is_frozen_too(week):
    fold_counts(limit=1)
    assert CountDelta.objects.count() == 2
    freezing.freeze_due_weeks(MONDAY_SIX)
    (version,) = freezing.versions_of([W47])[W47]
    assert {sum(counted.values()) for counted in version.values.values()} == {3}
    assert version.values["department"] == {"93": 3}


# --- afterwards -----------------------------------------------------------------------------------------------------
def test_spam_after_the_freeze_is_version_2_with_who_when_and_why(week, recruiter):
    freezing.freeze_due_weeks(MONDAY_SIX)
    spoil(Lead.objects.get(email="ugo@example.org"), recruiter)
    assert versions() == [(1, 3, 2, ""), (2, 2, 1, Restated.SPAM)]
    newest = freezing.versions_of([W47])[W47][1]
    assert (newest.actor, newest.at) == (recruiter, MONDAY_SIX + SECOND)
    assert newest.values["department"] == {"93": 2}


def test_a_person_stays_counted_while_another_request_of_theirs_does(week, recruiter):
    freezing.freeze_due_weeks(MONDAY_SIX)
    spoil(Lead.objects.filter(email="zoe@example.org").first(), recruiter)
    assert versions()[1] == (2, 2, 2, Restated.SPAM)


def test_spam_before_the_freeze_makes_no_version(week, recruiter):
    spoil(Lead.objects.first(), recruiter, now=MONDAY_SIX - SECOND)
    freezing.freeze_due_weeks(MONDAY_SIX)
    assert versions() == [(1, 2, 2, "")]


def test_unmarked_it_is_version_3_and_the_figures_are_the_first_ones(week, recruiter):
    freezing.freeze_due_weeks(MONDAY_SIX)
    lead = Lead.objects.get(email="ugo@example.org")
    spoil(lead, recruiter)
    services.unmark_spam(lead_id=lead.pk, actor=recruiter, now=MONDAY_SIX + WEEK)
    assert versions() == [(1, 3, 2, ""), (2, 2, 1, Restated.SPAM), (3, 3, 2, Restated.NO_SPAM)]
    first, _second, third = freezing.versions_of([W47])[W47]
    assert (first.newcomers, third.newcomers) == (2, 2)


def test_one_act_on_many_requests_is_one_version(week, recruiter):
    freezing.freeze_due_weeks(MONDAY_SIX)
    for lead in Lead.objects.all():
        spoil(lead, recruiter)
    assert versions() == [(1, 3, 2, ""), (2, 0, 0, Restated.SPAM)]


def test_a_request_that_comes_in_late_restates_its_week(week):
    freezing.freeze_due_weeks(MONDAY_SIX)
    late = ask_for_file(ContestSessionFactory(), now=MONDAY_SIX + SECOND).lead
    late.day = W47  # as an import with dates of its own would have it
    late.save()
    freezing.count_lead(late, 1, reason=Restated.LATE, actor=None, now=MONDAY_SIX + 2 * SECOND)
    assert versions()[1] == (2, 4, 3, Restated.LATE)


def test_a_request_of_a_week_that_is_not_frozen_asks_one_question_more(week, django_assert_num_queries):
    freezing.freeze_due_weeks(MONDAY_SIX)
    lead = ask(now=MONDAY_SIX + SECOND).lead
    with django_assert_num_queries(2):
        freezing.count_lead(lead, 1, reason=Restated.LATE, actor=None, now=MONDAY_SIX + SECOND)


def test_an_erasure_changes_no_figure_of_a_frozen_week(week, recruiter):
    freezing.freeze_due_weeks(MONDAY_SIX)
    Lead.objects.filter(email="ugo@example.org").update(candidate=None)
    assert versions() == [(1, 3, 2, "")]
    spoil(Lead.objects.filter(email="zoe@example.org").first(), recruiter)
    assert versions()[1][2] == 2


def test_a_version_without_a_reason_is_refused_by_the_database(week):
    freezing.freeze_due_weeks(MONDAY_SIX)
    first = FrozenWeek.objects.get(monday=W47)
    for fault in ({"version": 2, "reason": ""}, {"version": 1, "reason": ""}, {"version": 0, "reason": "spam"}):
        first.pk, first._state.adding = None, True
        first.version, first.reason = fault["version"], fault["reason"]
        with pytest.raises(IntegrityError), transaction.atomic():
            first.save()


# --- at night -------------------------------------------------------------------------------------------------------
def test_a_change_that_nobody_told_is_found_at_night_alerted_and_restated(week, caplog):
    freezing.freeze_due_weeks(MONDAY_SIX)
    Lead.objects.filter(email="ugo@example.org").update(is_spam=True)
    with caplog.at_level(logging.ERROR):
        assert freezing.compare_counts(MONDAY_SIX + WEEK) > 0
    assert versions() == [(1, 3, 2, ""), (2, 2, 1, Restated.RECOUNT)]
    assert "differ" in caplog.text
    assert "2026-11-16" in caplog.text
    caplog.clear()
    assert freezing.compare_counts(MONDAY_SIX + WEEK) == 0
    assert not caplog.text


# --- told -----------------------------------------------------------------------------------------------------------
def test_the_json_of_a_frozen_week_says_its_version_and_figures_are_the_newest(week, recruiter):
    def told():
        return reports.weekly(W47, W47 + WEEK).as_data()["weeks"]

    assert "frozen" not in told()[0]
    freezing.freeze_due_weeks(MONDAY_SIX)
    assert told()[0]["frozen"] == {"version": 1, "total": 3, "at": "2026-11-23T05:00:00Z"}
    spoil(Lead.objects.first(), recruiter)
    assert told()[0]["frozen"] == {"version": 2, "total": 2, "at": "2026-11-23T05:00:01Z"}
    assert told()[0]["total"] == 2
    assert "frozen" not in told()[1]


def test_for_the_public_the_frozen_figure_is_masked_as_the_weeks_own(week):
    freezing.freeze_due_weeks(MONDAY_SIX)
    (told,) = masked_weekly(reports.weekly(W47, W47).as_data())["weeks"]
    assert (told["total"], told["frozen"]["total"]) == (None, None)


def test_the_page_shows_both_versions(client, week, recruiter):
    manager = UserFactory()
    manager.groups.add(Group.objects.get(name="managers"))
    client.force_login(manager)
    freezing.freeze_due_weeks(MONDAY_SIX)
    page = client.get("/admin/reports/weekly/", {"to": "2026-W47"}).content.decode()
    assert "Figée le lundi 23 novembre" in page
    assert "Inès Roux" not in page
    spoil(Lead.objects.first(), recruiter)
    page = client.get("/admin/reports/weekly/", {"to": "2026-W47"}).content.decode()
    assert "Inès Roux" in page
    assert "une demande a été marquée comme indésirable" in page


def test_people_of_a_frozen_week_stay_and_their_list_is_offered_while_it_has_as_many(client, week):
    manager = UserFactory()
    manager.groups.add(Group.objects.get(name="managers"))
    client.force_login(manager)
    freezing.freeze_due_weeks(MONDAY_SIX)

    def people():
        return client.get("/admin/reports/weekly/", {"to": "2026-W47"}).context["keys"]["people"][0]

    assert (people().value, bool(people().url)) == (2, True)
    Lead.objects.filter(candidate=Candidate.objects.get(email="ugo@example.org")).update(candidate=None)
    assert (people().value, bool(people().url)) == (2, False)


def newcomers(monday):
    return [version.newcomers for version in freezing.versions_of([monday])[monday]]


def test_a_late_request_makes_its_sender_no_newcomer_of_a_later_week_until_it_is_spam(week, recruiter):
    ask(now=datetime(2026, 11, 3, 12, tzinfo=PARIS), email="ada@example.org")
    freezing.freeze_due_weeks(MONDAY_SIX)
    late = ask(now=datetime(2026, 11, 4, 12, tzinfo=PARIS), email="ugo@example.org").lead
    assert (newcomers(W47 - 2 * WEEK), newcomers(W47)) == ([1, 2], [2, 1])
    spoil(late, recruiter)
    assert (newcomers(W47 - 2 * WEEK), newcomers(W47)) == ([1, 2, 1], [2, 1, 2])
    assert [v.total for v in freezing.versions_of([W47])[W47]] == [3, 3, 3]


def test_many_requests_of_one_person_marked_at_once_take_their_first_request_along(recruiter):
    leads = [ask(now=datetime(2026, 11, day, 12, tzinfo=PARIS), email="ada@example.org").lead.pk for day in (3, 10, 17)]
    freezing.freeze_due_weeks(MONDAY_SIX)
    batch = services.begin_act(
        kind=BatchKind.SPAM, list_name="lead", query="", ids=leads[:2], actor=recruiter, now=MONDAY_SIX
    )
    services.try_act(batch_id=batch.pk, options={}, actor=recruiter, now=MONDAY_SIX)
    services.confirm_batch(batch_id=batch.pk, actor=recruiter, now=MONDAY_SIX)
    services.run_batches(clock=lambda: MONDAY_SIX + SECOND)
    assert [newcomers(W47 - n * WEEK) for n in (2, 1, 0)] == [[1, 0], [0, 0], [0, 1]]


# --- people who are one ---------------------------------------------------------------------------------------------
def people_of(email):
    return Candidate.objects.get(email=email)


def merge(kept, gone, actor, now):
    kept, gone = people_of(kept), people_of(gone)
    versions_then = (kept.version, gone.version)
    told = {"kept_id": kept.pk, "gone_id": gone.pk, "taken": (), "expected_versions": versions_then}
    return services.merge_candidates(**told, actor=actor, now=now)


@pytest.mark.parametrize("erased", [False, True])
def test_a_merge_restates_the_distinct_people_and_its_undoing_does_it_back(week, recruiter, erased):
    ask(now=datetime(2026, 11, 17, 9, tzinfo=PARIS), email="ada@example.org")
    freezing.freeze_due_weeks(MONDAY_SIX)
    if erased:
        services.erase_candidate(candidate_id=people_of("ada@example.org").pk, now=MONDAY_SIX)
    done = merge("zoe@example.org", "ugo@example.org", recruiter, MONDAY_SIX + SECOND)
    services.undo_merge(merge_id=done.pk, actor=recruiter, now=MONDAY_SIX + 2 * SECOND)
    assert versions() == [(1, 4, 3, ""), (2, 4, 2, Restated.MERGE), (3, 4, 3, Restated.NO_MERGE)]
    assert [v.newcomers for v in freezing.versions_of([W47])[W47]] == [3, 2, 3]
    assert [v.actor for v in freezing.versions_of([W47])[W47]][1:] == [recruiter, recruiter]


def test_whoever_turns_out_to_have_asked_before_is_no_newcomer(week, recruiter):
    ask(now=datetime(2026, 11, 3, 12, tzinfo=PARIS), email="ugo.old@example.org")
    freezing.freeze_due_weeks(MONDAY_SIX)
    merge("ugo@example.org", "ugo.old@example.org", recruiter, MONDAY_SIX + SECOND)
    assert versions() == [(1, 3, 2, ""), (2, 3, 2, Restated.MERGE)]
    assert [v.newcomers for v in freezing.versions_of([W47])[W47]] == [2, 1]
    assert len(versions(W47 - 2 * WEEK)) == 1  # where they asked first they stay one of the people, and new


def test_a_merge_of_people_who_share_no_frozen_week_restates_nothing(week, recruiter):
    freezing.freeze_due_weeks(MONDAY_SIX)
    ask(now=MONDAY_SIX, email="new@example.org")
    merge("zoe@example.org", "new@example.org", recruiter, MONDAY_SIX + SECOND)
    assert versions() == [(1, 3, 2, "")]


def test_the_restated_people_are_those_that_are_counted(week, recruiter):
    freezing.freeze_due_weeks(MONDAY_SIX)
    merge("zoe@example.org", "ugo@example.org", recruiter, MONDAY_SIX + SECOND)
    counted = freezing.counted_figures(W47)
    newest = freezing.newest_versions()[W47]
    assert (newest.people, newest.newcomers) == (counted["people"], counted["newcomers"])
