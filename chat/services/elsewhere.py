"""Answers that stand already, and words that must not be shown."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chat import frames, similarity
from chat.choices import PUBLIC_STATES, QuestionState
from chat.errors import BadMessage, NotFound
from chat.frames import Data
from chat.identity import Actor
from chat.models import Answer, Question, Room, Speaker
from chat.policies import require_moderator, require_state
from chat.services.decisions import remember_decision
from chat.services.moderation import ONCE_OPENED, UNDECIDED_OR_PUBLIC, decide, require_undecided
from chat.services.once import act_once, get_question, tell
from recruitment.text import without_accents


@act_once
def answer_elsewhere(
    room: Room,
    actor: Actor,
    *,
    question_id: int,
    answer_id: int | None = None,
    paragraph: str | None = None,
    now: datetime,
) -> Data:
    """Answer with what was said already: an answer of any room, or an approved paragraph; `{"answer": id}`.

    It shows with its source and a link, in the name of whoever gave it first; a paragraph speaks for the house.
    Raises `BadMessage` unless just one of the two is named, `NotFound` where it is not there.
    """
    require_moderator(actor, room)
    require_state(room, *ONCE_OPENED)
    question = get_question(room, question_id)
    require_undecided(question, *UNDECIDED_OR_PUBLIC)
    if (answer_id is None) == (paragraph is None):
        raise BadMessage(_("Name an answer or a paragraph."))
    said = _answer_again(answer_id) if answer_id is not None else _paragraph(str(paragraph))
    same = question.answers.filter(speaker=said.speaker, text=said.text).first()
    return {"answer": (same or _close(room, question, said, actor, now)).pk}


def _answer_again(answer_id: int) -> Answer:
    known = Answer.objects.filter(pk=answer_id, question__state__in=PUBLIC_STATES)
    first = known.select_related("speaker", "question__room").first()
    if first is None:
        raise NotFound(_("There is no such answer."))
    link = f"{reverse('chat:room', args=[first.question.room.slug])}#question-{first.question_id}"
    return Answer(speaker=first.speaker, text=first.text, link=link, source=first.source)


def _paragraph(key: str) -> Answer:
    found = next((paragraph for paragraph in similarity.paragraphs() if paragraph.key == key), None)
    if found is None:
        raise NotFound(_("There is no such paragraph."))
    return Answer(speaker=house(), text=found.text, link=found.url, source=found.source)


def house() -> Speaker:
    """Who speaks where the house answers: "the moderators", no names."""
    with translation.override(settings.LANGUAGE_CODE):
        name = gettext("The moderators")
    return Speaker.objects.get_or_create(is_house=True, defaults={"name": name})[0]


def _close(room: Room, question: Question, answer: Answer, actor: Actor, now: datetime) -> Answer:
    is_first = question.state not in PUBLIC_STATES
    answer.question, answer.typed_by_id, answer.at = question, actor.user_id, now
    answer.search_text = without_accents(answer.text)
    answer.save()
    remember_decision(room, question, "elsewhere", actor, now, answers=[answer.pk])
    decide(question, QuestionState.ANSWERED, actor, published_at=question.published_at or now)
    tell(room, "answer.published", frames.answer_published(answer, question, is_first=is_first), now)
    return answer


@act_once
def redact_question(room: Room, actor: Actor, *, question_id: int, text: str, now: datetime) -> Data:
    """Change the words of a waiting question before they are shown; what was asked stays, for staff alone."""
    require_moderator(actor, room)
    require_state(room, *ONCE_OPENED)
    question = get_question(room, question_id)
    require_undecided(question, QuestionState.ASKED)
    if question.text == text:
        return {}
    remember_decision(room, question, "redact", actor, now)
    original = question.original_text or question.text
    fields = {"text": text, "search_text": without_accents(text), "original_text": original}
    Question.objects.filter(pk=question.pk).update(**fields)
    tell(
        room, "question.redacted", {"question": question.pk, "text": text, "original": original, "by": actor.name}, now
    )
    return {}
