"""Requests, and what is counted of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, TruncWeek

from leads.cohorts import PERSON, file_step, first_answer_at, merged
from leads.found import found_in
from leads.references import read_reference, read_tail
from leads.row_filters import LEAD_FILTERS
from leads.scope import team_ids_of

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from leads.models import Lead  # noqa: F401


NEVER = models.Value(datetime.max.replace(tzinfo=UTC), output_field=models.DateTimeField())


class LeadQuerySet(models.QuerySet["Lead"]):
    def counted(self) -> LeadQuerySet:
        """What the figures count: all but spam."""
        return self.filter(is_spam=False)

    def between(self, first: date, last: date) -> LeadQuerySet:
        return self.filter(day__range=(first, last))

    def in_scope_of(self, user: User) -> LeadQuerySet:
        return self if user.is_superuser else self.filter(team__in=team_ids_of(user))

    def found_by(self, typed: str) -> LeadQuerySet:
        return found_in(self, typed, "receipts") if typed else self

    def of_person(self, candidate_id: int) -> LeadQuerySet:
        """Those of somebody and of everybody who was merged into them."""
        return self.filter(Q(candidate=candidate_id) | Q(candidate__merged_into=candidate_id))

    def by_person(self) -> LeadQuerySet:
        """With the `person` who sent each; somebody merged is whom they were merged into, an erased person nobody."""
        return self.annotate(merged=merged(), person=PERSON)

    def behind(self) -> LeadQuerySet:
        """Those on which first answer or step of the file are other than what their person's rows say.

        An erasure closes files, whatever they had come to: of who was erased, what was kept before is what holds.
        """
        answer, kept = Coalesce(first_answer_at(), NEVER), Coalesce("answered_at", NEVER)
        read = self.filter(candidate__isnull=False, candidate__erased_at__isnull=True).annotate(
            answer=answer, kept=kept, step=file_step()
        )
        return read.filter(~Q(file_step=F("step")) | ~Q(kept=F("answer")))

    def one_a_person(self) -> LeadQuerySet:
        """Of these leads the first that each person sent."""
        firsts = self.order_by().by_person().exclude(candidate=None).values("person")  # type: ignore[misc]
        return self.filter(pk__in=firsts.annotate(first=models.Min("pk")).values("first"))

    def of_newcomers(self, since: date | str) -> LeadQuerySet:
        """The leads of people who had sent none that counts before that day, or the one in a column."""
        counted = self.model._default_manager.filter(is_spam=False)
        # The first day of each and not whether one is earlier: PostgreSQL would hash all the leads there ever were.
        own = models.Subquery(counted.filter(candidate=OuterRef("person")).order_by("day").values("day")[:1])
        first, before = (F(since), OuterRef(since)) if isinstance(since, str) else (since, since)
        of_merged = Exists(counted.filter(candidate__merged_into=OuterRef("person"), day__lt=before))
        told = self.by_person().annotate(first_day=Coalesce(own, "day"))
        return told.filter(~of_merged, candidate__isnull=False, first_day__gte=first)

    def with_reference(self, typed: str) -> LeadQuerySet:
        """Those of one reference, typed with its prefix or without; none where it is no whole one."""
        if tail := read_tail(typed):
            return self.filter(receipts__tail=tail)
        return self.filter(receipts__reference=read_reference(typed))

    def with_value(self, dimension: str, key: str) -> LeadQuerySet:
        """The leads behind one figure of the weekly report: `key` as its rows name it."""
        return self.filter(LEAD_FILTERS[dimension](key))


class CountQuerySet(models.QuerySet):
    def per_week(self, dimension: Combinable, values: Sequence[Combinable]) -> CountQuerySet:
        """(dimension, Monday, kind, *values, leads) of these rows: as expressions, which two tables may have alike."""
        named = {f"value_{number}": value for number, value in enumerate(values)}
        weekly = self.annotate(of=dimension, week=TruncWeek("day"), **named)
        return weekly.order_by().values_list("of", "week", "kind", *named).annotate(models.Sum("leads"))

    def per_day(self, value: str) -> CountQuerySet:
        """(day, value, kind, leads), `value` a column that holds it."""
        daily = self.annotate(counted=F(value))
        return daily.order_by().values_list("day", "counted", "kind").annotate(models.Sum("leads"))
