"""The pages of requests as a browser without JavaScript sees them."""

import re
from datetime import date, timedelta
from urllib.parse import urlencode

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from leads import services
from leads.choices import FileStatus, SessionStatus, Stage
from leads.forms import MINIMUM_SECONDS, _served_signer
from leads.models import Candidate, Contest, Lead, Message, Organisation, Receipt, RegistrationFile
from leads.services.consents import given_purposes
from leads.tokens import follow_token
from tests.factories import RoomFactory
from tests.leads.factories import CandidateFactory, ContestFactory, ContestSessionFactory, RegistrationFileFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    return ContestSessionFactory(contest__slug="gardien", contest__title="Gardien de la paix")


def served(seconds=60):
    return _served_signer.sign(f"{timezone.now().timestamp() - seconds:.3f}")


def filled(**values):
    """A form as a person sends it."""
    person = {"email": "amina@example.org", "first_name": "Amina", "last_name": "Courtial", "postal_code": "93100"}
    return {**person, "request_id": "form-1", "served": served(), **values}


def hidden(response):
    return dict(
        re.findall(r'<input type="hidden" name="(request_id|served)" value="([^"]*)"', response.content.decode())
    )


def page(response):
    return response.content.decode()


# --- asking ---------------------------------------------------------------------------------------------------------
def test_a_request_for_information_leads_to_its_receipt(client):
    response = client.post("/request/", filled(message="Quel âge ?"))
    assert (response.status_code, response["Location"]) == (303, "/request/received/")
    receipt = client.get("/request/received/")
    assert Receipt.objects.get().reference in page(receipt)
    assert "/follow/" + follow_token(Candidate.objects.get(), now=timezone.now()) not in page(receipt)


def test_a_file_request_leads_to_its_receipt(client, session):
    assert client.post("/contests/gardien/request/", filled()).status_code == 303
    assert RegistrationFile.objects.get().contest_session == session
    assert "Gardien de la paix" in page(client.get("/request/received/"))


@pytest.mark.parametrize("status", [SessionStatus.ANNOUNCED, SessionStatus.CLOSED, SessionStatus.ARCHIVED])
def test_no_file_is_asked_for_unless_a_session_is_open(client, status):
    ContestSessionFactory(contest__slug="gardien", status=status)
    assert client.get("/contests/gardien/request/").status_code == 404
    assert client.post("/contests/gardien/request/", filled()).status_code == 404


def test_the_receipt_is_shown_to_the_browser_that_asked_alone(client):
    client.post("/request/", filled())
    stranger = Client()
    assert stranger.get("/request/received/").status_code == 303


def test_a_repeat_of_anothers_request_shows_what_was_typed_and_a_reference_of_its_own(client, session):
    client.post("/contests/gardien/request/", filled(first_name="Amina", request_id="hers"))
    stranger = Client()
    stranger.post("/contests/gardien/request/", filled(first_name="Xavier", request_id="his"))
    shown = page(stranger.get("/request/received/"))
    assert "Xavier" in shown
    assert "Amina" not in shown
    assert Receipt.objects.get(request_id="hers").reference not in shown
    assert Lead.objects.count() == 1


def test_a_double_click_is_one_lead_and_one_receipt(client):
    for _ in range(2):
        client.post("/request/", filled())
    assert Lead.objects.count() == Receipt.objects.count() == Message.objects.count() == 1


