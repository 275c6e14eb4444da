from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import TruncWeek
from django.utils import timezone

from leads.choices import ABROAD, NONE, OPEN_STAGES, UNKNOWN, SessionStatus, Stage

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from leads.models import (  # noqa: F401
        Candidate,
        Consent,
        Contest,
        ContestSession,
        CountDelta,
        DailyCount,
        FollowUp,
        Lead,
        Message,
        Organisation,
        RegistrationFile,
        Team,
    )


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def current(self) -> Organisation:
        """The one row; a migration made it."""
        return self.get(pk=1)


class TeamQuerySet(models.QuerySet["Team"]):
    def default(self) -> Team:
        """The team of whom no other has; a migration made it and no service deletes it."""
        return self.get(is_default=True)

    def of(self, user: User) -> TeamQuerySet:
        return self.filter(members=user.pk)


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


class CandidateQuerySet(models.QuerySet["Candidate"]):
    def current(self) -> CandidateQuerySet:
        """Without those merged into another."""
        return self.filter(merged_into__isnull=True)

    def open(self) -> CandidateQuerySet:
        return self.filter(stage__in=OPEN_STAGES)

    def due(self, now: datetime) -> CandidateQuerySet:
        """Whom to act on by now, the longest due first."""
        return self.current().open().filter(next_action_at__lte=now).order_by("next_action_at", "pk")

    def resuming(self, now: datetime) -> CandidateQuerySet:
        """Who waited for a day that has come."""
        return self.current().filter(stage=Stage.WAITING, next_action_at__lte=now)

    def in_scope_of(self, user: User) -> CandidateQuerySet:
        """The candidates of the user's teams: used by lists, search, autocomplete, export and counts alike."""
        if user.is_superuser:
            return self
        return self.filter(team__members=user.pk)

    def matching(self, words: str) -> CandidateQuerySet:
        """Those whose search column holds each word; `words` in lower case without accents."""
        found = self
        for word in words.split():
            found = found.filter(search__contains=word)
        return found


class LeadQuerySet(models.QuerySet["Lead"]):
    def counted(self) -> LeadQuerySet:
        """What the figures count: all but spam."""
        return self.filter(is_spam=False)

    def between(self, first: date, last: date) -> LeadQuerySet:
        return self.filter(day__range=(first, last))

    def in_scope_of(self, user: User) -> LeadQuerySet:
        if user.is_superuser:
            return self
        return self.filter(team__members=user.pk)

    def with_value(self, dimension: str, key: str) -> LeadQuerySet:
        """The leads behind one figure of the weekly report: `key` as its rows name it."""
        return self.filter(LEAD_FILTERS[dimension](key))


def _region(key: str) -> Q:
    return _place("region", key)


def _department(key: str) -> Q:
    return _place("department", key)


def _place(field: str, key: str) -> Q:
    if key == ABROAD:
        return Q(is_abroad=True)
    return Q(is_abroad=False, **{field: "" if key == UNKNOWN else key})


def _source(key: str) -> Q:
    return Q(source__isnull=True) if key == UNKNOWN else Q(source__key=key)


def _contest(key: str) -> Q:
    return Q(contest_session__isnull=True) if key == NONE else Q(contest_session__contest__slug=key)


def _room(key: str) -> Q:
    return Q(room__isnull=True) if key == NONE else Q(room__slug=key)


LEAD_FILTERS: dict[str, Any] = {
    "region": _region,
    "department": _department,
    "source": _source,
    "contest": _contest,
    "room": _room,
    "kind": lambda key: Q(kind=key),
    "age_band": lambda key: Q(age_band=key),
    "team": lambda key: Q(team=key),
}


class ConsentQuerySet(models.QuerySet["Consent"]):
    def holding(self) -> ConsentQuerySet:
        """The newest word on each purpose of each candidate, which is the one that holds."""
        newer = self.model._default_manager.filter(
            candidate=models.OuterRef("candidate"), purpose=models.OuterRef("purpose")
        ).order_by("-at", "-pk")
        return self.filter(pk=models.Subquery(newer.values("pk")[:1]))

    def given_at(self, now: datetime) -> ConsentQuerySet:
        holds = Q(expires_at__isnull=True) | Q(expires_at__gt=now)
        return self.holding().filter(holds, given=True)


class MessageQuerySet(models.QuerySet["Message"]):
    def pending(self) -> MessageQuerySet:
        return self.filter(sent_at__isnull=True, failed_at__isnull=True, suppressed_at__isnull=True)

    def due(self, now: datetime) -> MessageQuerySet:
        """Unsent ones whose time has come and that no worker holds."""
        free = Q(held_until__isnull=True) | Q(held_until__lte=now)
        return self.pending().filter(free, due_at__lte=now)

    def to_recipient_since(self, recipient: str, since: datetime) -> MessageQuerySet:
        return self.filter(recipient=recipient, created_at__gt=since)


class CountQuerySet(models.QuerySet):
    def per_week(self, value: str) -> CountQuerySet:
        """(Monday, value, kind, leads) of these rows, `value` being the column that holds the value."""
        weekly = self.annotate(week=TruncWeek("day"), counted=F(value))
        return weekly.order_by().values_list("week", "counted", "kind").annotate(models.Sum("leads"))
