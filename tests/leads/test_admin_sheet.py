"""A candidate's sheet: each act, its refusal beside it, and what the slower of two recruiters reads."""

from datetime import timedelta

import pytest
from django.utils import timezone

from leads import services
from leads.choices import ActionKind, FileStatus, FollowUpKind, Outcome, Purpose, Stage
from leads.models import Candidate, FollowUp, RegistrationFile
from leads.services import consents
from tests.leads.factories import CandidateFactory, ContestSessionFactory, RegistrationFileFactory, ask_for_file
from tests.leads.staff import recruiter

pytestmark = pytest.mark.django_db


@pytest.fixture
def me(client):
    user = recruiter(first_name="Inès", last_name="Morvan")
    client.force_login(user)
    return user


@pytest.fixture
def candidate(me):
    return CandidateFactory(next_action_at=timezone.now() + timedelta(days=1))


def act(client, candidate, name, *, version=None, **values):
    address = f"/admin/leads/candidate/{candidate.pk}/{name}/"
    expected = candidate.version if version is None else version
    answer = client.post(address, {"expected_version": expected, **values}, headers={"accept-language": "fr"})
    candidate.refresh_from_db()
    return answer


def moment(days):
    return (timezone.localtime() + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M")


def is_done(answer, candidate):
    sheet = f"/admin/leads/candidate/{candidate.pk}/change/"
    return (answer.status_code, answer.headers.get("Location")) == (303, sheet)


# --- acts and refusals ----------------------------------------------------------------------------------------------
def test_a_call_is_logged_with_its_note_and_what_comes_next(client, me, candidate):
    later = moment(3)
    answer = act(
        client,
        candidate,
        "outcome",
        outcome="reached",
        text="Rappeler après 17 h.",
        next_action="meet",
        next_action_at=later,
    )
    assert is_done(answer, candidate)
    assert (candidate.stage, candidate.next_action) == (Stage.CONTACTED, ActionKind.MEET)
    call = candidate.follow_ups.get(kind=FollowUpKind.CALL)
    assert (call.outcome, call.text, call.actor) == (Outcome.REACHED, "Rappeler après 17 h.", me)


def test_without_a_word_on_it_the_usual_comes_next(client, candidate):
    assert is_done(act(client, candidate, "outcome", outcome="voicemail"), candidate)
    assert candidate.next_action == ActionKind.CALL


def test_a_call_without_an_outcome_comes_back_with_its_note(client, candidate):
    answer = act(client, candidate, "outcome", text="Un long récit.")
    assert answer.status_code == 422
    assert "Un long récit." in answer.content.decode()
    assert not candidate.follow_ups.exists()


def test_the_next_action_is_planned(client, candidate):
    assert is_done(act(client, candidate, "plan", kind="write", at=moment(2), note="Pièce manquante"), candidate)
    assert (candidate.next_action, candidate.next_action_note) == (ActionKind.WRITE, "Pièce manquante")


def test_no_action_is_planned_for_a_day_that_has_passed(client, candidate):
    answer = act(client, candidate, "plan", kind="write", at=moment(-2), note="Trop tard")
    assert answer.status_code == 422
    assert "Trop tard" in answer.content.decode()
    assert candidate.next_action == ActionKind.CALL


def test_the_stage_moves_where_the_rules_let_it(client, candidate):
    assert is_done(act(client, candidate, "stage", to="qualified"), candidate)
    assert candidate.stage == Stage.QUALIFIED


def test_the_stage_does_not_move_elsewhere(client, candidate):
    assert act(client, candidate, "stage", to="registered").status_code == 422
    assert candidate.stage == Stage.NEW


def test_a_sheet_waits_until_a_day_to_come(client, candidate):
    day = timezone.localdate() + timedelta(days=30)
    assert is_done(act(client, candidate, "wait", until=day.isoformat()), candidate)
    assert candidate.stage == Stage.WAITING
    assert timezone.localtime(candidate.next_action_at).strftime("%Y-%m-%d %H") == f"{day.isoformat()} 09"


@pytest.mark.parametrize("until", ["", "2020-01-01", "demain"])
def test_a_sheet_waits_for_no_other_day(client, candidate, until):
    assert act(client, candidate, "wait", until=until).status_code == 422
    assert candidate.stage == Stage.NEW


def test_a_sheet_is_closed_for_a_reason(client, candidate):
    assert is_done(act(client, candidate, "close", reason="not_interested"), candidate)
    assert candidate.closed_reason == "not_interested"
    page = client.get(f"/admin/leads/candidate/{candidate.pk}/change/").content.decode()
    assert "do-plan" not in page


def test_a_sheet_is_not_closed_without_a_reason_nor_as_unreachable_too_early(client, candidate):
    assert act(client, candidate, "close", reason="").status_code == 422
    answer = act(client, candidate, "close", reason="unreachable")
    assert answer.status_code == 422
    assert "trois essais" in answer.content.decode() or "trois tentatives" in answer.content.decode()
    assert candidate.stage == Stage.NEW


def test_a_candidate_is_given_to_a_member_of_the_team_and_back(client, me, candidate):
    assert is_done(act(client, candidate, "assign", to=me.pk), candidate)
    assert candidate.owner == me
    assert is_done(act(client, candidate, "assign", to=""), candidate)
    assert candidate.owner is None


def test_a_candidate_is_given_to_nobody_else(client, candidate):
    stranger = recruiter()
    stranger.teams.clear()
    assert act(client, candidate, "assign", to=stranger.pk).status_code == 422
    assert candidate.owner is None


def test_a_note_is_written_and_none_that_is_empty(client, candidate):
    assert is_done(act(client, candidate, "note", text="Sérieuse."), candidate)
    assert act(client, candidate, "note", text="  ").status_code == 422
    assert candidate.follow_ups.get().text == "Sérieuse."


def record_of(candidate, **changes):
    names = ("first_name", "last_name", "email", "phone", "postal_code")
    return {name: getattr(candidate, name) for name in names} | changes


def test_data_are_corrected(client, candidate):
    assert is_done(act(client, candidate, "correct", **record_of(candidate, phone="07 11 11 11 11")), candidate)
    assert candidate.phone == "+33711111111"


def test_data_of_another_candidate_or_of_nobody_are_refused(client, candidate):
    other = CandidateFactory()
    answer = act(client, candidate, "correct", **record_of(candidate, email=other.email, first_name="Zoé"))
    assert answer.status_code == 422
    assert "Zoé" in answer.content.decode()
    assert act(client, candidate, "correct", **record_of(candidate, email="", phone="")).status_code == 422
    assert candidate.first_name == "Amina"


def test_a_file_moves_on_its_way_and_nowhere_else(client, candidate):
    file = RegistrationFileFactory(candidate=candidate)
    assert is_done(act(client, candidate, f"files/{file.pk}", version=1, to="returned"), candidate)
    file.refresh_from_db()
    assert (file.status, candidate.stage) == (FileStatus.RETURNED, Stage.APPLYING)
    assert act(client, candidate, f"files/{file.pk}", version=2, to="requested").status_code == 422


# --- proposals ------------------------------------------------------------------------------------------------------
@pytest.fixture
def proposal(candidate):
    fields = {"last_name": ["Courtial", "Durand"], "postal_code": ["", "93100"]}
    return FollowUp.objects.create(
        candidate=candidate, kind=FollowUpKind.PROPOSAL, at=timezone.now(), data={"fields": fields}
    )


def test_what_is_ticked_of_a_proposal_is_taken_over(client, candidate, proposal):
    sheet = f"/admin/leads/candidate/{candidate.pk}/change/"
    assert "Durand" in client.get(sheet).content.decode()
    answer = act(client, candidate, f"proposals/{proposal.pk}", decision="accept", fields_taken=["postal_code"])
    assert is_done(answer, candidate)
    assert (candidate.last_name, candidate.postal_code, candidate.department) == ("Courtial", "93100", "93")
    assert client.get(sheet).context["proposals"] == []


def test_a_refused_proposal_is_gone_and_changes_nothing(client, candidate, proposal):
    assert is_done(act(client, candidate, f"proposals/{proposal.pk}", decision="refuse"), candidate)
    assert candidate.last_name == "Courtial"
    assert client.get(f"/admin/leads/candidate/{candidate.pk}/change/").context["proposals"] == []


def test_a_proposal_is_decided_once(client, candidate, proposal):
    act(client, candidate, f"proposals/{proposal.pk}", decision="refuse")
    values = {"decision": "accept", "fields_taken": ["last_name"]}
    assert act(client, candidate, f"proposals/{proposal.pk}", **values).status_code == 422
    assert candidate.last_name == "Courtial"


def test_a_proposal_without_a_tick_is_not_accepted(client, candidate, proposal):
    assert act(client, candidate, f"proposals/{proposal.pk}", decision="accept").status_code == 422


# --- two on one sheet -----------------------------------------------------------------------------------------------
def test_the_slower_of_two_reads_who_changed_what_and_keeps_the_text(client, me, candidate):
    colleague = recruiter(first_name="Karim", last_name="Meunier")
    seen = candidate.version
    services.move_candidate(
        candidate_id=candidate.pk, to=Stage.QUALIFIED, actor=colleague, expected_version=seen, now=timezone.now()
    )
    typed = {"outcome": "voicemail", "text": "Message laissé, rappeler demain."}
    answer = act(client, candidate, "outcome", version=seen, **typed)
    page = answer.content.decode()
    assert answer.status_code == 409
    for words in ("Karim Meunier", "qualifiée", "Message laissé, rappeler demain."):
        assert words in page
    assert not candidate.follow_ups.filter(kind=FollowUpKind.CALL).exists()
    version = answer.context["forms"]["outcome"].version
    assert version == candidate.version
    assert is_done(act(client, candidate, "outcome", version=version, **typed), candidate)


def test_a_refused_form_does_not_hide_that_somebody_was_faster(client, candidate):
    seen = candidate.version
    services.move_candidate(
        candidate_id=candidate.pk, to=Stage.QUALIFIED, actor=None, expected_version=seen, now=timezone.now()
    )
    answer = act(client, candidate, "outcome", version=seen, text="Sans résultat")
    assert (answer.status_code, answer.context["forms"]["outcome"].version) == (422, seen)


def test_a_file_that_somebody_moved_says_so(client, candidate):
    file = RegistrationFileFactory(candidate=candidate)
    services.move_file(
        file_id=file.pk,
        to=FileStatus.SENT,
        actor=recruiter(last_name="Meunier"),
        expected_version=1,
        now=timezone.now(),
    )
    answer = act(client, candidate, f"files/{file.pk}", version=1, to="returned")
    assert answer.status_code == 409
    assert "Meunier" in answer.content.decode()
    assert RegistrationFile.objects.get().status == FileStatus.SENT


@pytest.mark.parametrize("version", ["", "x", "0", "-1", "9" * 30])
def test_a_form_without_a_version_comes_back(client, candidate, version):
    answer = act(client, candidate, "outcome", version=version, outcome="reached", text="Kept")
    assert answer.status_code in (409, 422)
    assert "Kept" in answer.content.decode()
    assert candidate.stage == Stage.NEW


# --- what it shows --------------------------------------------------------------------------------------------------
def test_the_timeline_shows_the_calls_alone_where_that_is_asked_for(client, me, candidate):
    address = f"/admin/leads/candidate/{candidate.pk}/change/"
    assert "Appels seulement" not in client.get(address, headers={"accept-language": "fr"}).content.decode()
    act(client, candidate, "outcome", outcome="voicemail", text="Rappeler")
    act(client, candidate, "note", text="Vue au forum")
    whole = client.get(address, headers={"accept-language": "fr"}).content.decode()
    assert "Appels seulement" in whole and "Vue au forum" in whole
    calls = client.get(f"{address}?only=calls", headers={"accept-language": "fr"}).content.decode()
    assert "Rappeler" in calls and "Vue au forum" not in calls


def test_the_timeline_tells_requests_calls_and_mails_newest_first(client, me):
    receipt = ask_for_file(ContestSessionFactory(contest__title="Gardien de la paix"), message="Quel âge faut-il ?")
    candidate = Candidate.objects.get()
    act(client, candidate, "outcome", outcome="reached", text="Hésite.")
    page = client.get(f"/admin/leads/candidate/{candidate.pk}/change/", headers={"accept-language": "fr"})
    lines = [line for day in page.context["sheet"].days for line in day.lines]
    assert [line.at for line in lines] == sorted((line.at for line in lines), reverse=True)
    text = page.content.decode()
    for words in (receipt.reference, "Quel âge faut-il ?", "Hésite.", "Gardien de la paix, 2027", "Votre dossier"):
        assert words in text


def test_who_may_not_be_called_any_more_has_no_button_to_call(client, candidate):
    sheet = f"/admin/leads/candidate/{candidate.pk}/change/"
    assert client.get(sheet).context["sheet"].can_be_called
    act(client, candidate, "outcome", outcome="reached")
    assert not client.get(sheet).context["sheet"].can_be_called
    Candidate.objects.update(verified_at=timezone.now())
    consents.say(candidate, [Purpose.PHONE], given=True, method="phone", now=timezone.now())
    assert client.get(sheet).context["sheet"].can_be_called


def test_somebody_under_18_has_a_badge(client, candidate):
    Candidate.objects.update(birth_date=timezone.localdate() - timedelta(days=17 * 365 + 10))
    page = client.get(f"/admin/leads/candidate/{candidate.pk}/change/", headers={"accept-language": "fr"})
    assert page.context["sheet"].is_minor
    assert "17\xa0ans" in page.content.decode()


def test_what_people_type_is_shown_as_typed(client, candidate):
    bad = '<script>alert("x")</script>'
    act(client, candidate, "note", text=bad)
    Candidate.objects.update(last_name=bad)
    page = client.get(f"/admin/leads/candidate/{candidate.pk}/change/").content.decode()
    assert bad not in page
    assert "&lt;script&gt;alert" in page


@pytest.mark.parametrize("count", [1, 3])
def test_a_sheet_takes_as_many_queries_with_three_of_each_as_with_one(client, me, count, django_assert_num_queries):
    candidate = CandidateFactory(owner=me)
    for _ in range(count):
        ask_for_file(ContestSessionFactory(), email=candidate.email)
        act(client, candidate, "outcome", outcome="voicemail")
        act(client, candidate, "note", text="Note")
        FollowUp.objects.create(
            candidate=candidate, kind="proposal", at=timezone.now(), data={"fields": {"last_name": ["a", "b"]}}
        )
    sheet = f"/admin/leads/candidate/{candidate.pk}/change/"
    client.get(sheet)
    with django_assert_num_queries(24):
        client.get(sheet)
