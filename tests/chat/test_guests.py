"""A speaker is invited to one room, sets a password once, and is gone a day after it."""

import re
from datetime import timedelta

import pytest
from django.core import mail

from chat import services
from chat.errors import Conflict, Forbidden
from chat.models import Speaker
from leads.mail import sweep
from tests.chat.conftest import NOW, actor_of
from tests.factories import RoomFactory, UserFactory

GUEST = {"name": "Claire Valmont", "title": "commissaire divisionnaire", "email": "Claire@example.org"}


@pytest.fixture
def invite(room, moderator):
    def act(room=room, actor=moderator, **more):
        return services.invite_speaker(room_id=room.pk, actor=actor, language="fr", now=NOW, **(GUEST | more))

    return act


def link_in_the_mail():
    assert sweep(now=NOW) == 1
    return re.search(r"http://[^/]+(/rooms/invitation/\S+)", mail.outbox[-1].body)[1]


def test_who_is_invited_sets_a_password_once_and_speaks_in_that_room(client, room, invite):
    speaker = invite()
    link = link_in_the_mail()
    assert room.title in mail.outbox[-1].subject
    assert client.get(link).status_code == 200
    assert client.post(link, {"new_password1": "123", "new_password2": "123"}).status_code == 422
    word = "une phrase assez longue"
    assert client.post(link, {"new_password1": word, "new_password2": word}).status_code == 302
    assert client.get(link).status_code == 404
    user = Speaker.objects.get(pk=speaker.pk).user
    assert user.check_password(word)
    client.force_login(user)
    assert client.get(f"/rooms/{room.slug}/console/").context["staff"]["me"] == speaker.pk
    assert client.get(f"/rooms/{RoomFactory().slug}/console/").status_code == 403


def test_the_account_ends_a_day_after_the_room_and_comes_back_with_the_next_invitation(room, invite, moderator):
    speaker = invite()
    assert services.end_guest_access(room.closes_at + timedelta(hours=23)) == 0
    assert services.end_guest_access(room.closes_at + timedelta(hours=25)) == 1
    with pytest.raises(Forbidden):
        services.write_note(room_id=room.pk, actor=actor_of(speaker.user), text="?", now=NOW)
    later = RoomFactory(opens_at=NOW + timedelta(days=9))
    later.moderators.add(moderator.user_id)
    assert invite(room=later) == speaker
    assert Speaker.objects.get(pk=speaker.pk).user.is_active
    assert services.end_guest_access(NOW + timedelta(days=8)) == 0


def test_only_the_rooms_moderators_invite_and_no_colleague_is_made_a_guest(room, invite, stranger, speaker_actor):
    for actor in (stranger, speaker_actor):
        with pytest.raises(Forbidden):
            invite(actor=actor)
    UserFactory(username="claire@example.org")
    with pytest.raises(Conflict):
        invite()
    assert sweep(now=NOW) == 0
    assert not Speaker.objects.filter(name="Claire Valmont").exists()


def test_a_moderator_invites_by_a_form_that_keeps_what_was_typed(client, room, moderator_user):
    client.force_login(moderator_user)
    page = f"/rooms/{room.slug}/console/invite/"
    refused = client.post(page, GUEST | {"email": "claire@"})
    assert refused.status_code == 422
    assert "Claire Valmont" in refused.content.decode()
    assert 'class="form-control"' in refused.content.decode()
    console = client.post(page, GUEST, follow=True)
    assert console.redirect_chain[0][1] == 302
    assert "L’invitation est partie." in console.content.decode()
    assert room.speakers.filter(name="Claire Valmont").exists()
