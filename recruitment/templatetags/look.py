"""What every page needs to look and read like the others: icons, faces, quotation marks, hours and days."""

from datetime import UTC, datetime
from functools import lru_cache
from zlib import crc32

from django import template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from recruitment.days import day_in_words

register = template.Library()

FACE_COLOURS = ("", "b", "c")


@register.simple_tag
def icon(name: str) -> SafeString:
    """A line drawing from static/icons.svg; it always stands beside a word."""
    return _drawing(static("icons.svg"), name)


@lru_cache(256)
def _drawing(icons: str, name: str) -> SafeString:
    """A page of the back office has fifty."""
    return format_html(
        '<svg class="i" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>', icons, name
    )


@register.simple_tag(takes_context=True)
def here(context: template.Context, prefix: str, is_exact: bool = False) -> SafeString | str:
    """The attribute that marks a link of the navigation as the place where the reader is, or above it."""
    path = getattr(context.get("request"), "path", "")
    if path == prefix:
        return format_html(' aria-current="{}"', "page")
    if is_exact or path in _links_of(context):
        return ""
    return format_html(' aria-current="{}"', "true") if path.startswith(prefix) else ""


def _links_of(context: template.Context) -> set[str]:
    """The addresses that the back office's menu has: where one of them is the page itself, no other stands for it."""
    return {link.url for section in context.get("navigation") or () for link in section.links}


@register.filter
def initials(name: str) -> str:
    """Of "Inès Morvan": IM."""
    words = [word for word in str(name).replace("-", " ").split() if word[0].isalpha()]
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper()


@register.filter
def face(name: str) -> str:
    """One of the three colours of a face, always the same for one name."""
    return FACE_COLOURS[crc32(str(name).encode()) % len(FACE_COLOURS)]


@register.filter
def grouped(number: int) -> str:
    """4500 as "4 500", with a narrow no-break space; "4,500" in English."""
    shown = f"{number:,}"
    return shown if "," not in shown or is_english() else shown.replace(",", "\u202f")


def is_english() -> bool:
    return (get_language() or "").startswith("en")


@register.filter
def counted_to(count: int, limit: int) -> str:
    """A count that went no further than one beyond `limit`: "17", "1 000+"."""
    return grouped(count) if count <= limit else f"{grouped(limit)}+"


@register.filter
def quoted(text: str) -> str:
    return _("“%s”") % text


@register.filter
def quoted_large(text: str) -> SafeString:
    """As on the screen of the hall, where the marks have a colour of their own."""
    before, _text, after = _("“%s”").partition("%s")
    return format_html('<span class="guillemet">{}</span>{}<span class="guillemet">{}</span>', before, text, after)


@register.filter
def clock(at: datetime | str) -> str:
    """The hour in the site's time zone: "18 h 22", "18 h"; "18:22" in English. Takes an ISO string too."""
    local = _local(at)
    words = _("%(hour)s:%(minute)s") if local.minute else _("%(hour)s:00")
    return words % {"hour": local.hour, "minute": f"{local.minute:02}"}


@register.filter
def day(at: datetime | str) -> str:
    """Such as "jeudi 19 novembre", without the year."""
    return day_in_words(_local(at), _("l j F"))


@register.filter
def soon(at: datetime, now: datetime) -> str:
    """What to say before a day that is near: "Aujourd’hui," or "Demain,", by the site's time zone; else nothing."""
    days = (timezone.localdate(at) - timezone.localdate(now)).days
    return {0: _("Today,"), 1: _("Tomorrow,")}.get(days, "")


@register.filter
def day_and_year(at: datetime | str) -> str:
    return day_in_words(_local(at), _("l j F Y"))


@register.filter
def iso(at: datetime | str) -> str:
    """For `datetime` attributes: UTC to the second."""
    return _aware(at).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at else ""


def _aware(at: datetime | str) -> datetime:
    parsed = parse_datetime(at) if isinstance(at, str) else at
    if parsed is None:
        raise ValueError(f"not a time: {at}")
    return parsed


def _local(at: datetime | str) -> datetime:
    return timezone.localtime(_aware(at))
