"""What speakers do, and moderators in their name."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from chat import frames
from chat.choices import PUBLIC_STATES, QuestionState, Role
from chat.errors import Forbidden, NotFound
from chat.frames import Data
from chat.identity import Actor
from chat.models import Answer, Question, Room, Speaker
from chat.policies import require_can_answer, require_state
from chat.services.decisions import remember_decision
from chat.services.moderation import ONCE_OPENED, UNDECIDED_OR_PUBLIC, decide, require_undecided
from chat.services.once import act_once, get_question, tell
from chat.services.speaking import come_back, speaker_for
from recruitment.text import without_accents


@act_once
def answer_question(
    room: Room, actor: Actor, *, question_id: int, text: str, speaker_id: int | None = None, now: datetime
) -> Data:
    """Show the room an answer, and its question with it if that was waiting; `{"answer": id}`.

    A moderator names the speaker, the row keeps who typed; who answers in person is back at the desk. Raises `Conflict`
    for a question that is rejected, merged or withdrawn, `BadMessage` where a moderator names nobody, `Forbidden` where
    a speaker names another.
    """
    role = require_can_answer(actor, room)
    require_state(room, *ONCE_OPENED)
    question, speaker = get_question(room, question_id), speaker_for(room, actor, role, speaker_id)
    require_undecided(question, *UNDECIDED_OR_PUBLIC)
    same = question.answers.filter(speaker=speaker, text=text).first()
    answer = same or _publish_answer(room, question, speaker, actor, text, now)
    return {"answer": answer.pk}


def _publish_answer(room: Room, question: Question, speaker: Speaker, actor: Actor, text: str, now: datetime) -> Answer:
    is_first = question.state not in PUBLIC_STATES
    remember_decision(room, question, "answer", actor, now)
    answer = Answer.objects.create(
        question=question,
        speaker=speaker,
        typed_by_id=actor.user_id,
        text=text,
        search_text=without_accents(text),
        at=now,
    )
    decide(question, QuestionState.ANSWERED, actor, published_at=question.published_at or now)
    tell(room, "answer.published", frames.answer_published(answer, question, is_first=is_first), now)
    if speaker.user_id == actor.user_id:
        come_back(room, speaker, actor, now)
    return answer


@act_once
def edit_answer(room: Room, actor: Actor, *, answer_id: int, text: str, now: datetime) -> Data:
    """Correct an answer that stands; it shows as corrected. Speakers correct their own, moderators all."""
    role = require_can_answer(actor, room)
    require_state(room, *ONCE_OPENED)
    answer = _get_answer(room, answer_id)
    if role == Role.SPEAKER and answer.speaker.user_id != actor.user_id:
        raise Forbidden(_("This answer is somebody else's: ask a moderator to correct it."))
    if answer.text != text:
        Answer.objects.filter(pk=answer.pk).update(text=text, search_text=without_accents(text), edited_at=now)
        tell(room, "answer.edited", {"answer": answer.pk, "question": answer.question_id, "text": text}, now)
    return {"answer": answer.pk}


def _get_answer(room: Room, answer_id: int) -> Answer:
    answers = Answer.objects.filter(question__room=room, question__state__in=PUBLIC_STATES)
    answer = answers.select_related("speaker").filter(pk=answer_id).first()
    if answer is None:
        raise NotFound(_("There is no such answer in this room."))
    return answer
