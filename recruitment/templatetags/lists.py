"""What the back office's lists say beside their rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import template
from django.contrib.admin.views.main import PAGE_VAR, ChangeList
from django.core.paginator import Paginator
from django.utils.translation import gettext as _

from recruitment.templatetags.look import counted_to, grouped

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
    count = changes.result_count
    name = str(changes.opts.verbose_name if count in (0, 1) else changes.opts.verbose_name_plural)
    if _goes_on(changes):
        return _("More than %(count)s %(name)s") % {"count": grouped(_limit(changes)), "name": name}
    return f"{grouped(count)} {name}"


@register.simple_tag
def range_shown(changes: ChangeList) -> str:
    """Such as "1 à 50 sur 3 412"; the last pages of a list that is not counted whole tell their place from its end."""
    if not changes.result_count:
        return ""
    shown, page = len(changes.result_list), changes.page_num
    if page < 0:
        words = {
            "first": grouped(-page * changes.list_per_page),
            "last": grouped((-page - 1) * changes.list_per_page + 1),
        }
        return _("the last ones, %(first)s to %(last)s from the end") % words
    first = (page - 1) * changes.list_per_page + 1
    total = counted_to(changes.result_count, _limit(changes) or changes.result_count)
    words = {"first": grouped(first), "last": grouped(first + shown - 1), "total": total}
    return _("%(first)s to %(last)s of %(total)s") % words


@dataclass(frozen=True, slots=True)
class PageLink:
    """`address` is empty for a gap between pages."""

    label: str
    address: str = ""
    is_here: bool = False


@register.simple_tag
def pages_of(changes: ChangeList) -> list[PageLink]:
    """The pages around the one shown, the first and the last; a list that goes on is reached from its end too."""
    here, paginator = changes.page_num, changes.paginator
    numbers = list(paginator.get_elided_page_range(max(here, 1), on_each_side=2, on_ends=1))
    if _goes_on(changes):
        numbers = [*_head(numbers, here), paginator.ELLIPSIS, *range(min(here, -1), 0)]
    return [_page_link(changes, number) for number in numbers]


def _head(numbers: list[Any], here: int) -> list[Any]:
    """Without the last page that is counted, which is not the list's; from the end, the first page alone."""
    return numbers[:1] if here < 0 else [number for number in numbers[:-1] if number != Paginator.ELLIPSIS or here > 1]


def _page_link(changes: ChangeList, number: Any) -> PageLink:
    if number == Paginator.ELLIPSIS:
        return PageLink("…")
    label = _("last") if number == -1 else str(number).replace("-", "−")
    return PageLink(label, changes.get_query_string({PAGE_VAR: number}), number == changes.page_num)


def _limit(changes: ChangeList) -> int:
    return getattr(changes.paginator, "counted_to", 0)


def _goes_on(changes: ChangeList) -> bool:
    return getattr(changes.paginator, "goes_on", False)


@register.filter
def of_view(facets: Mapping[str, Mapping[str, int]], query: str) -> int | None:
    """How many rows a view that is kept under its query has; None where it is not counted."""
    return facets.get("view", {}).get(query)
