"""What keeps a full room in hand: slow mode, shield, lanes; what questions hold; notes backstage."""

from datetime import timedelta

import pytest

from chat import intake, services
from chat.errors import BadMessage, Conflict, Forbidden, NotFound, RateLimited
from chat.models import Question, RoomEvent, WatchedWord
from tests.chat.conftest import NOW, ask, kinds
from tests.factories import QuestionFactory, RoomFactory, TopicFactory

SECOND = timedelta(seconds=1)


@pytest.fixture
def do(room, moderator):
    def act(name, actor=moderator, now=NOW, **arguments):
        return getattr(services, name)(room_id=room.pk, actor=actor, now=now, **arguments)

    return act


@pytest.fixture
def waiting(room):
    return QuestionFactory(room=room)


def lane(number):
    return Question.objects.get(pk=number).lane


ACTS = {
    "slow_room": ({"seconds": 30}, {"seconds": 0}, ["room.slowed", "pace.set"]),
    "shield_room": ({"value": True}, {"value": False}, ["room.shielded"]),
    "divert_participant": ({"minutes": 5}, {"minutes": 0}, ["participant.flooding"]),
    "show_on_screen": ({"question_id": "public"}, {"question_id": None}, ["screen.changed", "screen.set"]),
}


def arguments_of(name, place, room, waiting):
    given = dict(ACTS[name][place])
    if name == "divert_participant":
        given["participant"] = waiting.participant.key
    if given.get("question_id") == "public":
        given["question_id"] = QuestionFactory(room=room, state="published").pk
    return given


@pytest.mark.parametrize("name", ACTS)
def test_each_is_told_and_lifted_by_the_same_act(do, name, room, waiting):
    for place in (0, 1):
        do(name, **arguments_of(name, place, room, waiting))
    assert [kind for kind in kinds(room) if kind != "question.released"] == ACTS[name][2] * 2
    by_staff = RoomEvent.objects.filter(room=room, stream="staff", kind=ACTS[name][2][-1])
    assert {event.data["by"] for event in by_staff} == {"Paul Aubert"}


@pytest.mark.parametrize("name", ACTS)
def test_none_of_it_is_a_speakers_or_a_strangers(do, name, room, waiting, speaker_actor, stranger):
    for actor in (speaker_actor, stranger):
        with pytest.raises(Forbidden):
            do(name, actor=actor, **arguments_of(name, 0, room, waiting))
    assert kinds(room) == []


# --- slow mode ---


def test_in_slow_mode_one_asks_once_in_a_while_and_hears_how_long_to_wait(do, room):
    QuestionFactory(room=room, participant__key="visitor", state="published", asked_at=NOW - timedelta(hours=1))
    do("slow_room", seconds=30)
    ask(room, "Une ?")
    with pytest.raises(RateLimited) as refusal:
        ask(room, "Deux ?", now=NOW + 10 * SECOND)
    assert refusal.value.retry_after == 21
    ask(room, "Deux ?", now=NOW + 30 * SECOND)
    do("slow_room", seconds=0)
    ask(room, "Trois ?", now=NOW + 31 * SECOND)


def test_in_slow_mode_three_questions_of_a_person_wait_and_one_of_a_newcomer(do, room):
    do("slow_room", seconds=30)
    ask(room, "Une ?")
    with pytest.raises(RateLimited):
        ask(room, "Deux ?", now=NOW + 40 * SECOND)
    do("publish_question", question_id=Question.objects.get(text="Une ?").pk)
    for place, text in enumerate(("Deux ?", "Trois ?", "Quatre ?"), start=2):
        ask(room, text, now=NOW + place * 40 * SECOND)
    with pytest.raises(RateLimited) as refusal:
        ask(room, "Cinq ?", now=NOW + 300 * SECOND)
    assert refusal.value.retry_after is None


def test_slow_mode_has_three_speeds(do, room):
    with pytest.raises(BadMessage):
        do("slow_room", seconds=45)
    assert kinds(room) == []


# --- lanes ---


def test_behind_the_shield_newcomers_queue_apart_and_those_present_go_on(do, room):
    ask(room, "Avant ?", by="present")
    do("shield_room", value=True)
    assert lane(ask(room, "Encore ?", by="present")) == ""
    number = ask(room, "Nouveau ?", by="newcomer")
    assert lane(number) == "newcomers"
    do("release_question", question_id=number)
    assert lane(number) == ""
    do("shield_room", value=False)
    assert lane(ask(room, "Après ?", by="another")) == ""


