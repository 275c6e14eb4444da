import asyncio
from datetime import timedelta

import pytest

from chat import services
from chat.errors import Duplicate, Forbidden, Muted, NotFound, NotOpen, Unavailable
from chat.grouping import Groups
from chat.models import FrameReceipt, Participant, Question, Vote
from chat.services import Ask
from tests.chat.conftest import NOW, actor_of, ask, kinds, visitor
from tests.factories import ParticipantFactory, QuestionFactory, RoomFactory


def vote(room, question, by="voter", value=True, client_id=None):
    return services.cast_vote(
        room_id=room.pk, actor=visitor(by), question_id=question.pk, value=value, now=NOW, client_id=client_id
    )


def test_a_question_waits_in_the_queue_and_staff_hear_of_it(room, topic):
    number = ask(room, text="Y a-t-il une filière ?", nickname="Zoé", topic="informatique")
    question = Question.objects.get(pk=number)
    assert (question.state, question.nickname, question.topic) == ("asked", "Zoé", topic)
    assert kinds(room) == ["question.asked"]


def test_the_same_frame_again_gets_the_same_ack_and_changes_nothing(room):
    first, second = ask(room, client_id="a"), ask(room, text="Autre chose ?", client_id="a")
    assert first == second
    assert kinds(room) == ["question.asked"]


def test_the_same_id_of_somebody_else_is_another_frame(room):
    assert ask(room, client_id="a") != ask(room, client_id="a", by="another")
    assert kinds(room) == ["question.asked"] * 2


def test_a_frame_is_forgotten_after_a_day_and_no_sooner(room):
    ask(room, client_id="a")
    assert services.purge_receipts(NOW + timedelta(hours=23)) == 0
    assert services.purge_receipts(NOW + timedelta(hours=25)) == 1
    assert not FrameReceipt.objects.exists()


def test_asking_the_same_again_is_refused_while_the_first_is_undecided(room, moderator):
    number = ask(room)
    with pytest.raises(Duplicate):
        ask(room)
    ask(room, by="another")
    services.publish_question(room_id=room.pk, actor=moderator, question_id=number, now=NOW)
    assert ask(room) != number


@pytest.mark.parametrize("state", ["scheduled", "paused", "closed"])
def test_nobody_asks_or_votes_in_a_room_that_is_not_open(db, state):
    room = RoomFactory(state=state, state_since=NOW)
    published = QuestionFactory(room=room, state="published")
    with pytest.raises(NotOpen):
        ask(room)
    with pytest.raises(NotOpen):
        vote(room, published)
    assert kinds(room) == []
    assert not Vote.objects.exists()


def test_staff_neither_ask_nor_vote_in_their_room(room, moderator, speaker_actor):
    published = QuestionFactory(room=room, state="published")
    for actor in (moderator, speaker_actor):
        with pytest.raises(Forbidden):
            services.ask_question(room_id=room.pk, actor=actor, client_id=None, text="Et moi ?", now=NOW)
        with pytest.raises(Forbidden):
            services.cast_vote(room_id=room.pk, actor=actor, question_id=published.pk, value=True, now=NOW)
    assert kinds(room) == []


def test_staff_of_another_room_are_visitors_here(room, stranger):
    assert services.ask_question(room_id=room.pk, actor=stranger, client_id=None, text="Et moi ?", now=NOW)


def test_an_unknown_topic_or_room_is_told_as_such(room):
    with pytest.raises(NotFound):
        ask(room, topic="nulle-part")
    with pytest.raises(NotFound):
        services.ask_question(room_id=0, actor=visitor(), client_id=None, text="Ici ?", now=NOW)
    assert not Participant.objects.exists()


def test_a_muted_participant_is_told_until_when_and_may_ask_again_then(room, moderator):
    ask(room)
    services.mute_participant(room_id=room.pk, actor=moderator, participant="visitor", minutes=5, now=NOW)
    with pytest.raises(Muted) as refusal:
        ask(room, text="Et maintenant ?", nickname="Autre nom")
    assert refusal.value.retry_after == 301
    ask(room, text="Et maintenant ?", now=NOW + timedelta(minutes=5))


# --- nicknames ---


def test_who_gives_no_nickname_is_known_by_a_number(room):
    ask(room)
    ask(room, by="another")
    assert list(Participant.objects.order_by("pk").values_list("nickname", flat=True)) == ["Candidat 1", "Candidat 2"]


