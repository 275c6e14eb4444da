"""A rehearsal has everything of the hour, and leaves nothing of itself."""

from datetime import timedelta

import pytest
from django.urls import reverse

from chat import services
from chat.errors import Conflict, Forbidden, NotOpen
from chat.figures import room_figures
from chat.models import Participant, Question, Room, RoomEvent
from chat.programme import schedule
from chat.similarity import Memory
from tests.chat.conftest import NOW, ask, visitor
from tests.factories import AnswerFactory, QuestionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def coming(room):
    times = {"opens_at": NOW + timedelta(hours=5), "closes_at": NOW + timedelta(hours=6)}
    Room.objects.filter(pk=room.pk).update(state="scheduled", **times)
    room.prepared.create(title="Bonsoir", text="Bonsoir à tous.")
    room.refresh_from_db()
    return room


@pytest.fixture
def rehearsal(coming, moderator):
    return services.begin_rehearsal(room_id=coming.pk, actor=moderator, now=NOW)


def play(rehearsal, moderator, speaker_actor):
    """Something of everything: asked, merged, answered, voted on, decided."""
    first, second = ask(rehearsal), ask(rehearsal, text="Et moi ?", by="another")
    act = {"room_id": rehearsal.pk, "now": NOW}
    services.publish_question(actor=moderator, question_id=first, **act)
    services.cast_vote(actor=visitor("third"), question_id=first, value=True, **act)
    services.merge_question(actor=moderator, question_id=second, into=first, **act)
    services.answer_question(actor=speaker_actor, question_id=first, text="Oui.", **act)
    services.show_on_screen(actor=moderator, question_id=first, **act)
    services.slow_room(actor=moderator, seconds=30, **act)


def test_it_is_an_open_room_with_the_same_staff_and_announcements(rehearsal, coming):
    assert rehearsal.state == "open"
    assert set(rehearsal.moderators.all()) == set(coming.moderators.all())
    assert set(rehearsal.speakers.all()) == set(coming.speakers.all())
    assert [prepared.text for prepared in rehearsal.prepared.all()] == ["Bonsoir à tous."]
    assert coming.slug != rehearsal.slug
    assert Room.objects.get(pk=coming.pk).state == "scheduled"


def test_a_second_press_comes_to_the_same_one_and_it_has_none_of_its_own(rehearsal, coming, moderator):
    assert services.begin_rehearsal(room_id=coming.pk, actor=moderator, now=NOW) == rehearsal
    Room.objects.filter(pk=rehearsal.pk).update(state="scheduled")
    with pytest.raises(Conflict):
        services.begin_rehearsal(room_id=rehearsal.pk, actor=moderator, now=NOW)


def test_only_moderators_rehearse_and_only_before_the_hour(coming, moderator, speaker_actor, stranger):
    for actor in (speaker_actor, stranger, visitor()):
        with pytest.raises(Forbidden):
            services.begin_rehearsal(room_id=coming.pk, actor=actor, now=NOW)
    Room.objects.filter(pk=coming.pk).update(state="open")
    with pytest.raises(NotOpen):
        services.begin_rehearsal(room_id=coming.pk, actor=moderator, now=NOW)
    assert not Room.objects.filter(rehearsal_of__isnull=False).exists()


def test_it_is_listed_nowhere_and_counted_nowhere(client, rehearsal, coming):
    answered = QuestionFactory(room=rehearsal, state="answered", text="Peut-on répéter une question rare ?")
    AnswerFactory(question=answered)
    now = schedule(NOW)
    assert rehearsal not in [*now.live, *now.coming, *now.week]
    assert rehearsal.pk not in [figures.room.pk for figures in room_figures()]
    assert "question rare" not in client.get("/questions/", {"q": "repeter"}).content.decode()
    assert rehearsal.slug not in client.get("/rooms/calendar.ics").content.decode()
    assert Memory().answered_already(answered.text) == []
    assert client.get(rehearsal.get_absolute_url()).status_code == 200  # whoever has the address plays a visitor


def test_wiped_it_is_as_on_the_first_day_and_the_hour_itself_untouched(rehearsal, coming, moderator, speaker_actor):
    early = QuestionFactory(room=coming)
    play(rehearsal, moderator, speaker_actor)
    services.wipe_rehearsal(room_id=rehearsal.pk, actor=moderator, now=NOW)
    rehearsal.refresh_from_db()
    assert (rehearsal.public_seq, rehearsal.staff_seq, rehearsal.participant_count) == (0, 0, 0)
    assert (rehearsal.state, rehearsal.slow_seconds, rehearsal.on_screen) == ("open", 0, None)
    for kind in (Question, Participant, RoomEvent):
        assert not kind.objects.filter(room=rehearsal).exists()
    assert list(coming.questions.all()) == [early]
    assert ask(rehearsal)


def test_only_its_moderators_wipe_it_and_no_real_room_can_be(rehearsal, coming, moderator, speaker_actor):
    play(rehearsal, moderator, speaker_actor)
    with pytest.raises(Forbidden):
        services.wipe_rehearsal(room_id=rehearsal.pk, actor=speaker_actor, now=NOW)
    early = QuestionFactory(room=coming)
    with pytest.raises(Conflict):
        services.wipe_rehearsal(room_id=coming.pk, actor=moderator, now=NOW)
    assert Question.objects.filter(room=rehearsal).count() == 2
    assert Question.objects.filter(pk=early.pk).exists()


def test_a_day_after_it_closed_it_is_gone_and_no_sooner(rehearsal, coming, moderator, speaker_actor):
    play(rehearsal, moderator, speaker_actor)
    assert services.end_rehearsals(rehearsal.closes_at + timedelta(hours=23)) == 0
    assert services.end_rehearsals(rehearsal.closes_at + timedelta(hours=25)) == 1
    assert list(Room.objects.values_list("pk", flat=True)) == [coming.pk]


def test_from_the_console_one_press_leads_to_it_and_another_wipes_it(client, coming, moderator_user):
    client.force_login(moderator_user)
    console = reverse("chat:console", args=[coming.slug])
    assert reverse("chat:rehearse", args=[coming.slug]) in client.get(console).content.decode()
    begun = client.post(reverse("chat:rehearse", args=[coming.slug]))
    rehearsal = coming.rehearsals.get()
    assert begun.url == reverse("chat:console", args=[rehearsal.slug])
    ask(rehearsal)
    wipe = reverse("chat:wipe", args=[rehearsal.slug])
    assert wipe in client.get(begun.url).content.decode()
    assert client.post(wipe).url == begun.url
    assert not rehearsal.questions.exists()
