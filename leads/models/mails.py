from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from leads.choices import MailEventKind
from leads.models.people import Candidate
from leads.querysets import MessageQuerySet


class Message(models.Model):
    """A mail to send: the outbox. `context` holds codes and texts, never a token; `intent` makes a retry send once."""

    intent = models.CharField(max_length=120, unique=True)
    recipient = models.CharField(_("recipient"), max_length=254)
    candidate = models.ForeignKey(
        Candidate, models.CASCADE, null=True, blank=True, related_name="messages", verbose_name=_("candidate")
    )
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("written by")
    )
    template = models.CharField(_("template"), max_length=40)
    template_version = models.PositiveSmallIntegerField(_("version"))
    language = models.CharField(_("language"), max_length=5)
    context = models.JSONField(default=dict)
    created_at = models.DateTimeField(_("written at"))
    due_at = models.DateTimeField(_("due at"))
    held_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    last_error = models.CharField(_("last error"), max_length=200, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    failed_at = models.DateTimeField(_("given up at"), null=True, blank=True)
    suppressed_at = models.DateTimeField(_("suppressed at"), null=True, blank=True)
    bounced_at = models.DateTimeField(_("came back at"), null=True, blank=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail")
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(sent_at__isnull=True, failed_at__isnull=True, suppressed_at__isnull=True),
                name="message_pending",
            ),
            models.Index(fields=["recipient", "created_at"], name="message_by_recipient"),
        ]

    def __str__(self) -> str:
        return f"{self.template} #{self.pk}"


class Suppression(models.Model):
    """An address that wants or takes no mail, as a keyed hash: it survives the erasure of the person."""

    hash = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True, blank=True)  # the person was erased, too
    is_bounce = models.BooleanField(default=False)  # nobody asked for it: the owner's next sign of life lifts it

    class Meta:
        verbose_name = _("suppressed address")

    def __str__(self) -> str:
        return self.hash[:8]


class MailEvent(models.Model):
    """What a mail server told, once: `key` is its own name for it. No address is kept, only its keyed hash."""

    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=MailEventKind)
    hash = models.CharField(max_length=64)
    status = models.CharField(_("status"), max_length=20, blank=True)  # as RFC 3463 has it: 5.1.1
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("mail event")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=MailEventKind.values), name="mail_event_kind_is_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.status}".strip()


class FollowToken(models.Model):
    """A candidate's key to their follow page; the key itself is in the mail alone."""

    candidate = models.ForeignKey(Candidate, models.CASCADE, related_name="tokens")
    hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("follow link")

    def __str__(self) -> str:
        return f"#{self.pk}"
