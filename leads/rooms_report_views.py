"""What each room brought, rooms side by side: questions by topic, requests, who was there."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from chat import public as rooms
from leads import exports, reports
from leads.choices import ANY, Came
from leads.report_views import CSV, XLSX, attached
from recruitment import geography
from recruitment.people import AgeBand, Situation


@require_safe
def rooms_report(request: HttpRequest, chrome: dict[str, Any]) -> HttpResponse:
    """What each room brought: questions by topic, leads; as a page, CSV, XLSX or JSON."""
    figures = rooms.room_figures()
    came = reports.came_of_rooms(figure.room.pk for figure in figures)
    leads = {room: of.total for room, of in came.items()}
    topics = {topic.key: topic for topic in rooms.topics()}
    kind = request.GET.get("format", "html")
    if kind == "json":
        return JsonResponse(_rooms_json(figures, came, topics))
    if kind in ("csv", "xlsx"):
        return _rooms_file(kind, _rooms_table(figures, came, topics), figures)
    return render(
        request,
        "leads/reports/rooms.html",
        chrome
        | _rooms_page(figures, leads, topics)
        | {"came": _came(figures, came), "profiles": list(_profiles(figures))},
    )


def _rooms_file(kind: str, table: list[list[exports.Cell]], figures: list[rooms.RoomFigures]) -> HttpResponse:
    """The rooms; in the workbook a sheet for each of what their visitors said of themselves."""
    if kind == "csv":
        return attached(exports.as_csv([*table, exports.totals_of(table)]), CSV, "rooms.csv")
    more = {told.heading: _profiles_table(told) for told in _profiles(figures)}
    return attached(exports.as_xlsx(table, name=_("Rooms"), more=more), XLSX, "rooms.xlsx")


# --- who was there, as they said ---
@dataclass(frozen=True, slots=True)
class SideBySide:
    """One of the three taps over all rooms where somebody said it: no sums, which would tell what is masked."""

    name: str
    heading: str
    columns: list[str]
    lines: list[tuple[Any, list[int | None]]]  # room, counts

    @property
    def across(self) -> list[Any]:
        """What stands over the columns, rooms or answers; the more numerous stand down the side."""
        return [room for room, _counts in self.lines] if self._is_turned else self.columns

    @property
    def down(self) -> list[tuple[Any, list[tuple[Any, int | None]]]]:
        """(room or answer, its counts, each with what stands over it)."""
        counts = [line for _room, line in self.lines]
        rows = zip(self.columns, zip(*counts, strict=True), strict=True) if self._is_turned else self.lines
        return [(head, list(zip(self.across, line, strict=True))) for head, line in rows]

    @property
    def _is_turned(self) -> bool:
        return len(self.columns) > len(self.lines)


def profile_words() -> list[tuple[str, str, dict[str, Any]]]:
    """(heading, name, words of its keys in their order) of each of the three taps."""
    return [
        (pgettext("of people", "Age"), "age_band", dict(AgeBand.choices)),
        (_("Situation"), "situation", dict(Situation.choices)),
        (_("Region"), "region", geography.regions()),
    ]


def _profiles(figures: list[rooms.RoomFigures]) -> Iterator[SideBySide]:
    for heading, name, words in profile_words():
        told = [(figure.room, figure.profiles[name]) for figure in figures if figure.profiles[name]]
        keys = [key for key in words if any(key in counts for _room, counts in told)]
        if keys:
            lines = [(room, [counts.get(key, 0) for key in keys]) for room, counts in told]
            yield SideBySide(name, heading, [str(words[key]) for key in keys], lines)


def _profiles_table(told: SideBySide) -> list[list[exports.Cell]]:
    lines: list[list[exports.Cell]] = [
        [room.slug, *(exports.MASKED if count is None else count for count in counts)] for room, counts in told.lines
    ]
    return [["room", *told.columns], *lines]


def _rooms_json(
    figures: list[rooms.RoomFigures], came: dict[int, reports.RoomLeads], topics: dict[str, Any]
) -> dict[str, Any]:
    return {
        "rooms": [
            {
                "slug": figure.room.slug,
                "asked": figure.asked,
                "published": figure.published,
                "answered": figure.answered,
                "leads": came[figure.room.pk].total,
                "leads_came": came[figure.room.pk].leads,
                "files_came": came[figure.room.pk].files,
                "profiles": figure.profiles,
                "sources": [row.as_data() for row in came[figure.room.pk].sources],
                "by_topic": _by_topic(figure.topics, topics),
            }
            for figure in figures
        ],
        "by_topic": _by_topic(_all_topics(figures), topics),
    }


LEADS_CAME = [f"leads_{name}" for name in Came.values]
FILES_CAME = [f"files_{name}" for name in Came.values]


def _came(figures: list[rooms.RoomFigures], came: dict[int, reports.RoomLeads]) -> dict[str, Any]:
    """When the requests of each room came, side by side: (name, requests, files, label) of each time, and sums."""
    every = [came[figure.room.pk] for figure in figures]
    return {
        "any": ANY,
        "totals": [
            (name, sum(of.leads[name] for of in every), sum(of.files[name] for of in every), label)
            for name, label in Came.choices
        ],
        "heads": [label for _name, label in Came.choices],
        "lines": [
            (figure.room, [(name, of.leads[name], of.files[name], label) for name, label in Came.choices], of.sources)
            for figure in figures
            for of in [came[figure.room.pk]]
        ],
    }


def _all_topics(figures: list[rooms.RoomFigures]) -> Counter[str]:
    return sum((figure.topics for figure in figures), Counter())


def _by_topic(counts: Counter[str], topics: dict[str, Any]) -> list[dict[str, Any]]:
    """Topics with something asked, in their order; questions without one have the key `none`."""
    named = [{"key": key, "label": topic.label, "asked": counts[key]} for key, topic in topics.items() if counts[key]]
    return [*named, {"key": "none", "label": _("none"), "asked": counts[""]}] if counts[""] else named


def _rooms_table(
    figures: list[rooms.RoomFigures], came: dict[int, reports.RoomLeads], topics: dict[str, Any]
) -> list[list[exports.Cell]]:
    header: list[exports.Cell] = [
        "room",
        "asked",
        "published",
        "answered",
        "leads",
        *topics,
        "none",
        *LEADS_CAME,
        *FILES_CAME,
    ]
    lines: list[list[exports.Cell]] = [
        [
            figure.room.slug,
            figure.asked,
            figure.published,
            figure.answered,
            came[figure.room.pk].total,
            *(figure.topics[key] for key in topics),
            figure.topics[""],
            *came[figure.room.pk].leads.values(),
            *came[figure.room.pk].files.values(),
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
