from django import template
from django.urls import reverse

register = template.Library()


@register.filter
def act_address(name: str, candidate_id: int) -> str:
    """Where an act's form is sent to."""
    return reverse(f"admin:leads_candidate_{name}", args=[candidate_id])
