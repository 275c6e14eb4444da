"""Links, what they cost, and how words of addresses are mapped to sources."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import models
from django.db.models import OuterRef
from django.db.models.functions import Coalesce

if TYPE_CHECKING:
    from leads.models import Campaign, Cost, LinkMapping, PressLine  # noqa: F401


class CampaignQuerySet(models.QuerySet["Campaign"]):
    def with_brought(self) -> CampaignQuerySet:
        """With the number of requests that count as `brought` by each."""
        leads = apps.get_model("leads.Lead")._default_manager.counted().exclude(campaign="").order_by()
        own = leads.filter(campaign=OuterRef("code")).values("campaign").annotate(found=models.Count("pk"))
        return self.annotate(brought=Coalesce(models.Subquery(own.values("found")), 0))


class CostQuerySet(models.QuerySet["Cost"]):
    def between(self, first: date, last: date) -> CostQuerySet:
        """Those with a day between two, both in."""
        return self.filter(first_on__lte=last, last_on__gte=first)


class PressLineQuerySet(models.QuerySet["PressLine"]):
    def on(self, day: date) -> PressLine | None:
        return self.filter(since__lte=day).order_by("-since").first()


class LinkMappingQuerySet(models.QuerySet["LinkMapping"]):
    def of(self, source: str, medium: str, campaign: str) -> LinkMapping | None:
        """The mapping of these words that says most; None where none matches, or there are no words."""
        words = {"utm_source": source, "utm_medium": medium, "utm_campaign": campaign}
        if not any(words.values()):
            return None
        found = self.filter(**{f"{name}__in": ("", word) for name, word in words.items()}).select_related("source")
        by_weight = {tuple(bool(getattr(row, name)) for name in words): row for row in found}
        return by_weight[max(by_weight, key=lambda said: (sum(said), said))] if by_weight else None
