"""Built in: `date` of all templates, the admin's own too."""

from datetime import date as Day
from typing import Any

from django import template
from django.template import defaultfilters

from recruitment.days import pattern_of

register = template.Library()
ALONE = "j"  # the number on a calendar's leaf


@register.filter(expects_localtime=True, is_safe=False)
def date(value: Any, pattern: str | None = None) -> str:
    """Django's, with the first of a month as French says it."""
    if isinstance(value, Day) and pattern and pattern != ALONE:
        pattern = pattern_of(value, pattern)
    return defaultfilters.date(value, pattern)
