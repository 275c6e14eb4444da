"""Who follows somebody up: postal code, département, team; then the member with the least load and free capacity.

Nobody free: the team's queue. Capacities are locked by whoever is about to give one of them somebody, so that two who
come at once do not both take the last place.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from leads.models import Absence, Candidate, Capacity, Team, Territory


class Judged(Protocol):
    """What is asked of somebody before an act: a trial run reads these columns and makes no instances."""

    @property
    def pk(self) -> int: ...
    @property
    def version(self) -> int: ...
    @property
    def stage(self) -> str: ...
    @property
    def owner_id(self) -> int | None: ...
    @property
    def team_id(self) -> int: ...
    @property
    def claimed_by_id(self) -> int | None: ...
    @property
    def claimed_until(self) -> datetime | None: ...


JUDGED = ("pk", "version", "stage", "owner_id", "team_id", "claimed_by_id", "claimed_until")


@dataclass(slots=True)
class Seat:
    """A member of a team: open sheets they have, and how many they are given by themselves at most."""

    member: User
    load: int
    most: int
    is_absent: bool

    @property
    def is_free(self) -> bool:
        return not self.is_absent and self.load < self.most


def team_for(department: str) -> Team:
    """The team of a département; the default one where none has it, or where none is known."""
    theirs = Q(territories__department=department) if department else Q(pk__isnull=True)
    return Team.objects.filter(theirs | Q(is_default=True)).order_by("is_default")[:1].get()


def teams_by_department() -> dict[str, int]:
    """{département: team id}, for many at once."""
    return dict(Territory.objects.values_list("department", "team"))


def seats_of(team_id: int, day: date) -> list[Seat]:
    """The members of a team, the least loaded first. One query."""
    held = Candidate.objects.current().open().filter(owner=OuterRef("pk")).order_by().values("owner")
    members = User.objects.filter(teams=team_id, is_active=True).annotate(
        load=Coalesce(Subquery(held.annotate(sheets=Count("pk")).values("sheets")), 0),
        most=Coalesce(F("capacity__most"), 0),
        is_absent=Exists(Absence.objects.on(day).filter(member=OuterRef("pk"))),
    )
    return [Seat(m, m.load, m.most, m.is_absent) for m in members.order_by("load", "pk")]


def free_member(team_id: int, day: date) -> User | None:
    """Who is to be given the next one; None: the team's queue. In a transaction, which holds the capacities."""
    if not _hold(team_id):
        return None
    return next((seat.member for seat in seats_of(team_id, day) if seat.is_free), None)


def _hold(team_id: int) -> bool:
    """Wait for whoever gives these members somebody at this moment; whether any of them has a capacity."""
    held = Capacity.objects.filter(member__teams=team_id).order_by("pk").select_for_update(of=("self",))
    return bool(list(held.values_list("pk", flat=True)))


class Dealer:
    """Deals out many: who is to be given each, counting as it goes. In a transaction."""

    def __init__(self, day: date):
        self.day = day
        self.placed: dict[int, int | None] = {}  # candidate -> member; None: the team's queue
        self._seats: dict[int, list[Seat]] = {}

    def is_followed(self, candidate: Judged) -> bool:
        """Whether a member of their team who is there follows them up."""
        members = {seat.member.pk for seat in self._of(candidate.team_id) if not seat.is_absent}
        return candidate.owner_id in members

    def place(self, candidate: Judged) -> int | None:
        if candidate.pk not in self.placed:
            free = [seat for seat in self._of(candidate.team_id) if seat.is_free]
            seat = min(free, key=lambda seat: seat.load, default=None)
            if seat:
                seat.load += 1
            self.placed[candidate.pk] = seat.member.pk if seat else None
        return self.placed[candidate.pk]

    def _of(self, team_id: int) -> list[Seat]:
        if team_id not in self._seats:
            _hold(team_id)
            self._seats[team_id] = seats_of(team_id, self.day)
        return self._seats[team_id]


@transaction.atomic
def set_territories(*, team_id: int, departments: Iterable[str]) -> None:
    """Make these the départements of a team, whoever had them; candidates who are there already stay where they are."""
    wanted = set(departments)
    Territory.objects.filter(team=team_id).exclude(department__in=wanted).delete()
    for department in sorted(wanted):
        Territory.objects.update_or_create(department=department, defaults={"team_id": team_id})
