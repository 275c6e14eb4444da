"""Whoever has no such document says so: they read what to do instead, recruiters know, and nothing asks again."""

from datetime import date, timedelta

import pytest
from django.test import Client

from leads import services
from leads.checklists import checklist
from leads.choices import ActionKind, DocumentStatus, FileStatus, FollowUpKind
from leads.errors import NotAllowed, NotFound
from leads.models import AskedDocument, Candidate, FileDocument, Message
from leads.tokens import follow_token
from tests.leads.factories import NOW, CandidateFactory, ContestSessionFactory, RegistrationFileFactory
from tests.leads.staff import recruiter
from tests.leads.test_pages import page

pytestmark = pytest.mark.django_db
NOT_HAD = DocumentStatus.NOT_HAD
BUTTON, AFTER_ALL = "Je n’en ai pas en cours de validité", "J’en ai une finalement"


@pytest.fixture
def file():
    session = ContestSessionFactory(closes_on=date(2026, 11, 25), reminder_days=10)
    candidate = CandidateFactory(verified_at=NOW, next_action_at=NOW + timedelta(days=30))
    return RegistrationFileFactory(candidate=candidate, contest_session=session, status=FileStatus.DOWNLOADED)


@pytest.fixture
def identity(file):
    return file.contest_session.asked_documents.first()


def known(file, asked, **values):
    return {"candidate_id": file.candidate_id, "file_id": file.pk, "asked_id": asked.pk, "now": NOW, **values}


def status(file, asked):
    return {item.asked: item.status for item in checklist(file)}[asked]


def judge(file, asked, state, reason=""):
    return services.judge_document(
        file_id=file.pk, asked_id=asked.pk, status=state, reason=reason, actor=recruiter(), now=NOW
    )


def test_it_is_noted_on_the_timeline_and_a_recruiter_writes_within_two_working_days(file, identity):
    services.say_unavailable(**known(file, identity))
    services.say_unavailable(**known(file, identity))
    assert status(file, identity) == NOT_HAD
    line = file.candidate.follow_ups.get(kind=FollowUpKind.FILE)
    assert (line.actor, line.data["document"], line.data["status"]) == (None, identity.pk, NOT_HAD)
    candidate = Candidate.objects.get()
    assert (candidate.next_action, candidate.next_action_note) == (ActionKind.WRITE, "Pièce que la personne n’a pas")
    assert candidate.next_action_at < NOW + timedelta(days=6)


def test_what_was_planned_sooner_comes_first(file, identity):
    Candidate.objects.update(next_action_at=NOW)
    services.say_unavailable(**known(file, identity))
    assert Candidate.objects.get().next_action == ActionKind.CALL


def test_nothing_asks_for_it_again(file, identity):
    for asked in file.contest_session.asked_documents.exclude(pk=identity.pk):
        judge(file, asked, DocumentStatus.RECEIVED)
    services.say_unavailable(**known(file, identity))
    file.refresh_from_db()
    assert file.status == FileStatus.RETURNED, "with the last thing that was waited for"
    assert services.remind_of_files(now=NOW) == 0 and not Message.objects.exists()


def test_it_is_not_accepted_by_that(file, identity):
    for asked in file.contest_session.asked_documents.exclude(pk=identity.pk):
        judge(file, asked, DocumentStatus.ACCEPTED)
    services.say_unavailable(**known(file, identity))
    file.refresh_from_db()
    assert file.status == FileStatus.RETURNED
    judge(file, identity, DocumentStatus.ACCEPTED)  # what came in its place
    file.refresh_from_db()
    assert file.status == FileStatus.COMPLETE


def test_whoever_has_it_after_all_is_asked_for_it_as_before(file, identity):
    services.say_unavailable(**known(file, identity))
    services.take_back_unavailable(**known(file, identity))
    assert status(file, identity) == "" and not FileDocument.objects.exists()
    judge(file, identity, DocumentStatus.RECEIVED)
    judge(file, identity, DocumentStatus.REFUSED, "Le verso manque.")
    services.say_unavailable(**known(file, identity))
    services.take_back_unavailable(**known(file, identity))
    document = FileDocument.objects.get()
    assert (document.status, document.reason) == (DocumentStatus.REFUSED, "Le verso manque.")
    assert file.candidate.follow_ups.filter(data__is_had=True).count() == 2


