"""The back office's menu: what the person may open, under the headings of their work."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from leads.public import WAITING_COUNTED_TO, count_work
from recruitment.templatetags.look import counted_to

# heading -> what stands under it: a model, or a page with the permission it needs; each with its icon
SECTIONS: tuple[tuple[Promise, tuple[tuple[str, str], ...]], ...] = (
    (
        _("Work"),
        (
            ("day", "clock"),
            ("leads.candidate", "people"),
            ("leads.lead", "mail"),
            ("phone", "phone"),
            ("leads.registrationfile", "page"),
            ("leads.duplicategroup", "merge"),
            ("leads.followup", "edit"),
            ("leads.batch", "upload"),
            ("assignment", "people"),
            ("leads.absence", "calendar"),
            ("leads.callslot", "calendar"),
            ("leads.letter", "mail"),
        ),
    ),
    (
        _("Live"),
        (
            ("chat.room", "speech"),
            ("chat.question", "help"),
            ("chat.answer", "check"),
            ("chat.speaker", "person"),
            ("chat.topic", "flag"),
            ("chat.paragraph", "page"),
            ("chat.programme", "calendar"),
            ("chat.watchedword", "alert"),
        ),
    ),
    (
        _("Steering"),
        (
            ("weekly", "chart"),
            ("rooms", "chart"),
            ("leads.contest", "star"),
            ("leads.contestsession", "calendar"),
            ("leads.source", "link"),
            ("leads.campaign", "flag"),
            ("leads.cost", "chart"),
            ("leads.pressline", "chart"),
            ("leads.goal", "star"),
            ("leads.linkmapping", "link"),
            ("leads.heardmapping", "speech"),
            ("leads.team", "people"),
            ("leads.capacity", "chart"),
            ("leads.organisation", "shield"),
        ),
    ),
)
PAGES = {
    "day": (_("My day"), "/admin/", "leads.change_candidate"),
    "phone": (_("Request by phone"), "/admin/leads/lead/phone/", "leads.add_lead"),
    "assignment": (_("Assignment"), "/admin/leads/team/assignment/", "leads.change_candidate"),
    "weekly": (_("Leads of the week"), "/admin/reports/weekly/", "leads.view_weekly_report"),
    "rooms": (_("What rooms brought"), "/admin/reports/rooms/", "leads.view_rooms_report"),
}
OTHERS = _("Settings")
SOON = "soon"
COUNTED = "leads.duplicategroup"  # whose readers have a day too


@dataclass(frozen=True, slots=True)
class Link:
    """`count`: how many wait there, where somebody counts them; `soon`: of these, first answers that are late soon;
    `is_exact`: the page itself, not what lies below it.
    """

    label: str | Promise
    url: str
    icon: str
    count: str = ""
    soon: str = ""
    is_exact: bool = False


@dataclass(slots=True)
class Section:
    title: str | Promise
    links: list[Link] = field(default_factory=list)


def navigation(apps: Iterable[dict[str, Any]], request: HttpRequest) -> list[Section]:
    """The sections with something in them; models of `AdminSite.get_app_list` that no section names come last."""
    models = dict(models_of(apps))
    counts = work_counts(request.user) if COUNTED in models else {}
    sections = [Section(title, list(links(entries, models, counts, request))) for title, entries in SECTIONS]
    sections.append(Section(OTHERS, [Link(label, url, "lock") for label, url in models.values()]))
    return [section for section in sections if section.links]


def has_day(user: Any) -> bool:
    """Whoever follows candidates up has a day; a superuser has the list of all pages instead."""
    return not user.is_superuser and user.has_perm(PAGES["day"][2])


def work_counts(user: Any) -> dict[str, str]:
    """How many wait at the two entries that are counted, in one query that reads no further than it shows."""
    work = count_work(user, timezone.now())
    return {"day": _shown(work.plate)} | {
        entry: _shown(count) for entry, count in ((SOON, work.soon), (COUNTED, work.duplicates)) if count
    }


def _shown(count: int) -> str:
    return counted_to(count, WAITING_COUNTED_TO)


def models_of(apps: Iterable[dict[str, Any]]) -> Iterable[tuple[str, tuple[str, str]]]:
    """("app.model", (label, address)) of each list that the person may open."""
    for app in apps:
        for model in app["models"]:
            if url := model["admin_url"]:
                yield model["model"]._meta.label_lower, (model["name"], url)


def links(
    entries: Iterable[tuple[str, str]],
    models: dict[str, tuple[str, str]],
    counts: dict[str, str],
    request: HttpRequest,
) -> Iterable[Link]:
    """Those of the entries that the person may open, in their order; models are taken out of `models`."""
    for entry, icon in entries:
        count = counts.get(entry, "")
        if entry in PAGES:
            label, url, permission = PAGES[entry]
            if entry == "day" and has_day(request.user):
                yield Link(label, url, icon, count, counts.get(SOON, ""), is_exact=True)
            elif entry != "day" and request.user.has_perm(permission):
                yield Link(label, url, icon)
        elif entry in models:
            yield Link(*models.pop(entry), icon, count)
