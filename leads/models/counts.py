from django.conf import settings
from django.db import models
from django.db.models import Q

from leads.choices import AgeBand, Dimension, LeadKind, Restated
from leads.querysets import CountQuerySet


class DailyCount(models.Model):
    """Leads of one day with one value of one dimension and of one kind: what the weekly report reads.

    `value`: a code (region, département, age band) or the id of a row (source, contest, room); see `leads.counts`.
    """

    day = models.DateField()
    dimension = models.CharField(max_length=10, choices=Dimension)
    value = models.CharField(max_length=20)
    kind = models.CharField(max_length=17, choices=LeadKind)
    leads = models.IntegerField()

    objects = CountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dimension", "day", "value", "kind"], name="count_once"),
            models.CheckConstraint(condition=Q(dimension__in=Dimension.values), name="count_dimension_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.dimension} {self.value}: {self.leads}"


class VisitCount(models.Model):
    """How many visits began in one hour of a day, by the site's clock, by one source: nothing else is kept of them.

    `source`: the id of a row, or `unknown`, as `DailyCount` has it.
    """

    day = models.DateField()
    hour = models.PositiveSmallIntegerField()
    source = models.CharField(max_length=20)
    visits = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "hour", "source"], name="visit_count_once"),
            models.CheckConstraint(condition=Q(hour__lt=24), name="visit_hour_is_of_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.day}, {self.hour}: {self.visits}"


class FrozenWeek(models.Model):
    """A version of one week's figures: the first as frozen on the Monday after, another for each change since.

    `values`: {dimension: {value: leads}}, with the values of `DailyCount`. Distinct people do not add up over days and
    go with an erasure, so they are kept here. Written once; the newest version is what is counted.
    """

    monday = models.DateField()
    version = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    information = models.PositiveIntegerField()
    registration_file = models.PositiveIntegerField()
    people = models.PositiveIntegerField()
    newcomers = models.PositiveIntegerField()
    values = models.JSONField(default=dict)
    reason = models.CharField(max_length=10, choices=Restated, blank=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["monday", "version"]
        constraints = [
            models.UniqueConstraint(fields=["monday", "version"], name="frozen_week_once_a_version"),
            models.CheckConstraint(
                condition=Q(version=1, reason="") | Q(version__gt=1, reason__in=Restated.values),
                name="frozen_week_changes_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.monday}, {self.version}"

    @property
    def total(self) -> int:
        return self.information + self.registration_file


class CountDelta(models.Model):
    """What a lead adds to the counts (or takes from them), until it is folded into the days' rows."""

    day = models.DateField()
    kind = models.CharField(max_length=17, choices=LeadKind)
    all = models.CharField(max_length=1, default="", blank=True)
    region = models.CharField(max_length=20)
    department = models.CharField(max_length=20)
    source = models.CharField(max_length=20)
    contest = models.CharField(max_length=20)
    session = models.CharField(max_length=20, default="none")
    room = models.CharField(max_length=20)
    age_band = models.CharField(max_length=20, choices=AgeBand)
    leads = models.SmallIntegerField()

    objects = CountQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(leads=0), name="delta_changes_something")]

    def __str__(self) -> str:
        return f"{self.day}: {self.leads}"
