"""The report of one room: what its hour came to, as a page, CSV, XLSX or JSON."""

from dataclasses import asdict
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from chat import public as rooms
from leads import exports, reports
from leads.report_views import CSV, XLSX
from recruitment import geography
from recruitment.people import AgeBand, Situation

COLUMNS = ("asked", "answered", "merged", "rejected", "withdrawn", "unanswered")


@require_safe
def one_room(request: HttpRequest, chrome: dict[str, Any], slug: str) -> HttpResponse:
    """404 where no room has that address. `chrome` is what the back office's pages share."""
    report = rooms.room_report(slug, reader=request.user.pk or 0)
    if report is None:
        raise Http404
    leads = reports.leads_of_rooms([report.room.pk])[report.room.pk]
    by_mail = reports.answers_by_mail(report.room.pk)
    labels = {topic.key: topic.label for topic in rooms.topics()} | {"": _("none")}
    kind = request.GET.get("format", "html")
    if kind == "json":
        return JsonResponse(_as_json(report, leads, by_mail, labels))
    if kind in ("csv", "xlsx"):
        return _file(kind, report, labels)
    return render(request, "leads/reports/room.html", chrome | _page(report, leads, by_mail, labels))


def _as_json(report: rooms.Report, leads: int, by_mail: int, labels: dict[str, str]) -> dict[str, Any]:
    return {
        "room": report.room.slug,
        **asdict(report.outcomes),
        "published": report.published,
        "askers": report.askers,
        "peak_viewers": report.peak,
        "seconds_to_publish": report.to_publish,
        "seconds_to_answer": report.to_answer,
        "leads": leads,
        "by_mail": by_mail,
        "by_topic": [
            {"key": key or "none", "label": labels[key], **asdict(report.topics[key])}
            for key in _in_order(report, labels)
        ],
        "speakers": [asdict(speaker) for speaker in report.speakers],
        "rejected_for": [{"reason": reason, "questions": count} for reason, count in report.reasons.most_common()],
        "to_answer": [{"question": q.pk, "text": q.text, "votes": q.tally} for q in report.unanswered],
        "profiles": report.profiles,
    }


def _in_order(report: rooms.Report, labels: dict[str, str]) -> list[str]:
    return [key for key in labels if key in report.topics]


def _topics_table(report: rooms.Report, labels: dict[str, str]) -> list[list[exports.Cell]]:
    lines = [[key or "none", *_cells(report.topics[key])] for key in _in_order(report, labels)]
    return [["topic", *COLUMNS], *lines]


def _cells(outcomes: rooms.Outcomes) -> list[exports.Cell]:
    return [getattr(outcomes, column) for column in COLUMNS]


def _unanswered_table(report: rooms.Report, labels: dict[str, str]) -> list[list[exports.Cell]]:
    lines: list[list[exports.Cell]] = [
        [q.pk, q.text, labels[q.topic.key if q.topic else ""], q.nickname, q.tally] for q in report.unanswered
    ]
    return [["question", "text", "topic", "nickname", "votes"], *lines]


def _file(kind: str, report: rooms.Report, labels: dict[str, str]) -> HttpResponse:
    """The topics with their totals; in the workbook the unanswered questions on a second sheet."""
    table = _topics_table(report, labels)
    if kind == "csv":
        response = HttpResponse(exports.as_csv([*table, exports.totals_of(table)]), content_type=CSV)
    else:
        more = {_("Unanswered"): _unanswered_table(report, labels)}
        body = exports.as_xlsx([*table, exports.totals_of(table)], name=_("Topics"), more=more)
        response = HttpResponse(body, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="room-{report.room.slug}.{kind}"'
    return response


def _page(report: rooms.Report, leads: int, by_mail: int, labels: dict[str, str]) -> dict[str, Any]:
    most = max((outcomes.asked for outcomes in report.topics.values()), default=0)
    return {
        "title": _("Report: %s") % report.room.title,
        "report": report,
        "room": report.room,
        "leads": leads,
        "by_mail": by_mail,
        "parts": _parts(report.outcomes),
        "topics": [
            (labels[key], report.topics[key], 100 * report.topics[key].asked / most)
            for key in _in_order(report, labels)
        ],
        "reasons": [(rooms.reason_label(reason), count) for reason, count in report.reasons.most_common()],
        "profiles": [(heading, _named(report.profiles[name], names)) for heading, name, names in _profiles()],
    }


def _parts(outcomes: rooms.Outcomes) -> list[dict[str, Any]]:
    """The shares of one bar, in per cent of all that was asked, each behind the one before."""
    named = (
        ("answered", outcomes.answered, _("answered in the room")),
        ("merged", outcomes.merged, _("grouped with another, which has its answer")),
        ("rejected", outcomes.rejected + outcomes.withdrawn, _("not kept, with the reason")),
        ("unanswered", outcomes.unanswered, _("without an answer yet")),
    )
    parts, at = [], 0.0
    for key, count, label in named:
        share = 100 * count / outcomes.asked if outcomes.asked else 0
        parts.append({"key": key, "count": count, "label": label, "x": f"{at:.2f}", "share": f"{share:.2f}"})
        at += share
    return parts


def _profiles() -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (pgettext("of people", "Age"), "age_band", dict(AgeBand.choices)),
        (_("Situation"), "situation", dict(Situation.choices)),
        (_("Region"), "region", geography.regions()),
    ]


def _named(counts: dict[str, int | None], names: dict[str, Any]) -> list[tuple[Any, int | None]]:
    return sorted(((names[key], count) for key, count in counts.items()), key=lambda cell: -(cell[1] or 0))