def test_a_file_that_came_back_without_it_is_the_candidates_again(file, identity):
    services.say_unavailable(**known(file, identity))
    for item in checklist(file):
        if item.status != NOT_HAD:
            judge(file, item.asked, DocumentStatus.RECEIVED)
    file.refresh_from_db()
    assert file.status == FileStatus.RETURNED
    services.take_back_unavailable(**known(file, identity))
    file.refresh_from_db()
    assert file.status == FileStatus.INCOMPLETE


def test_only_where_something_is_known_to_do_and_it_is_not_here(file, identity):
    signed = file.contest_session.asked_documents.last()
    assert not signed.instead
    judge(file, identity, DocumentStatus.RECEIVED)
    for asked in (signed, identity):
        with pytest.raises(NotAllowed):
            services.say_unavailable(**known(file, asked))
    assert status(file, identity) == DocumentStatus.RECEIVED


@pytest.mark.parametrize("act", [services.say_unavailable, services.take_back_unavailable])
def test_nobody_says_so_of_another_persons_file_nor_of_one_that_is_past_it(file, identity, act):
    with pytest.raises(NotFound):
        act(**known(file, identity, candidate_id=CandidateFactory().pk))
    with pytest.raises(NotFound):
        act(**known(file, identity, asked_id=identity.pk + 999))
    file.status = FileStatus.COMPLETE
    file.save()
    with pytest.raises(NotAllowed):
        act(**known(file, identity))


# --- the pages ------------------------------------------------------------------------------------------------------
@pytest.fixture
def link(file):
    return f"/follow/{follow_token(file.candidate, now=NOW)}/"


def test_the_page_offers_it_says_what_to_do_and_takes_it_back(client, file, identity, link):
    shown = page(client.get(link))
    assert shown.count(BUTTON) == AskedDocument.objects.exclude(instead="").count() == 2
    none = f"{link}files/{file.pk}/documents/{identity.pk}/none/"
    answer = client.post(none)
    assert (answer.status_code, answer["Location"]) == (303, f"{link}#document-{file.pk}-{identity.pk}")
    shown = page(client.get(link))
    assert identity.instead in shown and AFTER_ALL in shown and "Pas disponible" in shown
    client.post(none, {"has": "1"})
    assert identity.instead not in page(client.get(link))


def test_the_box_on_top_offers_it_for_the_one_document_that_is_missing(client, file, identity, link):
    for asked in file.contest_session.asked_documents.exclude(pk=identity.pk):
        judge(file, asked, DocumentStatus.ACCEPTED)
    file.status = FileStatus.INCOMPLETE
    file.save()
    assert page(client.get(link)).count(BUTTON) == 2
    client.post(f"{link}files/{file.pk}/documents/{identity.pk}/none/")
    shown = page(client.get(link))
    assert BUTTON not in shown and "1 pièce manque" not in shown


def test_it_takes_a_post_with_its_token_and_the_own_link(file, identity, link):
    browser, none = Client(enforce_csrf_checks=True), f"files/{file.pk}/documents/{identity.pk}/none/"
    assert browser.get(f"{link}{none}").status_code == 405
    assert browser.post(f"{link}{none}").status_code == 403
    assert Client().post(f"/follow/{follow_token(CandidateFactory(), now=NOW)}/{none}").status_code == 404
    assert not FileDocument.objects.exists()


def test_the_sheet_says_it_to_recruiters(client, file, identity):
    services.say_unavailable(**known(file, identity))
    client.force_login(recruiter())
    sheet = client.get(f"/admin/leads/candidate/{file.candidate_id}/change/", headers={"accept-language": "fr"})
    assert "N’a pas la pièce" in sheet.content.decode() and "Pas disponible, " in sheet.content.decode()
