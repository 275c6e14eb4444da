"""A flood queues apart by itself, says why, and is let pass by one act; an ordinary rush is none."""

from datetime import timedelta

import pytest

from chat import services
from chat.errors import Forbidden, NotFound
from chat.models import Flood, Question, RoomEvent
from recruitment.demonstration.data import load
from tests.chat.conftest import NOW, ask
from tests.factories import RoomFactory

pytestmark = pytest.mark.django_db
BAIT = "Pourquoi la police ment-elle aux candidats"


def flood(room, count=8, now=NOW):
    return [ask(room, text=f"{BAIT} {'!' * (number + 1)}", by=f"bot-{number}", now=now) for number in range(count)]


def lanes(room):
    return dict(room.questions.order_by("pk").values_list("pk", "lane"))


def begun(room):
    return [event.data for event in RoomEvent.objects.filter(room=room, kind="flood.begun")]


def test_many_alike_at_once_queue_apart_and_the_moderators_are_told_why(room):
    asked = flood(room)
    assert lanes(room) == dict.fromkeys(asked, "flood")
    (told,) = begun(room)
    assert told["why"] == "alike"
    assert told["text"].startswith(BAIT)


def test_what_comes_later_and_is_like_them_queues_apart_too_and_anything_else_does_not(room):
    flood(room)
    another = ask(room, text=f"{BAIT}, dites ?", by="late", now=NOW + timedelta(minutes=5))
    honest = ask(room, text="Faut-il savoir nager ?", by="honest", now=NOW + timedelta(minutes=5))
    assert [lanes(room)[number] for number in (another, honest)] == ["flood", ""]
    assert len(begun(room)) == 1


def test_one_who_asks_without_pause_queues_apart_whatever_they_ask_and_nobody_else(room):
    words = ["natation", "salaire", "uniforme", "vacances", "diplôme", "informatique", "moto"]
    theirs = [ask(room, text=f"Et {word} ?", by="eager") for word in words]
    other = ask(room, text="Et le chien ?", by="other")
    assert {lanes(room)[number] for number in theirs} == {"flood"}
    assert lanes(room)[other] == ""
    assert [told["why"] for told in begun(room)] == ["one"]


@pytest.mark.parametrize(
    ("count", "apart", "limits"),
    [(7, 0, {}), (8, 0, {"FLOOD_ALIKE": 0}), (8, 1.5, {}), (3, 0, {"FLOOD_ALIKE": 3})],
    ids=["too few", "switched off", "too slow", "a setting"],
)
def test_fewer_or_slower_or_switched_off_is_no_flood(room, settings, count, apart, limits):
    for name, value in limits.items():
        setattr(settings, name, value)
    for number in range(count):
        ask(room, text=f"{BAIT} {'!' * number} ?", by=f"p{number}", now=NOW + timedelta(minutes=apart * number))
    assert bool(begun(room)) == (limits.get("FLOOD_ALIKE") == count)


def test_one_act_brings_all_that_waits_back_and_lets_pass_what_comes(room, moderator):
    asked = flood(room)
    services.reject_question(room_id=room.pk, actor=moderator, question_id=asked[0], reason="propos", now=NOW)
    act = {"room_id": room.pk, "actor": moderator, "flood_id": Flood.objects.get().pk, "now": NOW}
    assert services.calm_flood(**act) == {"questions": 7}
    assert [lanes(room)[number] for number in asked[1:]] == [""] * 7
    late = ask(room, text=f"{BAIT}, oui ?", by="late")
    assert lanes(room)[late] == ""
    assert services.calm_flood(**act) == {}
    row = Flood.objects.get()
    assert (row.ended_at, row.ended_by_id) == (NOW, moderator.user_id)


def test_only_a_moderator_of_the_room_lets_it_pass(room, moderator, speaker_actor):
    flood(room)
    number = Flood.objects.get().pk
    with pytest.raises(Forbidden):
        services.calm_flood(room_id=room.pk, actor=speaker_actor, flood_id=number, now=NOW)
    other = RoomFactory(moderators=list(room.moderators.all()))
    with pytest.raises(NotFound):
        services.calm_flood(room_id=other.pk, actor=moderator, flood_id=number, now=NOW)
    assert set(lanes(room).values()) == {"flood"}


def test_an_hour_of_500_real_questions_is_no_flood(room):
    """The seeded arrivals, all of them within a quarter of an hour: paraphrases and repeats among them."""
    arrivals = load("room_today")["room"]["arrivals"]
    for number, arrival in enumerate(arrivals):
        ask(room, text=arrival["text"], by=f"p{number}", now=NOW + timedelta(seconds=900 * number / len(arrivals)))
    assert begun(room) == []
    assert not Question.objects.filter(lane="flood").exists()


@pytest.mark.parametrize("before", [0, 40])
def test_a_question_takes_as_many_queries_whatever_came_in_the_last_minute(room, before, django_assert_num_queries):
    for number in range(before):
        ask(room, text=f"Question {chr(97 + number % 26) * 9} {number} ?", by=f"p{number}")
    with django_assert_num_queries(11):
        ask(room, text="Faut-il savoir nager ?", by="one")
