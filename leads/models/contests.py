from datetime import date

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from leads.choices import Posting, SessionStatus
from leads.querysets import ContestQuerySet, ContestSessionQuerySet


class Contest(models.Model):
    """A competitive examination. `rules`: its dated conditions with sources, as in an employer's `contests.json`."""

    slug = models.SlugField(_("address"), unique=True)
    title = models.CharField(_("title"), max_length=120)
    title_en = models.CharField(_("title in English"), max_length=120, blank=True)
    summary = models.CharField(_("summary"), max_length=300, blank=True)
    summary_en = models.CharField(_("summary in English"), max_length=300, blank=True)
    posting = models.CharField(_("first posting"), max_length=10, choices=Posting, default=Posting.NATIONAL)
    commitment_years = models.PositiveSmallIntegerField(_("commitment in years"), null=True, blank=True)
    rules = models.JSONField(_("conditions"), default=list, blank=True)
    same_rules_as = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("same conditions as")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = ContestQuerySet.as_manager()
    open_session: "ContestSession"  # set by `leads.public.open_contests`

    class Meta:
        verbose_name = _("contest")
        verbose_name_plural = _("contests")
        ordering = ["position", "slug"]
        constraints = [
            models.CheckConstraint(condition=Q(posting__in=Posting.values), name="contest_posting_is_known"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("leads:contest", args=[self.slug])


class ContestSession(models.Model):
    """One year's round of a contest. What is null was not announced: shown as "to be confirmed"."""

    contest = models.ForeignKey(Contest, models.PROTECT, related_name="sessions", verbose_name=_("contest"))
    year = models.PositiveSmallIntegerField(_("year"))
    posts = models.PositiveIntegerField(_("posts"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=SessionStatus, default=SessionStatus.ANNOUNCED)
    opens_on = models.DateField(_("registrations open on"), null=True, blank=True)
    closes_on = models.DateField(_("registrations close on"), null=True, blank=True)
    documents_due_on = models.DateField(_("documents due on, where that is another day"), null=True, blank=True)
    reminder_days = models.PositiveSmallIntegerField(
        _("days before it that who lacks something is reminded"), default=7
    )

    objects = ContestSessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(fields=["contest", "year"], name="session_once_a_year"),
            models.CheckConstraint(condition=Q(status__in=SessionStatus.values), name="session_status_is_known"),
            models.CheckConstraint(
                condition=Q(opens_on__isnull=True) | Q(closes_on__isnull=True) | Q(closes_on__gte=F("opens_on")),
                name="session_closes_after_it_opens",
                violation_error_message=_("Registrations must close after they open."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contest}, {self.year}"

    @property
    def due_on(self) -> date | None:
        """The last day for the documents of a file."""
        return self.documents_due_on or self.closes_on

    def is_open_on(self, day: date) -> bool:
        """As `ContestSessionQuerySet.open_at`, for rows that are read already."""
        if self.status != SessionStatus.OPEN:
            return False
        return (self.opens_on is None or self.opens_on <= day) and (self.closes_on is None or self.closes_on >= day)
