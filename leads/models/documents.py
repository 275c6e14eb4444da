from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from leads.choices import REASON_LENGTH, DocumentStatus
from leads.models.contests import ContestSession
from leads.models.people import RegistrationFile


class AskedDocument(models.Model):
    """One line of a session's checklist: a document that goes with the registration file."""

    session = models.ForeignKey(
        ContestSession, models.CASCADE, related_name="asked_documents", verbose_name=_("session")
    )
    label = models.CharField(_("document"), max_length=120)
    label_en = models.CharField(_("in English"), max_length=120, blank=True)
    instead = models.CharField(
        _("what to do without it"),
        max_length=300,
        blank=True,
        help_text=_("Whoever has none reads it. Without a text nobody can say so online."),
    )
    instead_en = models.CharField(_("in English"), max_length=300, blank=True)
    is_required = models.BooleanField(_("required"), default=True)
    takes_uploads = models.BooleanField(_("may be sent online"), default=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("document of the file")
        verbose_name_plural = _("documents of the file")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["session", "label"], name="asked_document_once_a_session"),
        ]

    def __str__(self) -> str:
        return self.label


class FileDocument(models.Model):
    """Where one document of one file stands; no row: it is missing. `upload`: its name in the private storage."""

    file = models.ForeignKey(
        RegistrationFile, models.CASCADE, related_name="documents", verbose_name=_("registration file")
    )
    asked = models.ForeignKey(AskedDocument, models.PROTECT, related_name="+", verbose_name=_("document"))
    status = models.CharField(_("status"), max_length=10, choices=DocumentStatus)
    reason = models.CharField(_("reason"), max_length=REASON_LENGTH, blank=True)
    upload = models.CharField(max_length=80, blank=True, editable=False)
    size = models.PositiveIntegerField(default=0, editable=False)
    at = models.DateTimeField(_("at"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("by")
    )

    class Meta:
        verbose_name = _("document")
        constraints = [
            models.UniqueConstraint(fields=["file", "asked"], name="file_document_once"),
            models.CheckConstraint(condition=Q(status__in=DocumentStatus.values), name="file_document_status_is_known"),
            models.CheckConstraint(
                condition=~Q(status=DocumentStatus.REFUSED) | ~Q(reason=""), name="file_document_refused_for_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asked}: {self.status}"
