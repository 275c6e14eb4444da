"""Two sheets become one, and two again: what moves, what holds, what is refused."""

from datetime import timedelta

import pytest
from django.db.models import Count

from leads import reports, services
from leads.choices import ActionKind, FileStatus, FollowUpKind, Outcome, Purpose, Stage
from leads.errors import NotAllowed, NotFound, VersionConflict
from leads.models import Candidate, Consent, DuplicateGroup, Lead, Merge, RegistrationFile
from leads.policies import can_be_called
from leads.services.merges import UNDONE_WITHIN
from leads.tokens import candidate_of_token, follow_token
from leads.weeks import last_weeks
from tests.leads.factories import NOW, ContestSessionFactory, RegistrationFileFactory, TeamFactory, ask, ask_for_file
from tests.leads.staff import recruiter

pytestmark = pytest.mark.django_db
PHONE = "+33639981240"


@pytest.fixture
def me(db):
    return recruiter()


@pytest.fixture
def kept(db):
    return ask(email="amina.courtial@example.org", phone=PHONE).lead.candidate


@pytest.fixture
def gone(db):
    asked = {"first_name": "A.", "postal_code": "75019", "phone": PHONE, "now": NOW - timedelta(days=200)}
    return ask(email="a.courtial@example.org", **asked).lead.candidate


def merge(kept, gone, actor, *taken, now=NOW, versions=None):
    kept.refresh_from_db()
    gone.refresh_from_db()
    done = services.merge_candidates(
        kept_id=kept.pk,
        gone_id=gone.pk,
        taken=taken,
        expected_versions=versions or (kept.version, gone.version),
        actor=actor,
        now=now,
    )
    kept.refresh_from_db()
    gone.refresh_from_db()
    return done


def undo(done, actor, now=NOW):
    return services.undo_merge(merge_id=done.pk, actor=actor, now=now)


def state_of(candidate):
    """All that a sheet says and holds but its version, its timeline's newest lines and its words on consent."""
    columns = Candidate.objects.filter(pk=candidate.pk).values().get()
    columns.pop("version")
    rows = {name: set(getattr(candidate, name).values_list("pk", flat=True)) for name in ("leads", "files", "messages")}
    return columns, rows


def newest(candidate, purpose):
    return candidate.consents.filter(purpose=purpose).order_by("-at", "-pk").first()


def test_requests_files_mails_and_timeline_move_and_the_other_sheet_points_to_the_kept_one(kept, gone, me):
    ask_for_file(ContestSessionFactory(), email=gone.email)
    lines = set(gone.follow_ups.values_list("pk", flat=True))
    merge(kept, gone, me)
    assert gone.merged_into == kept
    assert (kept.leads.count(), kept.files.count(), kept.messages.count()) == (3, 1, 3)
    assert (gone.leads.count(), gone.files.count(), gone.follow_ups.count()) == (0, 0, 0)
    assert lines < set(kept.follow_ups.values_list("pk", flat=True))
    assert kept.follow_ups.filter(kind=FollowUpKind.MERGE).count() == 1


def test_the_kept_sheet_keeps_its_own_words_fills_gaps_and_takes_what_was_chosen(kept, gone, me):
    Candidate.objects.filter(pk=gone.pk).update(diploma_level="4")
    merge(kept, gone, me, "place")
    assert (kept.first_name, kept.email) == ("Amina", "amina.courtial@example.org")
    assert (kept.postal_code, kept.department) == ("75019", "75")
    assert kept.diploma_level == "4"
    assert kept.created_at == NOW - timedelta(days=200)
    assert kept.asked_at == NOW


def test_the_address_of_the_other_sheet_can_be_taken_although_each_is_one_persons(kept, gone, me):
    merge(kept, gone, me, "email", "name")
    assert (kept.email, kept.full_name) == ("a.courtial@example.org", "A. Courtial")
    assert Candidate.objects.current().get(email="a.courtial@example.org") == kept


def test_a_merged_sheet_is_in_no_list_and_no_group_any_more(client, kept, gone, me):
    client.force_login(me)
    assert DuplicateGroup.objects.open().in_scope_of(me).count() == 1
    merge(kept, gone, me)
    assert DuplicateGroup.objects.count() == 0
    assert client.get("/admin/leads/candidate/?q=courtial").context["cl"].result_count == 1
    assert client.get(f"/admin/leads/candidate/{gone.pk}/change/").status_code == 404
    with pytest.raises(NotFound):
        services.add_note(candidate_id=gone.pk, text="x", actor=me, now=NOW)


def test_the_strictest_word_holds_and_nothing_that_was_said_is_lost(kept, gone, me):
    agreed = {"given": True, "text_version": "1", "method": "form"}
    for purpose in (Purpose.RECONTACT, Purpose.NEWSLETTER):
        Consent.objects.create(candidate=kept, purpose=purpose, at=NOW, **agreed)
    Consent.objects.create(candidate=gone, purpose=Purpose.RECONTACT, at=NOW - timedelta(days=9), **agreed)
    Consent.objects.create(candidate=gone, purpose=Purpose.SURVEY, at=NOW - timedelta(days=9), **agreed)
    merge(kept, gone, me)
    assert set(kept.consents.given_at(NOW).values_list("purpose", flat=True)) == {Purpose.RECONTACT}
    assert kept.consents.filter(given=True).count() == 4
    assert newest(kept, Purpose.SURVEY).method == "merge"


