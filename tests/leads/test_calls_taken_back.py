"""An outcome logged by a slip is taken back: the sheet is as it was, the timeline says so, nothing counts it."""

from datetime import timedelta

import pytest
from django.forms.models import model_to_dict
from django.utils import timezone

from leads import freezing, services
from leads.choices import ActionKind, ClosedReason, FollowUpKind, Outcome, Purpose, Stage
from leads.counts import fold_counts
from leads.day_aside import week_of
from leads.errors import NotAllowed, NotFound
from leads.models import Candidate, DailyCount, FollowUp, Lead
from leads.policies import can_be_called
from leads.progress import restore_progress
from leads.services import consents
from leads.services.calls import TAKEN_BACK_WITHIN
from tests.leads.factories import NOW, CandidateFactory, TeamFactory, ask
from tests.leads.staff import recruiter

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
SOON = NOW + 5 * SECOND


@pytest.fixture
def me():
    return recruiter(first_name="Inès", last_name="Morvan")


@pytest.fixture
def person(me):
    return CandidateFactory(owner=me, next_action_at=NOW - timedelta(hours=1), next_action_note="Pièce manquante")


def log(person, me, outcome=Outcome.REACHED, now=NOW, **values):
    known = {"candidate_id": person.pk, "actor": me, "now": now, "expected_version": None}
    return services.log_outcome(**known, outcome=outcome, **values)


def take_back(call, me, now=SOON):
    return services.take_back_outcome(call_id=call.pk, actor=me, now=now)


def state(person):
    return model_to_dict(Candidate.objects.get(pk=person.pk), exclude=["version"]) | {
        "claim": Candidate.objects.values_list("claimed_by", "claimed_until").get(pk=person.pk)
    }


@pytest.mark.parametrize("outcome", Outcome)
def test_the_sheet_is_as_it_was_before_the_call(me, person, outcome):
    services.take(candidate_id=person.pk, actor=me, now=NOW)
    before = state(person)
    call = log(person, me, outcome, next_action=ActionKind.MEET, next_action_at=NOW + timedelta(days=9))
    assert state(person) != before
    version = Candidate.objects.get(pk=person.pk).version
    assert take_back(call, me).version == version + 1
    assert state(person) == before


def test_its_lines_stay_and_are_marked_and_one_says_who_took_it_back(me, person):
    call = log(person, me, text="Une erreur de fiche.")
    take_back(call, me)
    lines = list(person.follow_ups.order_by("pk").values_list("kind", "taken_back_at", "actor"))
    assert lines == [("call", SOON, me.pk), ("stage", SOON, me.pk), ("undo", None, me.pk)]
    assert FollowUp.objects.get(pk=call.pk).text == "Une erreur de fiche."


def test_a_call_taken_back_is_no_attempt_no_call_of_the_week_and_no_answer(me):
    ask(email="amina@example.org", phone="+33639981240", now=NOW - timedelta(hours=2))
    person = Candidate.objects.get()
    for hours in (30, 20):
        log(person, me, Outcome.VOICEMAIL, now=NOW - timedelta(hours=hours))
    take_back(log(person, me, Outcome.VOICEMAIL), me)
    closing = {"to": Stage.CLOSED, "reason": ClosedReason.UNREACHABLE, "expected_version": None}
    with pytest.raises(NotAllowed):
        services.move_candidate(candidate_id=person.pk, actor=me, now=SOON, **closing)
    assert week_of(me, SOON).calls == 2
    take_back(log(person, me, Outcome.REACHED, now=SOON), me, now=SOON + SECOND)
    assert (week_of(me, SOON).calls, week_of(me, SOON).reached) == (2, 0)
    assert Lead.objects.get().answered_at is None


def test_figures_stay_those_of_a_rebuild(me):
    ask(email="amina@example.org", phone="+33639981240", now=NOW - timedelta(hours=2))
    fold_counts()
    counted = list(DailyCount.objects.order_by("pk").values())
    take_back(log(Candidate.objects.get(), me), me)
    fold_counts()
    assert restore_progress() == 0
    assert list(DailyCount.objects.order_by("pk").values()) == counted
    assert freezing.compare_counts(now=SOON) == 0


def test_what_was_said_on_calls_before_holds_again(me):
    person = CandidateFactory(verified_at=NOW, reached_at=NOW - timedelta(days=1))
    consents.say(person, [Purpose.PHONE], given=True, method="phone", now=NOW - timedelta(days=30))
    call = log(person, me, Outcome.NO_MORE_CALLS)
    assert not can_be_called(Candidate.objects.get(), NOW)
    take_back(call, me)
    assert can_be_called(Candidate.objects.get(), SOON + timedelta(days=300))
    assert not can_be_called(Candidate.objects.get(), SOON + timedelta(days=336)), "a year from when it was said"


def test_a_yes_that_was_ticked_by_a_slip_holds_no_longer(me, person):
    take_back(log(person, me, agrees=True), me)
    assert not Candidate.objects.get().consents.given_at(SOON).exists()
    assert person.consents.count() == 2, "what was noted stays noted"


def test_whoever_takes_a_call_back_holds_that_person_alone(me, person):
    services.take(candidate_id=person.pk, actor=me, now=NOW)
    call = log(person, me)
    other = services.take(candidate_id=CandidateFactory().pk, actor=me, now=NOW)
    take_back(call, me)
    assert list(Candidate.objects.claimed_by_at(me, SOON)) == [person]
    other.refresh_from_db()
    assert other.claimed_by is None


