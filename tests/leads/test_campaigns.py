"""Short links, what their words count as, and who may keep them."""

import re
from io import BytesIO

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone
from PIL import Image

from leads import services
from leads.attribution import Touch
from leads.choices import INVITATION, SourceKey
from leads.models import Campaign, Cost, Goal, HeardMapping, Lead, LinkMapping, PressLine, Source
from leads.services.sources import source_named, whence
from tests.factories import UserFactory
from tests.leads.factories import ContestSessionFactory, SourceFactory, ask, came_from

pytestmark = pytest.mark.django_db
ADMIN = "/admin/leads/"


@pytest.fixture
def manager(client):
    user = UserFactory()
    user.groups.add(Group.objects.get(name="managers"))
    client.force_login(user)
    return client


@pytest.fixture
def poster():
    source = SourceFactory(key="affiche")
    return Campaign.objects.create(code="metro", name="Métro", source=source, medium="qr", target="/contests/")


# --- the short address ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("code", ["metro", "METRO"])
def test_a_short_address_leads_to_its_page_and_is_how_the_visit_began(client, poster, code):
    answer = client.get(f"/c/{code}")
    assert (answer.status_code, answer["Location"]) == (302, "/contests/")
    services.request_information(
        typed=services.Typed(email="lea@example.org"),
        request_id="1",
        now=timezone.now(),
        touches=client.get("/request/").wsgi_request.touches,
    )
    lead = Lead.objects.get()
    assert (lead.source.key, lead.medium, lead.campaign) == ("affiche", "qr", "metro")


def test_the_page_that_it_leads_to_is_no_second_arrival(client, poster):
    """A browser names the page that linked to the short address once more after the redirect."""
    press = {"HTTP_REFERER": "https://www.journal.example/article"}
    client.get("/c/metro", **press)
    touches = client.get("/contests/", **press).wsgi_request.touches
    assert (touches.last.source, touches.last.campaign) == ("affiche", "metro")
    assert client.get("/contests/", HTTP_REFERER="https://other.example/").wsgi_request.touches.last.source == ""


@pytest.mark.parametrize("code", ["nowhere", "metro2"])
def test_an_unknown_code_is_not_found_and_leaves_nothing(client, poster, code):
    answer = client.get(f"/c/{code}")
    assert answer.status_code == 404
    assert "touches" not in answer.cookies


def test_the_cookie_holds_no_identifier(client, poster):
    first, second = (client.__class__().get("/c/metro").cookies["touches"].value for _ in range(2))
    assert first.split(":")[0] == second.split(":")[0]  # what is signed is the same for everybody within a second


# --- inviting a friend ----------------------------------------------------------------------------------------------
def test_the_link_to_pass_on_is_one_for_everybody_and_counts_what_it_brings(client):
    campaign = Campaign.objects.get(code=INVITATION)
    client.get(f"/c/{INVITATION}")
    touches = client.get("/request/").wsgi_request.touches
    ask(touches=touches, email="friend@example.org")
    lead = Lead.objects.get()
    assert (lead.source.key, lead.campaign) == (SourceKey.FRIEND, INVITATION)
    assert Campaign.objects.with_brought().get(pk=campaign.pk).brought == 1
    assert set(lead.touches["last"]) == {"source", "medium", "campaign"}  # nobody who invited is in it


def test_the_receipt_offers_the_link_and_it_is_the_same_for_all(client):
    told = set()
    for number in range(2):
        visitor = client.__class__()
        session = visitor.session
        session["receipt"] = {"reference": ask(email=f"r{number}@example.org").reference}
        session.save()
        text = visitor.get("/request/received/").content.decode()
        told |= set(re.findall(r'href="(http://[^"]*/c/[^"]+)"', text))
    assert len(told) == 1
    assert told.pop().endswith(f"/c/{INVITATION}")


