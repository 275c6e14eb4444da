"""What managers open on Monday: figures of the week, and what each room brought."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from chat import public as rooms
from leads import exports, reports
from leads.choices import LeadKind
from leads.masking import masked_weekly
from leads.report_forms import FORMATS, WeeklyForm
from leads.reports import WEEK, Weekly

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
SHOWN = ("region", "source", "room", "contest", "age_band")
FOLDED = "department"  # a hundred rows: behind its heading
DAY = timedelta(days=1)
AIM = "11"  # Île-de-France, by residence


# --- the week -------------------------------------------------------------------------------------------------------
@require_safe
def weekly(request: HttpRequest, chrome: dict[str, Any]) -> HttpResponse:
    """Leads per ISO week, as a page, CSV, XLSX or JSON; a faulty address gets 422 and says what to write.

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
    return render(request, "leads/reports/weekly.html", chrome | _weekly_page(form, report))


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


@dataclass(frozen=True)
class Line:
    """One value of a breakdown in the chosen week, the one before and the same a year before."""

    label: str
    now: int
    url: str
    share: float
    before: int
    before_url: str
    last_year: int
    last_year_url: str


def _weekly_page(form: WeeklyForm, report: Weekly) -> dict[str, Any]:
    monday, filters = report.last, form.filters()
    years_ago = reports.year_before(monday)
    return {
        "form": form,
        "title": _("Leads of the week"),
        "report": report,
        "week": report.weeks[-1],
        "sunday": monday + 6 * DAY,
        "previous": reports.week_name(monday - WEEK),
        "weeks": [_week_line(week, filters) for week in report.weeks],
        "totals": {
            "information": sum(week.information for week in report.weeks),
            "files": sum(week.registration_file for week in report.weeks),
            "url": lead_list(report.first, report.last, filters),
        },
        "figures": _figures(monday, years_ago, filters),
        "breakdowns": [(_HEADINGS[by](), _breakdown(by, monday, years_ago, filters)) for by in SHOWN],
        "folded": (_HEADINGS[FOLDED](), _breakdown(FOLDED, monday, years_ago, filters)),
        "query": urlencode({name: value for name, value in form.data.items() if name != "format" and value}),
        "last_year": reports.week_name(years_ago),
    }


def lead_list(first: date, last: date, filters: dict[str, str]) -> str:
    """The address of the list that a figure counts: the weeks from `first` to `last`, both Mondays."""
    weeks = {"from": reports.week_name(first), "to": reports.week_name(last)}
    return f"{reverse('admin:leads_lead_changelist')}?{urlencode(weeks | filters)}"


def _week_line(week: reports.Week, filters: dict[str, str]) -> dict[str, Any]:
    def link(kind: str | None = None) -> str:
        return lead_list(week.monday, week.monday, filters | ({"kind": kind} if kind else {}))

    return {
        "week": week,
        "url": link(),
        "information_url": link(LeadKind.INFORMATION),
        "file_url": link(LeadKind.REGISTRATION_FILE),
    }


def _figures(monday: date, years_ago: date, filters: dict[str, str]) -> dict[str, Any]:
    """The chosen week's sums with last week's and last year's beside them."""
    weeks = [monday, monday - WEEK, years_ago]
    by_region = [reports.weekly(week, week, by="region", filters=filters).weeks[0] for week in weeks]
    aim = [_share(week.values[AIM], week.total) for week in by_region]
    return {
        "totals": [week.total for week in by_region],
        "urls": [lead_list(week, week, filters) for week in weeks],
        "kinds": (by_region[0].information, by_region[0].registration_file),
        "aim": aim,
        "aim_leads": by_region[0].values[AIM],
        "aim_url": lead_list(monday, monday, filters | {"region": AIM}),
    }


def _share(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole else None


def _breakdown(by: str, monday: date, years_ago: date, filters: dict[str, str]) -> list[Line]:
    """The rows of the chosen week and of those it is compared with; each column adds up to its week's total."""
    weeks = (monday, monday - WEEK, years_ago)
    counted = [reports.weekly(week, week, by=by, filters=filters).weeks[0].rows or [] for week in weeks]
    labels = {row.key: row.label for rows in counted for row in rows}
    columns = [Counter({row.key: row.total for row in rows}) for rows in counted]
    largest = max(columns[0].values(), default=0)
    order = sorted(labels, key=lambda key: (-columns[0][key], labels[key]))
    return [_line(by, key, labels[key], weeks, columns, largest, filters) for key in order]


def _line(
    by: str,
    key: str,
    label: str,
    weeks: tuple[date, ...],
    columns: list[Counter[str]],
    largest: int,
    filters: dict[str, str],
) -> Line:
    urls = [lead_list(week, week, filters | {by: key}) for week in weeks]
    now, before, last_year = (column[key] for column in columns)
    share = 100 * now / largest if largest else 0
    return Line(label, now, urls[0], share, before, urls[1], last_year, urls[2])


_HEADINGS = {
    "region": lambda: _("By region of residence"),
    "source": lambda: _("By source"),
    "contest": lambda: _("By contest"),
    "room": lambda: _("By room"),
    "department": lambda: _("By département"),
    "age_band": lambda: _("By age"),
}


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
