from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from urllib.parse import urlencode

from django import template
from django.db.models import Model
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from chat import programme, public
from chat.choices import SLOW_PACES
from chat.models import Room
from recruitment.text import without_accents

register = template.Library()


@register.filter
def said(row: Model, field: str) -> str:
    """The row's text in the reader's language where it has one: `{{ room|said:"title" }}`."""
    return programme.said(row, field)


@register.filter
def as_pace(seconds: int) -> str:
    """Of slow mode: `{{ room.slow_seconds|as_pace }}`."""
    return str(SLOW_PACES[seconds])


@register.filter
def label_of(topics: dict[str, str], key: str | None) -> str:
    return topics.get(key or "", "")


@register.simple_tag
def is_archived(room: Room, now: datetime) -> bool:
    return programme.is_archived(room, now)


@register.simple_tag(takes_context=True)
def room_slot(context: template.Context, room: Room) -> SafeString:
    """What the rest of the site offers on a room's page; chat knows only the names of its templates."""
    request = context.get("request")
    now, question = timezone.now(), _unanswered(context.get("mine") or [])
    given = {name: context(now, question) for name, context in public.slot_contexts.items()}
    parts = [
        render_to_string(name, {"room": room, **given.get(name, {})}, request=request) for name in public.room_slots
    ]
    return mark_safe("".join(parts))  # noqa: S308  # rendered templates, escaped where they were made


def _unanswered(mine: Iterable[dict]) -> dict[str, str]:
    """As `unanswered` of `static/js/lib/mine.js` has it, for pages without a script."""
    open_ones = (question for question in mine if question["state"] != "answered")
    return next(({"text": question["text"], "topic": question["topic"] or ""} for question in open_ones), {})


@register.simple_tag(takes_context=True)
def search_url(context: template.Context, page: int = 1, **others: str) -> str:
    """The search as it is chosen, but for what is named: `{% search_url topic="acces" %}`."""
    query = {**context["chosen"], **others, "page": page if page > 1 else ""}
    return "?" + urlencode({name: value for name, value in query.items() if value})


@register.filter
def marked(text: str, words: str) -> SafeString:
    """`text`, escaped, with the searched words marked wherever they stand, accents and case aside."""
    plain, places = "", []
    for place, character in enumerate(text):
        folded = without_accents(character)
        plain += folded
        places += [place] * len(folded)
    hits = {
        places[at]
        for word in set(without_accents(words).split())
        for start in _starts(plain, word)
        for at in range(start, start + len(word))
    }
    runs = groupby(enumerate(text), key=lambda numbered: numbered[0] in hits)
    return format_html_join("", "{}", ((_run(is_hit, run),) for is_hit, run in runs))


def _run(is_hit: bool, run: Iterable[tuple[int, str]]) -> str:
    shown = "".join(character for _, character in run)
    return format_html("<mark>{}</mark>", shown) if is_hit else shown


def _starts(plain: str, word: str) -> Iterator[int]:
    start = plain.find(word)
    while start >= 0:
        yield start
        start = plain.find(word, start + 1)
