"""Beside a recruiter's day: what their week came to, what their team has not taken yet, and duplicates to settle."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from statistics import median

from django.contrib.auth.models import User
from django.db.models import Count, Q
from django.utils import timezone

from leads.choices import WAITING_COUNTED_TO, FileStatus, FollowUpKind, Outcome
from leads.comparison import with_people
from leads.models import Candidate, Capacity, DuplicateGroup, FollowUp, Lead
from leads.weeks import monday_before

ANSWERED_OF = timedelta(days=60)  # an answer to what is older is no first contact of this week
NAMED = 3
TAKEN_AT_ONCE = 5  # from the team's queue, by one press


@dataclass(frozen=True, slots=True)
class Week:
    """Since Monday. `first_contact`: the median from a request to its answer, of who is theirs; None: without answers.

    `load` of open sheets, `most` where a capacity is set.
    """

    calls: int
    reached: int
    files_complete: int
    first_contact: timedelta | None
    load: int
    most: int | None


@dataclass(frozen=True, slots=True)
class Queue:
    """New people of the user's teams whom nobody follows: how many (counted so far), since when the first waits."""

    count: int
    since: datetime | None


def week_of(user: User, now: datetime) -> Week:
    """Four queries."""
    monday = timezone.make_aware(datetime.combine(monday_before(timezone.localdate(now)), time.min))
    done = (
        FollowUp.objects.standing()
        .filter(actor=user, at__gte=monday)
        .aggregate(
            calls=Count("pk", filter=Q(kind=FollowUpKind.CALL)),
            reached=Count("pk", filter=Q(kind=FollowUpKind.CALL, outcome=Outcome.REACHED)),
            files_complete=Count("pk", filter=Q(kind=FollowUpKind.FILE, data__to=FileStatus.COMPLETE)),
        )
    )
    return Week(
        **done,
        first_contact=_first_contact(user, monday),
        load=Candidate.objects.current().open().filter(owner=user).count(),
        most=Capacity.objects.filter(member=user).values_list("most", flat=True).first(),
    )


def _first_contact(user: User, monday: datetime) -> timedelta | None:
    theirs = Lead.objects.filter(candidate__owner=user, at__gte=monday - ANSWERED_OF, answered_at__gte=monday)
    waits = [
        (answered - asked).total_seconds() for asked, answered in theirs.values_list("at", "answered_at") if answered
    ]
    return timedelta(seconds=median(waits)) if waits else None


def queue_of(user: User) -> Queue:
    """One query."""
    waiting = Candidate.objects.untaken_of(user).values_list("asked_at", flat=True)[:WAITING_COUNTED_TO]
    asked = list(waiting)
    return Queue(len(asked), asked[0] if asked else None)


def duplicates_for(user: User) -> list[DuplicateGroup]:
    """The newest open groups with their people, `NAMED` at most: two queries."""
    return with_people(DuplicateGroup.objects.open().in_scope_of(user).order_by("-at", "-pk")[:NAMED])
