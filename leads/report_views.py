"""What managers open on Monday: figures of the week."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from leads import exports, reports
from leads.digest import digest
from leads.masking import hidden_weeks, masked_weekly
from leads.report_calendar import calendar_of
from leads.report_costs import BY_SOURCE, with_costs
from leads.report_figures import HEADINGS
from leads.report_forms import FORMATS, WeeklyForm
from leads.report_funnel import funnel_lines, with_funnel
from leads.report_method import method
from leads.report_page import weekly_page

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
ICS = "text/calendar; charset=utf-8"
FUNNEL, COSTS = "funnel", "costs"  # the tables of an address besides the weeks


@require_safe
def weekly(request: HttpRequest, chrome: dict[str, Any]) -> HttpResponse:
    """Leads per ISO week: a page, one to print, CSV, XLSX, JSON or iCalendar.

    A faulty address gets 422 and says what to write. `chrome` is what the back office's pages share.
    """
    form = WeeklyForm(request.GET, now=timezone.now())
    if not form.is_valid():
        return _refuse(request, form, chrome)
    asked = form.cleaned_data
    is_public = request.GET.get("audience") == "public"
    kind = request.GET.get("format", "html")
    if kind == "print":
        told = digest(asked["to"], form.now)
        return render(request, "leads/reports/print.html", chrome | {"digest": told, "title": told.heading})
    if kind in WRITTEN_AS:
        return WRITTEN_AS[kind](form, is_public=is_public, table=request.GET.get("table", ""))
    return render(request, "leads/reports/weekly.html", chrome | weekly_page(form, _weeks(form, "")))


def _weeks(form: WeeklyForm, by: str) -> reports.Weekly:
    asked = form.cleaned_data
    return reports.weekly(asked["from"], asked["to"], by=by or None, filters=form.filters())


def _data(form: WeeklyForm, by: str, *, is_public: bool, table: str = "") -> dict[str, Any]:
    report = with_costs(_weeks(form, by), form.filters(), form.now, by=by)
    data = (with_funnel(report, form.filters()) if table == FUNNEL else report).as_data()
    return masked_weekly(data, by, hidden=_hidden_weeks(form)) if is_public else data


def _hidden_weeks(form: WeeklyForm) -> set[str]:
    """Those in which one of the filters asks for what the table of all hides."""
    asked, hidden = form.cleaned_data, set()
    for name, key in form.filters().items():
        if name in reports.BY:  # teams have no table
            hidden |= hidden_weeks(reports.weekly(asked["from"], asked["to"], by=name).as_data(), name, key)
    return hidden


def _weekly_json(form: WeeklyForm, *, is_public: bool, table: str) -> HttpResponse:
    """With `table=funnel` each week has its visits besides, and how far its requests have come."""
    return JsonResponse(_data(form, form.cleaned_data["by"], is_public=is_public, table=table))


def _weekly_csv(form: WeeklyForm, *, is_public: bool, table: str) -> HttpResponse:
    """The weeks, with `table=funnel` how far their requests have come besides; or with `table=costs` what they cost by
    source.
    """
    if table == COSTS and not is_public:
        data = _data(form, BY_SOURCE, is_public=False)
        lines = exports.costs_table(data["costs"]) if "costs" in data else [[*exports.COST_COLUMNS]]
        return attached(exports.as_csv(lines), CSV, f"costs-{data['from']}-{data['to']}.csv")
    data = _data(form, form.cleaned_data["by"], is_public=is_public, table=table)
    lines = exports.weekly_table(data)
    return attached(exports.as_csv([*lines, exports.totals_of(lines)]), CSV, f"{_name(data)}.csv")


def _weekly_xlsx(form: WeeklyForm, *, is_public: bool, table: str) -> HttpResponse:
    """The weeks, a sheet for each breakdown, how far requests have come, the costs, and how the numbers are made."""
    data = _data(form, form.cleaned_data["by"], is_public=is_public)
    by_source: dict[str, Any] = {}
    more: dict[str, list[list[exports.Cell]]] = {}
    for by in reports.BY:
        broken_down = _data(form, by, is_public=is_public)
        more[HEADINGS[by]()] = exports.breakdown_table(broken_down)
        by_source = broken_down if by == BY_SOURCE else by_source
    more[_("How far they have come")] = _funnel_sheet(form, is_public)
    if "costs" in by_source:
        more[_("Costs")] = exports.costs_table(by_source["costs"])
    told: list[list[exports.Cell]] = [[what, how] for what, how in method()]
    more[_("Method")] = [[_("Figure"), _("How it is made")], *told]
    return attached(exports.as_xlsx(exports.weekly_table(data), more=more), XLSX, f"{_name(data)}.xlsx")


def _funnel_sheet(form: WeeklyForm, is_public: bool) -> list[list[exports.Cell]]:
    data = _data(form, "", is_public=is_public, table=FUNNEL)
    return exports.funnel_table([week["week"] for week in data["weeks"]], funnel_lines(data))


def _weekly_calendar(form: WeeklyForm, *, is_public: bool, table: str) -> HttpResponse:
    data = _data(form, "", is_public=is_public)
    return attached(calendar_of(data, form.now), ICS, f"{_name(data)}.ics")


def _name(data: dict[str, Any]) -> str:
    return f"weeks-{data['from']}-{data['to']}"


WRITTEN_AS: dict[str, Callable[..., HttpResponse]] = {
    "json": _weekly_json,
    "csv": _weekly_csv,
    "xlsx": _weekly_xlsx,
    "ics": _weekly_calendar,
}


def attached(body: str | bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _refuse(request: HttpRequest, form: WeeklyForm, chrome: dict[str, Any]) -> HttpResponse:
    if request.GET.get("format", "html") in FORMATS[1:]:
        return JsonResponse({"errors": form.errors.get_json_data()}, status=422)
    return render(
        request, "leads/reports/weekly.html", chrome | {"form": form, "title": _("Leads of the week")}, status=422
    )
