"""The employer, its teams and absences, its contests and their sessions."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils import timezone

from leads.choices import SessionStatus

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from leads.models import Absence, Contest, ContestSession, Organisation, Team  # noqa: F401


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def current(self) -> Organisation:
        """The one row; every `migrate` sees to it."""
        return self.get(pk=1)


class TeamQuerySet(models.QuerySet["Team"]):
    def default(self) -> Team:
        """The team of whom no other has; every `migrate` sees to it and no service deletes it."""
        return self.get(is_default=True)

    def of(self, user: User) -> TeamQuerySet:
        return self.filter(members=user.pk)


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def on(self, day: date) -> AbsenceQuerySet:
        return self.filter(Q(until__isnull=True) | Q(until__gte=day), since__lte=day)


class ContestSessionQuerySet(models.QuerySet["ContestSession"]):
    def open_at(self, now: datetime) -> ContestSessionQuerySet:
        """Sessions that take registrations on that day; an unknown first or last day does not close one."""
        day = timezone.localdate(now)
        begun = Q(opens_on__isnull=True) | Q(opens_on__lte=day)
        running = Q(closes_on__isnull=True) | Q(closes_on__gte=day)
        return self.filter(begun & running, status=SessionStatus.OPEN)


class ContestQuerySet(models.QuerySet["Contest"]):
    def with_sessions(self) -> ContestQuerySet:
        return self.select_related("same_rules_as").prefetch_related("sessions")
