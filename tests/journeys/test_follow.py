"""A candidate's own page in a real browser: a document they do not have, a message to their recruiter."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from leads.choices import FileStatus
from leads.models import FileDocument
from leads.tokens import follow_token
from tests.journeys.conftest import LOOKS
from tests.journeys.test_back_office import WIDER, faults_of
from tests.leads.factories import CandidateFactory, ContestSessionFactory, RegistrationFileFactory
from tests.leads.staff import recruiter
from tests.serving import session_cookie

pytestmark = [pytest.mark.slow, pytest.mark.needs_chromium]


@pytest.fixture
def me(transactional_db):
    return recruiter(first_name="Inès", last_name="Morvan")


@pytest.fixture
def file(me):
    person = CandidateFactory(owner=me, verified_at=timezone.now())
    return RegistrationFileFactory(
        candidate=person, contest_session=ContestSessionFactory(), status=FileStatus.INCOMPLETE
    )


@pytest.fixture
def link(file):
    return f"/follow/{follow_token(file.candidate, now=timezone.now())}/"


def assert_fine(page):
    assert faults_of(page) == [] and page.evaluate(WIDER) == []


@LOOKS
def test_who_has_no_document_reads_what_to_do_and_may_have_it_after_all(visit, link, screen, scheme):
    page = visit(link, screen=screen, scheme=scheme)
    assert_fine(page)
    page.get_by_role("button", name="Je n’en ai pas en cours de validité").first.click()
    expect(page.locator(".doc").first).to_contain_text("Demandez-la à votre mairie")
    assert_fine(page)
    page.get_by_role("button", name="J’en ai une finalement").click()
    expect(page.get_by_role("button", name="J’en ai une finalement")).to_have_count(0)
    assert not FileDocument.objects.exists()


@LOOKS
def test_what_a_candidate_writes_is_read_first_on_their_sheet(visit, me, file, link, screen, scheme):
    page = visit(link, screen=screen, scheme=scheme)
    page.get_by_role("link", name="Lui écrire").click()
    page.get_by_role("heading", name="Écrire à Inès Morvan").wait_for()
    assert_fine(page)
    page.get_by_label("Votre message").fill("Mon passeport suffit-il ?")
    page.get_by_role("button", name="Envoyer mon message").click()
    page.get_by_text("Nous avons votre message").wait_for()
    sheet = visit(f"/admin/leads/candidate/{file.candidate_id}/change/", cookie=session_cookie(me), screen=screen)
    expect(sheet.locator(".tl .big").first).to_contain_text("Mon passeport suffit-il ?")


@LOOKS
def test_a_list_with_its_views_and_a_warning_in_the_menu_has_no_fault(visit, me, screen, scheme):
    CandidateFactory(next_action_at=timezone.now() + timedelta(minutes=30))
    page = visit("/admin/leads/candidate/", cookie=session_cookie(me), screen=screen, scheme=scheme)
    expect(page.locator(".views .chip .num").first).to_have_text("1")
    expect(page.locator(".anav .badge.warn")).to_be_attached()
    assert_fine(page)
