from django.db import models
from django.db.models import Q

from leads.choices import AgeBand, Dimension, LeadKind
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


class CountDelta(models.Model):
    """What a lead adds to the counts (or takes from them), until it is folded into the days' rows."""

    day = models.DateField()
    kind = models.CharField(max_length=17, choices=LeadKind)
    all = models.CharField(max_length=1, default="", blank=True)
    region = models.CharField(max_length=20)
    department = models.CharField(max_length=20)
    source = models.CharField(max_length=20)
    contest = models.CharField(max_length=20)
    room = models.CharField(max_length=20)
    age_band = models.CharField(max_length=20, choices=AgeBand)
    leads = models.SmallIntegerField()

    objects = CountQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(leads=0), name="delta_changes_something")]

    def __str__(self) -> str:
        return f"{self.day}: {self.leads}"
