"""What moderators decide."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from chat import frames
from chat.choices import PUBLIC_STATES, QuestionState, RoomState
from chat.errors import Conflict, NotFound
from chat.frames import Data
from chat.identity import Actor
from chat.models import Question, Room, Speaker, Vote
from chat.policies import require_moderator, require_state
from chat.services.asking import get_topic
from chat.services.decisions import remember_decision
from chat.services.once import act_once, get_question, tell, tell_votes
from chat.services.rooms import OPEN_OR_PAUSED

ONCE_OPENED = (*OPEN_OR_PAUSED, RoomState.CLOSED)
UNDECIDED_OR_PUBLIC = (QuestionState.ASKED, *PUBLIC_STATES)


def decide(question: Question, state: QuestionState, actor: Actor, **fields: Any) -> None:
    """Write the outcome and who decided it."""
    Question.objects.filter(pk=question.pk).update(state=state, decided_by=actor.user_id, **fields)
    question.state = state


def require_undecided(question: Question, *allowed: QuestionState) -> None:
    """Raises `Conflict`, which says who decided what, unless the question is in one of the states."""
    if question.state in allowed:
        return
    if question.state == QuestionState.ASKED:
        raise Conflict(_("This question still waits: publish it first."))
    who = question.decided_by.get_full_name() or question.decided_by.get_username() if question.decided_by else "?"
    raise Conflict(
        {
            QuestionState.PUBLISHED: _("%s has published this question."),
            QuestionState.ANSWERED: _("%s has answered this question."),
            QuestionState.MERGED: _("%s has merged this question with another."),
            QuestionState.REJECTED: _("%s has declined this question."),
            QuestionState.WITHDRAWN: _("%s has withdrawn this question."),
        }[QuestionState(question.state)]
        % who
    )


@act_once
def publish_question(room: Room, actor: Actor, *, question_id: int, now: datetime) -> Data:
    """Show the room a waiting question. Raises `Conflict` where somebody decided otherwise."""
    require_moderator(actor, room)
    require_state(room, *OPEN_OR_PAUSED)
    question = get_question(room, question_id)
    if question.state in PUBLIC_STATES:
        return {}
    require_undecided(question, QuestionState.ASKED)
    remember_decision(room, question, "publish", actor, now)
    _show(room, question, actor, now)
    return {}


def _show(room: Room, question: Question, actor: Actor, now: datetime) -> None:
    decide(question, QuestionState.PUBLISHED, actor, published_at=now)
    tell(room, "question.published", frames.question_published(question, question.tally), now)


@act_once
def reject_question(room: Room, actor: Actor, *, question_id: int, reason: str, now: datetime) -> Data:
    """Decline a waiting question; its asker sees the reason, a reason's key or free text."""
    require_moderator(actor, room)
    require_state(room, *ONCE_OPENED)
    question = get_question(room, question_id)
    if question.state == QuestionState.REJECTED:
        return {}
    require_undecided(question, QuestionState.ASKED)
    remember_decision(room, question, "reject", actor, now)
    decide(question, QuestionState.REJECTED, actor, reject_reason=reason)
    tell(room, "question.rejected", {"question": question.pk, "reason": reason, "by": actor.name}, now)
    return {}


@act_once
def withdraw_question(room: Room, actor: Actor, *, question_id: int, now: datetime) -> Data:
    """Take a question, waiting or public, out of the room."""
    require_moderator(actor, room)
    require_state(room, *ONCE_OPENED)
    question = get_question(room, question_id)
    if question.state == QuestionState.WITHDRAWN:
        return {}
    require_undecided(question, *UNDECIDED_OR_PUBLIC)
    remember_decision(room, question, "withdraw", actor, now)
    decide(question, QuestionState.WITHDRAWN, actor)
    tell(room, "question.withdrawn", {"question": question.pk}, now)
    return {}


