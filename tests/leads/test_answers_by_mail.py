"""Answer me by mail: a question of a room becomes a request whose asker agreed to that one answer."""

import pytest

from chat.similarity import memory
from leads.models import Lead
from tests.factories import AnswerFactory, QuestionFactory, RoomFactory, TopicFactory, UserFactory
from tests.leads.test_pages import page, served

pytestmark = pytest.mark.django_db
QUESTION = "Un informaticien peut-il rester en région ?"


@pytest.fixture
def room():
    TopicFactory(key="informatique", label="Informatique")
    return RoomFactory(slug="metiers", title="Les métiers")


def send(client, room, *, wants="text/html", **fields):
    asked = {"message": QUESTION, "email": "lea@example.org", "agreed": "on", "topic": "informatique"}
    form = {**asked, "request_id": "answer-1", "served": served(), **fields}
    return client.post(f"/request/answer/?room={room.slug}", form, headers={"Accept": wants})


def test_a_question_to_answer_by_mail_carries_question_room_topic_and_consent(client, room):
    response = send(client, room)
    assert (response.status_code, response["Location"]) == (303, "/request/received/")
    lead = Lead.objects.get()
    assert (lead.message, lead.room, lead.topic, lead.kind) == (QUESTION, room, "informatique", "information")
    assert lead.answer_agreed_at == lead.at
    assert lead.candidate.next_action == "write"
    assert not lead.candidate.consents.filter(given=True).exists()
    assert lead.receipts.get().reference in page(client.get("/request/received/"))
    assert lead.message in page(client.get("/request/received/"))


def test_a_script_gets_the_reference(client, room):
    response = send(client, room, wants="application/json")
    assert (response.status_code, response.json()) == (201, {"reference": Lead.objects.get().receipts.get().reference})


def test_sent_twice_it_is_one(client, room):
    assert send(client, room, wants="application/json").json() == send(client, room, wants="application/json").json()
    assert Lead.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "name"),
    [({"agreed": ""}, "agreed"), ({"email": ""}, "email"), ({"email": "lea@"}, "email"), ({"message": " "}, "message")],
)
def test_without_question_address_or_consent_nothing_is_kept(client, room, fields, name):
    refused = send(client, room, wants="application/json", **fields)
    assert refused.status_code == 422 and list(refused.json()["errors"]) == [name]
    refused = send(client, room, **fields)
    assert refused.status_code == 422 and 'aria-invalid="true"' in page(refused)
    assert not Lead.objects.exists()


@pytest.mark.parametrize("kind", [{}, {"scheduled": True}, {"closed": True}])
def test_it_is_offered_in_a_room_in_each_of_its_states(client, kind):
    shown = page(client.get(RoomFactory(**kind).get_absolute_url()))
    assert 'action="/request/answer/?room=' in shown and 'name="agreed"' in shown


def test_a_recruiter_sees_topic_consent_and_the_nearest_published_answer(client, room):
    memory.forget()
    known = QuestionFactory(room=room, state="answered", text="Un informaticien peut-il travailler en région ?")
    AnswerFactory(question=known, text="Oui, dans les services zonaux.")
    send(client, room)
    client.force_login(UserFactory(is_superuser=True))
    shown = page(client.get(f"/admin/leads/lead/{Lead.objects.get().pk}/change/"))
    assert "Informatique" in shown and "Réponse à envoyer par mail" in shown
    assert known.answers.first().text in shown
    memory.forget()


def test_another_request_has_no_such_draft(client, room):
    client.post("/request/", {"message": QUESTION, "email": "lea@example.org", "served": served()})
    client.force_login(UserFactory(is_superuser=True))
    shown = page(client.get(f"/admin/leads/lead/{Lead.objects.get().pk}/change/"))
    assert "Réponse à envoyer par mail" not in shown
