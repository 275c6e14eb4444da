"""The back office of the rooms: what moderators prepare and correct, each change by its service."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from chat.models import Answer, Question, Room
from tests.chat.conftest import NOW, kinds
from tests.factories import AnswerFactory, QuestionFactory, RoomFactory, SpeakerFactory, TopicFactory, UserFactory

pytestmark = pytest.mark.django_db
ROOMS, QUESTIONS = "/admin/chat/room/", "/admin/chat/question/"


@pytest.fixture
def desk(client, moderator_user):
    moderator_user.groups.add(Group.objects.get(name="moderators"))
    client.force_login(moderator_user)
    return client


def planned(**more):
    opens = timezone.localtime(NOW + timedelta(days=3))
    return {
        "title": "Les métiers",
        "slug": "metiers",
        "opens_at_0": f"{opens:%Y-%m-%d}",
        "opens_at_1": "18:00",
        "closes_at_0": f"{opens:%Y-%m-%d}",
        "closes_at_1": "19:00",
    } | more


def test_who_adds_a_room_moderates_it(desk, moderator_user):
    assert desk.post(f"{ROOMS}add/", planned()).status_code == 302
    room = Room.objects.get(slug="metiers")
    assert list(room.moderators.all()) == [moderator_user]
    assert (room.state, room.closes_at - room.opens_at) == ("scheduled", timedelta(hours=1))


def test_a_room_that_closes_before_it_opens_is_refused_and_keeps_what_was_typed(desk):
    page = desk.post(f"{ROOMS}add/", planned(closes_at_1="17:00"))
    assert "Le salon doit fermer après son ouverture." in page.content.decode()
    assert 'value="Les métiers"' in page.content.decode()
    assert not Room.objects.filter(slug="metiers").exists()


def test_a_room_is_never_left_without_a_moderator(desk, room, moderator_user):
    address = f"{ROOMS}{room.pk}/change/"
    desk.post(address, planned(slug=room.slug, moderators=[]))
    assert list(room.moderators.all()) == [moderator_user]


def test_the_form_says_what_is_missing_before_the_room_opens(desk, room):
    room.intro = "Bonsoir."
    room.save()
    page = desk.get(f"{ROOMS}{room.pk}/change/")
    done = {str(label): is_done for is_done, label in page.context["readiness"]}
    assert done["Un mot d’accueil"]
    assert not done["Deux personnes à la modération"]


def test_speakers_of_2004_stay_offered_in_their_own_room(desk, room):
    guest = SpeakerFactory(user=None, name="Catherine Lavergne")
    room.speakers.add(guest)
    assert "Catherine Lavergne" in desk.get(f"{ROOMS}{room.pk}/change/").content.decode()
    assert "Catherine Lavergne" not in desk.get(f"{ROOMS}add/").content.decode()


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("address", "queries"), [(ROOMS, 9), (QUESTIONS, 8)])
def test_a_list_takes_as_many_queries_for_three_rows_as_for_one(
    desk, moderator_user, address, queries, count, django_assert_num_queries
):
    for room in RoomFactory.create_batch(count, moderators=[moderator_user]):
        QuestionFactory.create_batch(count, room=room, topic=TopicFactory())
    desk.get(address)
    with django_assert_num_queries(queries):
        assert desk.get(address).status_code == 200


def test_questions_are_found_without_accents_and_only_in_own_rooms(desk, room):
    QuestionFactory(room=room, text="Y a-t-il une filière ?")
    QuestionFactory(text="Une filière ailleurs ?")
    assert desk.get(QUESTIONS, {"q": "FILIERE"}).context["cl"].result_count == 1


def test_a_topic_is_changed_by_the_service_and_the_console_hears_of_it(desk, room, topic):
    question = QuestionFactory(room=room)
    desk.post(f"{QUESTIONS}{question.pk}/change/", {"topic": topic.pk, **inline()})
    assert Question.objects.get(pk=question.pk).topic == topic
    assert kinds(room) == ["question.tagged"]


def inline():
    return {"answers-TOTAL_FORMS": 0, "answers-INITIAL_FORMS": 0}


def test_questions_are_withdrawn_together_and_each_refusal_is_told(desk, room):
    shown, gone = QuestionFactory(room=room, state="published"), QuestionFactory(room=room, state="rejected")
    chosen = {"action": "withdraw", "_selected_action": [shown.pk, gone.pk]}
    page = desk.post(QUESTIONS, chosen, follow=True).content.decode()
    assert "1 question est retirée." in page
    assert "n’a pas retenu cette question" in page
    assert kinds(room) == ["question.withdrawn"]


def test_an_answer_is_corrected_by_the_service_and_shows_as_corrected(desk, room):
    answer = AnswerFactory(question__room=room)
    desk.post(f"/admin/chat/answer/{answer.pk}/change/", {"text": "Mieux dit."})
    corrected = Answer.objects.get(pk=answer.pk)
    assert corrected.text == "Mieux dit."
    assert corrected.edited_at is not None
    assert kinds(room) == ["answer.edited"]


def test_a_superuser_who_is_on_no_staff_list_changes_nothing_in_a_room(client, room, topic):
    client.force_login(UserFactory(is_superuser=True))
    question = QuestionFactory(room=room)
    page = client.post(f"{QUESTIONS}{question.pk}/change/", {"topic": topic.pk, **inline()}, follow=True)
    assert [str(message) for message in page.context["messages"]] == ["Seule la modération de ce salon peut le faire."]
    assert Question.objects.get(pk=question.pk).topic is None
    assert kinds(room) == []


def test_announcements_are_prepared_one_a_line_and_a_form_without_the_field_leaves_them(desk):
    desk.post(f"{ROOMS}add/", planned(prepared="Ouverture | Bonsoir à tous.\n\nEncore dix minutes."))
    room = Room.objects.get(slug="metiers")
    said = [("Ouverture", "Bonsoir à tous."), ("Encore dix minutes.", "Encore dix minutes.")]
    assert list(room.prepared.values_list("title", "text")) == said
    desk.post(f"{ROOMS}{room.pk}/change/", planned())
    assert room.prepared.count() == 2
    page = desk.post(f"{ROOMS}{room.pk}/change/", planned(prepared="x" * 501))
    assert page.status_code == 200
    assert room.prepared.count() == 2


def test_a_rehearsal_is_marked_wherever_staff_read_its_name(desk, room):
    RoomFactory(title=room.title, rehearsal_of=room, moderators=list(room.moderators.all()))
    marked = f"{room.title} (répétition)"
    for page in ("/admin/", ROOMS, QUESTIONS):
        text = desk.get(page).content.decode()
        assert text.count(marked) == 1, page
        assert text.replace(marked, "").count(room.title) >= 1, page


def test_who_decided_is_told_by_their_name_and_not_by_their_login(desk, room, moderator_user):
    question = QuestionFactory(room=room, state="rejected", reject_reason="propos", decided_by=moderator_user)
    page = desk.get(f"{QUESTIONS}{question.pk}/change/").content.decode()
    assert "Paul Aubert" in page
    assert f">{moderator_user.username}<" not in page