@act_once
def assign_question(
    room: Room, actor: Actor, *, question_id: int, speaker_id: int, now: datetime, publish: bool = False
) -> Data:
    """Hand a question, waiting or public, to a speaker of the room.

    With `publish` a waiting one is shown to the room in the same act: first `question.published`, then
    `question.assigned`, and one undo takes both back.
    """
    require_moderator(actor, room)
    require_state(room, *OPEN_OR_PAUSED)
    question, speaker = get_question(room, question_id), get_speaker(room, speaker_id)
    require_undecided(question, *UNDECIDED_OR_PUBLIC)
    is_shown = publish and question.state == QuestionState.ASKED
    if not is_shown and question.assigned_to_id == speaker.pk:
        return {}
    remember_decision(room, question, "publish" if is_shown else "assign", actor, now)
    if is_shown:
        _show(room, question, actor, now)
    Question.objects.filter(pk=question.pk).update(assigned_to=speaker)
    data = {"question": question.pk, "speaker": frames.speaker(speaker), "by": actor.name}
    tell(room, "question.assigned", data, now)
    return {}


@act_once
def tag_question(room: Room, actor: Actor, *, question_id: int, topic: str | None, now: datetime) -> Data:
    """Put a question under a topic (its key), or under none."""
    require_moderator(actor, room)
    require_state(room, *ONCE_OPENED)
    question, chosen = get_question(room, question_id), get_topic(topic)
    if question.topic != chosen:
        remember_decision(room, question, "tag", actor, now)
        Question.objects.filter(pk=question.pk).update(topic=chosen)
        tell(room, "question.tagged", {"question": question.pk, "topic": topic, "by": actor.name}, now)
    return {}


@act_once
def merge_question(room: Room, actor: Actor, *, question_id: int, into: int, now: datetime) -> Data:
    """Let a question, waiting or public, go on as another that is waiting or public: askers and votes follow.

    The merged one keeps its row and topic, so counts keep every asked question. Raises `Conflict` where it is decided,
    goes into itself, or the other one is no longer there to follow.
    """
    require_moderator(actor, room)
    require_state(room, *OPEN_OR_PAUSED)
    question, target = get_question(room, question_id), get_question(room, into)
    if question.state == QuestionState.MERGED and question.merged_into_id == target.pk:
        return {}
    require_undecided(question, *UNDECIDED_OR_PUBLIC)
    require_undecided(target, *UNDECIDED_OR_PUBLIC)
    if question.pk == target.pk:
        raise Conflict(_("A question cannot be merged with itself: choose another one."))
    _merge(room, question, target, actor, now)
    return {}


def _merge(room: Room, question: Question, target: Question, actor: Actor, now: datetime) -> None:
    was_public = question.state in PUBLIC_STATES
    voters, followers = _new_voters(question, target), list(question.merged.values_list("pk", flat=True))
    remember_decision(room, question, "merge", actor, now, into=target.pk, votes=voters, followers=followers)
    decide(question, QuestionState.MERGED, actor, merged_into=target)
    Question.objects.filter(pk__in=followers).update(merged_into=target)
    Vote.objects.bulk_create([Vote(question=target, participant_id=voter, at=now) for voter in voters])
    data = {"question": question.pk, "into": target.pk, "votes": target.votes.count(), "by": actor.name}
    tell(room, "question.merged", data, now)
    if was_public:
        tell(room, "question.withdrawn", {"question": question.pk, "into": target.pk}, now)
    tell_votes(room, [target.pk])


def _new_voters(question: Question, target: Question) -> list[int]:
    """One vote a participant, none by the target's asker; the merged question keeps its own."""
    there = target.votes.values("participant")
    voters = question.votes.exclude(participant=target.participant_id).exclude(participant__in=there)
    return list(voters.values_list("participant", flat=True))


def get_speaker(room: Room, speaker_id: int) -> Speaker:
    speaker = room.speakers.filter(pk=speaker_id).first()
    if speaker is None:
        raise NotFound(_("There is no such speaker in this room."))
    return speaker
