"""The front door, the notices, the choice of a language."""

import pytest
from django.utils import translation

from tests.factories import QuestionFactory, RoomFactory, SpeakerFactory, VoteFactory

pytestmark = pytest.mark.django_db


def choose(client, **fields):
    return client.post("/language/", fields)


def test_home_leads_to_the_room_that_is_on(client):
    room = RoomFactory(title="Le renseignement", speakers=[SpeakerFactory()])
    QuestionFactory(room=room, state="answered", text="Et la paie ?")
    page = client.get("/").content.decode()
    assert f'class="btn btn-live btn-lg" href="{room.get_absolute_url()}"' in page
    assert "Et la paie ?" in page


def test_home_without_an_open_room_says_which_comes_next_and_lights_no_lamp(client):
    room = RoomFactory(scheduled=True)
    page = client.get("/").content.decode()
    assert "Prochain salon" in page and room.get_absolute_url() in page
    assert "btn-live" not in page and 'class="live"' not in page


def test_home_stands_before_anything_is_planned(client):
    page = client.get("/").content.decode()
    assert "Posez votre question." in page
    assert "Les réponses des salons se liront ici" in page


def test_home_shows_what_most_people_wondered(client):
    room = RoomFactory(closed=True)
    VoteFactory(question=QuestionFactory(room=room, state="answered", text="Quelle paie ?"))
    assert "Quelle paie ?" in client.get("/").content.decode()


@pytest.mark.parametrize("path", ["/privacy/", "/accessibility/", "/legal/"])
@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_notices_speak_both_languages(client, path, language, django_assert_num_queries):
    page = client.get(path, headers={"Accept-Language": language}).content.decode()
    assert f'<html lang="{language}"' in page


def test_the_language_is_remembered(client):
    response = choose(client, language="en", next="/rooms/?x=1")
    assert (response.status_code, response["Location"]) == (303, "/rooms/?x=1")
    assert '<html lang="en"' in client.get("/").content.decode()


@pytest.mark.parametrize(
    "elsewhere", ["https://example.org/", "//example.org", "javascript:alert(1)", "", "\\\\example.org"]
)
def test_the_way_back_never_leaves_the_site(client, elsewhere):
    assert choose(client, language="en", next=elsewhere)["Location"] == "/"


def test_an_unknown_language_changes_nothing(client):
    assert "django_language" not in choose(client, language="xx", next="/").cookies


def test_a_language_is_no_get(client):
    assert client.get("/language/").status_code == 405


def test_french_is_read_where_the_browser_does_not_say(client):
    with translation.override(None):
        assert '<html lang="fr"' in client.get("/").content.decode()


@pytest.mark.parametrize("path", ["/nowhere/", "/rooms/nowhere/"])
def test_a_lost_visitor_gets_ways_on(client, path):
    response = client.get(path)
    assert response.status_code == 404
    assert 'action="/questions/"' in response.content.decode()


def test_browsers_find_an_icon_where_they_look(client):
    assert client.get("/favicon.ico")["Location"].endswith("favicon.svg")
