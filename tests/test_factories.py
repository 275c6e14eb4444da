import pytest

from tests.factories import QuestionFactory, RoomFactory, SpeakerFactory, UserFactory, VoteFactory

pytestmark = pytest.mark.django_db


def test_an_answered_question_has_its_answer_in_its_own_room():
    question = QuestionFactory(state="answered")
    assert question.answers.count() == 1
    assert question.participant.room == question.room


def test_a_room_is_made_with_its_staff_list():
    speaker, moderator = SpeakerFactory(), UserFactory(password="opensesame")
    room = RoomFactory(speakers=[speaker], moderators=[moderator])
    assert list(room.speakers.all()) == [speaker]
    assert moderator.check_password("opensesame")


def test_a_vote_is_for_a_published_question():
    assert VoteFactory().question.state == "published"