@pytest.mark.parametrize(
    ("values", "faulty"),
    [
        ({"email": "amina@example"}, "email"),
        ({"email": ""}, "email"),
        ({"first_name": ""}, "first_name"),
        ({"last_name": "x" * 81}, "last_name"),
        ({"postal_code": "9310"}, "postal_code"),
        ({"postal_code": "ABC"}, "postal_code"),
        ({"phone": "06 39"}, "phone"),
        ({"birth_date": "12 mars"}, "birth_date"),
        ({"birth_date": "1812-01-01"}, "birth_date"),
        ({"birth_date": "2999-01-01"}, "birth_date"),
        ({"diploma_level": "12"}, "diploma_level"),
        ({"situation": "rich"}, "situation"),
        ({"message": "x" * 2001}, "message"),
        ({"heard_from": "x" * 121}, "heard_from"),
    ],
)
def test_a_faulty_field_is_marked_named_and_kept(client, session, values, faulty):
    response = client.post(
        "/contests/gardien/request/",
        filled(last_name="Courtial", **values) if "last_name" not in values else filled(**values),
    )
    shown = page(response)
    assert response.status_code == 422
    control = re.search(rf'<(?:input|select|textarea)[^>]*name="{faulty}"[^>]*>', shown)[0]
    assert 'aria-invalid="true"' in control
    assert f'href="#id_{faulty}"' in shown
    assert f'id="id_{faulty}_error"' in shown
    assert 'value="Courtial"' in shown or faulty == "last_name"
    assert not Lead.objects.exists()


def test_one_of_email_and_phone_is_enough_for_information(client):
    assert client.post("/request/", filled(email="", phone="")).status_code == 422
    assert client.post("/request/", filled(email="", phone="06 39 98 12 40")).status_code == 303
    assert Candidate.objects.get().phone == "+33639981240"


def test_abroad_needs_no_french_postal_code(client):
    assert client.post("/request/", filled(postal_code="SW1A 1AA")).status_code == 422
    assert client.post("/request/", filled(postal_code="SW1A 1AA", abroad="on")).status_code == 303
    assert Lead.objects.get().is_abroad


def test_a_form_has_no_validation_of_the_browsers_and_real_buttons(client, session):
    shown = page(client.get("/contests/gardien/request/"))
    assert re.search(r"<form[^>]*id=\"request\"[^>]* novalidate", shown)
    assert '<button class="btn btn-primary btn-lg" type="submit"' in shown
    assert "checked" not in shown
    for token in ("email", "given-name", "family-name", "postal-code", "tel", "bday"):
        assert f'autocomplete="{token}"' in shown


@pytest.mark.parametrize("sent", [lambda: served(0), lambda: "", lambda: "forged", lambda: served(9) + "x"])
def test_a_form_back_too_soon_is_shown_again_with_its_values_and_taken_when_pressed_once_more(
    client, sent, monkeypatch
):
    first = client.post("/request/", filled(served=sent(), message="Quel âge ?"))
    assert first.status_code == 422
    assert "Quel âge ?" in page(first)
    assert page(first).count("C’était très rapide.") == 1
    assert 'aria-invalid="true"' not in page(first)
    assert not Lead.objects.exists()
    later = timezone.now() + timedelta(seconds=MINIMUM_SECONDS)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert client.post("/request/", filled(**hidden(first))).status_code == 303


def test_a_form_may_be_as_old_as_it_likes(client):
    assert client.post("/request/", filled(served=served(30 * 24 * 3600))).status_code == 303


def test_a_form_shown_again_keeps_its_id_and_its_time(client):
    form = hidden(client.get("/request/"))
    assert hidden(client.post("/request/", filled(**form, email="x"))) == form


def test_too_many_forms_from_one_address_wait(client, settings):
    settings.REQUESTS_PER_ADDRESS_PER_HOUR = 2
    answers = [client.post("/request/", filled(message=f"Salaire {n}"), REMOTE_ADDR="192.0.2.7") for n in range(3)]
    assert [answer.status_code for answer in answers] == [303, 303, 429]
    assert 0 < int(answers[2]["Retry-After"]) <= 3600
    assert "Salaire 2" in page(answers[2]) and "rien n’est encore parti" in page(answers[2])
    assert Lead.objects.count() == 2


def test_under_15_gets_the_brochures_page_and_nothing_is_kept(client, session):
    young = (timezone.localdate() - timedelta(days=14 * 365)).isoformat()
    response = client.post("/contests/gardien/request/", filled(birth_date=young))
    assert response.status_code == 200
    assert not Candidate.objects.exists()
    assert "receipt" not in client.session


