"""A visitor without a script who typed a number is asked before it leaves; nobody else's request is ever held back."""

import json

import pytest

from chat.models import Question

pytestmark = pytest.mark.django_db
NUMBER = "Appelez-moi au 06 39 98 12 40, c’est possible ?"


def send(client, room, **fields):
    form = {"request_id": "one", "text": NUMBER, "nickname": "Zoé", "asks_first": "1"}
    return client.post(f"/rooms/{room.slug}/questions", form | fields)


def test_it_is_shown_again_with_all_that_was_typed_and_two_ways_on(client, room):
    page = send(client, room)
    text = page.content.decode()
    assert page.status_code == 422
    assert NUMBER in text
    assert 'value="Zoé"' in text
    assert "L’envoyer telle quelle" in text
    assert 'name="request_id" value="one"' in text
    assert not Question.objects.exists()


@pytest.mark.parametrize("said", [{"asks_first": "no"}, {"text": "Est-ce possible ?"}])
def test_confirmed_or_changed_it_leaves(client, room, said):
    send(client, room)
    assert send(client, room, **said).status_code == 303
    assert Question.objects.get().text == said.get("text", NUMBER)


def test_another_client_is_never_asked(client, room):
    form = {"request_id": "one", "text": NUMBER}
    assert client.post(f"/rooms/{room.slug}/questions", form).status_code == 303
    body = json.dumps(form | {"request_id": "two", "text": f"{NUMBER} Merci."})
    assert client.post(f"/rooms/{room.slug}/questions", body, content_type="application/json").status_code == 200
    assert all("personal" in question.flags for question in Question.objects.all())


def test_early_questions_are_asked_about_too_and_keep_their_words(client, room, settings):
    settings.ROOM_EARLY_QUESTIONS = True
    type(room).objects.filter(pk=room.pk).update(state="scheduled", state_since=room.opens_at)
    page = send(client, room)
    assert page.status_code == 422
    assert page.content.decode().count(NUMBER) >= 1


@pytest.mark.parametrize("path", ["votes", "profile", "similar"])
def test_who_opens_an_address_of_a_form_is_shown_the_way_back_and_a_script_a_bare_refusal(client, room, path):
    address = f"/rooms/{room.slug}/{path}"
    page = client.get(address, HTTP_ACCEPT="text/html")
    assert (page.status_code, page["Allow"]) == (405, "POST")
    assert f'href="/rooms/{room.slug}/"' in page.content.decode()
    bare = client.get(address, HTTP_ACCEPT="application/json")
    assert (bare.status_code, bare.content) == (405, b"")
