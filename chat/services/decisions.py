"""What was decided of a question, kept so that it can be taken back."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from chat import frames
from chat.choices import PUBLIC_STATES
from chat.errors import Conflict
from chat.frames import Data
from chat.identity import Actor
from chat.models import Answer, Decision, Question, Room, Vote
from chat.policies import require_moderator
from chat.services.once import act_once, get_question, tell, tell_all, tell_votes
from recruitment.text import without_accents

UNDO_WITHIN = timedelta(seconds=10)
KEPT = ("state", "topic_id", "assigned_to_id", "merged_into_id", "reject_reason", "decided_by_id", "text", "lane")
UNDOABLE = ("publish", "reject", "merge", "tag", "assign", "elsewhere", "redact", "withdraw", "release")


def remember_decision(room: Room, question: Question, act: str, actor: Actor, now: datetime, **more: Any) -> None:
    """Keep who decides what, and the question as it stands before: called ahead of the change."""
    before = {name: getattr(question, name) for name in KEPT} | more
    before |= {"published_at": question.published_at and question.published_at.isoformat()}
    before |= {"original_text": question.original_text}
    Decision.objects.create(room=room, question=question, act=act, by_id=actor.user_id, at=now, before=before)


@act_once
def undo_decision(room: Room, actor: Actor, *, question_id: int, now: datetime) -> Data:
    """Take back the actor's own last decision on a question, within some seconds; `{"undone": act}`.

    Of a merge the votes and the askers come back too. Raises `Conflict` where there is nothing to take back, it is too
    late, or somebody has decided since, and says who.
    """
    require_moderator(actor, room)
    question = get_question(room, question_id)
    decision = _last_decision(question)
    _require_undoable(decision, question, actor, now)
    Decision.objects.filter(pk=decision.pk).update(undone_at=now)
    _restore(question, decision.before)
    _give_back(question, decision)
    _tell_undone(room, question, decision, actor, now)
    return {"undone": decision.act}


def _last_decision(question: Question) -> Decision:
    last = question.decisions.filter(undone_at=None).select_related("by").order_by("-pk").first()
    if last is None:
        raise Conflict(_("Nothing was decided of this question: there is nothing to undo."))
    return last


def _require_undoable(decision: Decision, question: Question, actor: Actor, now: datetime) -> None:
    if decision.by_id != actor.user_id:
        who = decision.by.get_full_name() or decision.by.get_username() if decision.by else "?"
        raise Conflict(_("%s has decided on this question since.") % who)
    if decision.act not in UNDOABLE or now > decision.at + UNDO_WITHIN:
        raise Conflict(_("It is too late to undo this: decide anew."))
    if decision.act == "merge" and question.merged_into_id != decision.before["into"]:
        raise Conflict(_("The other question was merged since: undo that first."))


def _restore(question: Question, before: Data) -> None:
    fields = {name: before[name] for name in (*KEPT, "original_text")}
    fields |= {"published_at": before["published_at"] and parse_datetime(before["published_at"])}
    fields |= {"search_text": without_accents(before["text"])}
    Question.objects.filter(pk=question.pk).update(**fields)


def _give_back(question: Question, decision: Decision) -> None:
    """What went along: of a merge the votes and the askers, of an answer given elsewhere the answer."""
    before = decision.before
    if decision.act == "merge":
        Vote.objects.filter(question=before["into"], participant__in=before["votes"]).delete()
        followers = Question.objects.filter(pk__in=before["followers"], merged_into=before["into"])
        followers.update(merged_into=question)
    elif decision.act == "elsewhere":
        Answer.objects.filter(pk__in=before["answers"]).delete()


def _tell_undone(room: Room, left: Question, decision: Decision, actor: Actor, now: datetime) -> None:
    """`left` is the question as it was until now."""
    question = get_question(room, left.pk)
    if decision.act in _SMALL:
        kind, read = _SMALL[decision.act]
        tell(room, kind, {"question": question.pk, "by": actor.name} | read(question), now)
        return
    was_public, is_public = left.state in PUBLIC_STATES, question.state in PUBLIC_STATES
    if was_public:
        tell(room, "question.withdrawn", {"question": question.pk}, now)
    if is_public:
        _tell_shown_again(room, question, actor, now)
    else:
        tell(room, "question.returned", frames.in_queue(question) | {"by": actor.name}, now)
    if decision.act == "merge":
        _tell_unmerged(room, question, decision.before["into"], actor, now)


def _tell_shown_again(room: Room, question: Question, actor: Actor, now: datetime) -> None:
    tell_all(room, frames.shown_again(question), now)
    if question.assigned_to:
        data = {"question": question.pk, "speaker": frames.given_to(question), "by": actor.name}
        tell(room, "question.assigned", data, now)


def _tell_unmerged(room: Room, question: Question, into: int, actor: Actor, now: datetime) -> None:
    target = get_question(room, into)
    data = {"question": question.pk, "from": target.pk, "votes": target.tally, "by": actor.name}
    tell(room, "question.unmerged", data, now)
    tell_votes(room, [target.pk])


_SMALL: dict[str, tuple[str, Callable[[Question], Data]]] = {
    "tag": ("question.tagged", lambda question: {"topic": frames.topic_key(question)}),
    "assign": ("question.assigned", lambda question: {"speaker": frames.given_to(question)}),
    "redact": ("question.redacted", lambda q: {"text": q.text, "original": q.original_text}),
    "release": ("question.released", lambda question: {"lane": question.lane}),
}


def last_decisions(room: Room, limit: int) -> Iterable[Decision]:
    """The latest of a room, with question and who decided: for whoever takes over."""
    return room.decisions.filter(~Q(by=None)).select_related("question", "by").order_by("-pk")[:limit]
