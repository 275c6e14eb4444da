"""A recruiter's desks in a real browser: letters, documents, imports, acts on many, who follows whom."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from leads import services
from leads.batch_words import BatchState
from leads.choices import DocumentStatus, Stage
from leads.models import Absence, Batch, Candidate, Capacity, Lead, Letter, Message
from leads.tokens import follow_token
from tests.journeys.conftest import LOOKS
from tests.journeys.test_back_office import WIDER, faults_of
from tests.leads.factories import CandidateFactory, ContestSessionFactory, RegistrationFileFactory, ask
from tests.leads.staff import recruiter
from tests.serving import session_cookie

pytestmark = [pytest.mark.slow, pytest.mark.needs_chromium]
PDF = {"name": "diplome.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF\n"}
LIST = "Prénom;NOM;Mail;CP\r\nEnzo;Fontanel;enzo@example.org;93000\r\nSans;Adresse;;75011\r\n".encode()


@pytest.fixture
def me(transactional_db):
    return recruiter(first_name="Inès", last_name="Morvan")


@pytest.fixture
def desk(visit, me, screen, scheme):
    """`desk(path)`: a page of the recruiter's, which is to be clean and to fit."""
    page = visit("/admin/", cookie=session_cookie(me), screen=screen, scheme=scheme)

    def look(path=None):
        if path:
            page.goto(path)
        assert faults_of(page) == []
        assert page.evaluate(WIDER) == []
        return page

    return look


@LOOKS
def test_a_letter_is_chosen_seen_as_it_will_be_and_sent_once(desk, me):
    Letter.objects.all().delete()
    letter = Letter(title="Réponse", subject="Votre demande", body="Bonjour {first_name},\n\nVenez nous voir.")
    services.keep_letter(letter=letter, actor=None, now=timezone.now())
    person = CandidateFactory(first_name="Amina", verified_at=timezone.now())
    page = desk(f"/admin/leads/candidate/{person.pk}/write/")
    page.get_by_role("link", name="Réponse").click()
    expect(page.locator(".mail-look")).to_contain_text("Bonjour Amina,")
    page.locator("textarea[name=body]").fill("Bonjour Amina,\n\nVenez samedi.")
    page.get_by_role("button", name="Voir le résultat").click()
    expect(page.locator(".mail-look")).to_contain_text("Venez samedi.")
    assert not Message.objects.filter(recipient=person.email).exists()
    desk()
    page.get_by_role("button", name="Envoyer la lettre").click()
    page.wait_for_url(f"**/candidate/{person.pk}/change/")
    expect(page.locator("main")).to_contain_text("Votre demande")
    assert Message.objects.filter(recipient=person.email).count() == 1


def send_online(page, document):
    page.get_by_text("L’envoyer en ligne").first.click()
    page.locator("input[type=file]").first.set_input_files(document)
    page.get_by_role("button", name="Envoyer la pièce").first.click()


@LOOKS
def test_a_document_is_sent_asked_for_again_with_a_reason_and_accepted(desk, visit, me, screen, scheme):
    file = RegistrationFileFactory(status="sent", contest_session=ContestSessionFactory())
    services.ensure_checklist(session=file.contest_session)
    follow = f"/follow/{follow_token(file.candidate, now=timezone.now())}/"
    theirs = visit(follow, screen=screen, scheme=scheme)
    send_online(theirs, {**PDF, "buffer": b"hello"})
    expect(theirs.locator("main")).to_contain_text("PDF")
    assert not file.documents.exists()
    send_online(theirs, PDF)
    expect(theirs.locator(".doc.sent .badge")).to_have_text("Reçue")
    assert faults_of(theirs) == []

    page = desk(f"/admin/leads/candidate/{file.candidate_id}/change/")
    with page.expect_download() as opened:
        page.get_by_role("button", name="Ouvrir", exact=True).first.click()
    assert opened.value.suggested_filename.endswith(".pdf")
    page.locator("input[name=reason]").first.fill("Illisible.")
    page.get_by_role("button", name="La redemander").first.click()
    expect(page.locator(".papers").first).to_contain_text("Illisible.")
    assert file.documents.get().status == DocumentStatus.REFUSED
    theirs.goto(follow)
    expect(theirs.locator("main")).to_contain_text("Illisible.")


def press_and_let_run(page, name):
    """Press, and do what a worker would; the server's own may have been faster, or be at it."""
    page.get_by_role("button", name=name).click()
    expect(page.get_by_role("button", name=name)).to_have_count(0)
    going = Batch.objects.filter(state__in=(BatchState.RUNNING, BatchState.UNDOING))
    for _look in range(200):
        services.run_batches(clock=timezone.now)
        if not going.exists():
            break
        page.wait_for_timeout(100)
    page.reload()


@LOOKS
def test_a_list_is_tried_line_by_line_imported_and_undone(desk, me):
    page = desk("/admin/leads/lead/import/")
    page.locator("input[type=file]").set_input_files({"name": "forum.csv", "mimeType": "text/csv", "buffer": LIST})
    page.get_by_role("button", name="Lire le fichier").click()
    page.get_by_role("button", name="Essayer à blanc").click()
    expect(page.locator(".dryrows")).to_contain_text("Sans Adresse")
    assert not Lead.objects.exists()
    desk()
    press_and_let_run(page, "Importer 1 ligne")
    assert Candidate.objects.get().email == "enzo@example.org"
    desk()
    press_and_let_run(page, "Tout défaire")
    expect(page.get_by_role("button", name="Tout défaire")).to_be_hidden()
    assert not Candidate.objects.exists()


@LOOKS
def test_all_of_a_list_are_closed_after_a_look_at_what_becomes_of_each(desk, me):
    people = CandidateFactory.create_batch(3)
    page = desk("/admin/leads/candidate/")
    for person in people[:2]:
        page.locator(f"input[name=_selected_action][value='{person.pk}']").check()
    page.locator("#list-action").select_option("bulk_close")
    page.get_by_role("button", name="Appliquer").click()
    page.get_by_label("Pourquoi").select_option("withdrawn")
    page.get_by_role("button", name="Essayer à blanc").click()
    expect(page.get_by_role("button", name="Appliquer à 2")).to_be_visible()
    desk()
    press_and_let_run(page, "Appliquer à 2")
    expect(page.get_by_role("button", name="Tout défaire")).to_be_visible()
    assert Candidate.objects.filter(stage=Stage.CLOSED).count() == 2


@LOOKS
def test_it_is_told_who_would_follow_somebody_and_an_absent_colleague_s_sheets_are_handed_over(desk, me):
    colleague, today = recruiter(first_name="Karim", last_name="Meunier"), timezone.localdate()
    Capacity.objects.create(member=me, most=10)
    Capacity.objects.create(member=colleague, most=10)
    Absence.objects.create(member=colleague, since=today, until=today + timedelta(days=3))
    theirs = ask(postal_code="93100").lead.candidate
    Candidate.objects.update(owner=colleague)
    page = desk("/admin/leads/team/assignment/")
    page.locator("input[name=code]").fill("93100")
    page.get_by_role("button", name="Qui suivrait cette personne").click()
    expect(page.get_by_role("status")).to_contain_text("Inès Morvan")
    page.get_by_role("button", name="Passer le relais de ses fiches").click()
    expect(page.get_by_role("button", name="Appliquer à 1")).to_be_visible()
    desk()
    press_and_let_run(page, "Appliquer à 1")
    theirs.refresh_from_db()
    assert theirs.owner == me
