"""One mail before a room opens; the address serves for it alone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from leads import mail, services
from leads.models import Candidate, Message
from leads.public import housekeeping
from tests.factories import RoomFactory
from tests.leads.test_pages import page, served

pytestmark = pytest.mark.django_db
ADDRESS = "lea@example.org"
BEFORE = timedelta(hours=1)


@pytest.fixture
def room():
    return RoomFactory(scheduled=True, title="Les métiers", opens_at=timezone.now() + timedelta(days=1))


def ask(client, room, *, wants="text/html", **fields):
    form = {"email": ADDRESS, "request_id": "r", "served": served(), **fields}
    return client.post(f"/request/reminder/?room={room.slug}", form, headers={"Accept": wants})


def test_who_asks_is_reminded_once_and_forgotten(client, room, mailoutbox):
    for _again in range(2):
        response = ask(client, room)
        assert response.status_code == 303
    assert "une heure avant" in page(client.get(response["Location"]))
    assert Message.objects.get().due_at == room.opens_at - BEFORE
    housekeeping(room.opens_at - BEFORE - timedelta(minutes=1))
    assert mailoutbox == []
    housekeeping(room.opens_at - BEFORE)
    assert [sent.to for sent in mailoutbox] == [[ADDRESS]]
    assert "Les métiers" in mailoutbox[0].subject and room.get_absolute_url() in mailoutbox[0].body
    assert Message.objects.get().recipient == ""
    assert ADDRESS not in str(Message.objects.values().get())
    assert not Candidate.objects.exists()


def test_the_reminder_moves_with_its_room_and_goes_with_it(client, room, mailoutbox):
    ask(client, room)
    later = room.opens_at + timedelta(days=1)
    type(room).objects.update(opens_at=later, closes_at=later + BEFORE)
    housekeeping(room.opens_at - BEFORE)
    assert mailoutbox == []
    assert Message.objects.get().due_at == later - BEFORE
    type(room).objects.update(state="closed")
    housekeeping(later - BEFORE)
    assert mailoutbox == []
    assert Message.objects.get().recipient == ""


def test_an_address_that_no_server_takes_is_forgotten_too(client, room):
    ask(client, room)
    message = Message.objects.get()
    mail._give_up(message, OSError(), timezone.now())
    message.refresh_from_db()
    assert (message.recipient, message.failed_at is None) == ("", False)


def test_a_script_gets_the_errors_and_a_form_shows_itself_again(client, room):
    assert ask(client, room, wants="application/json").status_code == 201
    refused = ask(client, room, wants="application/json", email="lea@")
    assert (refused.status_code, list(refused.json()["errors"])) == (422, ["email"])
    assert ask(client, room, email="").status_code == 422
    assert ask(client, room, served="").status_code == 422
    assert Message.objects.count() == 1


def test_nobody_is_reminded_of_a_room_that_is_on(client):
    assert ask(client, RoomFactory()).status_code == 404
    assert services.follow_rooms(now=timezone.now()) == 0
    assert "Me le rappeler" not in page(client.get(RoomFactory().get_absolute_url()))
