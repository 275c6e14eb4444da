from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from leads.campaign_rules import FIRST_WEEKDAY, require_local_address
from leads.choices import HEARD_FROM_LENGTH, KEY_LENGTH
from leads.models.contests import ContestSession
from leads.models.organisation import Source
from leads.querysets import CampaignQuerySet, CostQuerySet, LinkMappingQuerySet, PressLineQuerySet


class Campaign(models.Model):
    """A link with a short address, printed or passed on: whoever comes by it has its source, medium and code."""

    code = models.SlugField(
        _("short address"), max_length=20, unique=True, blank=True, help_text=_("Left empty, one is drawn.")
    )
    name = models.CharField(_("name"), max_length=80)
    source = models.ForeignKey(Source, models.PROTECT, related_name="campaigns", verbose_name=_("source"))
    medium = models.SlugField(
        _("medium"), max_length=KEY_LENGTH, blank=True, db_index=False, help_text=_("For instance: qr, mail, article.")
    )
    target = models.CharField(
        _("leads to"),
        max_length=200,
        default="/",
        validators=[require_local_address],
        help_text=_("A page of this site, as /contests/ or /request/."),
    )

    brought: int  # by `CampaignQuerySet.with_brought`
    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = _("campaign")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=~Q(code=""), name="campaign_has_a_code"),
            models.CheckConstraint(condition=Q(target__startswith="/"), name="campaign_stays_on_the_site"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("leads:campaign", args=[self.code])


class Cost(models.Model):
    """What a source cost from one day to another, both in; it counts by day in equal parts."""

    source = models.ForeignKey(Source, models.PROTECT, related_name="costs", verbose_name=_("source"))
    campaign = models.ForeignKey(
        Campaign, models.SET_NULL, null=True, blank=True, related_name="costs", verbose_name=_("campaign")
    )
    label = models.CharField(_("for what"), max_length=120)
    first_on = models.DateField(_("first day"))
    last_on = models.DateField(_("last day"))
    cents = models.PositiveBigIntegerField(_("amount"))

    objects = CostQuerySet.as_manager()

    class Meta:
        verbose_name = _("cost")
        ordering = ["-first_on", "source"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on")),
                name="cost_ends_after_it_begins",
                violation_error_message=_("The last day is before the first: change one of them."),
            ),
        ]

    def __str__(self) -> str:
        return self.label


class PressLine(models.Model):
    """What a job advertisement in the press costs per request, per file and per registered, from a day on."""

    since = models.DateField(_("since"), unique=True)
    per_lead = models.PositiveIntegerField(_("per request"))
    per_file = models.PositiveIntegerField(_("per file"), null=True, blank=True)
    per_registered = models.PositiveIntegerField(_("per registered"), null=True, blank=True)
    note = models.CharField(_("where it comes from"), max_length=120, blank=True)

    objects = PressLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("press reference")
        verbose_name_plural = _("press references")
        ordering = ["-since"]

    def __str__(self) -> str:
        return f"{self.since}"


class Goal(models.Model):
    """How many requests for a session's file are wanted in a week, from a region or (empty) from anywhere."""

    contest_session = models.ForeignKey(ContestSession, models.PROTECT, related_name="goals", verbose_name=_("session"))
    region = models.CharField(_("region"), max_length=3, blank=True)
    monday = models.DateField(_("week"))
    target = models.PositiveIntegerField(_("target"))

    class Meta:
        verbose_name = _("goal")
        ordering = ["-monday", "contest_session", "region"]
        constraints = [
            models.UniqueConstraint(
                fields=["contest_session", "region", "monday"],
                name="goal_once_a_week",
                violation_error_message=_("There is a goal for this session, region and week: change that one."),
            ),
            models.CheckConstraint(condition=Q(monday__iso_week_day=FIRST_WEEKDAY), name="goal_week_begins_on_monday"),
            models.CheckConstraint(condition=Q(target__gt=0), name="goal_wants_something"),
        ]

    def __str__(self) -> str:
        return f"{self.contest_session}, {self.monday}"


class LinkMapping(models.Model):
    """Words of a link (`utm_…`, or the host that linked here as its source) read as another source, medium, campaign.

    An empty word matches any; of several that match the one that says most holds.
    """

    utm_source = models.CharField(_("source in the link"), max_length=KEY_LENGTH, blank=True)
    utm_medium = models.CharField(_("medium in the link"), max_length=KEY_LENGTH, blank=True)
    utm_campaign = models.CharField(_("campaign in the link"), max_length=KEY_LENGTH, blank=True)
    source = models.ForeignKey(Source, models.PROTECT, related_name="+", verbose_name=_("counts as source"))
    medium = models.SlugField(_("counts as medium"), max_length=KEY_LENGTH, blank=True, db_index=False)
    campaign = models.SlugField(_("counts as campaign"), max_length=KEY_LENGTH, blank=True, db_index=False)

    objects = LinkMappingQuerySet.as_manager()

    class Meta:
        verbose_name = _("mapping of links")
        verbose_name_plural = _("mappings of links")
        ordering = ["utm_source", "utm_medium", "utm_campaign"]
        constraints = [
            models.UniqueConstraint(
                fields=["utm_source", "utm_medium", "utm_campaign"],
                name="link_mapping_once",
                violation_error_message=_("These words are mapped already: change that line."),
            ),
            models.CheckConstraint(
                condition=~Q(utm_source="", utm_medium="", utm_campaign=""),
                name="link_mapping_names_something",
                violation_error_message=_("Say at least one word of the link."),
            ),
        ]

    def __str__(self) -> str:
        return " · ".join(filter(None, (self.utm_source, self.utm_medium, self.utm_campaign)))


class HeardMapping(models.Model):
    """What people answer to "how did you hear of us", read as a source where nothing else says it."""

    text = models.CharField(
        _("words"),
        max_length=HEARD_FROM_LENGTH,
        unique=True,
        help_text=_("Found in the answer as whole words, whatever their accents and capitals."),
    )
    source = models.ForeignKey(Source, models.PROTECT, related_name="+", verbose_name=_("counts as source"))

    class Meta:
        verbose_name = _("mapping of answers")
        verbose_name_plural = _("mappings of answers")
        ordering = ["text"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="heard_mapping_has_words")]

    def __str__(self) -> str:
        return self.text
