"""Questions that ask the same, found by their trigrams."""

import pytest

from bench.similar import labelled_questions, scores
from chat import services, similarity
from chat.similarity import THRESHOLD, Memory, Paragraph
from chat.trigrams import Index
from tests.chat.conftest import NOW, ask
from tests.factories import AnswerFactory, QuestionFactory, RoomFactory

PERMIT = "Le permis B est-il obligatoire pour s’inscrire ?"
LIKE_IT = "faut il le permis pour s'inscrire au concours"


def test_of_the_labelled_questions_half_of_the_suggestions_ask_the_same_and_half_of_those_are_found():
    precision, recall, _ = scores(labelled_questions(), THRESHOLD)
    assert precision >= 0.475
    assert recall >= 0.56


def test_a_higher_threshold_trades_recall_for_precision():
    strict, loose = scores(labelled_questions(), 0.5), scores(labelled_questions(), 0.25)
    assert strict[0] > loose[0]
    assert strict[1] < loose[1]


def test_the_nearest_comes_first_whatever_case_accents_and_small_words():
    index = Index()
    for key, text in {"permit": PERMIT, "licence": "Le permis moto", "sport": "Combien d’heures de sport ?"}.items():
        index.put(key, text)
    found = [key for key, _ in index.nearest("PERMIS b OBLIGATOIRE pour m'inscrire??", limit=3, least=0.1)]
    assert found == ["permit", "licence"]


def test_what_was_replaced_or_dropped_is_found_no_more_under_its_old_words():
    index = Index()
    index.put(1, PERMIT)
    index.put(1, "Combien d’heures de sport ?", "entraînement sportif")
    assert index.nearest(PERMIT, limit=3, least=0.3) == []
    assert [key for key, _ in index.nearest("entrainement sportif", limit=3, least=0.3)] == [1]
    index.drop(1)
    assert len(index) == 0
    assert index.nearest("sport", limit=3, least=0) == []


def test_a_text_without_a_word_is_like_nothing():
    index = Index()
    index.put(1, "???")
    assert index.nearest("!!!", limit=3, least=0.1) == []


# --- the memory of a process ----------------------------------------------------------------------------------------


class Clock:
    now = 100.0

    def __call__(self):
        return self.now

    def goes_on(self):
        self.now += similarity.FRESH_FOR


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def memory(clock):
    return Memory(clock)


def texts(found):
    return [near.entry.text for near in found]


def test_staff_are_shown_what_is_open_in_their_room_and_visitors_only_what_is_answered(memory, room):
    QuestionFactory(room=room, text=PERMIT)
    QuestionFactory(room=RoomFactory(), text="Permis obligatoire pour s'inscrire, ailleurs ?")
    assert texts(memory.similar(LIKE_IT, room_id=room.pk)) == [PERMIT]
    assert memory.answered_already(LIKE_IT) == []


def test_an_answer_of_any_room_is_found_by_all(memory, room):
    answer = AnswerFactory(question__room=RoomFactory(state="closed"), question__text=PERMIT)
    for found in (memory.similar(LIKE_IT, room_id=room.pk), memory.answered_already(LIKE_IT)):
        assert [(near.entry.question_id, near.entry.answer) for near in found] == [(answer.question_id, answer.text)]


def test_a_question_is_not_like_itself(memory, room):
    question = QuestionFactory(room=room, text=PERMIT)
    assert memory.similar(PERMIT, room_id=room.pk, besides=question.pk) == []