def test_control_characters_and_nul_do_no_harm(client):
    assert client.post("/request/", filled(first_name="A\x00mi\u202ena", message="a\x00b")).status_code == 303
    assert Lead.objects.get().first_name == "Amina"


FIELDS = ["email", "phone", "first_name", "last_name", "postal_code", "abroad", "birth_date", "diploma_level"]
FIELDS += ["situation", "message", "heard_from", "consent_phone", "request_id", "served", "room"]


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    values=st.dictionaries(st.sampled_from(FIELDS), st.text() | st.sampled_from(["\x00", "a@b.fr", "1e9", "٠٦"])),
    query=st.dictionaries(st.sampled_from(["room", "utm_source", "utm_medium"]), st.text()),
    referrer=st.text(st.characters(codec="latin-1", exclude_characters="\r\n")),
)
def test_whatever_is_typed_gets_a_clear_answer(client, session, values, query, referrer):
    address = "/contests/gardien/request/?" + urlencode(query, errors="replace")
    sent = {name: value.encode(errors="replace").decode() for name, value in values.items()}
    assert client.post(address, {"served": served(), **sent}, headers={"referer": referrer}).status_code in (303, 422)
    assert client.get(address).status_code == 200


# --- where it came from ---------------------------------------------------------------------------------------------
def test_room_and_campaign_are_kept_without_a_cookie(client):
    room = RoomFactory(slug="le-renseignement")
    shown = page(client.get("/request/?room=le-renseignement&utm_source=affiche"))
    action = re.search(r'<form[^>]*id="request"[^>]*action="([^"]*)"', shown)[1].replace("&amp;", "&")
    Client().post(action, filled())
    lead = Lead.objects.get()
    assert (lead.room, lead.source.key) == (room, "affiche")


def test_the_visits_first_page_decides_the_source(client):
    client.get("/contests/?utm_source=presse-regionale&utm_medium=print")
    client.get("/request/", headers={"referer": "http://127.0.0.1:8000/contests/"})
    client.post("/request/", filled(), headers={"referer": "http://127.0.0.1:8000/request/"})
    lead = Lead.objects.get()
    assert (lead.source.key, lead.medium) == ("presse-regionale", "print")
    assert lead.touches["first"]["source"] == "presse-regionale"


def test_a_link_from_elsewhere_is_a_source_by_its_host(client):
    client.get("/contests/", headers={"referer": "https://www.ouest-france.fr/emploi"})
    client.post("/request/", filled())
    assert Lead.objects.get().source.key == "ouest-france.fr"


def test_a_direct_visit_gets_no_cookie_and_is_unknown(client):
    assert "touches" not in client.get("/request/").cookies
    client.post("/request/", filled())
    assert Lead.objects.get().source is None


def test_a_forged_cookie_is_nothing(client):
    client.cookies["touches"] = "forged"
    client.post("/request/", filled())
    assert Lead.objects.get().source is None


def test_a_room_that_is_none_is_no_room(client):
    assert client.post("/request/?room=nowhere", filled()).status_code == 303
    assert Lead.objects.get().room is None


# --- contests -------------------------------------------------------------------------------------------------------
@pytest.fixture
def loaded():
    services.load_reference_data()


def test_open_contests_come_first(client, loaded):
    shown = page(client.get("/contests/"))
    assert shown.index("Policier adjoint") < shown.index("premier concours interne")


def test_every_contests_page_shows_its_conditions_with_their_sources(client, loaded):
    for contest in Contest.objects.all():
        assert client.get(contest.get_absolute_url()).status_code == 200
    shown = page(client.get("/contests/gardien-externe-idf/"))
    assert "17 à 45 ans" in shown or "17 to 45 years" in shown
    assert "décret 2004-1439" in shown
    assert "35" not in re.sub(r"<[^>]+>", "", shown.split('id="conditions"')[1].split("</section>")[0])


@pytest.mark.parametrize("count", [1, 3])
def test_the_contests_are_a_fixed_number_of_queries(client, count, django_assert_num_queries):
    ContestSessionFactory.create_batch(count)
    client.get("/contests/")
    with django_assert_num_queries(3):
        client.get("/contests/")


