"""Values of a candidate's record, as staff read them."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from leads.choices import DiplomaLevel, Situation
from leads.identity import shown_phone
from leads.models import Candidate
from recruitment.days import day_in_words


def said_otherwise(fields: Mapping[str, Any]) -> list[str]:
    """Such as "Téléphone : 06 39 98 12 40, puis 07…", one a field."""
    return [_otherwise(name, *pair) for name, pair in fields.items()]


def _otherwise(name: str, before: Any, after: Any) -> str:
    words = {"field": field_label(name), "before": shown(name, before), "after": shown(name, after)}
    return _("%(field)s: %(before)s, then %(after)s") % words


def field_label(name: str) -> str:
    label = str(Candidate._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    return label[:1].upper() + label[1:]


def shown(name: str, value: Any) -> str:
    """A value of a candidate's field as staff read it."""
    if value in ("", None, "None"):
        return _("nothing")
    return str(_SHOWN.get(name, str)(value))


def _day(value: str) -> str:
    day = parse_date(value)
    return day_in_words(day, _("j F Y")) if day else value


_SHOWN: dict[str, Callable[[Any], Any]] = {
    "phone": shown_phone,
    "birth_date": _day,
    "diploma_level": lambda value: dict(DiplomaLevel.choices).get(value, value),
    "situation": lambda value: dict(Situation.choices).get(value, value),
    "is_abroad": lambda value: _("yes") if value in (True, "True") else _("no"),
}


def lowered(label: Any) -> str:
    words = str(label)
    return words[:1].lower() + words[1:]
