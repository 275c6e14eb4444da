from datetime import datetime, timedelta

from django import template
from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Model
from django.urls import reverse
from django.utils import timezone
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from leads import texts
from leads.choices import INVITATION
from leads.identity import name_of, shown_phone
from recruitment.days import day_in_words
from recruitment.templatetags.look import clock

register = template.Library()


@register.filter
def in_words(row: Model, field: str) -> str:
    """The row's text in the reader's language: `{{ contest|in_words:"title" }}`."""
    return texts.said(row, field)


@register.filter
def plainly(row: Model, field: str) -> str:
    """The same without mark-up: for titles, attributes, mails."""
    return texts.plain(row, field)


@register.filter
def spoken_length(seconds: int | None) -> str:
    """75 as "1 min 15", 45 as "45 s"; a dash where there is nothing to tell."""
    if seconds is None:
        return "–"
    hours, minutes = divmod(seconds // 60, 60)
    if hours:
        return f"{hours}\u00a0h\u00a0{minutes:02}"
    return f"{minutes}\u00a0min\u00a0{seconds % 60:02}" if minutes else f"{seconds}\u00a0s"


@register.filter
def with_raised_first(text: str) -> SafeString:
    """The French "1er" with its last letters raised."""
    return mark_safe(conditional_escape(text).replace("1er ", "1<sup>er</sup> "))  # noqa: S308 (escaped just before)


@register.filter
def when_due(at: datetime, now: datetime) -> str:
    """The hour of today's, "yesterday", or the day of what waits for longer."""
    day, today = timezone.localdate(at), timezone.localdate(now)
    if day == today:
        return clock(at)
    if day == today - timedelta(days=1):
        return _("yesterday")
    return day_in_words(timezone.localtime(at), _("j N") if day.year == today.year else _("j N Y"))


@register.filter
def full_name(person: User | None) -> str:
    return name_of(person) if person else ""


@register.filter
def phone(e164: str) -> str:
    return shown_phone(e164)


@register.simple_tag
def invitation_url() -> str:
    """The link that candidates pass on: one for all of them."""
    return f"{settings.SITE_URL}{reverse('leads:campaign', args=[INVITATION])}"
