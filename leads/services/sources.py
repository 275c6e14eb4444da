"""By which source, medium and campaign a request counts: what its visit tells, what managers map, what was said."""

from dataclasses import dataclass
from functools import partial

from django.utils.text import capfirst
from django.utils.translation import override

from leads.attribution import Touch
from leads.choices import SourceKey
from leads.models import HeardMapping, LinkMapping, Source
from recruitment.text import clean_line, without_accents


@dataclass(frozen=True, slots=True)
class Whence:
    """`source` None is unknown, and stays so."""

    source: Source | None
    medium: str = ""
    campaign: str = ""


def whence(touch: Touch, heard_from: str) -> Whence:
    """By the words of the link as they are mapped, else as they are; else by what was said; else unknown."""
    if mapped := LinkMapping.objects.of(touch.source_key, touch.medium, touch.campaign):
        return Whence(mapped.source, mapped.medium or touch.medium, mapped.campaign or touch.campaign)
    source = source_named(touch.source_key) if touch.source_key else declared(heard_from)
    return Whence(source, touch.medium, touch.campaign)


def source_named(key: str) -> Source:
    words = {"label": partial(_words, key, "fr"), "label_en": partial(_words, key, "en")}
    return Source.objects.get_or_create(key=key, defaults=words)[0]


def _words(key: str, language: str) -> str:
    """Of a source that the code itself names; any other is called by its key, until somebody names it."""
    if key not in SourceKey.values:
        return key if language == "fr" else ""
    with override(language):
        return capfirst(str(SourceKey(key).label))


def declared(heard_from: str) -> Source | None:
    """The source that the answer's words are mapped to, the longest words first; else `declared`."""
    if not heard_from:
        return None
    answer = f" {said(heard_from)} "
    rows = HeardMapping.objects.select_related("source")
    found = [row for row in rows if f" {row.text} " in answer]
    if found:
        return max(found, key=lambda row: len(row.text)).source
    return source_named(SourceKey.DECLARED)


def said(text: str) -> str:
    """Words alone: lower case, no accents, no punctuation."""
    plain = without_accents(clean_line(text))
    return " ".join("".join(c if c.isalnum() else " " for c in plain).split())
