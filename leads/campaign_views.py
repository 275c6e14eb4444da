"""A campaign's short address, as it stands on posters and in messages."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from leads.models import Campaign


@require_safe
@never_cache
def follow_campaign(request: HttpRequest, code: str) -> HttpResponse:
    """302 to the campaign's page; by `response.campaign` the middleware keeps how the visit began."""
    campaign = get_object_or_404(Campaign.objects.select_related("source"), code=code.lower())
    response = HttpResponseRedirect(campaign.target)
    response.campaign = (campaign.source.key, campaign.medium, campaign.code)  # type: ignore[attr-defined]
    return response
