from django import template
from django.db.models import Model

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
def phone(e164: str) -> str:
    return shown_phone(e164)
