"""What recruiters do with a candidate: every move, every refusal, and nothing overwritten."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from django.db import IntegrityError, transaction

from leads import services
from leads.choices import ActionKind, ClosedReason, FileStatus, FollowUpKind, Outcome, Purpose, Stage
from leads.errors import NotAllowed, NotFound, VersionConflict
from leads.models import Candidate, FollowUp, Team
from leads.policies import can_be_called, has_consented
from leads.services import consents
from leads.stages import FILE_MOVES, MOVES, first_action, is_unreachable, working_days_after
from tests.factories import UserFactory
from tests.leads.factories import NOW, CandidateFactory, RegistrationFileFactory, TeamFactory, ask

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def recruiter():
    user = UserFactory()
    Team.objects.default().members.add(user)
    return user


@pytest.fixture
def stranger():
    return UserFactory()


@pytest.fixture
def candidate():
    return CandidateFactory()


def act(candidate, actor, **values):
    return {"candidate_id": candidate.pk, "actor": actor, "now": NOW, **values}


def move(candidate, to, actor, **values):
    values = {"expected_version": candidate.version, **values}
    return services.move_candidate(**act(candidate, actor, to=to, **values))


def at_stage(stage):
    is_open = stage not in (Stage.CLOSED, Stage.REGISTERED)
    return CandidateFactory(
        stage=stage,
        stage_before=Stage.CONTACTED if stage == Stage.WAITING else "",
        closed_reason="withdrawn" if stage == Stage.CLOSED else "",
        next_action=(ActionKind.RESUME if stage == Stage.WAITING else ActionKind.CALL) if is_open else "",
        next_action_at=NOW + DAY if is_open else None,
    )


@pytest.mark.parametrize(("start", "to"), list(product(Stage.values, Stage.values)))
def test_all_pairs_of_stages(start, to, recruiter):
    candidate = at_stage(start)
    extra = {"reason": ClosedReason.WITHDRAWN, "until": NOW + 9 * DAY}
    if to in MOVES[start]:
        move(candidate, to, recruiter, **extra)
        candidate.refresh_from_db()
        assert candidate.stage == to
        assert bool(candidate.next_action) == (to not in (Stage.CLOSED, Stage.REGISTERED))
        line = FollowUp.objects.get(kind=FollowUpKind.STAGE)
        assert (line.data["start"], line.data["to"]) == (start, to)
    else:
        with pytest.raises(NotAllowed):
            move(candidate, to, recruiter, **extra)
        assert Candidate.objects.get(pk=candidate.pk).version == candidate.version


@pytest.mark.parametrize(("start", "to"), list(product(FileStatus.values, FileStatus.values)))
def test_all_pairs_of_file_statuses(start, to, recruiter):
    file = RegistrationFileFactory(status=start)
    ask_for = {"file_id": file.pk, "to": to, "actor": recruiter, "expected_version": file.version, "now": NOW}
    if to in FILE_MOVES[start]:
        assert services.move_file(**ask_for).status == to
    else:
        with pytest.raises(NotAllowed):
            services.move_file(**ask_for)


def test_a_member_of_another_team_finds_nobody(candidate, stranger):
    TeamFactory(members=[stranger])
    with pytest.raises(NotFound):
        move(candidate, Stage.CONTACTED, stranger)
    with pytest.raises(NotFound):
        services.add_note(**act(candidate, stranger, text="x"))
    assert not FollowUp.objects.exists()


def test_closing_needs_a_reason_and_waiting_a_day(candidate, recruiter):
    with pytest.raises(NotAllowed):
        move(candidate, Stage.CLOSED, recruiter)
    with pytest.raises(NotAllowed):
        move(candidate, Stage.WAITING, recruiter, until=NOW - DAY)
    assert move(candidate, Stage.WAITING, recruiter, until=NOW + DAY).next_action == ActionKind.RESUME


def test_who_waits_and_asks_again_is_to_be_answered_however_soon_they_were_to_be_taken_up(candidate, recruiter):
    move(candidate, Stage.WAITING, recruiter, until=NOW + timedelta(hours=1))
    ask(email=candidate.email, message="Et pour la session d’hiver ?", now=NOW + timedelta(minutes=5))
    candidate.refresh_from_db()
    assert candidate.stage == Stage.NEW
    assert candidate.next_action != ActionKind.RESUME


def test_who_waits_comes_back_by_itself_on_its_day(candidate, recruiter):
    move(candidate, Stage.WAITING, recruiter, until=NOW + DAY)
    assert services.resume_candidates(now=NOW) == 0
    assert services.resume_candidates(now=NOW + DAY) == 1
    candidate.refresh_from_db()
    assert (candidate.stage, candidate.next_action) == (Stage.NEW, ActionKind.CALL)


def test_unreachable_needs_three_attempts_on_two_days(candidate, recruiter):
    def attempt(at):
        row = Candidate.objects.get(pk=candidate.pk)
        services.log_outcome(
            candidate_id=row.pk, outcome=Outcome.VOICEMAIL, actor=recruiter, expected_version=row.version, now=at
        )

    def close():
        row = Candidate.objects.get(pk=candidate.pk)
        return move(row, Stage.CLOSED, recruiter, reason=ClosedReason.UNREACHABLE)

    for hours in (0, 1, 2):
        attempt(NOW - timedelta(hours=hours))
    with pytest.raises(NotAllowed):
        close()
    attempt(NOW - DAY)
    assert close().closed_reason == ClosedReason.UNREACHABLE


def test_two_days_are_days_of_the_site():
    around_midnight = [datetime(2026, 11, 19, 22, minute, tzinfo=UTC) for minute in (58, 59)]
    assert not is_unreachable([*around_midnight, datetime(2026, 11, 19, 22, 30, tzinfo=UTC)])
    assert is_unreachable([*around_midnight, datetime(2026, 11, 19, 23, 1, tzinfo=UTC)])


def test_the_second_of_two_recruiters_is_told_who_changed_what(candidate, recruiter):
    services.log_outcome(
        **act(candidate, recruiter, outcome=Outcome.REACHED, text="Bac en juin", expected_version=candidate.version)
    )
    with pytest.raises(VersionConflict) as conflict:
        move(candidate, Stage.QUALIFIED, recruiter)
    assert conflict.value.current_version > candidate.version
    assert {line.kind for line in conflict.value.changes} == {FollowUpKind.CALL, FollowUpKind.STAGE}
    assert conflict.value.changes[0].actor == recruiter
    assert Candidate.objects.get().stage == Stage.CONTACTED


def test_reached_makes_a_new_candidate_contacted(candidate, recruiter):
    services.log_outcome(**act(candidate, recruiter, outcome=Outcome.REACHED, expected_version=1))
    candidate.refresh_from_db()
    assert (candidate.stage, candidate.reached_at) == (Stage.CONTACTED, NOW)
    assert candidate.next_action == ActionKind.WRITE  # nothing allows another call
    assert candidate.next_action_at == working_days_after(NOW, 1)


def test_who_says_yes_on_the_phone_is_called_again_for_a_year(candidate, recruiter):
    services.log_outcome(**act(candidate, recruiter, outcome=Outcome.REACHED, expected_version=1, agrees=True))
    candidate.refresh_from_db()
    assert candidate.next_action == ActionKind.CALL
    assert can_be_called(candidate, NOW) and not can_be_called(candidate, NOW + 366 * DAY)
    assert not has_consented(candidate, Purpose.RECONTACT, NOW)


@pytest.mark.parametrize(("outcome", "age"), [(Outcome.VOICEMAIL, 20), (Outcome.REACHED, 17)])
def test_nobody_agrees_unreached_or_under_18(candidate, recruiter, outcome, age):
    Candidate.objects.update(birth_date=NOW.date() - age * 365.25 * DAY)
    services.log_outcome(**act(candidate, recruiter, outcome=outcome, expected_version=1, agrees=True))
    assert not candidate.consents.exists()


def test_who_agreed_to_calls_is_called_again(candidate, recruiter):
    Candidate.objects.update(verified_at=NOW)
    consents.say(candidate, [Purpose.PHONE], given=True, method="phone", now=NOW)
    services.log_outcome(**act(candidate, recruiter, outcome=Outcome.REACHED, expected_version=1))
    assert Candidate.objects.get().next_action == ActionKind.CALL


def test_who_wants_no_more_calls_is_not_to_be_called(recruiter):
    ask(email="amina@example.org", phone="+33639981240", consents=("phone",))
    candidate = Candidate.objects.get()
    services.verify_address(candidate_id=candidate.pk, now=NOW)
    candidate.refresh_from_db()
    assert can_be_called(candidate, NOW)
    services.log_outcome(
        **act(candidate, recruiter, outcome=Outcome.NO_MORE_CALLS, expected_version=candidate.version)
        | {"now": NOW + DAY}
    )
    candidate.refresh_from_db()
    assert not can_be_called(candidate, NOW + DAY)
    assert candidate.next_action == ActionKind.WRITE


def test_once_reached_calls_need_consent_that_has_not_run_out():
    ask(email="amina@example.org", phone="+33639981240", consents=("phone",))
    candidate = Candidate.objects.get()
    assert can_be_called(candidate, NOW)
    candidate.reached_at = NOW
    assert not can_be_called(candidate, NOW)  # the address is not verified: nobody knows who ticked the box
    candidate.verified_at = NOW
    assert has_consented(candidate, Purpose.PHONE, NOW + 364 * DAY)
    assert not has_consented(candidate, Purpose.PHONE, NOW + 365 * DAY)


def test_planning_replaces_the_one_open_action(candidate, recruiter):
    services.plan_next_action(
        **act(candidate, recruiter, kind=ActionKind.MEET, at=NOW + 3 * DAY, note="au forum", expected_version=1)
    )
    candidate.refresh_from_db()
    assert (candidate.next_action, candidate.next_action_note) == (ActionKind.MEET, "au forum")


def test_nothing_is_planned_for_a_closed_sheet(recruiter):
    with pytest.raises(NotAllowed):
        services.plan_next_action(
            **act(at_stage(Stage.CLOSED), recruiter, kind=ActionKind.CALL, at=NOW + DAY, expected_version=1)
        )


def test_a_correction_keeps_what_was_there_in_the_timeline(candidate, recruiter):
    services.correct_candidate(
        **act(candidate, recruiter, values={"postal_code": "20200", "is_abroad": False}, expected_version=1)
    )
    candidate.refresh_from_db()
    assert (candidate.department, candidate.region) == ("2B", "94")
    assert FollowUp.objects.get().data["fields"] == {"postal_code": ["", "20200"]}


def test_an_email_that_another_candidate_has_is_refused(candidate, recruiter):
    other = CandidateFactory()
    with pytest.raises(NotAllowed):
        services.correct_candidate(
            **act(candidate, recruiter, values={"email": other.email}, expected_version=candidate.version)
        )


def test_a_new_email_is_not_verified(recruiter):
    candidate = CandidateFactory(verified_at=NOW)
    services.correct_candidate(**act(candidate, recruiter, values={"email": "new@example.org"}, expected_version=1))
    candidate.refresh_from_db()
    assert candidate.verified_at is None
    assert "new@example.org" in candidate.search


def test_only_those_of_the_team_change_hands(recruiter):
    colleague = UserFactory()
    Team.objects.default().members.add(colleague)
    theirs = CandidateFactory.create_batch(3)
    other = CandidateFactory(team=TeamFactory())
    ids = [candidate.pk for candidate in [*theirs, other]]
    assert services.assign_candidates(candidate_ids=ids, to=colleague, actor=recruiter, now=NOW) == 3
    assert services.assign_candidates(candidate_ids=ids, to=colleague, actor=recruiter, now=NOW) == 0
    assert FollowUp.objects.filter(kind=FollowUpKind.ASSIGNMENT).count() == 3
    other.refresh_from_db()
    assert other.owner is None


def test_nobody_outside_the_team_receives(candidate, recruiter, stranger):
    assert services.assign_candidates(candidate_ids=[candidate.pk], to=stranger, actor=recruiter, now=NOW) == 0


@pytest.mark.parametrize("count", [1, 3])
def test_assigning_is_a_fixed_number_of_queries(count, recruiter, django_assert_num_queries):
    ids = [candidate.pk for candidate in CandidateFactory.create_batch(count)]
    with django_assert_num_queries(6):
        services.assign_candidates(candidate_ids=ids, to=recruiter, actor=recruiter, now=NOW)


def test_a_returned_file_makes_its_candidate_applying_and_a_registered_one_registered(recruiter):
    file = RegistrationFileFactory(status=FileStatus.DOWNLOADED)
    for to in (FileStatus.RETURNED, FileStatus.COMPLETE, FileStatus.REGISTERED):
        file.refresh_from_db()
        services.move_file(file_id=file.pk, to=to, actor=recruiter, expected_version=file.version, now=NOW)
        assert Candidate.objects.get().stage == (Stage.REGISTERED if to == FileStatus.REGISTERED else Stage.APPLYING)
    with pytest.raises(VersionConflict):
        services.move_file(file_id=file.pk, to=FileStatus.CLOSED, actor=recruiter, expected_version=1, now=NOW)


@pytest.mark.parametrize(
    "broken",
    [
        {"stage": "somewhere"},
        {"stage": Stage.CLOSED, "next_action": "", "next_action_at": None},
        {"next_action": "", "next_action_at": None},
        {"next_action_at": None},
        {"diploma_level": "12"},
        {"situation": "rich"},
    ],
)
def test_the_database_refuses_what_the_rules_refuse(broken, candidate):
    with pytest.raises(IntegrityError), transaction.atomic():
        Candidate.objects.filter(pk=candidate.pk).update(**broken)


def test_one_candidate_per_email_and_per_phone_and_name_without_one(candidate):
    with pytest.raises(IntegrityError), transaction.atomic():
        CandidateFactory(email=candidate.email)
    CandidateFactory(email="")
    with pytest.raises(IntegrityError), transaction.atomic():
        CandidateFactory(email="")


def test_the_first_answer_is_due_in_working_days():
    friday = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    assert first_action("information", by_mail=True, now=friday) == (
        ActionKind.WRITE,
        datetime(2026, 11, 24, 16, 30, tzinfo=UTC),
    )
    assert first_action("registration_file", by_mail=True, now=friday)[1] == datetime(2026, 11, 23, 16, 30, tzinfo=UTC)


def test_a_working_day_ends_at_the_same_hour_after_the_clock_changed():
    before = datetime(2026, 10, 23, 9, 0, tzinfo=UTC)
    assert working_days_after(before, 0) == datetime(2026, 10, 23, 15, 30, tzinfo=UTC)
    assert working_days_after(before, 1) == datetime(2026, 10, 26, 16, 30, tzinfo=UTC)
