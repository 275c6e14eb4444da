"""What was decided is taken back for some seconds, by whoever decided it, votes and askers and all."""

import json
from datetime import timedelta

import pytest

from chat import services
from chat.errors import BadMessage, Conflict, Forbidden, NotFound
from chat.frames import snapshot
from chat.models import Answer, Question, Vote
from chat.services.decisions import UNDO_WITHIN
from chat.similarity import Paragraph
from tests.chat.conftest import NOW, actor_of, kinds
from tests.factories import AnswerFactory, QuestionFactory, RoomFactory, UserFactory, VoteFactory


@pytest.fixture
def waiting(room, topic):
    return QuestionFactory(room=room, text="Appelez-moi au 06 12 34 56 78", topic=topic)


@pytest.fixture
def published(room):
    return QuestionFactory(room=room, state="published")


@pytest.fixture
def colleague(room):
    user = UserFactory(first_name="Sonia", last_name="Delattre")
    room.moderators.add(user)
    return actor_of(user)


@pytest.fixture
def do(room, moderator):
    def act(name, question, *, actor=moderator, now=NOW, **arguments):
        service = getattr(services, name)
        return service(room_id=room.pk, actor=actor, question_id=question.pk, now=now, **arguments)

    return act


@pytest.fixture
def undo(do):
    def take_back(question, **more):
        return do("undo_decision", question, **more)

    return take_back


def as_it_is(question):
    row = Question.objects.get(pk=question.pk)
    return {field.attname: getattr(row, field.attname) for field in Question._meta.concrete_fields}


DECISIONS = {
    "publish": ("publish_question", {}),
    "reject": ("reject_question", {"reason": "hors-sujet"}),
    "withdraw": ("withdraw_question", {}),
    "tag": ("tag_question", {"topic": None}),
    "assign": ("assign_question", {"speaker_id": "speaker"}),
    "redact": ("redact_question", {"text": "Appelez-moi"}),
    "merge": ("merge_question", {"into": "published"}),
    "elsewhere": ("answer_elsewhere", {"answer_id": "answer"}),
}


@pytest.fixture
def decide(do, speaker, published):
    named = {"speaker": speaker.pk, "published": published.pk}

    def act(name, question, **more):
        service, arguments = DECISIONS[name]
        if name == "elsewhere":
            named["answer"] = AnswerFactory(question__room=question.room, speaker=speaker).pk
        return do(service, question, **{key: named.get(value, value) for key, value in arguments.items()}, **more)

    return act


@pytest.mark.parametrize("name", DECISIONS)
def test_a_decision_taken_back_leaves_the_question_as_it_was(decide, undo, name, waiting):
    before = as_it_is(waiting)
    decide(name, waiting)
    assert as_it_is(waiting) != before
    assert undo(waiting) == {"undone": name}
    assert as_it_is(waiting) == before


@pytest.mark.parametrize("name", DECISIONS)
def test_it_is_too_late_after_some_seconds(decide, undo, name, room, waiting):
    decide(name, waiting)
    told = kinds(room)
    with pytest.raises(Conflict, match="trop tard"):
        undo(waiting, now=NOW + UNDO_WITHIN + timedelta(seconds=1))
    assert kinds(room) == told


@pytest.mark.parametrize("name", DECISIONS)
def test_nobody_takes_back_what_another_decided_and_hears_who_did(decide, undo, name, room, waiting, colleague):
    decide(name, waiting, actor=colleague)
    told = kinds(room)
    with pytest.raises(Conflict, match="Sonia Delattre"):
        undo(waiting)
    assert kinds(room) == told


def test_whoever_decided_before_a_colleague_did_hears_who_has_decided_since(do, undo, waiting, colleague):
    do("publish_question", waiting)
    do("withdraw_question", waiting, actor=colleague)
    with pytest.raises(Conflict, match="Sonia Delattre"):
        undo(waiting)
    assert Question.objects.get(pk=waiting.pk).state == "withdrawn"


def test_an_answer_ends_what_can_be_taken_back(do, undo, waiting, speaker_actor):
    do("publish_question", waiting)
    do("answer_question", waiting, actor=speaker_actor, text="Oui.")
    with pytest.raises(Conflict):
        undo(waiting)
    assert Answer.objects.filter(question=waiting).exists()


def test_what_was_never_decided_cannot_be_taken_back_nor_by_who_is_no_moderator(undo, room, waiting, speaker_actor):
    with pytest.raises(Conflict):
        undo(waiting)
    with pytest.raises(Forbidden):
        undo(waiting, actor=speaker_actor)
    with pytest.raises(NotFound):
        undo(QuestionFactory())
    assert kinds(room) == []


def test_two_decisions_are_taken_back_one_after_the_other(decide, undo, waiting):
    before = as_it_is(waiting)
    decide("redact", waiting)
    decide("publish", waiting)
    assert [undo(waiting)["undone"] for _ in range(2)] == ["publish", "redact"]
    assert as_it_is(waiting) == before