def test_an_english_reader_is_told_which_text_is_french(client):
    ContestFactory(slug="gardien", title="Gardien de la paix")
    shown = page(client.get("/contests/gardien/", headers={"accept-language": "en"}))
    assert '<span lang="fr">Gardien de la paix</span>' in shown


# --- following ------------------------------------------------------------------------------------------------------
@pytest.fixture
def file():
    return RegistrationFileFactory(candidate__verified_at=None)


@pytest.fixture
def link(file):
    return f"/follow/{follow_token(file.candidate, now=timezone.now())}/"


def test_looking_changes_nothing(client, link, file):
    for _ in range(2):
        assert client.get(link).status_code == 200
    file.candidate.refresh_from_db()
    assert file.candidate.verified_at is None


@pytest.mark.parametrize("act", ["verify", "data", "consents", "unsubscribe"])
def test_acts_are_posts(client, link, act):
    assert client.get(f"{link}{act}/").status_code == 405


def test_unknown_and_revoked_links_get_one_answer(client, link, file):
    unknown = client.get("/follow/1-unknown/")
    file.candidate.tokens.update(revoked_at=timezone.now())
    revoked = client.get(link)
    assert unknown.status_code == revoked.status_code == 404
    assert strip_tokens(page(unknown)) == strip_tokens(page(revoked))


def strip_tokens(shown):
    return re.sub(r'/follow/[^/"]+/|value="[^"]*"|nonce="[^"]*"', "", shown)


def test_the_button_verifies(client, link, file):
    assert client.post(f"{link}verify/").status_code == 303
    file.candidate.refresh_from_db()
    assert file.candidate.verified_at


def test_the_file_is_downloaded_by_a_link_signed_for_five_minutes(client, link, file, monkeypatch):
    response = client.post(f"{link}files/{file.pk}/")
    assert response.status_code == 303
    pdf = Client().get(response["Location"])
    content = b"".join(pdf.streaming_content)
    assert content.startswith(b"%PDF-")
    assert pdf["Content-Type"] == "application/pdf"
    assert "attachment" in pdf["Content-Disposition"]
    assert "no-store" in pdf["Cache-Control"]
    file.refresh_from_db()
    assert file.status == FileStatus.DOWNLOADED
    assert file.candidate.tokens.get().hash not in response["Location"]
    monkeypatch.setattr("django.core.signing.time.time", lambda: timezone.now().timestamp() + 301)
    assert Client().get(response["Location"]).status_code == 410


def test_anothers_file_is_404(client, link):
    other = RegistrationFileFactory()
    assert client.post(f"{link}files/{other.pk}/").status_code == 404


def test_a_forged_download_is_refused(client):
    assert client.get("/files/forged/").status_code == 410


def test_my_data_is_a_download(client, link):
    response = client.post(f"{link}data/")
    assert response.json()["candidate"]["first_name"] == "Amina"
    assert "attachment" in response["Content-Disposition"]


def test_correcting_ones_data(client, link, file):
    assert client.get(f"{link}correct/").status_code == 200
    assert client.post(f"{link}correct/", {"postal_code": "9310"}).status_code == 422
    assert client.post(f"{link}correct/", {"first_name": "Aminata", "postal_code": "20200"}).status_code == 303
    file.candidate.refresh_from_db()
    assert (file.candidate.first_name, file.candidate.department) == ("Aminata", "2B")


def test_consents_one_by_one(client, link, file):
    client.post(f"{link}consents/", {"consent_phone": "on"})
    assert given_purposes(file.candidate, timezone.now()) == {"phone"}
    client.post(f"{link}consents/", {})
    assert given_purposes(file.candidate, timezone.now()) == set()


