"""Times at which a team calls back: opened by recruiters, chosen by candidates on their page."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from leads.choices import OPEN_STAGES, ActionKind, FollowUpKind, Stage
from leads.errors import NotAllowed, NotFound
from leads.models import CallBooking, CallSlot, Candidate, Team
from leads.policies import can_be_called
from leads.services.candidates import set_action
from leads.services.timeline import locked_candidate, record, save_change
from leads.stages import ANSWER_WITHIN, working_days_after
from recruitment.holidays import is_working_day

OFFERED = 12  # times shown to one candidate: two evenings' worth
LONGEST_RUN = 92  # days: a quarter at once


@transaction.atomic
def open_call_slots(
    *, team: Team, first: date, last: date, start: time, end: time, minutes: int, capacity: int, actor: User
) -> int:
    """Open times of `minutes` each, from `start` to `end` on each working day from `first` to `last`; how many are new.

    Those that are there already stay as they are. Raises `NotFound` (not the actor's team), `NotAllowed` (over a
    quarter at once, no whole stretch in between).
    """
    if not (actor.is_superuser or team.members.filter(pk=actor.pk).exists()):
        raise NotFound(_("There is no such team."))
    if not first <= last <= first + timedelta(days=LONGEST_RUN):
        raise NotAllowed(_("Choose a last day after the first, three months later at most."))
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    slots = [
        CallSlot(team=team, starts_at=at, ends_at=at + timedelta(minutes=minutes), capacity=capacity)
        for day in days
        if is_working_day(day)
        for at in _starts(day, start, end, minutes)
    ]
    if not slots:
        raise NotAllowed(_("No time fits in between: choose a later end or shorter times."))
    before = CallSlot.objects.filter(team=team).count()
    CallSlot.objects.bulk_create(slots, ignore_conflicts=True)
    return CallSlot.objects.filter(team=team).count() - before


def _starts(day: date, start: time, end: time, minutes: int) -> list[datetime]:
    at = timezone.make_aware(datetime.combine(day, start))
    close = timezone.make_aware(datetime.combine(day, end))
    length = timedelta(minutes=minutes)
    return [at + n * length for n in range((close - at) // length)] if close > at else []


@dataclass(frozen=True, slots=True)
class CallTimes:
    """What a candidate may choose: `chosen` holds already, `free` come next; `are_taken`: all that are to come are."""

    chosen: CallSlot | None = None
    free: list[CallSlot] = field(default_factory=list)
    are_taken: bool = False


def call_times(candidate: Candidate, now: datetime) -> CallTimes:
    """The times of the candidate's team; none for who may not be called or has nothing open. Three queries at most."""
    if not _may_choose(candidate, now):
        return CallTimes()
    of_team = CallSlot.objects.filter(team=candidate.team_id)
    chosen = of_team.chosen_by(candidate)
    free = list(of_team.free_at(now).order_by("starts_at")[:OFFERED])
    is_to_call = candidate.next_action == ActionKind.CALL
    return CallTimes(chosen, free, is_to_call and not free and of_team.filter(starts_at__gt=now).exists())


def _may_choose(candidate: Candidate, now: datetime) -> bool:
    is_open = candidate.stage in OPEN_STAGES and candidate.stage != Stage.WAITING
    return is_open and can_be_called(candidate, now)


@transaction.atomic
def choose_call_slot(*, candidate_id: int, slot_id: int, now: datetime) -> CallSlot:
    """Plan the candidate's call at a time of their choice, instead of what was planned.

    Raises `NotFound`, `NotAllowed` (taken meanwhile, past, or they are not to be called).
    """
    slot = CallSlot.objects.select_for_update().filter(pk=slot_id).first()  # before the candidate: who choose it queue
    candidate = locked_candidate(candidate_id, actor=None)
    if slot is None or slot.team_id != candidate.team_id:
        raise NotFound(_("There is no such time."))
    if CallSlot.objects.filter(pk=slot_id).chosen_by(candidate):
        return slot
    if not _may_choose(candidate, now):
        raise NotAllowed(_("No call is planned for you at present: send us a request first."))
    if not CallSlot.objects.free_at(now).filter(pk=slot_id).exists():
        raise NotAllowed(_("This time has just been taken: choose another."))
    CallBooking.objects.update_or_create(slot=slot, candidate=candidate, defaults={"at": now})
    _plan(candidate, slot.starts_at, now, chosen=True)
    return slot


@transaction.atomic
def give_up_call_slot(*, candidate_id: int, now: datetime) -> bool:
    """No time suits: the call comes within two working days instead; whether a choice was given up."""
    candidate = locked_candidate(candidate_id, actor=None)
    if CallSlot.objects.chosen_by(candidate) is None:
        return False
    _plan(candidate, working_days_after(now, max(ANSWER_WITHIN.values())), now, chosen=False)
    return True


def _plan(candidate: Candidate, at: datetime, now: datetime, *, chosen: bool) -> None:
    set_action(candidate, ActionKind.CALL, at, _("Time chosen by the candidate") if chosen else "")
    save_change(candidate, "next_action", "next_action_at", "next_action_note")
    planned = {"action": ActionKind.CALL, "due_at": at.isoformat()}
    record(candidate, FollowUpKind.NEXT_ACTION, actor=None, now=now, **planned)