def test_where_both_agreed_to_calls_the_earlier_end_holds(kept, gone, me):
    for candidate, days in ((kept, 300), (gone, 100)):
        until = NOW + timedelta(days=days)
        common = {"purpose": Purpose.PHONE, "given": True, "text_version": "1", "method": "form"}
        Consent.objects.create(candidate=candidate, at=NOW - timedelta(days=2), expires_at=until, **common)
    merge(kept, gone, me)
    assert newest(kept, Purpose.PHONE).expires_at == NOW + timedelta(days=100)


def test_who_may_no_longer_be_called_is_written_to(kept, gone, me):
    until = NOW + timedelta(days=99)
    agreed = {"purpose": "phone", "given": True, "text_version": "1", "method": "form"}
    Consent.objects.create(candidate=kept, at=NOW, expires_at=until, **agreed)
    Candidate.objects.filter(pk=kept.pk).update(
        next_action=ActionKind.CALL, reached_at=NOW + timedelta(minutes=1), verified_at=NOW
    )
    kept.refresh_from_db()
    assert can_be_called(kept, NOW)
    merge(kept, gone, me)
    assert not can_be_called(kept, NOW)
    assert kept.next_action == ActionKind.WRITE


def test_the_links_of_both_sheets_lead_to_the_kept_one_over_two_merges(kept, gone, me):
    token = follow_token(gone, now=NOW)
    merge(kept, gone, me)
    third = ask(phone=PHONE).lead.candidate
    merge(third, kept, me)
    assert candidate_of_token(token) == third


def test_counts_stay_and_people_become_one(kept, gone, me):
    def told():
        return reports.weekly(*last_weeks(NOW), by="region")

    def people():
        return Lead.objects.aggregate(people=Count("candidate", distinct=True))["people"]

    report, before = told(), people()
    merge(kept, gone, me)
    assert told() == report
    assert people() == before - 1


def test_of_two_files_for_one_session_the_kept_sheets_stays(kept, gone, me):
    session = ContestSessionFactory()
    own = RegistrationFileFactory(candidate=kept, contest_session=session, status=FileStatus.RETURNED)
    other = RegistrationFileFactory(candidate=gone, contest_session=session, status=FileStatus.SENT)
    merge(kept, gone, me)
    assert list(kept.files.all()) == [own]
    assert list(gone.files.all()) == [other]


def test_a_file_further_along_is_not_left_behind(kept, gone, me):
    session = ContestSessionFactory()
    RegistrationFileFactory(candidate=kept, contest_session=session, status=FileStatus.CLOSED)
    RegistrationFileFactory(candidate=gone, contest_session=session, status=FileStatus.SENT)
    with pytest.raises(NotAllowed, match="plus avancé"):
        merge(kept, gone, me)
    assert Candidate.objects.current().count() == 2


def test_a_sheet_changed_meanwhile_is_not_merged(kept, gone, me):
    versions = (kept.version, gone.version)
    services.correct_candidate(
        candidate_id=gone.pk, values={"first_name": "Anna"}, actor=me, expected_version=None, now=NOW
    )
    with pytest.raises(VersionConflict):
        merge(kept, gone, me, versions=versions)


def test_a_stranger_merges_nothing_and_learns_nothing(kept, gone):
    with pytest.raises(NotFound):
        merge(kept, gone, recruiter(TeamFactory()))


# --- undone ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("taken", [(), ("email", "name", "place", "stage")])
def test_undone_each_sheet_takes_back_all_that_it_had(kept, gone, me, taken):
    ask_for_file(ContestSessionFactory(), email=gone.email)
    services.log_outcome(candidate_id=gone.pk, outcome=Outcome.VOICEMAIL, actor=me, expected_version=None, now=NOW)
    kept.refresh_from_db()
    gone.refresh_from_db()
    before = state_of(kept), state_of(gone)
    done = merge(kept, gone, me, *taken)
    assert undo(done, me) == gone
    assert (state_of(kept), state_of(gone)) == before
    assert gone.follow_ups.filter(kind=FollowUpKind.CALL).count() == 1
    assert [line.kind for line in gone.follow_ups.all()].count(FollowUpKind.MERGE) == 1
    assert [line.kind for line in kept.follow_ups.all()].count(FollowUpKind.MERGE) == 2
    assert DuplicateGroup.objects.open().in_scope_of(me).count() == 1


