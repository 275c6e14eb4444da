from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from leads.choices import SharedKey
from leads.models.organisation import Team
from leads.models.people import Candidate
from leads.querysets import DuplicateGroupQuerySet

KEY_LENGTH = 300


class DuplicateGroup(models.Model):
    """People who share one key, as it was when one of them was last written.

    One row for those who see everybody (`team` is null), and one for each team that has two of them or more. It is
    open until they are merged, told apart, or the key is said to tell nothing.
    """

    kind = models.CharField(_("what they share"), max_length=6, choices=SharedKey)
    key = models.CharField(max_length=KEY_LENGTH)
    team = models.ForeignKey(Team, models.CASCADE, null=True, related_name="+", verbose_name=_("team"))
    size = models.PositiveIntegerField(_("people"))
    is_open = models.BooleanField(_("open"), default=True)
    ignored_at = models.DateTimeField(null=True)
    at = models.DateTimeField(_("since"))

    people: list[Candidate]  # set by `comparison.with_people`, with `why` in words
    why: str

    objects = DuplicateGroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("duplicate")
        indexes = [models.Index(fields=["team", "-at"], condition=Q(is_open=True), name="duplicate_open")]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key", "team"], condition=Q(team__isnull=False), name="duplicate_once_per_key_and_team"
            ),
            models.UniqueConstraint(
                fields=["kind", "key"], condition=Q(team__isnull=True), name="duplicate_once_per_key"
            ),
            models.CheckConstraint(
                condition=Q(is_open=False) | Q(ignored_at__isnull=True), name="duplicate_ignored_is_not_open"
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class ToldApart(models.Model):
    """Somebody said that these are two people: no key brings them up again."""

    first = models.ForeignKey(Candidate, models.CASCADE, related_name="+")
    second = models.ForeignKey(Candidate, models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("two people")
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="told_apart_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="told_apart_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first_id}, {self.second_id}"


class Merge(models.Model):
    """One sheet merged into another, with what it takes to undo it: `data` holds personal data, like the sheets."""

    kept = models.ForeignKey(Candidate, models.CASCADE, related_name="merges")
    gone = models.ForeignKey(Candidate, models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
    data = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("merge")
        constraints = [
            models.UniqueConstraint(fields=["gone"], condition=Q(undone_at__isnull=True), name="merge_once_at_a_time"),
            models.CheckConstraint(condition=~Q(kept=F("gone")), name="merge_of_two"),
        ]

    def __str__(self) -> str:
        return f"{self.gone_id} -> {self.kept_id}"