def test_a_new_nickname_is_taken_and_an_empty_one_keeps_the_last(room):
    ask(room, nickname="Zoé")
    ask(room, text="Encore ?")
    ask(room, text="Et encore ?", nickname="Zoé75")
    assert list(room.questions.order_by("pk").values_list("nickname", flat=True)) == ["Zoé", "Zoé", "Zoé75"]


@pytest.mark.parametrize(
    "name",
    ["Modérateur", "m0dérateur", "Inès Morvan", "Ines-M0rvan", "Paul Aubert", "Раul", "lnès Morvan", "\u202e", "🔥"],
)
def test_a_nickname_that_passes_for_staff_or_shows_nothing_gives_the_default(room, name):
    ask(room, nickname=name)
    assert room.questions.get().nickname == "Candidat 1"


@pytest.mark.parametrize("name", ["Ελένη", "Zoé", "toto75", "李雷", "777", "Иван"])
def test_a_name_of_any_one_script_is_kept(room, name):
    ask(room, nickname=name)
    assert room.questions.get().nickname == name


# --- groups ---


def test_questions_that_come_together_each_get_their_own_outcome(room):
    ParticipantFactory(room=room, key="muted", muted_until=NOW + timedelta(minutes=1), number=77)
    asks = [
        Ask(visitor("a"), "1", "Un ?"),
        Ask(visitor("a"), "1", "Un ?"),
        Ask(visitor("a"), "2", "Un ?"),
        Ask(visitor("muted"), "1", "Deux ?"),
        Ask(visitor("b"), "1", "Trois ?", topic="nulle-part"),
        Ask(visitor("b"), "2", "Trois ?"),
    ]
    first, again, same_text, muted, unknown, last = services.ask_questions(room_id=room.pk, asks=asks, now=NOW)
    assert first == again == {"question": first["question"]}
    assert [type(refusal) for refusal in (same_text, muted, unknown)] == [Duplicate, Muted, NotFound]
    assert last["question"] > first["question"]
    assert kinds(room) == ["question.asked"] * 2


@pytest.mark.django_db(transaction=True)
def test_a_question_that_no_database_takes_takes_nobody_along(room):
    asks = [Ask(visitor("a"), "1", "Un ?"), Ask(visitor("b"), "1", ""), Ask(visitor("c"), "1", "Trois ?")]
    first, bad, last = services.ask_questions(room_id=room.pk, asks=asks, now=NOW)
    assert first["question"] < last["question"]
    assert isinstance(bad, NotFound)
    assert kinds(room) == ["question.asked"] * 2


def test_a_fault_in_a_group_leaves_nobody_waiting():
    async def act_without_an_act():
        with pytest.raises(Unavailable):
            await Groups().do(1, None)

    asyncio.run(asyncio.wait_for(act_without_an_act(), 10))


# --- votes ---


def test_a_vote_counts_once_and_can_be_taken_back(room):
    published = QuestionFactory(room=room, state="published")
    for client_id in ("1", "2"):
        vote(room, published, client_id=client_id)
    assert published.votes.count() == 1
    vote(room, published, value=False)
    assert published.votes.count() == 0


def test_nobody_votes_for_their_own_question_or_for_one_that_is_not_shown(room):
    mine = QuestionFactory(room=room, state="published", participant=ParticipantFactory(room=room, key="voter"))
    with pytest.raises(Forbidden):
        vote(room, mine)
    for state in ("asked", "rejected", "withdrawn"):
        with pytest.raises(NotFound):
            vote(room, QuestionFactory(room=room, state=state))
    with pytest.raises(NotFound):
        vote(room, QuestionFactory(state="published"))
    assert not Vote.objects.exists()


# --- reads ---


def test_my_questions_tell_what_became_of_each_and_nobody_elses(room, moderator):
    first, second = ask(room, text="Un ?"), ask(room, text="Deux ?", now=NOW + timedelta(seconds=1))
    ask(room, text="Pas la mienne ?", by="another")
    services.reject_question(room_id=room.pk, actor=moderator, question_id=second, reason="hors-sujet", now=NOW)
    mine = services.my_questions(room, "visitor")
    assert [(row["question"], row["state"], row["reason"]) for row in mine] == [
        (second, "rejected", "hors-sujet"),
        (first, "asked", ""),
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_my_questions_are_two_reads(count, room, django_assert_num_queries):
    QuestionFactory.create_batch(count, room=room, participant=ParticipantFactory(room=room, key="visitor"))
    with django_assert_num_queries(2):
        assert len(services.my_questions(room, "visitor")) == count


def test_actors_of_staff_and_visitors_never_share_a_receipt(moderator_user):
    assert actor_of(moderator_user).receipt_key != visitor().receipt_key
