"""What comes together is written together, and each act still has its own outcome."""

import asyncio
from datetime import timedelta

import pytest
from django.db import connection

from chat import actions, frames, hub, services
from chat.errors import Conflict, Forbidden, NotFound, NotOpen, RateLimited, Unavailable
from chat.grouping import Groups
from chat.models import FrameReceipt, Participant, Question, RoomEvent, Vote
from chat.services import Ballot
from tests.chat.conftest import NOW, ask, kinds, visitor
from tests.factories import ParticipantFactory, QuestionFactory
from tests.serving import read


def act(actor, **frame):
    return actions.read({"id": f"{actor.receipt_key}-{len(frame)}"} | frame, actor, "203.0.113.9")


def perform(room, *acts):
    return actions.perform(room.pk, acts, NOW)


def test_acts_of_several_people_are_one_commit_and_one_outcome_each(room, moderator, stranger):
    waiting, other = ask(room), ask(room, text="Et les chiens ?", by="another")
    published, asked, conflict, forbidden, again = perform(
        room,
        act(moderator, type="publish", question=waiting),
        act(visitor("c"), type="ask", text="Un ?"),
        act(moderator, type="reject", question=waiting, reason="hors-sujet", id="r"),
        act(stranger, type="withdraw", question=other),
        act(visitor("d"), type="ask", text="Deux ?"),
    )
    assert published == {}
    assert [type(refusal) for refusal in (conflict, forbidden)] == [Conflict, Forbidden]
    assert Question.objects.get(pk=asked["question"]).text == "Un ?"
    assert Question.objects.get(pk=again["question"]).text == "Deux ?"
    assert Question.objects.get(pk=other).state == "asked"
    assert kinds(room)[2:] == ["question.asked", "question.asked", "question.published"]


@pytest.mark.django_db(transaction=True)
def test_an_act_that_breaks_the_commit_takes_nobody_along(room, moderator):
    number = ask(room)
    bad = actions.Act("ask", visitor("b"), "1", {"text": "", "nickname": "", "topic": None}, "203.0.113.9")
    published, refused, asked = perform(
        room, act(moderator, type="publish", question=number), bad, act(visitor("c"), type="ask", text="Trois ?")
    )
    assert published == {}
    assert isinstance(refused, NotFound)
    assert Question.objects.get(pk=asked["question"]).text == "Trois ?"
    assert kinds(room) == ["question.asked", "question.asked", "question.published"]


@pytest.mark.django_db(transaction=True)
def test_where_nothing_can_be_written_everybody_is_told_so_and_nothing_is_half_done(room, moderator):
    number = ask(room)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE chat_roomevent RENAME TO elsewhere")
    try:
        outcomes = perform(
            room, act(moderator, type="publish", question=number), act(visitor("c"), type="ask", text="Trois ?")
        )
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE elsewhere RENAME TO chat_roomevent")
    assert not any(isinstance(outcome, dict) for outcome in outcomes)
    assert any(isinstance(outcome, Unavailable) for outcome in outcomes)
    assert list(Question.objects.values_list("state", flat=True)) == ["asked"]
    assert kinds(room) == ["question.asked"]


def test_a_resend_is_never_too_fast_and_counts_for_nothing(room, settings):
    settings.ROOM_ASKS_PER_MINUTE = 2
    [first] = perform(room, act(visitor(), type="ask", text="Un ?", id="a"))
    for _ in range(3):
        assert perform(room, act(visitor(), type="ask", text="Un ?", id="a")) == [first]
    second, third = perform(
        room, act(visitor(), type="ask", text="Deux ?", id="b"), act(visitor(), type="ask", text="Trois ?", id="c")
    )
    assert second["question"] > first["question"]
    assert isinstance(third, RateLimited)
    assert perform(room, act(visitor(), type="ask", text="Deux ?", id="b")) == [second]


@pytest.mark.parametrize("count", [1, 30])
def test_a_crowd_that_asks_is_written_in_as_many_statements_as_one_visitor(count, room, django_assert_num_queries):
    asks = [
        act(visitor(f"v{number}"), type="ask", text=f"{chr(97 + number % 26) * 9} {number} ?")
        for number in range(count)
    ]
    with django_assert_num_queries(14):
        perform(room, *asks)
    assert room.questions.count() == Participant.objects.count() == FrameReceipt.objects.count() == count
    assert list(RoomEvent.objects.order_by("seq").values_list("seq", flat=True)) == list(range(1, count + 1))


# --- votes ---


def ballot(question, by, value=True, client_id=None):
    return Ballot(visitor(by), client_id, question.pk, value)