# --- words that mean something else ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("touch", "expected"),
    [
        (Touch("fb", "cpc", "rentree"), ("reseaux", "annonce", "rentree-2026")),
        (Touch("fb", "post", ""), ("reseaux", "post", "")),
        (Touch("other", "", ""), ("other", "", "")),
        (Touch(referrer="m.facebook.com"), ("reseaux", "", "")),
    ],
)
def test_words_of_a_link_count_as_what_managers_map_them_to(touch, expected):
    networks = SourceFactory(key="reseaux")
    LinkMapping.objects.create(utm_source="fb", source=networks)
    LinkMapping.objects.create(
        utm_source="fb", utm_campaign="rentree", source=networks, medium="annonce", campaign="rentree-2026"
    )
    LinkMapping.objects.create(utm_source="m.facebook.com", source=networks)
    found = whence(touch, "")
    assert (found.source.key, found.medium, found.campaign) == expected


def test_unknown_stays_unknown():
    LinkMapping.objects.create(utm_source="fb", source=SourceFactory())
    HeardMapping.objects.create(text="affiche", source=SourceFactory())
    assert whence(Touch(), "").source is None


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("Vu une AFFICHE dans le métro !", "affiche"),
        ("une affiche, au salon de l’étudiant", "salon"),  # the longest words say most
        ("affichette", "declared"),
        ("mon prof", "declared"),
    ],
)
def test_what_people_say_counts_as_what_it_is_mapped_to(said, key):
    services.map_answers(row=HeardMapping(text="Affiche", source=SourceFactory(key="affiche")))
    services.map_answers(row=HeardMapping(text="Salon de l’étudiant", source=SourceFactory(key="salon")))
    assert whence(Touch(), said).source.key == key


def test_a_link_says_more_than_what_was_said():
    services.map_answers(row=HeardMapping(text="affiche", source=SourceFactory(key="affiche")))
    assert whence(Touch("presse"), "affiche").source.key == "presse"


def test_what_is_mapped_later_changes_no_request_that_is_there():
    ask(heard_from="une affiche")
    services.map_answers(row=HeardMapping(text="affiche", source=SourceFactory(key="affiche")))
    assert Lead.objects.get().source.key == SourceKey.DECLARED


# --- the back office ------------------------------------------------------------------------------------------------
def test_a_manager_makes_a_campaign_and_its_code_is_drawn(manager):
    source = SourceFactory()
    typed = {"name": "Forum", "source": source.pk, "medium": "qr", "target": "/request/", "code": ""}
    assert manager.post(f"{ADMIN}campaign/add/", typed).status_code == 302
    campaign = Campaign.objects.exclude(code=INVITATION).get()
    assert re.fullmatch(r"[a-z2-9]{6}", campaign.code)
    assert campaign.get_absolute_url() in manager.get(f"{ADMIN}campaign/{campaign.pk}/change/").content.decode()


@pytest.mark.parametrize("target", ["https://elsewhere.example/", "//elsewhere.example", "/admin/", "/c/metro", "page"])
def test_a_campaign_leads_nowhere_but_to_pages_of_the_site(manager, target):
    typed = {"name": "Forum", "source": SourceFactory().pk, "target": target, "code": "forum"}
    answer = manager.post(f"{ADMIN}campaign/add/", typed)
    assert "target" in answer.context["adminform"].form.errors
    assert not Campaign.objects.filter(code="forum").exists()


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_the_qr_code_is_a_picture_of_the_short_address(manager, poster, kind):
    answer = manager.get(f"{ADMIN}campaign/{poster.pk}/qr/?format={kind}")
    assert answer["Content-Type"].startswith("image/")
    if kind == "png":
        width, height = Image.open(BytesIO(answer.content)).size
        assert width == height > 200
    else:
        assert answer.content.startswith(b"<?xml")
        assert b"<svg" in answer.content


def test_other_pictures_there_are_none(manager, poster):
    assert manager.get(f"{ADMIN}campaign/{poster.pk}/qr/?format=pdf").status_code == 404


