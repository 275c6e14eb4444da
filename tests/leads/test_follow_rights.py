"""What candidates do with their own data: keep, have, renew, erase."""

import base64
import re
import zlib
from datetime import timedelta

import pytest
import segno
from django.core import mail as django_mail
from django.test import Client
from django.utils import timezone, translation

from leads import documents, mail, records, services
from leads.choices import ActionKind
from leads.models import Candidate, FollowUp, Lead, Message, Organisation
from leads.tokens import candidate_of_token, follow_token
from tests.factories import UserFactory
from tests.leads.factories import (
    NOW,
    CandidateFactory,
    ContestSessionFactory,
    RegistrationFileFactory,
    ask,
    ask_for_file,
)
from tests.leads.test_pages import page

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def place(settings, tmp_path):
    settings.VAR_DIR = tmp_path


@pytest.fixture
def amina():
    ask(email="amina@example.org", message="Quel âge ?", now=timezone.now())
    return Candidate.objects.get()


@pytest.fixture
def link(amina):
    return f"/follow/{follow_token(amina, now=NOW)}/"


# --- erase ----------------------------------------------------------------------------------------------------------
def test_erasing_takes_a_second_look_and_a_post(client, link, amina):
    assert f"{link}erase/" in page(client.get(link))
    assert client.get(f"{link}erase/").status_code == 200
    amina.refresh_from_db()
    assert amina.email == "amina@example.org"
    response = client.post(f"{link}erase/")
    assert (response.status_code, response["Location"]) == (303, "/follow/erased/")
    amina.refresh_from_db()
    assert amina.erased_at and not amina.email
    assert Lead.objects.get().message == ""
    assert client.get("/follow/erased/").status_code == 200
    assert client.get(link).status_code == client.post(f"{link}erase/").status_code == 404


def test_erasing_needs_the_token_of_the_form(link, amina):
    assert Client(enforce_csrf_checks=True).post(f"{link}erase/").status_code == 403
    amina.refresh_from_db()
    assert amina.erased_at is None


# --- keep -----------------------------------------------------------------------------------------------------------
def test_who_was_told_may_press_to_be_kept(client, link, amina):
    assert "/keep/" not in page(client.get(link))
    Candidate.objects.update(last_contact_at=timezone.now() - timedelta(days=3000))
    services.purge_expired(now=timezone.now())
    assert f"{link}keep/" in page(client.get(link))
    assert client.get(f"{link}keep/").status_code == 405
    assert client.post(f"{link}keep/").status_code == 303
    amina.refresh_from_db()
    assert amina.noticed_at is None
    assert FollowUp.objects.filter(kind="retention").exists()


def test_the_page_says_until_when_the_data_is_kept(client, link, amina):
    with translation.override("fr"):
        assert str(services.kept_until(amina, timezone.now()).year) in page(client.get(link))


# --- renew ----------------------------------------------------------------------------------------------------------
def test_a_new_link_ends_the_old_one(client, link, amina):
    Message.objects.all().delete()
    assert client.post(f"{link}renew/").status_code == 200
    assert client.get(link).status_code == 404
    assert mail.deliver(Message.objects.get().pk, now=timezone.now())
    body = django_mail.outbox[-1].body
    token = body.split("/follow/")[1].split("/")[0]
    assert candidate_of_token(token) == amina


def test_a_scanner_that_opens_the_address_ends_no_link(client, link):
    assert client.get(f"{link}renew/").status_code == 405
    assert client.get(link).status_code == 200


# --- have -----------------------------------------------------------------------------------------------------------
def pages_of(pdf):
    """The drawing of each page, as reportlab packs it."""
    streams = re.findall(rb"/ASCII85Decode /FlateDecode.*?stream\r?\n(.*?)endstream", pdf, re.DOTALL)
    return [zlib.decompress(base64.a85decode(stream.strip()[:-2])) for stream in streams]


