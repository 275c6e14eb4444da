from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from leads.models.organisation import Team
from leads.querysets import AbsenceQuerySet


class Territory(models.Model):
    """A département and the team that has it; whoever lives in one that none has goes to the default team."""

    department = models.CharField(_("département"), max_length=3, unique=True)
    team = models.ForeignKey(Team, models.CASCADE, related_name="territories", verbose_name=_("team"))

    class Meta:
        verbose_name = _("département of a team")
        ordering = ["department"]
        constraints = [models.CheckConstraint(condition=~Q(department=""), name="territory_has_a_department")]

    def __str__(self) -> str:
        return self.department


class Capacity(models.Model):
    """How many open sheets a recruiter is given by themselves; who has no row is given none."""

    member = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="capacity", verbose_name=_("recruiter")
    )
    most = models.PositiveSmallIntegerField(_("open sheets at most"))

    class Meta:
        verbose_name = _("capacity")
        verbose_name_plural = _("capacities")

    def __str__(self) -> str:
        return f"{self.member}: {self.most}"


class Absence(models.Model):
    """Days on which a recruiter is given nothing, both included; without a last day until it is told."""

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="absences", verbose_name=_("recruiter")
    )
    since = models.DateField(_("first day"))
    until = models.DateField(_("last day"), null=True, blank=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("absence")
        ordering = ["-since", "-pk"]
        indexes = [models.Index(fields=["member", "since"], name="absence_by_member")]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="absence_ends_after"
            )
        ]

    def __str__(self) -> str:
        return f"{self.member}, {self.since:%Y-%m-%d}"
