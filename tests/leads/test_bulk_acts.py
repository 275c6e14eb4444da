"""One act on many: tried first, on just those chosen, by the rules of one by one; told row by row; undone."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from leads import services
from leads.batch_words import BatchKind, BatchState, RowOutcome, Why
from leads.choices import ActionKind, FollowUpKind, Outcome, Stage
from leads.errors import NotAllowed
from leads.models import Batch, BatchRow, Candidate, CountDelta, FollowUp, Lead
from leads.services import batches
from tests.leads.factories import NOW, CandidateFactory, TeamFactory, ask
from tests.leads.staff import recruiter, staff

pytestmark = pytest.mark.django_db
LIST = "/admin/leads/candidate/"
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def me(client):
    user = recruiter(first_name="Inès", last_name="Morvan")
    client.force_login(user)
    return user


def begun(actor, kind, rows, **options):
    batch = services.begin_act(kind=kind, list_name="candidate", query="", ids=rows, actor=actor, now=NOW)
    return services.try_act(batch_id=batch.pk, options=options, actor=actor, now=NOW)


def run(batch, actor):
    services.confirm_batch(batch_id=batch.pk, actor=actor, now=NOW)
    assert services.run_batches(clock=lambda: NOW) == 1
    batch.refresh_from_db()
    return batch


def told(batch):
    return {row.candidate_id or row.lead_id: (row.outcome or row.verdict, row.why) for row in batch.rows.all()}


def test_a_trial_run_writes_nothing_and_says_why_some_are_left_out(me):
    new, closed = (
        CandidateFactory(),
        CandidateFactory(stage="closed", closed_reason="withdrawn", next_action="", next_action_at=None),
    )
    foreign = CandidateFactory(team=TeamFactory())
    batch = begun(me, BatchKind.STAGE, [new.pk, closed.pk, foreign.pk], to="qualified")
    assert told(batch) == {new.pk: ("todo", ""), closed.pk: ("skipped", Why.NO_WAY), None: ("skipped", Why.GONE)}
    assert set(Candidate.objects.values_list("version", flat=True)) == {1}
    assert not FollowUp.objects.exists() and batch.state == BatchState.TRIED


def test_it_does_what_one_by_one_does_and_leaves_the_same_lines(me):
    one, other = CandidateFactory(), CandidateFactory()
    services.move_candidate(candidate_id=one.pk, to=Stage.QUALIFIED, actor=me, expected_version=1, now=NOW)
    batch = run(begun(me, BatchKind.STAGE, [other.pk], to="qualified"), me)
    assert batch.state == BatchState.DONE
    fields = ("stage", "stage_before", "stage_at", "closed_reason", "next_action", "next_action_at", "version", "owner")
    assert len(set(Candidate.objects.values_list(*fields))) == 1
    first, second = FollowUp.objects.order_by("pk")
    assert (first.kind, first.data, first.version, first.actor) == (
        second.kind,
        second.data,
        second.version,
        second.actor,
    )


def test_unreachable_needs_three_attempts_on_two_days_here_too(me):
    tried, untried = CandidateFactory(), CandidateFactory()
    for days in (3, 2, 1):
        at = NOW - timedelta(days=days)
        services.log_outcome(candidate_id=tried.pk, outcome=Outcome.NO_ANSWER, actor=me, expected_version=None, now=at)
    batch = run(begun(me, BatchKind.CLOSE, [tried.pk, untried.pk], reason="unreachable"), me)
    assert told(batch) == {tried.pk: ("done", ""), untried.pk: ("skipped", Why.ATTEMPTS)}
    tried.refresh_from_db()
    assert (tried.stage, tried.closed_reason, tried.next_action) == ("closed", "unreachable", "")


def test_whom_somebody_changed_since_the_trial_run_is_left_alone(me):
    touched, other = CandidateFactory(), CandidateFactory()
    batch = begun(me, BatchKind.CLOSE, [touched.pk, other.pk], reason="withdrawn")
    services.log_outcome(
        candidate_id=touched.pk, outcome=Outcome.REACHED, actor=me, expected_version=None, now=NOW, text="Elle vient."
    )
    assert told(run(batch, me)) == {touched.pk: ("skipped", Why.CHANGED), other.pk: ("done", "")}
    touched.refresh_from_db()
    assert touched.stage == Stage.CONTACTED


def test_whom_a_colleague_is_calling_is_left_alone(me):
    held = CandidateFactory(claimed_by=recruiter(), claimed_until=NOW + timedelta(minutes=5))
    assert told(begun(me, BatchKind.CLOSE, [held.pk], reason="withdrawn")) == {held.pk: ("skipped", Why.HELD)}


@pytest.mark.parametrize(
    ("kind", "options", "changed"),
    [
        (BatchKind.STAGE, {"to": "qualified"}, {"stage": "qualified"}),
        (BatchKind.CLOSE, {"reason": "withdrawn"}, {"stage": "closed", "next_action": ""}),
        (
            BatchKind.PLAN,
            {"action": "meet", "at": LATER.isoformat(), "note": "Forum"},
            {"next_action": "meet", "next_action_at": LATER, "next_action_note": "Forum"},
        ),
    ],
)
def test_undone_everything_is_as_it_was_but_for_whom_somebody_touched(me, kind, options, changed):
    people = CandidateFactory.create_batch(3, next_action_note="Rappeler")
    before = list(Candidate.objects.order_by("pk").values())
    batch = run(begun(me, kind, [p.pk for p in people], **options), me)
    assert Candidate.objects.filter(**changed).count() == 3
    services.assign_candidates(candidate_ids=[people[0].pk], to=me, actor=me, now=LATER)
    services.undo_batch(batch_id=batch.pk, actor=me, now=LATER)
    services.run_batches(clock=lambda: LATER)
    after = list(Candidate.objects.order_by("pk").values())
    for row in (*before, *after):
        row.pop("version")
    assert after[1:] == before[1:] and after[0] != before[0]
    assert told(batch)[people[0].pk] == ("kept", Why.CHANGED_AFTER)
    batch.refresh_from_db()
    assert batch.state == BatchState.UNDONE


def test_entrusting_goes_to_members_alone_and_a_new_team_takes_the_requests_along(me):
    lead = ask().lead
    team, stranger = TeamFactory(), recruiter(TeamFactory())
    assert told(begun(me, BatchKind.ASSIGN, [lead.candidate_id], owner=stranger.pk)) == {
        lead.candidate_id: ("skipped", Why.NO_MEMBER)
    }
    run(begun(me, BatchKind.ASSIGN, [lead.candidate_id], owner=me.pk), me)
    assert Candidate.objects.get().owner == me
    run(begun(me, BatchKind.TEAM, [lead.candidate_id], team=team.pk), me)
    assert (Candidate.objects.get().team, Candidate.objects.get().owner) == (team, None)
    assert Lead.objects.get().team == team


def test_spam_leaves_the_counts_and_comes_back_when_it_is_undone(me):
    leads = [ask().lead for _ in range(3)]
    batch = begun(me, BatchKind.SPAM, [lead.pk for lead in leads])
    run(batch, me)
    assert not Lead.objects.counted().exists()
    assert sum(CountDelta.objects.values_list("leads", flat=True)) == 0
    assert FollowUp.objects.filter(kind=FollowUpKind.SPAM).count() == 3
    services.undo_batch(batch_id=batch.pk, actor=me, now=NOW)
    services.run_batches(clock=lambda: NOW)
    assert sum(CountDelta.objects.values_list("leads", flat=True)) == 3


def test_counts_do_not_change_by_what_is_done_to_people(me):
    people = [ask().lead.candidate_id for _ in range(3)]
    before = list(CountDelta.objects.values_list("leads", flat=True))
    run(begun(me, BatchKind.CLOSE, people, reason="withdrawn"), me)
    assert list(CountDelta.objects.values_list("leads", flat=True)) == before


def test_what_crashed_in_the_middle_goes_on_behind_it_and_does_nothing_twice(me, monkeypatch):
    people = CandidateFactory.create_batch(5)
    monkeypatch.setitem(batches.RUNNERS, BatchKind.CLOSE, batches.RUNNERS["close"]._replace(part=2))
    batch = begun(me, BatchKind.CLOSE, [p.pk for p in people], reason="withdrawn")
    services.confirm_batch(batch_id=batch.pk, actor=me, now=NOW)
    assert batches._run_part(batch.pk, lambda: NOW)  # and the process is gone
    assert services.run_batches(clock=lambda: NOW) == 0
    assert BatchRow.objects.filter(outcome=RowOutcome.DONE).count() == 2
    later = NOW + 2 * batches.HELD_FOR
    assert services.run_batches(clock=lambda: later) == 1
    assert FollowUp.objects.filter(kind=FollowUpKind.STAGE).count() == 5
    assert set(Candidate.objects.values_list("version", flat=True)) == {2}


def test_a_part_that_fails_writes_nothing_of_it_and_the_page_says_so(me, client, monkeypatch):
    batch = begun(me, BatchKind.CLOSE, [CandidateFactory().pk], reason="withdrawn")
    services.confirm_batch(batch_id=batch.pk, actor=me, now=NOW)
    monkeypatch.setattr(batches, "update_rows", None, raising=False)
    monkeypatch.setattr("leads.services.bulk_acts._write", lambda *a, **k: 1 / 0)
    services.run_batches(clock=lambda: NOW)
    batch.refresh_from_db()
    assert batch.state == BatchState.FAILED and not FollowUp.objects.exists()
    assert batch.problem in client.get(f"/admin/leads/batch/{batch.pk}/change/").content.decode()


@pytest.mark.parametrize("kind", [BatchKind.STAGE, BatchKind.SPAM])
def test_thirty_rows_take_as_many_queries_as_three(me, kind):
    counted = []
    for count in (3, 30):
        leads = [ask().lead for _ in range(count)]
        ids = [lead.pk if kind == BatchKind.SPAM else lead.candidate_id for lead in leads]
        batch = begun(me, kind, ids, **({} if kind == BatchKind.SPAM else {"to": "contacted"}))
        services.confirm_batch(batch_id=batch.pk, actor=me, now=NOW)
        with CaptureQueriesContext(connection) as queries:
            services.run_batches(clock=lambda: NOW)
        counted.append(len(queries))
    assert counted[0] == counted[1] or connection.vendor == "sqlite"


def test_nobody_and_too_many_are_refused(me, monkeypatch):
    with pytest.raises(NotAllowed):
        services.begin_act(kind=BatchKind.CLOSE, list_name="candidate", query="", ids=[], actor=me, now=NOW)
    monkeypatch.setattr(batches, "MOST", 2)
    with pytest.raises(NotAllowed):
        services.begin_act(kind=BatchKind.CLOSE, list_name="candidate", query="", ids=[1, 2, 3], actor=me, now=NOW)


# --- the pages ------------------------------------------------------------------------------------------------------
def choose(client, kind, query="", ids=(), everybody=False):
    data = {"action": f"bulk_{kind}", "_selected_action": list(ids), "index": 0}
    return client.post(f"{LIST}?{query}", data | ({"select_across": "1"} if everybody else {}))


def test_all_that_match_a_filter_are_chosen_not_just_the_page(client, me):
    CandidateFactory.create_batch(60, stage=Stage.QUALIFIED)
    other = CandidateFactory()
    page = choose(client, "close", "stage=qualified", everybody=True)
    batch = Batch.objects.get()
    assert page.url == f"/admin/leads/batch/{batch.pk}/change/"
    assert other.pk not in batches.ids_of(batch) and len(batches.ids_of(batch)) == 60
    assert client.post(page.url, {"reason": ""}).status_code == 422
    assert client.post(page.url, {"reason": "withdrawn"}).status_code == 303
    shown = client.get(page.url)
    assert shown.context["to_do"] == 60 and "Refresh" not in shown
    client.post(page.url, {"act": "confirm"})
    assert client.get(page.url)["Refresh"] == "2"
    services.run_batches(clock=lambda: NOW)
    assert Candidate.objects.filter(stage=Stage.CLOSED).count() == 60
    lines = csv.reader(
        io.StringIO(b"".join(client.get(f"/admin/leads/batch/{batch.pk}/rows/")).decode("utf-8-sig")), delimiter=";"
    )
    assert len(list(lines)) == 61


def test_those_ticked_alone_are_chosen(client, me):
    one, _other = CandidateFactory.create_batch(2)
    choose(client, "close", ids=[one.pk])
    assert list(batches.ids_of(Batch.objects.get())) == [one.pk]


def test_entrusting_all_of_a_list_has_a_trial_run(client, me):
    CandidateFactory.create_batch(3)
    data = {"action": f"assign_{me.pk}", "select_across": "1", "index": 0}
    page = client.post(LIST, data)
    assert client.get(page.url).context["to_do"] == 3
    assert not Candidate.objects.filter(owner=me).exists()


def test_another_recruiters_batch_is_not_there_and_a_superuser_sees_it(client, me):
    batch = begun(me, BatchKind.CLOSE, [CandidateFactory().pk], reason="withdrawn")
    page = f"/admin/leads/batch/{batch.pk}/change/"
    assert client.get(page).status_code == 200
    client.force_login(recruiter())
    assert client.get(page).status_code == client.post(page, {"act": "confirm"}).status_code == 404
    client.force_login(staff(is_superuser=True))
    assert client.get(page).status_code == 200
    client.force_login(staff("managers"))
    assert client.get(page).status_code == 403


def test_a_page_of_fifty_rows_takes_no_more_queries_than_one_of_two(client, me, django_assert_max_num_queries):
    batch = begun(me, BatchKind.CLOSE, [p.pk for p in CandidateFactory.create_batch(60)], reason="withdrawn")
    with django_assert_max_num_queries(16):
        client.get(f"/admin/leads/batch/{batch.pk}/change/")


def test_an_erased_person_leaves_no_way_back_in_a_batch(me):
    person = CandidateFactory(next_action_note="Amina rappelle")
    run(begun(me, BatchKind.CLOSE, [person.pk], reason="withdrawn"), me)
    services.erase_candidate(candidate_id=person.pk, now=NOW)
    assert BatchRow.objects.get().before == {}


def test_two_who_confirm_at_once_run_it_once(me):
    batch = begun(me, BatchKind.CLOSE, [CandidateFactory().pk], reason="withdrawn")
    services.confirm_batch(batch_id=batch.pk, actor=me, now=NOW)
    with pytest.raises(NotAllowed), transaction.atomic():
        services.confirm_batch(batch_id=batch.pk, actor=me, now=NOW)


def test_what_is_due_is_what_the_plan_says(me):
    person = CandidateFactory(stage=Stage.WAITING, next_action=ActionKind.RESUME)
    batch = begun(me, BatchKind.PLAN, [person.pk], action="call", at=LATER.isoformat())
    assert told(batch) == {person.pk: ("skipped", Why.WAITS)}


def test_no_call_is_planned_for_who_may_not_be_called(me):
    reached, free = CandidateFactory(reached_at=NOW), CandidateFactory()
    batch = begun(me, BatchKind.PLAN, [reached.pk, free.pk], action="call", at=LATER.isoformat())
    assert told(batch) == {reached.pk: ("skipped", Why.NO_CALLS), free.pk: ("todo", "")}
    letter = begun(me, BatchKind.PLAN, [reached.pk], action="write", at=LATER.isoformat())
    assert told(letter) == {reached.pk: ("todo", "")}
