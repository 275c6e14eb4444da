from datetime import timedelta

import pytest

from chat import services
from chat.errors import BadMessage, Conflict, Forbidden, NotFound, NotOpen
from chat.models import Answer, Question, Vote
from tests.chat.conftest import NOW, actor_of, kinds
from tests.factories import AnswerFactory, QuestionFactory, RoomFactory, SpeakerFactory, UserFactory, VoteFactory


@pytest.fixture
def waiting(room):
    return QuestionFactory(room=room)


@pytest.fixture
def published(room):
    return QuestionFactory(room=room, state="published")


ACTS = {
    "publish": (services.publish_question, {}),
    "reject": (services.reject_question, {"reason": "hors-sujet"}),
    "withdraw": (services.withdraw_question, {}),
    "assign": (services.assign_question, {"speaker_id": "speaker"}),
    "show and assign": (services.assign_question, {"speaker_id": "speaker", "publish": True}),
    "tag": (services.tag_question, {"topic": "informatique"}),
    "merge": (services.merge_question, {"into": "published"}),
    "answer": (services.answer_question, {"text": "Oui.", "speaker_id": "speaker"}),
}
EVENTS = {
    "publish": ["question.published"],
    "reject": ["question.rejected"],
    "withdraw": ["question.withdrawn"],
    "assign": ["question.assigned"],
    "show and assign": ["question.published", "question.assigned"],
    "tag": ["question.tagged"],
    "merge": ["question.merged"],
    "answer": ["answer.published"],
}


@pytest.fixture
def do(room, moderator, speaker, published, topic):
    """Do what a frame of that name does to a question, as the moderator unless told otherwise."""
    named = {"speaker": speaker.pk, "published": published.pk}

    def act(name, question, actor=moderator, client_id=None, **more):
        service, arguments = ACTS[name]
        given = {key: named.get(value, value) for key, value in arguments.items()} | more
        return service(room_id=room.pk, actor=actor, question_id=question.pk, now=NOW, client_id=client_id, **given)

    return act


@pytest.mark.parametrize("name", ACTS)
def test_a_moderator_decides_and_the_room_is_told(do, name, room, waiting):
    do(name, waiting)
    assert kinds(room) == EVENTS[name]


@pytest.mark.parametrize("name", ACTS)
def test_the_same_outcome_again_is_an_ack_and_tells_nobody(do, name, room, waiting):
    first = do(name, waiting)
    assert do(name, waiting) == first
    assert kinds(room) == EVENTS[name]


@pytest.mark.parametrize("name", ACTS)
def test_who_is_not_on_the_staff_list_decides_nothing(do, name, room, waiting, stranger):
    with pytest.raises(Forbidden):
        do(name, waiting, actor=stranger)
    assert kinds(room) == []


@pytest.mark.parametrize("name", [name for name in ACTS if name != "answer"])
def test_a_speaker_moderates_nothing(do, name, room, waiting, speaker_actor):
    with pytest.raises(Forbidden):
        do(name, waiting, actor=speaker_actor)
    assert kinds(room) == []


@pytest.mark.parametrize("name", ACTS)
def test_a_disabled_account_decides_nothing(do, name, room, waiting, moderator_user):
    moderator_user.is_active = False
    moderator_user.save()
    with pytest.raises(Forbidden):
        do(name, waiting)
    assert kinds(room) == []


@pytest.mark.parametrize("name", ACTS)
def test_a_question_of_another_room_is_not_found(do, name, room):
    with pytest.raises(NotFound):
        do(name, QuestionFactory())
    assert kinds(room) == []


