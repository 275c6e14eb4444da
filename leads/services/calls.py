"""What came of a call; and the way back from an outcome that was logged by a slip."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from leads.choices import FAILED_ATTEMPTS, OPEN_STAGES, ActionKind, ConsentMethod, FollowUpKind, Outcome, Purpose, Stage
from leads.errors import NotAllowed, NotFound
from leads.models import Candidate, Consent, FollowUp
from leads.policies import is_minor
from leads.progress import keep_progress
from leads.services import consents
from leads.services.candidates import OF_STAGE, next_contact, record_move, set_action, set_stage
from leads.services.claims import is_held_by, is_held_by_another, let_others_go
from leads.services.timeline import as_json, give_back, locked_candidate, record, save_change
from leads.stages import working_days_after

OF_CALL = ("reached_at", "last_contact_at", "claimed_by_id", "claimed_until", *OF_STAGE)
TAKEN_BACK_WITHIN = timedelta(minutes=5)  # the page offers it for ten seconds, or as long as somebody reads it


@transaction.atomic
def log_outcome(
    *,
    candidate_id: int,
    outcome: Outcome,
    actor: User,
    expected_version: int | None,
    now: datetime,
    text: str = "",
    agrees: bool = False,
    next_action: ActionKind | None = None,
    next_action_at: datetime | None = None,
) -> FollowUp:
    """Log a call. Reached, a new candidate becomes `contacted`; who wants no more calls has consent withdrawn.

    `agrees`: who was reached said yes to further calls; of a minor it is not kept.

    Whoever held the person holds them no longer. Without a `next_action` the usual one is planned for the next working
    day: another call, or a mail to who may not be called again. Raises `NotFound`, `VersionConflict`.
    """
    candidate = locked_candidate(candidate_id, actor=actor, expected_version=expected_version)
    before = {name: getattr(candidate, name) for name in OF_CALL}
    if outcome in (Outcome.REACHED, Outcome.NO_MORE_CALLS):
        candidate.reached_at = candidate.last_contact_at = now
    said = _what_was_said(candidate, outcome, agrees, now)
    if candidate.stage in OPEN_STAGES and candidate.stage != Stage.WAITING:
        _plan_after_call(candidate, outcome, next_action, next_action_at, now)
    candidate.claimed_by = candidate.claimed_until = None
    is_answered = candidate.stage == Stage.NEW and outcome == Outcome.REACHED
    if is_answered:
        set_stage(candidate, Stage.CONTACTED, reason="", until=None, now=now)
    save_change(candidate, *(name.removesuffix("_id") for name in OF_CALL))
    kept = as_json({name: value for name, value in before.items() if value != getattr(candidate, name)})
    call = record(
        candidate, FollowUpKind.CALL, actor=actor, now=now, text=text, outcome=outcome, before=kept, said=said
    )
    if is_answered:
        record_move(candidate, before["stage"], before["stage_at"], actor=actor, now=now)
    return call


def _what_was_said(candidate: Candidate, outcome: str, agrees: bool, now: datetime) -> list[int]:
    """Yes or no to further calls; the ids of the words."""
    by_phone: dict[str, Any] = {"method": ConsentMethod.PHONE, "now": now}
    if outcome == Outcome.NO_MORE_CALLS:
        words = consents.say(candidate, [Purpose.PHONE], given=False, **by_phone)
    elif agrees and outcome == Outcome.REACHED and not is_minor(candidate.birth_date, timezone.localdate(now)):
        words = consents.say(candidate, [Purpose.PHONE], given=True, **by_phone)
    else:
        words = []
    return [word.pk for word in words]


def _plan_after_call(
    candidate: Candidate, outcome: str, action: ActionKind | None, at: datetime | None, now: datetime
) -> None:
    is_refused = outcome in (Outcome.NO_MORE_CALLS, Outcome.WRONG_NUMBER)
    usual = ActionKind.WRITE if is_refused else next_contact(candidate, now)
    note = candidate.next_action_note if outcome in FAILED_ATTEMPTS and action is None else ""  # still to be done
    set_action(candidate, action or usual, at or working_days_after(now, 1), note)


# --- taken back -----------------------------------------------------------------------------------------------------
@transaction.atomic
def take_back_outcome(*, call_id: int, actor: User, now: datetime) -> Candidate:
    """Let a candidate be as they were before the actor's last call: stage, what is to do next, who held them, what was
    said on calls. The lines of the call stay, marked, and count nowhere.

    Raises `NotFound`, `NotAllowed` (another's call or an older one, too late, something has happened since).
    """
    call = FollowUp.objects.filter(pk=call_id, kind=FollowUpKind.CALL).first()
    if call is None:
        raise NotFound(_("There is no such call."))
    candidate = locked_candidate(call.candidate_id, actor=actor)
    lines = [call.pk, *_moves_of(call).values_list("pk", flat=True)]
    _require_may_take_back(candidate, call, lines, actor, now)
    fields = give_back(candidate, _still_theirs(call.data["before"], actor))
    if is_held_by(candidate, actor, now):
        let_others_go(candidate, actor, now)
    Consent.objects.bulk_create(list(_words_before(candidate, call, now)))
    save_change(candidate, *fields)
    FollowUp.objects.filter(pk__in=lines).update(taken_back_at=now)
    record(candidate, FollowUpKind.UNDO, actor=actor, now=now, call=call.pk)
    keep_progress([candidate.pk])
    return candidate


def _still_theirs(before: dict[str, Any], actor: User) -> dict[str, Any]:
    """Without another's claim: they may have taken somebody else since."""
    is_own = before.get("claimed_by_id") in (None, actor.pk)
    return {name: value for name, value in before.items() if is_own or not name.startswith("claimed_")}


def _moves_of(call: FollowUp) -> QuerySet[FollowUp]:
    """The move of the stage that the call brought with it."""
    own = {"candidate": call.candidate_id, "version": call.version, "at": call.at}
    return FollowUp.objects.filter(kind=FollowUpKind.STAGE, pk__gt=call.pk, **own)


def _require_may_take_back(candidate: Candidate, call: FollowUp, lines: list[int], actor: User, now: datetime) -> None:
    calls = FollowUp.objects.standing().filter(actor=actor, kind=FollowUpKind.CALL)
    if call.actor_id != actor.pk or "before" not in call.data or calls.filter(pk__gt=call.pk).exists():
        raise NotAllowed(_("Only the last call that you logged yourself can be taken back."))
    if now > call.at + TAKEN_BACK_WITHIN:
        raise NotAllowed(_("It is too late to take this call back: correct the sheet instead."))
    came_after = candidate.follow_ups.filter(pk__gt=call.pk).exclude(pk__in=lines)
    if candidate.version != call.version or came_after.exists() or is_held_by_another(candidate, actor, now):
        raise NotAllowed(_("Something has happened on this sheet since: the call stays as it is."))


def _words_before(candidate: Candidate, call: FollowUp, now: datetime) -> Iterator[Consent]:
    """What held on calls before, said again: a word is never deleted."""
    if said := call.data["said"]:
        earlier = candidate.consents.filter(purpose=Purpose.PHONE).exclude(pk__in=said).order_by("-at", "-pk").first()
        yield Consent(
            candidate=candidate,
            purpose=Purpose.PHONE,
            given=earlier is not None and earlier.given,
            text_version=earlier.text_version if earlier else consents.TEXT_VERSION,
            method=earlier.method if earlier else ConsentMethod.PHONE,
            at=now,
            expires_at=earlier.expires_at if earlier else None,
        )