# --- merging ---


def test_what_was_shown_and_passed_on_in_one_act_is_taken_back_by_one(do, undo, room, waiting, speaker):
    before = as_it_is(waiting)
    do("assign_question", waiting, speaker_id=speaker.pk, publish=True)
    assert as_it_is(waiting)["state"] == "published"
    assert undo(waiting) == {"undone": "publish"}
    assert as_it_is(waiting) == before
    assert kinds(room) == ["question.published", "question.assigned", "question.withdrawn", "question.returned"]


def test_a_merge_taken_back_gives_votes_and_askers_back(do, undo, room, waiting, published):
    own = VoteFactory(question=published).participant
    both = VoteFactory(question=waiting).participant
    Vote.objects.create(question=published, participant=both, at=NOW)
    VoteFactory(question=waiting)
    follower = QuestionFactory(room=room)
    do("merge_question", follower, into=waiting.pk)
    do("merge_question", waiting, into=published.pk)
    assert published.votes.count() == 3
    undo(waiting)
    follower.refresh_from_db()
    assert follower.merged_into == waiting
    assert set(published.votes.values_list("participant", flat=True)) == {own.pk, both.pk}
    assert waiting.votes.count() == 2


def test_a_merge_into_what_was_merged_on_is_taken_back_in_its_order(do, undo, room, waiting, published):
    middle = QuestionFactory(room=room)
    do("merge_question", waiting, into=middle.pk)
    do("merge_question", middle, into=published.pk)
    with pytest.raises(Conflict, match="annulez d’abord"):
        undo(waiting)
    undo(middle)
    undo(waiting)
    assert [Question.objects.get(pk=question.pk).state for question in (waiting, middle)] == ["asked", "asked"]


# --- answered elsewhere ---


def test_an_answer_given_elsewhere_shows_in_its_givers_name_with_a_link(do, waiting, speaker, moderator_user):
    known = AnswerFactory(
        question__room=RoomFactory(slug="hier", state="closed"), speaker=speaker, text="Oui, à 17 ans."
    )
    number = do("answer_elsewhere", waiting, answer_id=known.pk)["answer"]
    answer = Answer.objects.get(pk=number)
    assert (answer.text, answer.speaker, answer.typed_by) == ("Oui, à 17 ans.", speaker, moderator_user)
    assert answer.link == f"/rooms/hier/#question-{known.question_id}"
    assert do("answer_elsewhere", waiting, answer_id=known.pk)["answer"] == number


def test_an_approved_paragraph_speaks_for_the_house_with_its_source(do, room, waiting, published, monkeypatch):
    told = Paragraph(
        key="age:1", title="Âge", text="Entre 17 et 45 ans.", source="décret 2004-1439", url="/contests/g/"
    )
    monkeypatch.setattr("chat.similarity._sources", [lambda: [told]])
    for question in (waiting, published):
        answer = Answer.objects.get(pk=do("answer_elsewhere", question, paragraph="age:1")["answer"])
        assert (answer.text, answer.source, answer.link) == (told.text, told.source, told.url)
        assert answer.speaker.name == "La modération"
    shown = snapshot(room)["questions"][0]["answers"][0]
    assert (shown["source"], shown["link"]) == ("décret 2004-1439", "/contests/g/")


def test_what_is_not_there_or_not_shown_answers_nothing(do, room, waiting):
    hidden = AnswerFactory(question__room=room, question__state="withdrawn")
    for named in ({"answer_id": hidden.pk}, {"answer_id": 10**9}, {"paragraph": "nothing"}):
        with pytest.raises(NotFound):
            do("answer_elsewhere", waiting, **named)
    for named in ({}, {"answer_id": hidden.pk, "paragraph": "both"}):
        with pytest.raises(BadMessage):
            do("answer_elsewhere", waiting, **named)
    assert kinds(room) == []


# --- redacting ---


def test_redacted_words_are_public_and_the_original_is_in_no_public_frame_nor_page(do, client, room, waiting):
    do("redact_question", waiting, text="Appelez-moi au …")
    do("redact_question", waiting, text="Appelez-moi")
    do("publish_question", waiting)
    waiting.refresh_from_db()
    assert (waiting.text, waiting.original_text) == ("Appelez-moi", "Appelez-moi au 06 12 34 56 78")
    public = json.dumps([event.data for event in room.events.filter(stream="public")])
    pages = [client.get(path).content.decode() for path in (f"/rooms/{room.slug}/", "/questions/?q=appelez")]
    for shown in (public, *pages, waiting.search_text):
        assert "06 12" not in shown
    assert "Appelez-moi" in pages[0]


def test_only_what_waits_is_redacted(do, room, published):
    with pytest.raises(Conflict):
        do("redact_question", published, text="Autrement")
    assert kinds(room) == []
