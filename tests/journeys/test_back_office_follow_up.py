"""A recruiter's day in a real browser: list, sheet, acts, request by phone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from leads import services
from leads.choices import Stage
from leads.models import Candidate, DuplicateGroup, FollowUp, Organisation, Source
from tests.journeys.conftest import LOOKS
from tests.journeys.test_back_office import NARROW, WIDER, faults_of
from tests.leads.factories import CandidateFactory, ContestSessionFactory, RegistrationFileFactory, ask_for_file
from tests.leads.staff import recruiter, staff
from tests.serving import session_cookie

pytestmark = [pytest.mark.slow, pytest.mark.needs_chromium]
LISTS = ["candidate", "lead", "registrationfile", "followup", "duplicategroup"]


@pytest.fixture
def me(transactional_db):
    return recruiter(first_name="Inès", last_name="Morvan")


@pytest.fixture
def candidate(me):
    """With a request, a file, a proposal, a call, in every part of the sheet."""
    person = CandidateFactory(email="amina@example.org", birth_date=timezone.localdate() - timedelta(days=17 * 365))
    receipt = ask_for_file(ContestSessionFactory(), email=person.email, message="Quel âge faut-il ?")
    FollowUp.objects.create(
        candidate=person, kind="proposal", at=timezone.now(), data={"fields": {"last_name": ["Courtial", "Durand"]}}
    )
    services.log_outcome(
        candidate_id=person.pk,
        outcome="voicemail",
        text="Rappeler",
        actor=me,
        expected_version=None,
        now=timezone.now(),
    )
    assert receipt.lead.candidate_id == person.pk
    CandidateFactory(phone=person.phone, postal_code="75019", first_name="Nadia")
    services.rebuild_duplicates(now=timezone.now())
    return person


def sheet_of(candidate, query=""):
    return f"/admin/leads/candidate/{candidate.pk}/change/{query}"


def pages(candidate):
    request = candidate.leads.get().pk
    lists = [f"/admin/leads/{model}/" for model in LISTS]
    found = [f"{lists[0]}?view=due&stage=new&region=11", f"{lists[0]}?q=nobody"]
    sheets = [sheet_of(candidate), sheet_of(candidate, "?do=correct"), sheet_of(candidate, "?do=close")]
    sheets.append(f"/admin/leads/duplicategroup/{DuplicateGroup.objects.get(team__isnull=False).pk}/change/")
    return [*lists, *found, *sheets, f"/admin/leads/lead/{request}/change/", "/admin/leads/lead/phone/"]


@LOOKS
def test_axe_finds_nothing_on_any_page_of_the_follow_up(visit, me, candidate, screen, scheme):
    page = visit("/admin/", cookie=session_cookie(me), screen=screen, scheme=scheme)
    faults = {}
    for path in pages(candidate):
        page.goto(path)
        faults[path] = faults_of(page)
    assert {path: found for path, found in faults.items() if found} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_reference_data(visit, me, scheme):
    session = ContestSessionFactory()
    page = visit("/admin/", cookie=session_cookie(staff(is_superuser=True)), scheme=scheme)
    rows = {"contest": session.contest_id, "contestsession": session.pk, "team": me.teams.get().pk}
    rows |= {"source": Source.objects.first().pk, "organisation": Organisation.objects.current().pk}
    faults = {}
    for model, pk in rows.items():
        for path in (f"/admin/leads/{model}/", f"/admin/leads/{model}/{pk}/change/"):
            page.goto(path)
            faults[path] = faults_of(page)
    assert {path: found for path, found in faults.items() if found} == {}


def test_nothing_of_the_follow_up_is_wider_than_a_narrow_phone(visit, candidate):
    page = visit("/admin/", cookie=session_cookie(staff(is_superuser=True)), screen=NARROW, has_touch=True)
    contest = candidate.files.get().contest_session.contest_id
    wide = {}
    for path in [*pages(candidate), f"/admin/leads/contest/{contest}/change/", "/admin/leads/organisation/1/change/"]:
        page.goto(path)
        wide[path] = page.evaluate(WIDER)
    assert {path: found for path, found in wide.items() if found} == {}


@pytest.mark.parametrize("has_scripts", [True, False], ids=["with scripts", "without"])
def test_a_recruiter_finds_a_candidate_logs_a_call_and_closes_the_sheet(visit, me, candidate, has_scripts):
    page = visit("/admin/leads/candidate/", cookie=session_cookie(me), java_script_enabled=has_scripts)
    page.locator("#searchbar").fill("06 39 98 12 40")
    page.get_by_role("button", name="Chercher").click()
    page.get_by_role("link", name="Amina Courtial").click()
    page.get_by_text("Personne jointe").click()
    page.locator("#outcome_text").fill("Hésite encore.")
    page.get_by_role("button", name="Consigner l’appel").click()
    page.get_by_text("Appel consigné").wait_for()
    page.get_by_text("Hésite encore.").wait_for()
    page.get_by_role("link", name="Clore…").click()
    page.get_by_label("Pourquoi").select_option("not_interested")
    page.get_by_role("button", name="Clore la fiche").click()
    page.get_by_text("La fiche est close.").wait_for()
    assert Candidate.objects.get(pk=candidate.pk).stage == Stage.CLOSED


def test_who_was_slower_sees_it_beside_their_text(visit, me, candidate):
    page = visit(sheet_of(candidate), cookie=session_cookie(me))
    colleague = recruiter(first_name="Karim", last_name="Meunier")
    services.move_candidate(
        candidate_id=candidate.pk, to=Stage.QUALIFIED, actor=colleague, expected_version=None, now=timezone.now()
    )
    page.get_by_text("Messagerie", exact=True).click()
    page.locator("#outcome_text").fill("Message laissé.")
    visit.complaints.clear()
    page.get_by_role("button", name="Consigner l’appel").click()
    told = page.get_by_role("alert")
    assert "Karim Meunier a changé cette fiche" in told.inner_text()
    assert page.locator("#outcome_text").input_value() == "Message laissé."
    assert faults_of(page) == []
    visit.complaints.clear()  # the browser notes every answer of 409 as an error
    page.get_by_role("button", name="Consigner l’appel").click()
    page.get_by_text("Appel consigné").wait_for()


def test_a_sheet_is_worked_by_keyboard(visit, me, candidate):
    page = visit(sheet_of(candidate), cookie=session_cookie(me))
    page.locator("input[name=outcome]").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.type("Au clavier.")
    page.locator("#do-outcome button[type=submit]").focus()
    page.keyboard.press("Enter")
    page.get_by_text("Appel consigné").wait_for()
    assert FollowUp.objects.filter(kind="call", text="Au clavier.").exists()


def test_a_request_by_phone_ends_on_the_sheet(visit, me):
    RegistrationFileFactory()
    page = visit("/admin/leads/lead/phone/", cookie=session_cookie(me))
    page.get_by_label("Prénom").fill("Zoé")
    page.get_by_label("Nom", exact=False).nth(1).fill("Vanier")
    page.locator("#id_phone").fill("07 11 11 11 11")
    page.get_by_role("button", name="Enregistrer la demande").click()
    page.get_by_role("heading", level=1, name="Zoé Vanier").wait_for()


def test_those_ticked_are_entrusted_to_me(visit, me, candidate):
    page = visit("/admin/leads/candidate/", cookie=session_cookie(me))
    page.locator(f"input[name=_selected_action][value='{candidate.pk}']").check()
    page.locator("#list-action").select_option(label="Me confier")
    page.get_by_role("button", name="Appliquer").click()
    page.get_by_text("1 candidat a changé de mains.").wait_for()
    assert Candidate.objects.get(pk=candidate.pk).owner == me
