from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from leads.choices import LETTER_LENGTH, SUBJECT_LENGTH, Purpose
from leads.outreach import LetterQuerySet


class LetterText(models.Model):
    """What a letter says. `{first_name}` and other fields of `leads.letters` stand for what is known of a person."""

    subject = models.CharField(_("subject"), max_length=SUBJECT_LENGTH)
    subject_en = models.CharField(_("subject in English"), max_length=SUBJECT_LENGTH, blank=True)
    body = models.TextField(_("text"), max_length=LETTER_LENGTH)
    body_en = models.TextField(_("text in English"), max_length=LETTER_LENGTH, blank=True)
    version = models.PositiveSmallIntegerField(_("version"), default=1, editable=False)

    class Meta:
        abstract = True


class Letter(LetterText):
    """A text that recruiters start from, as it stands now.

    Without a `purpose` it answers the person's own request; with one it goes to those alone who agreed to it.
    """

    title = models.CharField(_("name"), max_length=80, unique=True)
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose, blank=True)
    offers_call = models.BooleanField(_("offers a time to be called"), default=False)
    is_active = models.BooleanField(_("in use"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        ordering = ["position", "title"]
        constraints = [
            models.CheckConstraint(condition=Q(purpose__in=["", *Purpose.values]), name="letter_purpose_is_known"),
        ]

    def __str__(self) -> str:
        return self.title


class LetterVersion(LetterText):
    """A letter as it once stood: written with it, never changed."""

    letter = models.ForeignKey(Letter, models.CASCADE, related_name="versions", verbose_name=_("letter"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("version of a letter")
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["letter", "version"], name="letter_version_once")]

    def __str__(self) -> str:
        return f"{self.letter} {self.version}"