def test_what_a_flooding_visitor_asks_queues_apart_for_a_while(do, room):
    first = ask(room, "A ?", by="flood")
    do("divert_participant", participant="flood", minutes=5)
    assert lane(first) == "flood"
    assert lane(ask(room, "B ?", by="flood")) == "flood"
    assert lane(ask(room, "C ?", by="flood", now=NOW + timedelta(minutes=6))) == ""
    do("divert_participant", participant="flood", minutes=0)
    assert lane(first) == ""
    with pytest.raises(NotFound):
        do("divert_participant", participant="nobody", minutes=5)


def test_a_watched_word_or_a_link_holds_a_question_and_drops_nothing(room):
    WatchedWord.objects.create(word="crétin")
    asked = {text: ask(room, text) for text in ("Bande de Cretins", "Voir www.exemple.fr", "Et le trafic de drogue ?")}
    rows = Question.objects.in_bulk(asked.values())
    assert [(rows[number].lane, rows[number].flags) for number in asked.values()] == [
        ("held", ["word"]),
        ("held", ["link"]),
        ("", []),
    ]


def test_what_was_decided_of_a_held_question_is_not_released(do, room):
    with pytest.raises(Conflict):
        do("release_question", question_id=QuestionFactory(room=room, state="rejected", lane="held").pk)


@pytest.mark.parametrize(
    "text",
    [
        "appelez moi au 06 12 34 56 78",
        "mon tel 0612345678 merci",
        "+33 6 12 34 56 78",
        "zoe.martin@example.org",
        "J’habite au 12 bis, rue des Lilas",
    ],
)
def test_personal_data_is_noticed(text):
    assert intake.holds_personal_data(text)


@pytest.mark.parametrize("text", ["4500 postes en 2004 ?", "je fais 1m61", "décret 2004-1439", "à 17 ans, en 2027 ?"])
def test_figures_are_no_personal_data(text):
    assert not intake.holds_personal_data(text)


def test_a_topic_is_suggested_by_its_words_and_a_tie_is_none(db):
    TopicFactory(key="informatique", words="informati cyber pirat")
    TopicFactory(key="remuneration", words="salaire paie gagn")
    assert intake.suggested_topic("Un INFORMATICIEN, ça gagne ?") is None
    assert intake.suggested_topic("Les pirates informatiques, qui gagne ?") == "informatique"
    assert intake.suggested_topic("Bonsoir") is None


# --- backstage ---


def test_notes_are_staffs_alone_and_say_who_has_seen_them(do, room, waiting, speaker_actor, stranger):
    with pytest.raises(Forbidden):
        do("write_note", actor=stranger, text="?")
    note = do("write_note", text="Qui la prend ?", question_id=waiting.pk)["note"]
    for actor in (speaker_actor, speaker_actor):
        do("see_notes", actor=actor, notes=[note])
    do("see_notes", notes=[note])  # its own author
    assert kinds(room) == ["note.written", "note.seen"]
    assert room.events.filter(stream="public").count() == 0
    with pytest.raises(NotFound):
        do("write_note", text="Ailleurs", question_id=QuestionFactory().pk)


def test_a_speaker_gives_back_what_is_theirs_alone(do, room, waiting, speaker, other_speaker, speaker_actor):
    do("assign_question", question_id=waiting.pk, speaker_id=speaker.pk)
    do("pass_question", actor=speaker_actor, question_id=waiting.pk)
    do("pass_question", actor=speaker_actor, question_id=waiting.pk)
    assert kinds(room) == ["question.assigned"] * 2
    do("assign_question", question_id=waiting.pk, speaker_id=other_speaker.pk)
    with pytest.raises(Forbidden):
        do("pass_question", actor=speaker_actor, question_id=waiting.pk)


def test_only_what_is_public_goes_on_the_screen(do, waiting):
    with pytest.raises(Conflict):
        do("show_on_screen", question_id=waiting.pk)
    with pytest.raises(NotFound):
        do("show_on_screen", question_id=QuestionFactory(room=RoomFactory(), state="published").pk)
