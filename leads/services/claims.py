"""Who is called by whom: a person is held for a quarter of an hour, so that nobody else calls them meanwhile."""

from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from leads.choices import RUNNING_STAGES, ActionKind
from leads.errors import NotAllowed
from leads.models import Candidate
from leads.querysets import CandidateQuerySet
from leads.services.assignment import Judged
from leads.services.timeline import locked_candidate
from leads.stages import end_of_office_day

LEASE = timedelta(minutes=15)


def end_of_day(now: datetime) -> datetime:
    return timezone.localtime(now).replace(hour=23, minute=59, second=59, microsecond=999999)


def take_next(*, actor: User, now: datetime) -> Candidate | None:
    """Hold the next person to call for `LEASE`: whom the actor holds, else the longest due; None: nobody is left.

    Offered are the actor's own and their teams' free ones whose call is due and allowed, and whom nobody holds. What is
    due by the end of the office day may be done all day; another hour was agreed on, and nobody is called before it.
    Whoever the actor has just passed on is not offered to them again for the time of a lease.
    """
    held = Candidate.objects.claimed_by_at(actor, now).first()
    if held is not None:
        return held
    while True:
        with transaction.atomic():
            candidate = _first_free(actor, now)
            if candidate is None or _claim(candidate, actor, now):
                return candidate


def next_offered(*, actor: User, now: datetime) -> Candidate | None:
    """Whom `take_next` would hold at this moment, held by nobody yet: somebody else may be faster."""
    return _offered(actor, now).first()


def _first_free(actor: User, now: datetime) -> Candidate | None:
    """Locked where the database can: those whom others are taking at this moment are left out without waiting."""
    return _offered(actor, now).select_for_update(skip_locked=True, of=("self",), no_key=True).first()


def _offered(actor: User, now: datetime) -> CandidateQuerySet:
    by_now = Q(next_action_at__lte=now) | Q(next_action_at=end_of_office_day(timezone.localdate(now)))
    due = Candidate.objects.on_plate_of(actor, end_of_day(now)).filter(by_now)
    to_call = due.filter(stage__in=RUNNING_STAGES, next_action=ActionKind.CALL).callable_at(now)
    passed = {"claimed_by": actor.pk, "claimed_until__gt": now - LEASE}
    return to_call.unclaimed_at(now).exclude(**passed).order_by("next_action_at", "pk")


def _claim(candidate: Candidate, actor: User, now: datetime) -> bool:
    """By a condition, for databases without row locks; False: somebody was faster."""
    candidate.claimed_by, candidate.claimed_until = actor, now + LEASE
    free = Candidate.objects.unclaimed_at(now).filter(pk=candidate.pk)
    return free.update(claimed_by=actor, claimed_until=candidate.claimed_until) == 1


@transaction.atomic
def take(*, candidate_id: int, actor: User, now: datetime) -> Candidate:
    """Hold one person, whoever is due, and nobody else. Raises `NotFound`, `NotAllowed` (a colleague holds them)."""
    candidate = locked_candidate(candidate_id, actor=actor)
    if is_held_by_another(candidate, actor, now):
        raise NotAllowed(_("A colleague is calling them at this moment."))
    let_others_go(candidate, actor, now)
    candidate.claimed_by, candidate.claimed_until = actor, now + LEASE
    candidate.save(update_fields=["claimed_by", "claimed_until"])
    return candidate


def let_others_go(candidate: Candidate, actor: User, now: datetime) -> None:
    """Nobody holds two."""
    others = Candidate.objects.claimed_by_at(actor, now).exclude(pk=candidate.pk)
    others.update(claimed_by=None, claimed_until=None)


def is_held(candidate: Judged, now: datetime) -> bool:
    return candidate.claimed_by_id is not None and candidate.claimed_until is not None and candidate.claimed_until > now


def is_held_by(candidate: Candidate, user: User, now: datetime) -> bool:
    return is_held(candidate, now) and candidate.claimed_by_id == user.pk


def is_held_by_another(candidate: Judged, user: User, now: datetime) -> bool:
    return is_held(candidate, now) and candidate.claimed_by_id != user.pk


def pass_on(*, candidate_id: int, actor: User, now: datetime) -> bool:
    """Give a person back by hand, for others to call; whether the actor held them. Who did stays known for a lease."""
    return Candidate.objects.claimed_by_at(actor, now).filter(pk=candidate_id).update(claimed_until=now) == 1