# --- refused --------------------------------------------------------------------------------------------------------
def test_a_claim_of_somebody_else_does_not_come_back(me, person):
    other = recruiter()
    services.take(candidate_id=person.pk, actor=other, now=NOW)
    take_back(log(person, me), me)
    assert Candidate.objects.get(pk=person.pk).claimed_by is None


def test_only_once(me, person):
    call = log(person, me)
    take_back(call, me)
    with pytest.raises(NotAllowed):
        take_back(call, me)
    assert person.follow_ups.filter(kind=FollowUpKind.UNDO).count() == 1


def test_only_for_some_minutes(me, person):
    call = log(person, me)
    with pytest.raises(NotAllowed):
        take_back(call, me, now=NOW + TAKEN_BACK_WITHIN + SECOND)
    assert take_back(call, me, now=NOW + TAKEN_BACK_WITHIN)


def test_only_ones_own_last_call(me, person):
    call, colleague = log(person, me), recruiter()
    with pytest.raises(NotAllowed):
        take_back(call, colleague)
    later = log(CandidateFactory(), me, now=NOW + SECOND)
    with pytest.raises(NotAllowed):
        take_back(call, me)
    take_back(later, me)
    assert take_back(call, me), "the last one that stands"


def test_nobody_learns_of_another_teams_call(me, person):
    call = log(person, me)
    with pytest.raises(NotFound):
        take_back(call, recruiter(TeamFactory()))


SINCE = {
    "note": lambda person, user: services.add_note(candidate_id=person.pk, text="Vu", actor=user, now=SOON),
    "owner": lambda person, user: services.assign_candidates(candidate_ids=[person.pk], to=user, actor=user, now=SOON),
    "stage": lambda person, user: services.move_candidate(
        candidate_id=person.pk, to=Stage.QUALIFIED, actor=user, now=SOON, expected_version=None
    ),
    "request": lambda person, user: ask(email=person.email, message="Et après ?", now=SOON),
    "claim": lambda person, user: services.take(candidate_id=person.pk, actor=user, now=SOON),
}


@pytest.mark.parametrize("act", SINCE.values(), ids=SINCE)
def test_not_once_something_has_happened_since(me, person, act):
    call = log(person, me)
    act(person, recruiter())
    before = state(person)
    with pytest.raises(NotAllowed):
        take_back(call, me)
    assert state(person) == before
    assert not FollowUp.objects.exclude(taken_back_at=None).exists()


# --- the pages ------------------------------------------------------------------------------------------------------
@pytest.fixture
def browser(client, me):
    client.force_login(me)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "fr"
    return client


def post_call(browser, person, **values):
    sheet = f"/admin/leads/candidate/{person.pk}"
    values = {"expected_version": Candidate.objects.get(pk=person.pk).version, "outcome": "reached", **values}
    return browser.post(f"{sheet}/outcome/", values, follow=True)


def told(page):
    return [str(message) for message in page.context["messages"]]


@pytest.mark.parametrize("goes_on", [{}, {"go_on": "1"}], ids=["sheet", "next person"])
def test_the_next_page_offers_to_take_the_call_back(browser, person, goes_on):
    CandidateFactory(last_name="Suivante", next_action_at=timezone.now() - timedelta(hours=1))
    page = post_call(browser, person, **goes_on)
    undo = f"/admin/leads/candidate/{person.pk}/calls/{FollowUp.objects.get(kind='call').pk}/undo/"
    assert "Appel consigné\u00a0: Amina Courtial, personne jointe." in page.content.decode()
    assert f'action="{undo}"' in page.content.decode()
    assert f'action="{undo}"' not in browser.get(f"/admin/leads/candidate/{person.pk}/change/").content.decode()
    page = browser.post(undo, follow=True)
    assert page.redirect_chain == [(f"/admin/leads/candidate/{person.pk}/change/", 303)]
    assert told(page) == ["L’appel est retiré\u00a0: la fiche est comme avant."]
    assert "Appel\u00a0: personne jointe (retiré)" in page.content.decode()
    assert Candidate.objects.get(pk=person.pk).stage == Stage.NEW


def test_the_day_offers_it_after_the_last_person(browser, person):
    page = post_call(browser, person, go_on="1")
    assert page.redirect_chain == [("/admin/", 303)]
    assert f"/candidate/{person.pk}/calls/" in page.content.decode()
    assert told(page)[1] == "Plus personne à appeler pour le moment."


def test_a_colleague_who_was_looking_reads_that_it_was_taken_back(browser, me, person):
    call = log(person, me, now=timezone.now())
    version = Candidate.objects.get(pk=person.pk).version
    take_back(call, me, now=timezone.now())
    browser.force_login(recruiter())
    values = {"expected_version": version, "outcome": "voicemail"}
    page = browser.post(f"/admin/leads/candidate/{person.pk}/outcome/", values)
    assert page.status_code == 409 and "Appel retiré" in page.content.decode().split("conflict")[1]


def test_a_call_that_stays_says_why(browser, me, person):
    post_call(browser, person)
    call = FollowUp.objects.get(kind="call")
    services.add_note(candidate_id=person.pk, text="Vu", actor=recruiter(), now=timezone.now())
    page = browser.post(f"/admin/leads/candidate/{person.pk}/calls/{call.pk}/undo/", follow=True)
    assert told(page) == ["Il s’est passé quelque chose sur cette fiche depuis\u00a0: l’appel reste tel quel."]
    assert Candidate.objects.get(pk=person.pk).stage == Stage.CONTACTED


def test_another_persons_call_is_not_found_on_a_sheet(browser, me, person):
    call = log(CandidateFactory(), me, now=timezone.now())
    assert browser.post(f"/admin/leads/candidate/{person.pk}/calls/{call.pk}/undo/").status_code == 404
