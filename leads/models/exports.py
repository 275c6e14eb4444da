from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from leads.querysets import ExportQuerySet

REASON_LENGTH = 200


class Export(models.Model):
    """A list that somebody took away: who, when, why, which rows. Never changed."""

    list_name = models.CharField(max_length=20)
    query = models.TextField(blank=True)  # of the list's address: search, filters, order
    reason = models.CharField(_("reason"), max_length=REASON_LENGTH)
    rows = models.PositiveIntegerField(_("rows"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("at"))

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("export")
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="export_has_a_reason")]

    def __str__(self) -> str:
        return f"{self.list_name}, {self.at:%Y-%m-%d}"


class ExportedBlock(models.Model):
    """Which candidates an export holds: `bits`, of `leads.idsets`, for each block of ids. An index finds a person's."""

    export = models.ForeignKey(Export, models.CASCADE, related_name="blocks")
    block = models.PositiveIntegerField()
    bits = models.BinaryField()

    class Meta:
        verbose_name = _("part of an export")
        indexes = [models.Index(fields=["block"], name="exported_by_block")]
        constraints = [models.UniqueConstraint(fields=["export", "block"], name="exported_block_once")]

    def __str__(self) -> str:
        return f"{self.export_id}: {self.block}"
