"""What recruiters do with a candidate."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from leads.batch_words import Why
from leads.choices import (
    OPEN_STAGES,
    ActionKind,
    FollowUpKind,
    Stage,
)
from leads.errors import NotAllowed, NotFound
from leads.identity import name_key
from leads.models import Candidate, FollowUp, Team
from leads.policies import can_be_called
from leads.services.duplicates import keys_of, look_again
from leads.services.timeline import derive, locked_candidate, record, save_change
from leads.stages import why_not_move, why_not_plan, working_days_after

CORRECTABLE = (
    "first_name",
    "last_name",
    "email",
    "phone",
    "postal_code",
    "is_abroad",
    "birth_date",
    "diploma_level",
    "situation",
)

OF_ACTION = ("next_action", "next_action_at", "next_action_note")
OF_STAGE = ("stage", "stage_before", "stage_at", "closed_reason", *OF_ACTION)


@transaction.atomic
def move_candidate(
    *,
    candidate_id: int,
    to: Stage,
    actor: User | None,
    expected_version: int | None,
    now: datetime,
    reason: str = "",
    until: datetime | None = None,
) -> Candidate:
    """Move to another stage: `closed` needs a `reason`, `waiting` the time `until` which.

    Raises `NotAllowed` (no such move, `unreachable` without three attempts on two days), `NotFound`, `VersionConflict`.
    """
    candidate = locked_candidate(candidate_id, actor=actor, expected_version=expected_version)
    require_move(candidate, to, reason=reason, until=until, now=now)
    change_stage(candidate, to, reason=reason, until=until, actor=actor, now=now)
    return candidate


def require_move(candidate: Candidate, to: str, *, reason: str, until: datetime | None, now: datetime) -> None:
    why = why_not_move(
        candidate.stage, to, reason=reason, until=until, now=now, attempts=partial(failed_attempts, candidate)
    )
    if why:
        raise NotAllowed(why.label)


def failed_attempts(candidate: Candidate) -> list[datetime]:
    """When somebody tried to call in vain, since the candidate was last reached."""
    calls = candidate.follow_ups.failed_attempts()
    if candidate.reached_at:
        calls = calls.filter(at__gt=candidate.reached_at)
    return list(calls.values_list("at", flat=True))


def change_stage(
    candidate: Candidate,
    to: str,
    *,
    actor: User | None,
    now: datetime,
    reason: str = "",
    until: datetime | None = None,
) -> None:
    """The move itself, on a locked row: stage, its time, what is to do next, and a line in the timeline."""
    before, since = candidate.stage, candidate.stage_at
    set_stage(candidate, to, reason=reason, until=until, now=now)
    save_change(candidate, *OF_STAGE)
    record_move(candidate, before, since, reason=reason, actor=actor, now=now)


def record_move(
    candidate: Candidate, start: str, since: datetime, *, actor: User | None, now: datetime, reason: str = ""
) -> None:
    """The line of a move from `start`, where the candidate had been `since`."""
    data: dict[str, Any] = {
        "start": start,
        "to": candidate.stage,
        "reason": reason,
        "seconds": round((now - since).total_seconds()),
    }
    record(candidate, FollowUpKind.STAGE, actor=actor, now=now, **data)


def set_stage(candidate: Candidate, to: str, *, reason: str, until: datetime | None, now: datetime) -> None:
    """Change the fields `OF_STAGE`, and write nothing."""
    candidate.stage_before, candidate.stage, candidate.stage_at = candidate.stage, to, now
    candidate.closed_reason = reason if to == Stage.CLOSED else ""
    _set_action_for_stage(candidate, until, now)


def _set_action_for_stage(candidate: Candidate, until: datetime | None, now: datetime) -> None:
    if candidate.stage == Stage.WAITING:
        set_action(candidate, ActionKind.RESUME, until)
    elif candidate.stage not in OPEN_STAGES:
        set_action(candidate, "", None)
    elif candidate.next_action in ("", ActionKind.RESUME):
        set_action(candidate, usual_action(candidate), working_days_after(now, 1))


def usual_action(candidate: Candidate) -> ActionKind:
    return ActionKind.CALL if candidate.phone else ActionKind.WRITE


def set_action(candidate: Candidate, kind: str, at: datetime | None, note: str = "") -> None:
    candidate.next_action, candidate.next_action_at, candidate.next_action_note = kind, at, note


def ask_for_action(candidate: Candidate, kind: ActionKind, due_at: datetime, *, now: datetime, note: str = "") -> None:
    """Have something done by `due_at`, for somebody who turned to us; what is planned sooner comes first.

    Who is closed is open again, and who waits waits no longer. Changes the fields `OF_STAGE`, and writes nothing.
    """
    if candidate.stage == Stage.CLOSED:
        candidate.stage, candidate.closed_reason, candidate.stage_at = Stage.NEW, "", now
    is_later = candidate.next_action_at is None or candidate.next_action_at > due_at
    if is_later or candidate.next_action == ActionKind.RESUME:
        set_action(candidate, kind, due_at, note)
    elif not candidate.next_action_note:
        candidate.next_action_note = note  # what comes first says what else is waited for
    if candidate.stage == Stage.WAITING:
        candidate.stage, candidate.stage_at = candidate.stage_before, now


@transaction.atomic
def plan_next_action(
    *,
    candidate_id: int,
    kind: ActionKind,
    at: datetime,
    actor: User,
    expected_version: int | None,
    now: datetime,
    note: str = "",
) -> Candidate:
    """Say what is to do next and when, instead of what was planned.

    Raises `NotAllowed`, `NotFound`, `VersionConflict`.
    """
    candidate = locked_candidate(candidate_id, actor=actor, expected_version=expected_version)
    if why := why_not_plan(candidate.stage, kind):
        raise NotAllowed(why.label)
    set_action(candidate, kind, at, note)
    save_change(candidate, "next_action", "next_action_at", "next_action_note")
    record(candidate, FollowUpKind.NEXT_ACTION, actor=actor, now=now, text=note, action=kind, due_at=at.isoformat())
    return candidate


def next_contact(candidate: Candidate, now: datetime) -> ActionKind:
    """A call to whom it is allowed, else a mail where there is an address."""
    return ActionKind.WRITE if candidate.email and not can_be_called(candidate, now) else ActionKind.CALL


@transaction.atomic
def add_note(*, candidate_id: int, text: str, actor: User, now: datetime) -> FollowUp:
    """Write a note. It changes nothing else, so it never conflicts. Raises `NotFound`."""
    candidate = locked_candidate(candidate_id, actor=actor)
    return record(candidate, FollowUpKind.NOTE, actor=actor, now=now, text=text)


@transaction.atomic
def correct_candidate(
    *, candidate_id: int, values: dict[str, Any], actor: User | None, expected_version: int | None, now: datetime
) -> Candidate:
    """Correct the record: `values` of `CORRECTABLE` fields. What they were stays in the timeline.

    Raises `NotAllowed` (the e-mail, or phone and name without one, are another's), `NotFound`, `VersionConflict`.
    """
    candidate = locked_candidate(candidate_id, actor=actor, expected_version=expected_version)
    _require_free(candidate, values)
    correct(candidate, values, kind=FollowUpKind.CORRECTION, actor=actor, now=now)
    return candidate


def _require_free(candidate: Candidate, values: dict[str, Any]) -> None:
    said = {name: values.get(name, getattr(candidate, name)) for name in ("email", "phone", "first_name", "last_name")}
    others = Candidate.objects.current().exclude(pk=candidate.pk)
    if values.get("email") and others.filter(email=said["email"]).exists():
        raise NotAllowed(_("Another candidate has this e-mail."))
    key = name_key(said["first_name"], said["last_name"])
    if said["phone"] and not said["email"] and others.filter(email="", phone=said["phone"], name_key=key).exists():
        raise NotAllowed(_("Another candidate has this phone and this name: compare the two sheets."))


def correct(
    candidate: Candidate, values: dict[str, Any], *, kind: FollowUpKind, actor: User | None, now: datetime
) -> bool:
    """Change what differs, on a locked row, and record it; whether anything did."""
    before = {field: getattr(candidate, field) for field in CORRECTABLE}
    changed = {f: v for f, v in values.items() if f in CORRECTABLE and before[f] != v}
    if not changed:
        return False
    keys = keys_of(candidate)
    for field, value in changed.items():
        setattr(candidate, field, value)
    if "email" in changed:
        candidate.verified_at = None
    save_change(candidate, *changed, *derive(candidate), "verified_at")
    look_again(keys ^ keys_of(candidate), now=now)
    fields = {field: [_plain(before[field]), _plain(value)] for field, value in changed.items()}
    record(candidate, kind, actor=actor, now=now, fields=fields)
    return True


def _plain(value: object) -> object:
    return value if isinstance(value, bool | str | None) else str(value)


@transaction.atomic
def accept_proposal(
    *, follow_up_id: int, fields: Iterable[str], actor: User, expected_version: int | None, now: datetime
) -> Candidate:
    """Take over `fields` of what a later request said otherwise; the others stay as they are.

    Raises `NotFound`, `VersionConflict`, `NotAllowed` (the e-mail is another's, somebody has decided already).
    """
    proposal = _proposal(follow_up_id)
    said = proposal.data["fields"]
    taken = [field for field in fields if field in said]
    candidate = correct_candidate(
        candidate_id=proposal.candidate_id,
        values={field: _read(field, said[field][1]) for field in taken},
        actor=actor,
        expected_version=expected_version,
        now=now,
    )
    _decide(candidate, proposal, taken, actor, now)
    return candidate


@transaction.atomic
def refuse_proposal(*, follow_up_id: int, actor: User, now: datetime) -> Candidate:
    """Leave the record as it is. Raises `NotFound`, `NotAllowed` (somebody has decided already)."""
    proposal = _proposal(follow_up_id)
    candidate = locked_candidate(proposal.candidate_id, actor=actor)
    _decide(candidate, proposal, [], actor, now)
    return candidate


def _proposal(follow_up_id: int) -> FollowUp:
    found = FollowUp.objects.filter(pk=follow_up_id, kind=FollowUpKind.PROPOSAL, data__has_key="fields").first()
    if found is None:
        raise NotFound(_("There is no such proposal."))
    return found


def _decide(candidate: Candidate, proposal: FollowUp, taken: list[str], actor: User, now: datetime) -> None:
    """A proposal is decided once; the candidate is locked."""
    if candidate.follow_ups.filter(kind=FollowUpKind.PROPOSAL, data__decides=proposal.pk).exists():
        raise NotAllowed(_("Somebody has decided on this proposal already."))
    record(candidate, FollowUpKind.PROPOSAL, actor=actor, now=now, decides=proposal.pk, taken=taken)


def _read(field: str, value: str) -> object:
    return parse_date(value) if field == "birth_date" else value


@transaction.atomic
def assign_candidate(
    *, candidate_id: int, to: User | None, actor: User, expected_version: int | None, now: datetime
) -> Candidate:
    """Give one candidate to a member of their team (None: back to the team).

    Raises `NotAllowed` (no member), `NotFound`, `VersionConflict`.
    """
    candidate = locked_candidate(candidate_id, actor=actor, expected_version=expected_version)
    if to is not None and not candidate.team.members.filter(pk=to.pk).exists():
        raise NotAllowed(Why.NO_MEMBER.label)
    assign_candidates(candidate_ids=[candidate.pk], to=to, actor=actor, now=now)
    return candidate


@transaction.atomic
def assign_candidates(*, candidate_ids: Iterable[int], to: User | None, actor: User, now: datetime) -> int:
    """Give candidates to a member of their team (None: back to the team); how many changed hands.

    Those of other teams than the actor's, or than the receiver's, stay as they are.
    """
    theirs = Candidate.objects.current().in_scope_of(actor).filter(pk__in=list(candidate_ids))
    if to is None:
        theirs = theirs.filter(owner__isnull=False)
    else:
        theirs = theirs.filter(team__in=Team.objects.filter(members=to.pk)).exclude(owner=to.pk)
    locked = theirs.order_by("pk").select_for_update(no_key=True, of=("self",))
    people = {candidate.pk: candidate for candidate in locked}
    Candidate.objects.filter(pk__in=people).update(owner=to, version=F("version") + 1)
    FollowUp.objects.bulk_create(_handed_over(candidate, to, actor, now) for candidate in people.values())
    return len(people)


@transaction.atomic
def take_on(*, count: int, actor: User, now: datetime) -> int:
    """Give `actor` the `count` people of their teams who have waited longest for somebody; how many there were.

    Two who take at once are given different people, where the database has row locks.
    """
    waiting = Candidate.objects.untaken_of(actor).select_for_update(skip_locked=True, no_key=True, of=("self",))
    ids = [candidate.pk for candidate in waiting[:count]]
    return assign_candidates(candidate_ids=ids, to=actor, actor=actor, now=now)


def _handed_over(candidate: Candidate, to: User | None, actor: User, now: datetime) -> FollowUp:
    who: dict[str, int | None] = {"from": candidate.owner_id, "to": to.pk if to else None}
    return FollowUp(
        candidate=candidate,
        kind=FollowUpKind.ASSIGNMENT,
        actor=actor,
        at=now,
        data=who,
        version=candidate.version + 1,
    )


def resume_candidates(*, now: datetime) -> int:
    """Take up again those whose day has come; how many."""
    waiting = list(Candidate.objects.resuming(now).values_list("pk", flat=True)[:500])
    return sum(_resume(candidate_id, now) for candidate_id in waiting)


@transaction.atomic
def _resume(candidate_id: int, now: datetime) -> bool:
    candidate = locked_candidate(candidate_id, actor=None)
    if candidate.stage != Stage.WAITING or candidate.next_action_at is None or candidate.next_action_at > now:
        return False  # somebody else took them up meanwhile
    change_stage(candidate, candidate.stage_before, actor=None, now=now)
    return True
