"""A recruiter's day in a real browser: an evening of calls without touching the mouse."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from leads import services
from leads.models import FollowUp
from tests.journeys.conftest import LOOKS
from tests.journeys.test_back_office import NARROW, WIDER, faults_of
from tests.leads.factories import CandidateFactory
from tests.leads.staff import recruiter
from tests.serving import session_cookie

pytestmark = [pytest.mark.slow, pytest.mark.needs_chromium]


@pytest.fixture
def me(transactional_db):
    return recruiter(first_name="Inès", last_name="Morvan")


@pytest.fixture
def people(me):
    """Due since three, two and one day; the second of them under 18."""
    today = timezone.now()
    born = timezone.localdate() - timedelta(days=17 * 365 + 10)
    return [
        CandidateFactory(
            last_name=f"Courtial {days}",
            next_action_at=today - timedelta(days=days),
            birth_date=born if days == 2 else None,
        )
        for days in (3, 2, 1)
    ]


def test_one_person_after_the_other_is_called_by_keyboard_alone(visit, me, people):
    page = visit("/admin/", cookie=session_cookie(me))
    page.locator("[data-primary]").focus()
    page.keyboard.press("Enter")
    for days in (3, 2, 1):
        page.get_by_role("heading", name=f"Amina Courtial {days}").wait_for()
        expect(page.locator("input[name=outcome]:focus")).to_be_attached()
        page.keyboard.press("ArrowRight")  # "Messagerie"
        page.keyboard.press("Enter")
    page.get_by_text("Plus personne à appeler pour le moment.").wait_for()
    assert list(FollowUp.objects.filter(kind="call").values_list("outcome", flat=True)) == ["voicemail"] * 3


def test_ctrl_and_enter_start_the_calls_and_go_on_from_the_note(visit, me, people):
    page = visit("/admin/", cookie=session_cookie(me))
    page.keyboard.press("Control+Enter")
    page.get_by_role("heading", name="Amina Courtial 3").wait_for()
    expect(page.locator("input[name=outcome]:focus")).to_be_attached()
    page.keyboard.press("ArrowRight")
    page.get_by_label("Note").first.fill("Rappeler ce soir")
    page.keyboard.press("Control+Enter")
    page.get_by_role("heading", name="Amina Courtial 2").wait_for()
    call = FollowUp.objects.get(kind="call")
    assert (call.outcome, call.text) == ("voicemail", "Rappeler ce soir")


def test_the_slash_goes_to_the_search_from_an_outcome(visit, me, people):
    services.take_next(actor=me, now=timezone.now())
    page = visit(f"/admin/leads/candidate/{people[0].pk}/change/", cookie=session_cookie(me))
    expect(page.locator("input[name=outcome]:focus")).to_be_attached()
    page.keyboard.press("/")
    expect(page.locator(".afind input")).to_be_focused()


def test_without_scripts_the_next_person_comes_too(visit, me, people):
    page = visit("/admin/", cookie=session_cookie(me), java_script_enabled=False)
    page.locator("[data-primary]").click()
    page.get_by_role("button", name="Passer, quelqu’un d’autre appellera").click()
    page.get_by_role("heading", name="Amina Courtial 2").wait_for()


def log_first(page):
    """The outcome of the first person, by keyboard; on the sheet of the second the call is told."""
    page.keyboard.press("Control+Enter")
    page.get_by_role("heading", name="Amina Courtial 3").wait_for()
    expect(page.locator("input[name=outcome]:focus")).to_be_attached()
    page.keyboard.press("Space")
    page.keyboard.press("Control+Enter")
    page.get_by_role("heading", name="Amina Courtial 2").wait_for()
    page.wait_for_load_state()  # the keys are wired by then


def test_z_takes_the_call_back_and_shows_the_sheet_again(visit, me, people):
    page = visit("/admin/", cookie=session_cookie(me))
    log_first(page)
    expect(page.locator(".toast")).to_contain_text("Appel consigné\u00a0: Amina Courtial 3, personne jointe.")
    page.keyboard.press("z")
    page.get_by_role("heading", name="Amina Courtial 3").wait_for()
    expect(page.locator(".messagelist")).to_contain_text("L’appel est retiré")
    expect(page.locator(".tl .gone").first).to_contain_text("retiré")
    expect(page.locator("input[name=outcome]:focus")).to_be_attached()
    assert not FollowUp.objects.standing().filter(kind="call").exists()


def test_a_z_in_a_note_is_a_letter(visit, me, people):
    page = visit("/admin/", cookie=session_cookie(me))
    log_first(page)
    page.get_by_label("Note").first.press("z")
    expect(page.get_by_label("Note").first).to_have_value("z")
    assert FollowUp.objects.standing().filter(kind="call").exists()


def test_the_toast_goes_after_ten_seconds_but_not_from_under_the_hand(visit, me, people):
    page = visit("/admin/", cookie=session_cookie(me))
    page.clock.install()
    log_first(page)
    page.locator(".toast button").focus()
    page.clock.run_for(30_000)
    expect(page.locator(".toast")).to_be_visible()
    page.locator("h1").click()
    page.clock.run_for(9_000)
    expect(page.locator(".toast")).to_be_visible()
    page.clock.run_for(2_000)
    expect(page.locator(".toast")).to_have_count(0)


def test_without_scripts_a_call_is_taken_back_too(visit, me, people):
    page = visit("/admin/", cookie=session_cookie(me), java_script_enabled=False)
    page.locator("[data-primary]").click()
    page.locator("input[name=outcome]").first.press("Space")
    page.locator("button[name=go_on]").click()
    page.get_by_role("heading", name="Amina Courtial 2").wait_for()
    page.get_by_role("button", name="Annuler").click()
    page.get_by_role("heading", name="Amina Courtial 3").wait_for()
    assert not FollowUp.objects.standing().filter(kind="call").exists()


@LOOKS
def test_axe_finds_nothing_on_a_call_that_was_logged_nor_on_one_taken_back(visit, me, people, screen, scheme):
    page = visit("/admin/", cookie=session_cookie(me), screen=screen, scheme=scheme)
    log_first(page)
    faults = [faults_of(page)]
    page.get_by_role("button", name="Annuler").click()
    page.get_by_role("heading", name="Amina Courtial 3").wait_for()
    assert [*faults, faults_of(page)] == [[], []]


@LOOKS
def test_axe_finds_nothing_on_the_day_nor_on_who_is_held(visit, me, people, screen, scheme):
    services.take(candidate_id=people[1].pk, actor=recruiter(), now=timezone.now())
    page = visit("/admin/", cookie=session_cookie(me), screen=screen, scheme=scheme)
    faults = {"free": faults_of(page)}
    held = services.take_next(actor=me, now=timezone.now())
    for path in ("/admin/", "/admin/?show=write", f"/admin/leads/candidate/{held.pk}/change/"):
        page.goto(path)
        faults[path] = faults_of(page)
    assert {path: found for path, found in faults.items() if found} == {}


def test_the_day_is_no_wider_than_a_narrow_phone(visit, me, people):
    page = visit("/admin/", cookie=session_cookie(me), screen=NARROW, has_touch=True)
    assert not page.evaluate(WIDER)
