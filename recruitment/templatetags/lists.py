"""What the back office's lists say beside their rows."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.contrib.admin.views.main import PAGE_VAR, ChangeList
from django.utils.formats import number_format
from django.utils.translation import gettext as _

register = template.Library()


@dataclass(frozen=True, slots=True)
class Narrowed:
    """A filter that is on, and the address of the list without it."""

    title: str
    value: str
    without: str


@register.simple_tag
def narrowed_by(changes: ChangeList) -> list[Narrowed]:
    on = []
    for spec in changes.filter_specs:
        choices: list[Any] = list(spec.choices(changes))
        if getattr(spec, "as_chips", False) or not choices:
            continue
        on += [
            Narrowed(str(spec.title), str(choice["display"]), str(choices[0]["query_string"]))
            for choice in choices[1:]
            if choice["selected"]
        ]
    return on


@register.filter
def stands_open(spec: Any) -> bool:
    """Whether a filter's choices show at once: it says so itself (stock ones do), or it narrows the list."""
    return getattr(spec, "opens", True) or any(spec.used_parameters.values())


@register.simple_tag
def how_many(changes: ChangeList) -> str:
    """Such as "3 412 candidats"; a list that counts only so far says "more than"."""
    count, limit = changes.result_count, getattr(changes.paginator, "counted_to", 0)
    name = str(changes.opts.verbose_name if count in (0, 1) else changes.opts.verbose_name_plural)
    if limit and count > limit:
        return _("More than %(count)s %(name)s") % {"count": _grouped(limit), "name": name}
    return f"{_grouped(count)} {name}"


@register.simple_tag
def range_shown(changes: ChangeList) -> str:
    """Such as "1 à 50 sur 3 412"."""
    if not changes.result_count:
        return ""
    first = (changes.page_num - 1) * changes.list_per_page + 1
    last = first + len(changes.result_list) - 1
    limit = getattr(changes.paginator, "counted_to", 0)
    total = f"{_grouped(limit)}+" if limit and changes.result_count > limit else _grouped(changes.result_count)
    return _("%(first)s to %(last)s of %(total)s") % {"first": _grouped(first), "last": _grouped(last), "total": total}


@register.simple_tag
def page_address(changes: ChangeList, number: int) -> str:
    return changes.get_query_string({PAGE_VAR: number})


def _grouped(number: int) -> str:
    return number_format(number, use_l10n=True, force_grouping=True)
