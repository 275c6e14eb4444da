"""What managers open on Monday: figures of the week, and what each room brought."""

from collections import Counter
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from chat import public as rooms
from leads import exports, reports
from leads.digest import digest
from leads.masking import masked_weekly
from leads.report_forms import FORMATS, WeeklyForm
from leads.report_page import weekly_page

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"


# --- the week -------------------------------------------------------------------------------------------------------
@require_safe
def weekly(request: HttpRequest, chrome: dict[str, Any]) -> HttpResponse:
    """Leads per ISO week: a page, one to print, CSV, XLSX or JSON; a faulty address gets 422 and says what to write.

    `chrome` is what the back office's pages share.
    """
    form = WeeklyForm(request.GET, now=timezone.now())
    if not form.is_valid():
        return _refuse(request, form, chrome)
    asked = form.cleaned_data
    report = reports.weekly(asked["from"], asked["to"], by=asked["by"] or None, filters=form.filters())
    is_public = request.GET.get("audience") == "public"
    data = masked_weekly(report.as_data()) if is_public else report.as_data()
    kind = request.GET.get("format", "html")
    if kind == "json":
        return JsonResponse(data)
    if kind in ("csv", "xlsx"):
        return _file(kind, exports.weekly_table(data), f"weeks-{data['from']}-{data['to']}")
    if kind == "print":
        told = digest(asked["to"])
        return render(request, "leads/reports/print.html", chrome | {"digest": told, "title": told.heading})
    return render(request, "leads/reports/weekly.html", chrome | weekly_page(form, report))


def _refuse(request: HttpRequest, form: WeeklyForm, chrome: dict[str, Any]) -> HttpResponse:
    if request.GET.get("format", "html") in FORMATS[1:]:
        return JsonResponse({"errors": form.errors.get_json_data()}, status=422)
    return render(
        request, "leads/reports/weekly.html", chrome | {"form": form, "title": _("Leads of the week")}, status=422
    )


def _file(kind: str, table: list[list[exports.Cell]], name: str) -> HttpResponse:
    if kind == "csv":
        response = HttpResponse(exports.as_csv([*table, exports.totals_of(table)]), content_type=CSV)
    else:
        response = HttpResponse(exports.as_xlsx(table), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


# --- rooms ----------------------------------------------------------------------------------------------------------
@require_safe
def room_report(request: HttpRequest, chrome: dict[str, Any]) -> HttpResponse:
    """What each room brought: questions by topic, leads; as a page, CSV, XLSX or JSON."""
    figures = rooms.room_figures()
    leads = reports.leads_of_rooms(figure.room.pk for figure in figures)
    topics = {topic.key: topic for topic in rooms.topics()}
    kind = request.GET.get("format", "html")
    if kind == "json":
        return JsonResponse(_rooms_json(figures, leads, topics))
    if kind in ("csv", "xlsx"):
        return _file(kind, _rooms_table(figures, leads, topics), "rooms")
    return render(request, "leads/reports/rooms.html", chrome | _rooms_page(figures, leads, topics))


def _rooms_json(figures: list[rooms.RoomFigures], leads: dict[int, int], topics: dict[str, Any]) -> dict[str, Any]:
    return {
        "rooms": [
            {
                "slug": figure.room.slug,
                "asked": figure.asked,
                "published": figure.published,
                "answered": figure.answered,
                "leads": leads[figure.room.pk],
                "by_topic": _by_topic(figure.topics, topics),
            }
            for figure in figures
        ],
        "by_topic": _by_topic(_all_topics(figures), topics),
    }


def _all_topics(figures: list[rooms.RoomFigures]) -> Counter[str]:
    return sum((figure.topics for figure in figures), Counter())


def _by_topic(counts: Counter[str], topics: dict[str, Any]) -> list[dict[str, Any]]:
    """Topics with something asked, in their order; questions without one have the key `none`."""
    named = [{"key": key, "label": topic.label, "asked": counts[key]} for key, topic in topics.items() if counts[key]]
    return [*named, {"key": "none", "label": _("none"), "asked": counts[""]}] if counts[""] else named


def _rooms_table(
    figures: list[rooms.RoomFigures], leads: dict[int, int], topics: dict[str, Any]
) -> list[list[exports.Cell]]:
    header: list[exports.Cell] = ["room", "asked", "published", "answered", "leads", *topics, "none"]
    lines: list[list[exports.Cell]] = [
        [
            figure.room.slug,
            figure.asked,
            figure.published,
            figure.answered,
            leads[figure.room.pk],
            *(figure.topics[key] for key in topics),
            figure.topics[""],
        ]
        for figure in figures
    ]
    return [header, *lines]


def _rooms_page(figures: list[rooms.RoomFigures], leads: dict[int, int], topics: dict[str, Any]) -> dict[str, Any]:
    overall = _by_topic(_all_topics(figures), topics)
    most = max((topic["asked"] for topic in overall), default=0)
    return {
        "title": _("What rooms brought"),
        "lines": [(figure, leads[figure.room.pk], _by_topic(figure.topics, topics)) for figure in figures],
        "topics": [topic | {"share": 100 * topic["asked"] / most} for topic in overall],
        "totals": {
            "asked": sum(figure.asked for figure in figures),
            "published": sum(figure.published for figure in figures),
            "answered": sum(figure.answered for figure in figures),
            "leads": sum(leads.values()),
        },
    }
