from django import template
from django.db.models import Model
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from leads import texts
from leads.identity import shown_phone

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
def grouped(number: int) -> str:
    """4500 as "4 500", with a narrow no-break space; "4,500" in English."""
    english = (get_language() or "").startswith("en")
    return f"{number:,}" if english else f"{number:,}".replace(",", "\u202f")


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
def phone(e164: str) -> str:
    return shown_phone(e164)
