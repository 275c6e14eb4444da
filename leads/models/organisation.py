from datetime import time

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from leads.choices import KEY_LENGTH
from leads.querysets import OrganisationQuerySet, TeamQuerySet

COLOUR = RegexValidator(r"^#[0-9a-f]{6}$", _("A colour is written like #05597a."))
PREFIX = RegexValidator(r"^[A-Z]{2,4}$", _("Two to four capital letters."))


class Organisation(models.Model):
    """The employer whose installation this is: one row, and with it another name, look and voice."""

    name = models.CharField(_("name"), max_length=80)
    tagline = models.CharField(_("tagline"), max_length=120, blank=True)
    tagline_en = models.CharField(_("tagline in English"), max_length=120, blank=True)
    logo = models.FileField(_("logo"), upload_to="organisation/", blank=True)
    accent = models.CharField(_("accent"), max_length=7, default="#05597a", validators=[COLOUR])
    accent_night = models.CharField(_("accent on dark"), max_length=7, default="#84cdea", validators=[COLOUR])
    signal = models.CharField(_("signal"), max_length=7, default="#ffc440", validators=[COLOUR])
    tint = models.CharField(_("tint"), max_length=7, default="#9a7b45", validators=[COLOUR])
    reference_prefix = models.CharField(_("prefix of references"), max_length=4, default="RC", validators=[PREFIX])
    service = models.CharField(_("service in charge"), max_length=120, blank=True)
    service_en = models.CharField(_("service in charge, in English"), max_length=120, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    hours = models.CharField(_("hours"), max_length=120, blank=True)
    publisher = models.CharField(_("director of the publication"), max_length=120, blank=True)
    host = models.CharField(_("host of the site"), max_length=200, blank=True)
    dpo_email = models.EmailField(_("e-mail of the data protection officer"), blank=True)
    hours_en = models.CharField(_("hours in English"), max_length=120, blank=True)
    hero_title = models.CharField(_("first line of the home page"), max_length=80, blank=True)
    hero_title_en = models.CharField(_("first line of the home page, in English"), max_length=80, blank=True)
    hero_title_em = models.CharField(_("second line of the home page"), max_length=80, blank=True)
    hero_title_em_en = models.CharField(_("second line of the home page, in English"), max_length=80, blank=True)
    hero_text = models.CharField(_("text of the home page"), max_length=300, blank=True)
    hero_text_en = models.CharField(_("text of the home page, in English"), max_length=300, blank=True)
    aim_region = models.CharField(
        _("region aimed at"), max_length=3, blank=True
    )  # its code; the reports tell its share
    months_with_consent = models.PositiveSmallIntegerField(_("months kept with consent"), default=24)
    months_without_consent = models.PositiveSmallIntegerField(_("months kept without consent"), default=12)
    months_registered = models.PositiveSmallIntegerField(_("months kept once registered"), default=72)
    quiet_from = models.TimeField(_("no mail of ours from"), default=time(20, 0))
    quiet_until = models.TimeField(_("no mail of ours until"), default=time(8, 0))
    notice_days = models.PositiveSmallIntegerField(_("days of notice before erasure"), default=30)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("organisation")  # there is one
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="organisation_is_one"),
            models.CheckConstraint(
                condition=Q(reference_prefix__regex=r"^[A-Z]{2,4}$"), name="organisation_prefix_is_letters"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Team(models.Model):
    """Who sees and follows up which candidates. The default one takes all whom no other has."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    is_default = models.BooleanField(_("default"), default=False, editable=False)
    members = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="teams", verbose_name=_("members")
    )

    objects = TeamQuerySet.as_manager()

    class Meta:
        verbose_name = _("team")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["is_default"], condition=Q(is_default=True), name="team_one_default"),
        ]

    def __str__(self) -> str:
        return self.name


class Source(models.Model):
    """Where leads come from, as the counts tell it. `key` stays, the labels may change."""

    key = models.CharField(_("key"), max_length=KEY_LENGTH, unique=True)
    label = models.CharField(_("label"), max_length=80)
    label_en = models.CharField(_("label in English"), max_length=80, blank=True)

    class Meta:
        verbose_name = _("source")
        ordering = ["label"]
        constraints = [models.CheckConstraint(condition=~Q(key=""), name="source_has_a_key")]

    def __str__(self) -> str:
        return self.label
