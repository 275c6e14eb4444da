from datetime import timedelta

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _

register = template.Library()
NONE = "–"
DAY = timedelta(days=1)


@register.filter
def percent(share: float | None) -> str:
    """A share to a tenth, as the reader writes it; a dash where there is nothing to share."""
    return NONE if share is None else _("%(share)s %%") % {"share": number_format(round(share, 1), 1)}


@register.filter
def in_days(wait: timedelta | None) -> str:
    """A length of time in days, to a tenth; a dash where there is none yet."""
    return NONE if wait is None else _("%(days)s d") % {"days": number_format(round(wait / DAY, 1), 1)}
