from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from html import escape
from typing import TYPE_CHECKING

from django import template
from django.utils.formats import number_format
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from recruitment.templatetags.look import grouped, is_english

if TYPE_CHECKING:
    from leads.charts import Bar
    from leads.report_cells import Cell
    from leads.report_page import Line

register = template.Library()
NONE = "–"
DAY = timedelta(days=1)


@register.filter
def percent(share: float | None) -> str:
    """A share to a tenth, as the reader writes it; a dash where there is nothing to share."""
    if share is None:
        return NONE
    tenths = f"{share:.1f}"
    return _("%(share)s %%") % {"share": tenths if is_english() else tenths.replace(".", ",")}


@register.filter
def or_dash(count: int | None) -> str:
    """A count; a dash where nothing was counted."""
    return NONE if count is None else grouped(count)


@register.filter
def in_days(wait: timedelta | None) -> str:
    """A length of time in days, to a tenth; a dash where there is none yet."""
    return NONE if wait is None else _("%(days)s d") % {"days": number_format(round(wait / DAY, 1), 1)}


@register.filter
def euros(cents: int | None) -> str:
    """An amount of cents in euros, as the reader writes it; a dash where there is none."""
    if cents is None:
        return NONE
    return _("%(amount)s €") % {"amount": number_format(Decimal(cents) / 100, 2, force_grouping=True)}


# A page has hundreds of these: as templates they took a third of its time, and a check of each part as much again.
@register.simple_tag
def counted(cell: Cell) -> SafeString:
    """A figure, which opens the list that it counts where one can be told."""
    shown = grouped(cell.value)
    return mark_safe(f'<a href="{escape(cell.url)}">{shown}</a>' if cell.url else shown)  # noqa: S308 (a number)


@register.simple_tag
def bar(length: str) -> SafeString:
    """A lying bar, `length` of a hundred; the figure stands beside it."""
    return mark_safe(  # noqa: S308 (a number)
        '<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        f'<rect class="ground" width="100" height="8"/><rect class="part" width="{length}" height="8"/></svg>'
    )


@register.simple_tag
def breakdown_line(line: Line, aim: str) -> SafeString:
    """The row of a breakdown: the chosen week with its share and bar, and those that it is compared with."""
    now, before, year = map(counted, line.cells)
    mark = ' class="aim"' if aim and line.key == aim else ""
    return mark_safe(  # noqa: S308 (the label is escaped)
        f'<tr{mark}><th scope="row">{conditional_escape(line.label)}</th><td class="n">{now}</td>'
        f'<td class="n quiet">{percent(line.share)}</td><td class="barcell">{bar(line.length)}</td>'
        f'<td class="n">{before}</td><td class="n">{year}</td></tr>'
    )


@register.simple_tag
def column(bar: Bar, base: str, label_y: str) -> SafeString:
    """An upright bar of a chart with its figure, its label and the tick of a year before; it opens its list."""
    point, (left, right, height) = bar.point, bar.tick
    figure = f'<text class="lab" x="{bar.middle}" y="{bar.figure_y}" text-anchor="middle">{point.value}</text>'
    label = f'<text x="{bar.middle}" y="{label_y}" text-anchor="middle">{escape(point.label)}</text>'
    return mark_safe(  # noqa: S308 (numbers; what is said is escaped)
        f'<a href="{escape(point.url)}" aria-label="{escape(point.said)}">'
        f'<rect class="hit" x="{bar.x}" y="0" width="{bar.width}" height="{base}"/>'
        f'<rect class="{"on" if bar.is_last else "off"}" x="{bar.x}" y="{bar.y}" width="{bar.width}"'
        f' height="{bar.height}" rx="3" data-value="{point.value}"/>{figure if bar.shows_figure else ""}</a>'
        f'{label if bar.shows_label else ""}<line class="tick" x1="{left}" x2="{right}" y1="{height}" y2="{height}"/>'
    )