@pytest.mark.parametrize(
    ("name", "states"),
    [
        ("publish", ["rejected", "withdrawn"]),
        ("reject", ["published", "answered", "withdrawn"]),
        ("withdraw", ["rejected"]),
        ("assign", ["rejected", "withdrawn"]),
        ("show and assign", ["rejected", "withdrawn"]),
        ("merge", ["rejected", "withdrawn"]),
        ("answer", ["rejected", "withdrawn"]),
    ],
)
def test_an_outcome_that_somebody_decided_otherwise_is_refused_and_says_who(do, name, states, room):
    other = UserFactory(first_name="Sonia", last_name="Delattre")
    for state in states:
        question = QuestionFactory(room=room, state=state, decided_by=other)
        with pytest.raises(Conflict) as refusal:
            do(name, question)
        assert "Sonia Delattre" in str(refusal.value.message)
        assert Question.objects.get(pk=question.pk).state == state
    assert kinds(room) == []


@pytest.mark.parametrize("state", ["scheduled", "closed"])
@pytest.mark.parametrize("name", ACTS)
def test_what_staff_may_do_outside_the_hour(do, name, state, room, waiting):
    room.state, room.state_since = state, NOW
    room.save()
    if state == "closed" and name in ("reject", "withdraw", "tag", "answer"):
        do(name, waiting)
        assert kinds(room) == EVENTS[name]
    else:
        with pytest.raises(NotOpen):
            do(name, waiting)
        assert kinds(room) == []


def test_staff_go_on_while_the_room_is_paused(do, room, waiting):
    room.state = "paused"
    room.save()
    do("publish", waiting)
    assert kinds(room) == ["question.published"]


# --- merging ---


def test_a_merge_unites_votes_by_participant_and_keeps_the_merged_questions_own(do, room, waiting, published, topic):
    waiting.topic = topic
    waiting.save()
    both = VoteFactory(question=waiting)
    VoteFactory(question=waiting)
    Vote.objects.create(question=published, participant=both.participant, at=NOW)
    Vote.objects.create(question=waiting, participant=published.participant, at=NOW)  # nobody votes for their own
    do("merge", waiting)
    assert published.votes.count() == 2
    merged = Question.objects.get(pk=waiting.pk)
    assert (merged.votes.count(), merged.merged_into, merged.topic) == (3, published, topic)


def test_who_followed_a_question_follows_it_into_the_next(do, room, waiting, published):
    follower = QuestionFactory(room=room)
    do("merge", follower, into=waiting.pk)
    do("merge", waiting)
    follower.refresh_from_db()
    assert follower.merged_into == published


def test_a_public_question_that_is_merged_leaves_the_room(do, room, waiting, published):
    do("merge", published, into=waiting.pk)
    assert kinds(room) == ["question.merged", "question.withdrawn"]


def test_no_question_goes_into_itself_or_into_one_that_is_gone(do, room, waiting):
    for target in (waiting, QuestionFactory(room=room, state="rejected")):
        with pytest.raises(Conflict):
            do("merge", waiting, into=target.pk)
    assert kinds(room) == []


# --- answers ---


def test_a_speaker_answers_in_their_own_room(do, room, waiting, speaker, speaker_actor):
    number = do("answer", waiting, actor=speaker_actor, speaker_id=None)["answer"]
    answer = Answer.objects.get(pk=number)
    assert (answer.speaker, answer.typed_by, answer.question.state) == (speaker, speaker.user, "answered")
    assert kinds(room) == ["answer.published"]


def test_a_moderator_answers_in_a_speakers_name_and_the_log_keeps_who_typed(do, waiting, other_speaker, moderator_user):
    number = do("answer", waiting, speaker_id=other_speaker.pk)["answer"]
    answer = Answer.objects.get(pk=number)
    assert (answer.speaker, answer.typed_by) == (other_speaker, moderator_user)


def test_a_moderator_who_names_nobody_is_asked_whom(do, room, waiting):
    with pytest.raises(BadMessage):
        do("answer", waiting, speaker_id=None)
    assert kinds(room) == []