def test_what_is_asked_answered_and_declined_is_taken_up_as_the_journal_tells_it(
    memory, clock, room, moderator, speaker
):
    assert memory.similar(LIKE_IT, room_id=room.pk) == []
    number = ask(room, text=PERMIT)
    assert memory.similar(LIKE_IT, room_id=room.pk) == []  # within the second
    clock.goes_on()
    assert texts(memory.similar(LIKE_IT, room_id=room.pk)) == [PERMIT]
    services.answer_question(
        room_id=room.pk, actor=moderator, question_id=number, text="Non.", speaker_id=speaker.pk, now=NOW
    )
    clock.goes_on()
    assert [near.entry.answer for near in memory.answered_already(LIKE_IT)] == ["Non."]
    services.withdraw_question(room_id=room.pk, actor=moderator, question_id=number, now=NOW)
    clock.goes_on()
    assert memory.similar(LIKE_IT, room_id=room.pk) == []


def test_a_room_that_was_wiped_is_forgotten(memory, clock, room):
    ask(room, text=PERMIT)
    assert texts(memory.similar(LIKE_IT, room_id=room.pk)) == [PERMIT]
    room.events.all().delete()
    room.questions.all().delete()
    type(room).objects.filter(pk=room.pk).update(public_seq=0, staff_seq=0)
    clock.goes_on()
    assert memory.similar(LIKE_IT, room_id=room.pk) == []


def test_within_a_second_nothing_is_read_and_later_one_query_where_nothing_happened(
    memory, clock, room, django_assert_num_queries
):
    AnswerFactory(question__room=room, question__text=PERMIT)
    memory.answered_already(LIKE_IT)
    with django_assert_num_queries(0):
        memory.answered_already(LIKE_IT)
    clock.goes_on()
    with django_assert_num_queries(1):
        memory.answered_already(LIKE_IT)


@pytest.mark.django_db
@pytest.mark.parametrize("rooms", [1, 3])
def test_the_first_reading_takes_as_many_queries_whatever_there_is(
    memory, rooms, django_assert_num_queries, monkeypatch
):
    monkeypatch.setattr(similarity, "_sources", [])
    for _ in range(rooms):
        room = RoomFactory()
        AnswerFactory(question__room=room)
        QuestionFactory(room=room)
    with django_assert_num_queries(7):
        memory.answered_already(LIKE_IT)


def test_paragraphs_of_other_apps_are_found_by_their_title_or_text(memory, room, monkeypatch):
    told = Paragraph(key="gardien:age", title="Âge, gardien de la paix", text="Entre 17 et 45 ans.", url="/contests/g/")
    monkeypatch.setattr(similarity, "_sources", [lambda: [told]])
    for found in (
        memory.answered_already("quel age pour gardien de la paix"),
        memory.similar(told.text, room_id=room.pk),
    ):
        assert [near.entry.paragraph for near in found] == [told]


@pytest.mark.django_db
def test_the_contests_conditions_are_among_the_paragraphs_with_source_and_page():
    from leads.models import Contest

    rule = {"kind": "age_range", "min": 17, "max": 45, "valid_from": "2022-11-26", "source": "décret 2004-1439"}
    Contest.objects.create(slug="gdp", title="Gardien de la paix", rules=[rule, {"kind": "nationality", "source": ""}])
    told = [paragraph for paragraph in similarity.paragraphs() if paragraph.key.startswith("gdp:")]
    assert [(p.key, p.source, p.dated, p.url) for p in told] == [
        ("gdp:age_range", "décret 2004-1439", "2022-11-26", "/contests/gdp/")
    ]
    assert "Gardien de la paix" in told[0].title
    assert "17" in told[0].text


@pytest.mark.parametrize(
    ("text", "answer", "shown"),
    [(PERMIT.lower(), "Il n’est pas demandé.", 1), (LIKE_IT, "Non.", 1), (LIKE_IT, "Il n’est pas demandé.", 2)],
)
def test_one_question_or_one_answer_given_twice_is_one_thing_to_read_and_two_are_two(memory, room, text, answer, shown):
    AnswerFactory(question__room=room, question__text=PERMIT, text="Non.")
    AnswerFactory(question__room=RoomFactory(), question__text=text, text=answer)
    assert len(memory.answered_already("Le permis est-il obligatoire pour s’inscrire au concours ?")) == shown
