from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from leads.models.organisation import Team
from leads.models.people import Candidate
from leads.outreach import CallSlotQuerySet


class CallSlot(models.Model):
    """A stretch of time in which a team calls back as many candidates as `capacity`, at their choice."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="call_slots", verbose_name=_("team"))
    starts_at = models.DateTimeField(_("starts at"))
    ends_at = models.DateTimeField(_("ends at"))
    capacity = models.PositiveSmallIntegerField(_("calls at most"), default=1)

    objects = CallSlotQuerySet.as_manager()

    class Meta:
        verbose_name = _("time to be called")
        verbose_name_plural = _("times to be called")
        ordering = ["starts_at"]
        constraints = [
            models.UniqueConstraint(fields=["team", "starts_at"], name="call_slot_once_a_team_and_time"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")),
                name="call_slot_ends_after_it_starts",
                violation_error_message=_("It must end after it starts."),
            ),
        ]

    def __str__(self) -> str:
        return f"{timezone.localtime(self.starts_at):%Y-%m-%d %H:%M}"

    @property
    def day(self) -> date:
        """By the site's clock."""
        return timezone.localdate(self.starts_at)


class CallBooking(models.Model):
    """A candidate's choice. It holds while their next action is the call at that time: what changes that frees it."""

    slot = models.ForeignKey(CallSlot, models.CASCADE, related_name="bookings", verbose_name=_("time to be called"))
    candidate = models.ForeignKey(Candidate, models.CASCADE, related_name="call_bookings", verbose_name=_("candidate"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("chosen time")
        constraints = [models.UniqueConstraint(fields=["slot", "candidate"], name="call_booking_once")]

    def __str__(self) -> str:
        return f"{self.candidate_id} {self.slot}"
