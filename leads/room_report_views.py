"""The report of one room: what its hour came to, as a page, CSV, XLSX or JSON."""

from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from chat import public as rooms
from leads import exports, reports
from leads.attendance import attendance
from leads.choices import Came
from leads.report_views import CSV, XLSX
from leads.rooms_report_views import profile_words

COLUMNS = ("asked", "answered", "merged", "rejected", "withdrawn", "unanswered")


@require_safe
def one_room(request: HttpRequest, chrome: dict[str, Any], slug: str) -> HttpResponse:
    """404 where no room has that address. `chrome` is what the back office's pages share."""
    report = rooms.room_report(slug, reader=request.user.pk or 0)
    if report is None:
        raise Http404
    shown = [report.room.pk, *([report.before.room.pk] if report.before else [])]
    leads = reports.came_of_rooms(shown)
    by_mail = reports.answers_by_mail(report.room.pk)
    topics = rooms.topics()
    labels = {topic.key: topic.label for topic in topics} | {"": _("none")}
    kind = request.GET.get("format", "html")
    if kind == "json":
        return JsonResponse(_as_json(report, leads, by_mail, labels))
    if kind in ("csv", "xlsx"):
        return _file(kind, report, labels)
    return render(
        request,
        "leads/reports/room.html",
        chrome | _page(report, leads, by_mail, labels, {topic.key: topic.pk for topic in topics}),
    )


def _as_json(
    report: rooms.Report, leads: dict[int, reports.RoomLeads], by_mail: int, labels: dict[str, str]
) -> dict[str, Any]:
    return {
        "room": report.room.slug,
        **asdict(report.outcomes),
        "published": report.published,
        "askers": report.askers,
        "peak_viewers": report.peak,
        "seconds_to_publish": report.to_publish,
        "seconds_to_answer": report.to_answer,
        "leads": leads[report.room.pk].total,
        "leads_came": leads[report.room.pk].leads,
        "files_came": leads[report.room.pk].files,
        "by_mail": by_mail,
        "by_topic": [
            {"key": key or "none", "label": labels[key], **asdict(report.topics[key])}
            for key in _in_order(report, labels)
        ],
        "speakers": [asdict(speaker) for speaker in report.speakers],
        "rejected_for": [{"reason": reason, "questions": count} for reason, count in report.reasons.most_common()],
        "to_answer": [{"question": q.pk, "text": q.text, "votes": q.tally} for q in report.unanswered],
        "profiles": report.profiles,
        "attendance": [{"minute": minute.isoformat(), "people": people} for minute, people in report.attendance],
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


def _page(
    report: rooms.Report,
    leads: dict[int, reports.RoomLeads],
    by_mail: int,
    labels: dict[str, str],
    ids: dict[str, int],
) -> dict[str, Any]:
    most = max((outcomes.asked for outcomes in report.topics.values()), default=0)
    return {
        "title": _("Report: %s") % report.room.title,
        "report": report,
        "room": report.room,
        "leads": leads[report.room.pk].total,
        "came": _came(leads[report.room.pk]),
        "came_files": sum(leads[report.room.pk].files.values()),
        "by_mail": by_mail,
        "curve": attendance(report.attendance, report.room.opens_at, report.room.closes_at),
        "lists": _lists(report),
        "before": report.before,
        "leads_before": leads[report.before.room.pk].total if report.before else 0,
        "parts": _parts(report),
        "topics": [
            (
                labels[key],
                report.topics[key],
                100 * report.topics[key].asked / most,
                _lists(report, f"topic__id__exact={ids[key]}" if key else "topic__isnull=True"),
                report.everywhere.get(key, 0),
            )
            for key in _in_order(report, labels)
        ],
        "to_word": report.next_time.to_word,
        "short_topic": _short_topic(report, labels),
        "speakers": [(speaker, _answers_of(report, speaker.id)) for speaker in report.speakers],
        "reasons": [
            (rooms.reason_label(reason), count, _lists(report, urlencode({"reject_reason__exact": reason}))["rejected"])
            for reason, count in report.reasons.most_common()
        ],
        "is_told": any(report.profiles.values()),
        "profiles": [(heading, _named(report.profiles[name], names)) for heading, name, names in profile_words()],
    }


def _short_topic(report: rooms.Report, labels: dict[str, str]) -> dict[str, Any] | None:
    """What a room of its own might be held on, with the address where one is planned."""
    key = report.next_time.topic
    if key is None:
        return None
    planned = urlencode({"title": labels[key], "programme": report.room.programme_id or ""})
    return {
        "label": labels[key],
        "outcomes": report.topics[key],
        "everywhere": report.everywhere[key],
        "url": f"{reverse('admin:chat_room_add')}?{planned}",
    }


def _came(leads: reports.RoomLeads) -> list[tuple[str, str, int, int]]:
    """(name, label, requests, those of them for a file) of each time at which they came."""
    return [(name, str(label), leads.leads[name], leads.files[name]) for name, label in Came.choices]


STATES = {
    "asked": "",
    "answered": "state__exact=answered",
    "merged": "state__exact=merged",
    "rejected": "state__exact=rejected",
    "not_kept": "state__in=rejected,withdrawn",
    "unanswered": "state__in=asked,published",
    "published": "published_at__isnull=False",
}


def _lists(report: rooms.Report, narrowed: str = "") -> dict[str, str]:
    """The address of the list that each figure counts, for a moderator of the room; for others an empty one."""
    if not report.is_readers:
        return dict.fromkeys(STATES, "")
    address = f"{reverse('admin:chat_question_changelist')}?room__id__exact={report.room.pk}"
    return {name: "&".join(filter(None, (address, narrowed, state))) for name, state in STATES.items()}


def _answers_of(report: rooms.Report, speaker_id: int) -> str:
    """The address of the answers that a speaker's figure counts, as `_lists` has those of questions."""
    if not report.is_readers:
        return ""
    wanted = {
        "question__room__id__exact": report.room.pk,
        "question__state__exact": "answered",
        "speaker__exact": speaker_id,
    }
    return f"{reverse('admin:chat_answer_changelist')}?{urlencode(wanted)}"


def _parts(report: rooms.Report) -> list[dict[str, Any]]:
    """The shares of one bar, in per cent of all that was asked, each behind the one before, and the list of each."""
    outcomes, lists = report.outcomes, _lists(report)
    named = (
        ("answered", outcomes.answered, _("answered in the room")),
        ("merged", outcomes.merged, _("grouped with another, which has its answer")),
        ("not_kept", outcomes.not_kept, _("not kept, with the reason")),
        ("unanswered", outcomes.unanswered, _("without an answer yet")),
    )
    parts, at = [], 0.0
    for key, count, label in named:
        share = 100 * count / outcomes.asked if outcomes.asked else 0
        parts.append(
            {
                "key": key,
                "count": count,
                "label": label,
                "x": f"{at:.2f}",
                "share": f"{share:.2f}",
                "url": lists[key],
            }
        )
        at += share
    return parts


def _named(counts: dict[str, int | None], names: dict[str, Any]) -> list[tuple[Any, int | None]]:
    return sorted(((names[key], count) for key, count in counts.items()), key=lambda cell: -(cell[1] or 0))
