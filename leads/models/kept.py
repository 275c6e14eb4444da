from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from leads.models.organisation import Team
from leads.querysets import KeptViewQuerySet

VIEW_NAME_LENGTH = 40
QUERY_LENGTH = 500


class KeptView(models.Model):
    """A list as somebody has narrowed it, kept under a name: for themselves, or for one of their teams."""

    list_name = models.CharField(max_length=20)  # of the model, as addresses have it
    name = models.CharField(_("name"), max_length=VIEW_NAME_LENGTH)
    query = models.CharField(max_length=QUERY_LENGTH)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="kept_views")
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True, related_name="kept_views")
    at = models.DateTimeField()

    objects = KeptViewQuerySet.as_manager()

    class Meta:
        verbose_name = _("kept view")
        constraints = [
            models.UniqueConstraint(fields=["owner", "list_name", "name"], name="kept_view_once_per_name"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(query=""), name="kept_view_has_name_and_query"),
        ]

    def __str__(self) -> str:
        return self.name
