"""Rows for tests, with the least that makes each of them whole."""

from datetime import timedelta

import factory
from django.contrib.auth import get_user_model
from django.utils import timezone
from factory.django import DjangoModelFactory

from chat.choices import QuestionState, RoomState
from chat.models import Answer, Paragraph, Participant, Programme, Question, Room, Speaker, Topic, Vote, WatchedWord
from recruitment.text import without_accents


class UserFactory(DjangoModelFactory):
    class Meta:
        model = get_user_model()
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"user{n}")
    is_staff = True

    @factory.post_generation
    def password(self, create, extracted, **kwargs):
        if extracted:
            self.set_password(extracted)
            self.save()


class ProgrammeFactory(DjangoModelFactory):
    class Meta:
        model = Programme

    slug = factory.Sequence(lambda n: f"programme-{n}")
    title = "Cinq soirs"


class TopicFactory(DjangoModelFactory):
    class Meta:
        model = Topic
        django_get_or_create = ("key",)

    key = factory.Sequence(lambda n: f"topic-{n}")
    label = factory.LazyAttribute(lambda topic: topic.key.replace("-", " ").capitalize())
    position = factory.Sequence(lambda n: n)


class SpeakerFactory(DjangoModelFactory):
    class Meta:
        model = Speaker

    name = factory.Sequence(lambda n: f"Speaker {n}")
    title = "trainer"
    user = factory.SubFactory(UserFactory)


class RoomFactory(DjangoModelFactory):
    """Open since half an hour, for half an hour more. `speakers=[…]` and `moderators=[…]` make its staff list."""

    class Meta:
        model = Room
        skip_postgeneration_save = True

    slug = factory.Sequence(lambda n: f"room-{n}")
    title = factory.LazyAttribute(lambda room: room.slug.replace("-", " ").capitalize())
    state = RoomState.OPEN
    opens_at = factory.LazyFunction(lambda: timezone.now() - timedelta(minutes=30))
    closes_at = factory.LazyAttribute(lambda room: room.opens_at + timedelta(hours=1))

    class Params:
        scheduled = factory.Trait(
            state=RoomState.SCHEDULED, opens_at=factory.LazyFunction(lambda: timezone.now() + timedelta(hours=2))
        )
        closed = factory.Trait(
            state=RoomState.CLOSED, opens_at=factory.LazyFunction(lambda: timezone.now() - timedelta(days=2))
        )

    @factory.post_generation
    def speakers(self, create, extracted, **kwargs):
        self.speakers.set(extracted or [])

    @factory.post_generation
    def moderators(self, create, extracted, **kwargs):
        self.moderators.set(extracted or [])


class ParticipantFactory(DjangoModelFactory):
    class Meta:
        model = Participant

    room = factory.SubFactory(RoomFactory)
    key = factory.Sequence(lambda n: f"{n:032x}")
    number = factory.Sequence(lambda n: n + 1001)  # clear of those that a room gives out itself
    nickname = factory.LazyAttribute(lambda participant: f"Candidat {participant.number}")


class QuestionFactory(DjangoModelFactory):
    """Waiting; `state="published"` or `"answered"` makes it public (with `answered`, one answer too)."""

    class Meta:
        model = Question
        skip_postgeneration_save = True

    room = factory.SubFactory(RoomFactory)
    participant = factory.SubFactory(ParticipantFactory, room=factory.SelfAttribute("..room"))
    nickname = factory.SelfAttribute("participant.nickname")
    text = factory.Sequence(lambda n: f"Question {n} ?")
    search_text = factory.LazyAttribute(lambda question: without_accents(question.text))
    state = QuestionState.ASKED
    asked_at = factory.LazyAttribute(lambda question: question.room.opens_at + timedelta(minutes=1))
    published_at = factory.LazyAttribute(
        lambda question: (
            question.asked_at + timedelta(minutes=1)
            if question.state in (QuestionState.PUBLISHED, QuestionState.ANSWERED, QuestionState.WITHDRAWN)
            else None
        )
    )

    @factory.post_generation
    def answers(self, create, extracted, **kwargs):
        if extracted is None and self.state == QuestionState.ANSWERED:
            AnswerFactory(question=self)


class AnswerFactory(DjangoModelFactory):
    class Meta:
        model = Answer

    question = factory.SubFactory(QuestionFactory, state=QuestionState.ANSWERED, answers=False)
    speaker = factory.SubFactory(SpeakerFactory)
    text = factory.Sequence(lambda n: f"Réponse {n}.")
    search_text = factory.LazyAttribute(lambda answer: without_accents(answer.text))
    at = factory.LazyAttribute(lambda answer: answer.question.asked_at + timedelta(minutes=3))


class VoteFactory(DjangoModelFactory):
    class Meta:
        model = Vote

    question = factory.SubFactory(QuestionFactory, state=QuestionState.PUBLISHED)
    participant = factory.SubFactory(ParticipantFactory, room=factory.SelfAttribute("..question.room"))
    at = factory.SelfAttribute("question.asked_at")


class ParagraphFactory(DjangoModelFactory):
    class Meta:
        model = Paragraph

    key = factory.Sequence(lambda n: f"paragraph-{n}")
    title = "Âge, gardien de la paix"
    text = "Il faut avoir entre 17 et 45 ans."
    source = "décret 2004-1439, art. 6"
    checked_on = factory.LazyFunction(lambda: timezone.localdate())


class WatchedWordFactory(DjangoModelFactory):
    class Meta:
        model = WatchedWord

    word = factory.Sequence(lambda n: f"word{n}")