def test_a_speaker_answers_in_nobody_elses_name_and_no_guest_in_a_room_not_theirs(
    do, room, waiting, speaker_actor, other_speaker
):
    with pytest.raises(Forbidden):
        do("answer", waiting, actor=speaker_actor, speaker_id=other_speaker.pk)
    with pytest.raises(NotFound):
        do("answer", waiting, speaker_id=SpeakerFactory().pk)
    assert kinds(room) == []


def test_a_first_answer_publishes_its_question_and_a_second_does_not_again(do, room, waiting, other_speaker):
    do("answer", waiting)
    do("answer", waiting, speaker_id=other_speaker.pk, text="Moi aussi.")
    first, second = room.events.order_by("pk")
    assert first.data["question_text"] == waiting.text
    assert "question_text" not in second.data


def edit(room, answer, actor, text="Mieux dit."):
    return services.edit_answer(room_id=room.pk, actor=actor, answer_id=answer.pk, text=text, now=NOW)


def test_speakers_correct_their_own_answers_and_moderators_all(room, speaker, moderator, speaker_actor):
    answer = AnswerFactory(question__room=room, speaker=speaker)
    edit(room, answer, speaker_actor)
    edit(room, answer, moderator, text="Encore mieux dit.")
    answer.refresh_from_db()
    assert (answer.text, answer.edited_at) == ("Encore mieux dit.", NOW)
    assert kinds(room) == ["answer.edited"] * 2


def test_a_speaker_corrects_nobody_elses_answer_nor_one_that_is_withdrawn(
    room, speaker, other_speaker, moderator, speaker_actor
):
    with pytest.raises(Forbidden):
        edit(room, AnswerFactory(question__room=room, speaker=other_speaker), speaker_actor)
    gone = AnswerFactory(question__room=room, question__state="withdrawn", speaker=speaker)
    for actor in (speaker_actor, moderator):
        with pytest.raises(NotFound):
            edit(room, gone, actor)
    assert kinds(room) == []


def test_a_correction_that_changes_nothing_tells_nobody(room, moderator):
    answer = AnswerFactory(question__room=room)
    edit(room, answer, moderator, text=answer.text)
    assert kinds(room) == []


# --- muting ---


def test_a_mute_is_lifted_as_it_was_set(room, moderator, waiting):
    for minutes in (5, 0):
        services.mute_participant(
            room_id=room.pk, actor=moderator, participant=waiting.participant.key, minutes=minutes, now=NOW
        )
    waiting.participant.refresh_from_db()
    assert waiting.participant.muted_until == NOW
    assert kinds(room) == ["participant.muted"] * 2


def test_only_a_participant_of_this_room_is_muted_by_its_moderator(room, moderator, speaker_actor, waiting):
    elsewhere = QuestionFactory(room=RoomFactory()).participant
    with pytest.raises(NotFound):
        services.mute_participant(room_id=room.pk, actor=moderator, participant=elsewhere.key, minutes=5, now=NOW)
    with pytest.raises(Forbidden):
        services.mute_participant(
            room_id=room.pk, actor=speaker_actor, participant=waiting.participant.key, minutes=5, now=NOW
        )
    assert kinds(room) == []


# --- idempotence under an id ---


def test_a_moderators_frame_that_comes_again_is_acked_even_when_the_world_moved_on(do, room, waiting):
    do("publish", waiting, client_id="p")
    do("withdraw", waiting, client_id="w")
    assert do("publish", waiting, client_id="p") == {}
    assert kinds(room) == ["question.published", "question.withdrawn"]


def test_who_is_moderator_and_speaker_is_moderator(room, speaker):
    room.moderators.add(speaker.user)
    question = QuestionFactory(room=room)
    services.publish_question(room_id=room.pk, actor=actor_of(speaker.user), question_id=question.pk, now=NOW)
    answered = services.answer_question(
        room_id=room.pk, actor=actor_of(speaker.user), question_id=question.pk, text="Oui.", now=NOW + timedelta(1)
    )
    assert Answer.objects.get(pk=answered["answer"]).speaker == speaker
