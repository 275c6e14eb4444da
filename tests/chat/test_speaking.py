"""In whose name an answer is given, and a speaker who leaves the desk for a while."""

import pytest

from chat import desk, frames, services
from chat.choices import Role
from chat.errors import BadMessage, Forbidden, NotOpen
from chat.models import Room, RoomEvent
from tests.chat.conftest import NOW, kinds
from tests.factories import QuestionFactory, RoomFactory

AWAY = ["speaker.away"]


@pytest.fixture
def leave(room, speaker_actor):
    def act(value=True, actor=speaker_actor, room=room, **named):
        return services.leave_desk(room_id=room.pk, actor=actor, value=value, now=NOW, **named)

    return act


def away(room):
    return frames.staff_snapshot(Room.objects.get(pk=room.pk))["away"]


def test_a_speaker_goes_and_comes_back_by_the_same_act_and_staff_alone_are_told(room, speaker, leave):
    leave()
    leave()
    assert away(room) == {str(speaker.pk): frames.moment(NOW)}
    leave(value=False)
    leave(value=False)
    assert away(room) == {}
    told = RoomEvent.objects.filter(room=room).order_by("pk")
    assert [(event.stream, event.data["away"]) for event in told] == [("staff", True), ("staff", False)]
    assert "away" not in frames.snapshot(room)


def test_who_answers_in_person_is_back_and_is_not_by_a_scribes_hand(room, speaker, speaker_actor, moderator, leave):
    first, second = QuestionFactory.create_batch(2, room=room)
    leave()
    said = {"room_id": room.pk, "speaker_id": speaker.pk, "text": "Oui.", "now": NOW}
    services.answer_question(question_id=first.pk, actor=moderator, **said)
    assert away(room)
    services.answer_question(question_id=second.pk, actor=speaker_actor, **said)
    assert not away(room)


def test_a_moderator_says_it_of_a_speaker_and_a_speaker_of_nobody_else(room, speaker, other_speaker, moderator, leave):
    leave(actor=moderator, speaker_id=other_speaker.pk)
    assert [*away(room)] == [str(other_speaker.pk)]
    with pytest.raises(Forbidden):
        leave(value=False, speaker_id=other_speaker.pk)
    with pytest.raises(BadMessage):
        leave(actor=moderator)
    assert kinds(room) == AWAY


def test_a_stranger_leaves_no_desk_and_before_the_hour_nobody_does(room, stranger, speaker, speaker_actor, leave):
    with pytest.raises(Forbidden):
        leave(actor=stranger)
    coming = RoomFactory(state="scheduled", speakers=[speaker])
    with pytest.raises(NotOpen):
        leave(room=coming)
    assert kinds(room) == kinds(coming) == []


def test_what_they_were_given_stays_and_more_may_be_given(room, speaker, moderator, leave):
    question = QuestionFactory(room=room)
    leave()
    services.assign_question(room_id=room.pk, actor=moderator, question_id=question.pk, speaker_id=speaker.pk, now=NOW)
    board = desk.board(room, Role.SPEAKER, speaker.user_id)
    assert [waiting["question"] for waiting in board["waiting"]] == [question.pk]


def test_the_sheet_for_who_takes_over_names_who_is_away(client, room, moderator_user, leave):
    client.force_login(moderator_user)
    sheet = f"/rooms/{room.slug}/console/hand-over/"
    assert "en pause" not in client.get(sheet).content.decode()
    leave()
    assert "Inès Morvan, en pause depuis" in client.get(sheet).content.decode()


def test_a_rehearsal_that_is_wiped_forgets_it(room, speaker, moderator, moderator_user, leave):
    coming = RoomFactory(state="scheduled", speakers=[speaker], moderators=[moderator_user])
    tried = services.begin_rehearsal(room_id=coming.pk, actor=moderator, now=NOW)
    leave(room=tried)
    assert away(tried)
    services.wipe_rehearsal(room_id=tried.pk, actor=moderator, now=NOW)
    assert not away(tried)