def test_the_list_of_campaigns_says_what_each_brought_and_opens_it(manager, poster, django_assert_num_queries):
    ask(touches=came_from("affiche"))
    Lead.objects.update(campaign="metro")
    text = manager.get(f"{ADMIN}campaign/").content.decode()
    assert '<a href="/admin/leads/lead/?campaign=metro">1</a>' in text
    assert manager.get("/admin/leads/lead/?campaign=metro").context["cl"].result_count == 1


@pytest.mark.parametrize(("typed", "cents"), [("900", 90000), ("12,50", 1250), ("0.01", 1)])
def test_an_amount_is_typed_in_euros_and_kept_in_cents(manager, typed, cents):
    values = {"label": "Affiches", "source": SourceFactory().pk, "campaign": ""}
    values |= {"first_on": "2026-11-16", "last_on": "2026-11-22", "cents": typed}
    assert manager.post(f"{ADMIN}cost/add/", values).status_code == 302
    cost = Cost.objects.get()
    assert cost.cents == cents
    shown = manager.get(f"{ADMIN}cost/{cost.pk}/change/").content.decode()
    assert f'value="{cents // 100},{cents % 100:02}"' in shown or f'value="{cents / 100:g}"'.replace(".", ",") in shown


@pytest.mark.parametrize(
    ("field", "typed"), [("cents", "-3"), ("cents", "douze"), ("last_on", "2026-11-01"), ("cents", "0")]
)
def test_a_cost_that_makes_no_sense_is_refused(manager, field, typed):
    values = {"label": "Affiches", "source": SourceFactory().pk, "campaign": ""}
    values |= {"first_on": "2026-11-16", "last_on": "2026-11-22", "cents": "1"} | {field: typed}
    assert manager.post(f"{ADMIN}cost/add/", values).status_code == 200
    assert not Cost.objects.exists()


def test_a_goal_is_of_a_week_and_of_one_a_session_and_region(manager):
    session = ContestSessionFactory()
    values = {"contest_session": session.pk, "region": "11", "monday": "2026-S47", "target": 100}
    assert manager.post(f"{ADMIN}goal/add/", values).status_code == 302
    assert Goal.objects.get().monday.isoformat() == "2026-11-16"
    again = manager.post(f"{ADMIN}goal/add/", values)
    assert (again.status_code, Goal.objects.count()) == (200, 1)
    assert manager.post(f"{ADMIN}goal/add/", values | {"monday": "2026-W99"}).status_code == 200


def test_a_wrong_line_is_taken_away(manager):
    line = PressLine.objects.create(since="2026-11-02", per_lead=7450)
    assert manager.post(f"{ADMIN}pressline/{line.pk}/delete/", {"post": "yes"}).status_code == 302
    assert not PressLine.objects.exists()


def test_campaigns_are_for_managers(client, poster):
    user = UserFactory()
    user.groups.add(Group.objects.get(name="recruiters"))
    client.force_login(user)
    for page in ("campaign/", "cost/", "goal/", "pressline/", "linkmapping/", "heardmapping/"):
        assert client.get(f"{ADMIN}{page}").status_code == 403
    assert client.get(f"{ADMIN}campaign/{poster.pk}/qr/").status_code == 403


def test_a_source_that_a_campaign_has_stays(poster):
    assert Source.objects.get(key="affiche").campaigns.get() == poster


@pytest.mark.parametrize("name", ["campagne", "objectif"])
def test_a_form_to_add_something_names_it_whatever_its_gender(manager, name):
    model = {"campagne": "campaign", "objectif": "goal"}[name]
    told = manager.get(f"/admin/leads/{model}/add/", headers={"Accept-Language": "fr"}).content.decode()
    assert f"Ajouter\xa0: {name}</h1>" in told


@pytest.mark.parametrize(
    ("key", "label", "english"),
    [("import", "Import", "Import"), ("phone", "Téléphone", "Phone"), ("affiche-2", "affiche-2", "")],
)
def test_a_source_that_the_code_names_has_words_and_any_other_is_called_by_its_key(db, key, label, english):
    Source.objects.filter(key=key).delete()
    source = source_named(key)
    assert (source.label, source.label_en) == (label, english)