def test_votes_that_come_together_each_count_once_and_the_last_word_of_each_holds(room):
    shown, waiting = QuestionFactory(room=room, state="published"), QuestionFactory(room=room)
    own = QuestionFactory(room=room, state="answered", participant=ParticipantFactory(room=room, key="a", number=9))
    outcomes = services.cast_votes(
        room_id=room.pk,
        ballots=[
            ballot(shown, "a"),
            ballot(shown, "a"),
            ballot(shown, "b"),
            ballot(shown, "b", value=False),
            ballot(waiting, "c"),
            ballot(own, "a"),
            ballot(own, "c"),
        ],
        now=NOW,
    )
    assert [type(outcome) for outcome in outcomes] == [dict, dict, dict, dict, NotFound, Forbidden, dict]
    voted = Vote.objects.values_list("question", "participant__key")
    assert set(voted) == {(shown.pk, "a"), (own.pk, "c")}


def test_a_vote_that_is_taken_back_is_gone_and_others_stay(room):
    shown = QuestionFactory(room=room, state="published")
    for by in ("a", "b"):
        services.cast_vote(room_id=room.pk, actor=visitor(by), question_id=shown.pk, value=True, now=NOW)
    services.cast_vote(room_id=room.pk, actor=visitor("a"), question_id=shown.pk, value=False, now=NOW)
    assert list(shown.votes.values_list("participant__key", flat=True)) == ["b"]


@pytest.mark.parametrize("count", [1, 30])
def test_a_crowd_that_votes_is_written_in_as_many_statements_as_one_visitor(count, room, django_assert_num_queries):
    shown = QuestionFactory(room=room, state="published")
    votes = [act(visitor(f"v{number}"), type="vote", question=shown.pk, value=True) for number in range(count)]
    for number in range(count):
        ParticipantFactory(room=room, key=f"v{number}")
    with django_assert_num_queries(9):
        perform(room, *votes)
    assert shown.votes.count() == count


def first_votes(room, shown, numbers, now=NOW):
    ballots = [ballot(shown, f"new-{number}") for number in numbers]
    services.cast_votes(room_id=room.pk, ballots=ballots, now=now)


def test_a_burst_of_first_votes_is_told_to_staff_and_set_apart(room):
    shown = QuestionFactory(room=room, state="published")
    first_votes(room, shown, range(19))
    assert kinds(room) == []
    first_votes(room, shown, range(19, 25), NOW + timedelta(seconds=30))
    assert frames.staff_snapshot(room)["bursts"] == {str(shown.pk): 25}
    assert kinds(room) == ["votes.burst"]
    assert shown.votes.count() == 25  # all see all votes; who decides sees which


def test_as_many_votes_over_some_minutes_or_of_people_known_before_are_no_burst(room):
    shown = QuestionFactory(room=room, state="published")
    for number in range(25):
        first_votes(room, shown, [number], NOW + timedelta(seconds=10 * number))
    other = QuestionFactory(room=room, state="published")
    first_votes(room, other, range(25), NOW + timedelta(minutes=10))
    assert frames.staff_snapshot(room)["bursts"] == {}


def test_nobody_votes_in_a_closed_room(room):
    shown = QuestionFactory(room=room, state="published")
    type(room).objects.filter(pk=room.pk).update(state="closed")
    [refused] = services.cast_votes(room_id=room.pk, ballots=[ballot(shown, "a")], now=NOW)
    assert isinstance(refused, NotOpen)
    assert not Vote.objects.exists()


# --- their turn ---


def test_what_the_staff_do_goes_before_what_a_crowd_asks(room, moderator):
    async def play():
        groups = Groups()
        groups.waiting[room.pk] = [(act(visitor(f"v{n}"), type="ask", text="Un ?"), None) for n in range(150)]
        groups.waiting[room.pk].append((act(moderator, type="pause"), None))
        first, second = groups._next(room.pk), groups._next(room.pk)
        assert [len(first), len(second), groups._next(room.pk)] == [100, 51, []]
        assert first[0][0].type == "pause"

    asyncio.run(play())


@pytest.mark.django_db(transaction=True)
def test_what_one_commit_tells_reaches_the_loop_as_one_notice(room, moderator, monkeypatch):
    numbers = [ask(room, text=f"Question {number} ?") for number in range(3)]
    acts = [act(moderator, type="publish", question=number, id=f"{number}") for number in numbers]

    async def play():
        told = []
        monkeypatch.setattr(hub.hub, "loop", asyncio.get_running_loop())
        monkeypatch.setattr(hub.hub, "tell_events", told.append)
        await read(actions.perform)(room.pk, acts, NOW)
        assert [[event.seq for _, _, event in notice] for notice in told] == [[1, 2, 3]]

    asyncio.run(play())