def text_of(pdf):
    shown = b" ".join(re.findall(rb"\(((?:\\.|[^\\)])*)\) Tj", b"\n".join(pages_of(pdf))))
    plain = re.sub(rb"\\(\d{3})", lambda octal: bytes([int(octal[1], 8)]), shown)
    return re.sub(rb"\\(.)", rb"\1", plain).decode("cp1252")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_pdf_holds_what_the_json_holds(client, link, amina, language):
    RegistrationFileFactory(candidate=amina, contest_session=ContestSessionFactory(contest__title="Gardien"))
    client.cookies["django_language"] = language
    response = client.post(f"{link}data/", {"format": "pdf"})
    assert response["Content-Type"] == "application/pdf"
    assert "attachment" in response["Content-Disposition"] and "no-store" in response["Cache-Control"]
    text = text_of(response.content)
    for words in ("amina@example.org", "Courtial", "93100", "Gardien", "Quel âge"):
        assert words in text
    json = client.post(f"{link}data/", {"format": "json"}).json()
    assert json["candidate"]["kept_until"] == services.kept_until(amina, timezone.now()).isoformat()


def test_a_name_that_the_font_lacks_and_markup_break_no_pdf():
    candidate = CandidateFactory(first_name="Łucja <b>", last_name="محمد", email="l@example.org")
    data = services.my_data(candidate, now=NOW)
    pdf = records.as_pdf(data, Organisation.objects.current(), on=timezone.localdate(NOW))
    text = text_of(pdf)
    assert "?ucja" in text and "????" in text and "l@example.org" in text


# --- what is missing, by when, with whom ----------------------------------------------------------------------------
@pytest.mark.parametrize(("status", "is_asked"), [("downloaded", True), ("incomplete", True), ("returned", False)])
def test_the_page_says_what_is_needed_by_when_while_it_is_their_turn(client, link, amina, status, is_asked):
    session = ContestSessionFactory(closes_on=timezone.localdate() + timedelta(days=20))
    RegistrationFileFactory(candidate=amina, contest_session=session, status=status)
    client.cookies["django_language"] = "en"
    shown = page(client.get(link))
    assert ("What we need from you" in shown) == is_asked
    assert ("All of it by" in shown) == is_asked


def test_the_page_names_the_recruiter_and_the_planned_call(client, link, amina):
    client.cookies["django_language"] = "en"
    assert "Your recruiter" not in page(client.get(link))
    owner = UserFactory(first_name="Inès", last_name="Morvan")
    later = timezone.now() + timedelta(days=1)
    Candidate.objects.update(
        owner=owner, phone="+33639981240", next_action=ActionKind.CALL, next_action_at=later, verified_at=NOW
    )
    shown = page(client.get(link))
    assert "Inès Morvan" in shown and "A call is planned for" in shown


def test_the_page_asks_the_database_little(client, link, amina, django_assert_num_queries):
    for _ in range(3):
        RegistrationFileFactory(candidate=amina)
    client.get(link)
    with django_assert_num_queries(7):
        client.get(link)


# --- the file to fill in --------------------------------------------------------------------------------------------
def test_the_file_bears_the_reference_as_text_and_code_and_what_is_known(client, settings):
    session = ContestSessionFactory(contest__title="Gardien de la paix")
    ask_for_file(session, email="zoe@example.org", last_name="Łukasz", phone="+33639981240")
    file = Candidate.objects.get().files.get()
    reference = Lead.objects.get().receipts.get().reference
    pdf = documents.personal_file(file, reference, Organisation.objects.current())
    assert "Gardien de la paix" in text_of(pdf)
    for known in (reference, "zoe@example.org", "06 39 98 12 40", "?ukasz"):
        assert known.encode() in pdf
    bare = documents.personal_file(file, "", Organisation.objects.current())
    assert squares(pdf) - squares(bare) == sum(map(sum, segno.make(reference, error="m", micro=False).matrix)) + 1


def squares(pdf):
    return sum(page.count(b" re f") for page in pages_of(pdf))


def test_the_file_of_an_erased_person_is_gone(client, link, amina):
    file = RegistrationFileFactory(candidate=amina)
    signed = client.post(f"{link}files/{file.pk}/")["Location"]
    assert client.get(signed).status_code == 200
    services.erase_candidate(candidate_id=amina.pk, now=NOW)
    assert client.get(signed).status_code == 404