def test_one_click_unsubscribing_needs_no_cookie(link, file):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(f"{link}unsubscribe/", {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert strict.post(f"{link}stop/").status_code == 403


def test_stopping_everything(client, link, file):
    assert client.get(f"{link}stop/").status_code == 200
    assert Candidate.objects.get().stage == Stage.NEW
    assert client.post(f"{link}stop/").status_code == 303
    assert Candidate.objects.get().stage == Stage.CLOSED
    assert client.get(link).status_code == 200


def test_a_lost_link_gets_one_answer_whoever_asks(client):
    CandidateFactory(email="amina@example.org")
    answers = [client.post("/follow/", {"email": email}) for email in ("amina@example.org", "nobody@example.org")]
    assert strip_tokens(page(answers[0])) == strip_tokens(page(answers[1]))
    assert Message.objects.count() == 1
    assert client.post("/follow/", {"email": "amina"}).status_code == 422


@pytest.mark.parametrize("path", ["/request/", "/request/received/", "/follow/"])
def test_pages_about_somebody_are_stored_nowhere(client, path, link):
    for address in (path, link):
        assert "no-store" in client.get(address)["Cache-Control"]


@pytest.mark.parametrize("status", FileStatus.values)
def test_the_page_has_words_for_every_status(client, file, link, status):
    RegistrationFile.objects.update(status=status)
    assert client.get(link).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_the_follow_page_is_a_fixed_number_of_queries(client, link, file, count, django_assert_num_queries):
    for _ in range(count - 1):
        RegistrationFileFactory(candidate=file.candidate)
    with django_assert_num_queries(10):
        client.get(link)


def test_dates_of_birth_come_as_years_or_days_first(client):
    client.post("/request/", filled(birth_date="12/03/2000"))
    assert Candidate.objects.get().birth_date == date(2000, 3, 12)


# --- the employer's look --------------------------------------------------------------------------------------------
def test_another_employer_is_another_name_and_colours_without_code(client):
    assert "organisation/colours" not in page(client.get("/contests/"))
    Organisation.objects.update(name="Hôpital du Lac", accent="#123456")
    shown = page(client.get("/contests/"))
    address = re.search(r'href="(/organisation/colours-[^"]+)"', shown)[1]
    css = client.get(address)
    assert "--brand-accent: #123456" in page(css)
    assert "immutable" in css["Cache-Control"]
    assert "Hôpital du Lac" in shown
    assert client.get("/organisation/colours-old.css").status_code == 404


def test_the_logo_is_served_from_private_storage(client, settings, tmp_path):
    assert client.get("/organisation/logo-x").status_code == 404
    organisation = Organisation.objects.current()
    organisation.logo.save("logo.svg", ContentFile(b"<svg xmlns='http://www.w3.org/2000/svg'/>"))
    address = re.search(r'src="(/organisation/logo-[^"]+)"', page(client.get("/contests/")))[1]
    served_logo = client.get(address)
    assert served_logo.getvalue().startswith(b"<svg")
    assert served_logo["Content-Type"] == "image/svg+xml"


def test_a_page_without_a_database_row_of_the_employer_still_shows(client):
    Organisation.objects.all().delete()
    assert client.get("/contests/").status_code == 200


# --- on other pages -------------------------------------------------------------------------------------------------
def test_the_way_from_a_room_to_the_form_keeps_the_room(client, session):
    room = RoomFactory(slug="le-renseignement")
    shown = page(client.get("/rooms/le-renseignement/"))
    assert "/request/?room=le-renseignement" in shown
    assert "/contests/?room=le-renseignement" in shown
    assert "/contests/gardien/request/?room=le-renseignement" in page(client.get("/contests/?room=le-renseignement"))
    assert "/contests/gardien/request/?room=le-renseignement" in page(
        client.get("/contests/gardien/?room=le-renseignement")
    )
    client.post("/contests/gardien/request/?room=le-renseignement", filled())
    assert Lead.objects.get().room == room
    assert "/rooms/le-renseignement/" in page(client.get("/request/received/"))


def test_the_front_page_offers_the_open_contests_and_a_form_that_works(client, session):
    front = client.get("/")
    assert "/contests/gardien/request/" in page(front)
    form = hidden(front) | {"served": served(), "message": "Quel âge ?", "email": "amina@example.org"}
    assert client.post("/request/", form).status_code == 303
    assert Lead.objects.get().message == "Quel âge ?"