def test_undone_a_consent_that_the_merge_alone_withdrew_holds_again(kept, gone, me):
    agreed = {"given": True, "text_version": "1", "method": "form", "at": NOW - timedelta(days=1)}
    Consent.objects.create(candidate=kept, purpose=Purpose.RECONTACT, **agreed)
    Consent.objects.create(candidate=gone, purpose=Purpose.SURVEY, **agreed)
    undo(merge(kept, gone, me), me, NOW + timedelta(hours=1))
    later = NOW + timedelta(hours=2)
    assert list(kept.consents.given_at(later).values_list("purpose", flat=True)) == [Purpose.RECONTACT]
    assert list(gone.consents.given_at(later).values_list("purpose", flat=True)) == [Purpose.SURVEY]


def test_undone_a_consent_withdrawn_meanwhile_stays_withdrawn(kept, gone, me):
    agreed = {"given": True, "text_version": "1", "method": "form", "at": NOW - timedelta(days=1)}
    for candidate in (kept, gone):
        Consent.objects.create(candidate=candidate, purpose=Purpose.RECONTACT, **agreed)
    done = merge(kept, gone, me)
    services.set_consents(candidate_id=kept.pk, purposes=[], now=NOW + timedelta(hours=1))
    undo(done, me, NOW + timedelta(hours=2))
    assert not kept.consents.given_at(NOW + timedelta(hours=3)).exists()


def test_what_came_meanwhile_stays_with_the_kept_sheet(kept, gone, me):
    done = merge(kept, gone, me, "place")
    asked = ask(email=kept.email, message="Et le sport ?", now=NOW + timedelta(days=2)).lead
    change = {"actor": me, "expected_version": None, "now": NOW + timedelta(days=2)}
    services.correct_candidate(candidate_id=kept.pk, values={"postal_code": "69001"}, **change)
    undo(done, me, NOW + timedelta(days=3))
    kept.refresh_from_db()
    assert asked in kept.leads.all()
    assert kept.postal_code == "69001"


def test_who_asked_meanwhile_for_the_file_of_the_other_has_one_of_their_own(kept, gone, me):
    session = ContestSessionFactory()
    theirs = ask_for_file(session, email=gone.email, now=NOW - timedelta(days=9)).lead
    done = merge(kept, gone, me)
    later = NOW + timedelta(days=2)
    own = ask_for_file(session, email=kept.email, now=later).lead
    undo(done, me, later)
    files = {file.candidate: file.requested_at for file in RegistrationFile.objects.all()}
    assert files == {gone: theirs.at, kept: own.at}
    assert ask_for_file(session, email=kept.email, now=later + timedelta(hours=1)).lead == own  # and may ask again


@pytest.mark.parametrize(("late", "may"), [(timedelta(microseconds=-1), True), (timedelta(0), False)])
def test_a_merge_can_be_undone_for_thirty_days_exactly(kept, gone, me, late, may):
    done = merge(kept, gone, me)
    if may:
        undo(done, me, NOW + UNDONE_WITHIN + late)
        assert Candidate.objects.current().count() == 2
    else:
        with pytest.raises(NotAllowed):
            undo(done, me, NOW + UNDONE_WITHIN + late)
        assert Candidate.objects.current().count() == 1
    assert timedelta(days=30) == UNDONE_WITHIN


def test_a_later_merge_is_undone_first(kept, gone, me):
    third = ask(phone=PHONE).lead.candidate
    first, second = merge(kept, gone, me), merge(kept, third, me, now=NOW + timedelta(hours=1))
    with pytest.raises(NotAllowed):
        undo(first, me, NOW + timedelta(hours=2))
    undo(second, me, NOW + timedelta(hours=2))
    undo(first, me, NOW + timedelta(hours=2))
    assert Candidate.objects.current().count() == 3


def test_nothing_is_undone_where_somebody_new_has_the_old_address(kept, gone, me):
    done = merge(kept, gone, me)
    ask(email="a.courtial@example.org")
    with pytest.raises(NotAllowed, match="ancienne adresse"):
        undo(done, me)
    assert Merge.objects.get().undone_at is None
    gone.refresh_from_db()
    assert gone.merged_into == kept


def test_a_merge_is_undone_once_and_by_nobody_of_another_team(kept, gone, me):
    done = merge(kept, gone, me)
    with pytest.raises(NotFound):
        undo(done, recruiter(TeamFactory()))
    undo(done, me)
    with pytest.raises(NotAllowed):
        undo(done, me)


def test_a_stage_taken_over_and_moved_since_stays_where_it_was_moved(kept, gone, me):
    services.log_outcome(candidate_id=gone.pk, outcome=Outcome.REACHED, actor=me, expected_version=None, now=NOW)
    done = merge(kept, gone, me, "stage")
    assert kept.stage == Stage.CONTACTED
    services.move_candidate(
        candidate_id=kept.pk, to=Stage.QUALIFIED, actor=me, expected_version=None, now=NOW + timedelta(hours=1)
    )
    undo(done, me, NOW + timedelta(hours=2))
    kept.refresh_from_db()
    assert kept.stage == Stage.QUALIFIED
    assert RegistrationFile.objects.count() == 0
