"""The back office's menu: what the person may open, under the headings of their work."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# heading -> what stands under it: a model, or a page with the permission it needs; each with its icon
SECTIONS: tuple[tuple[Promise, tuple[tuple[str, str], ...]], ...] = (
    (
        _("Work"),
        (
            ("leads.candidate", "people"),
            ("leads.lead", "mail"),
            ("phone", "phone"),
            ("leads.registrationfile", "page"),
            ("leads.followup", "clock"),
        ),
    ),
    (
        _("Live"),
        (("chat.room", "speech"), ("chat.question", "help"), ("chat.speaker", "person"), ("chat.topic", "flag")),
    ),
    (
        _("Steering"),
        (
            ("weekly", "chart"),
            ("rooms", "chart"),
            ("leads.contest", "star"),
            ("leads.contestsession", "calendar"),
            ("leads.source", "link"),
            ("leads.team", "people"),
            ("leads.organisation", "shield"),
        ),
    ),
)
PAGES = {
    "phone": (_("Request by phone"), "/admin/leads/lead/phone/", "leads.add_lead"),
    "weekly": (_("Leads of the week"), "/admin/reports/weekly/", "leads.view_weekly_report"),
    "rooms": (_("What rooms brought"), "/admin/reports/rooms/", "leads.view_rooms_report"),
}
OTHERS = _("Settings")


@dataclass(frozen=True, slots=True)
class Link:
    label: str | Promise
    url: str
    icon: str


@dataclass(slots=True)
class Section:
    title: str | Promise
    links: list[Link] = field(default_factory=list)


def navigation(site: AdminSite, request: HttpRequest) -> list[Section]:
    """The sections with something in them; models that no section names come last."""
    models = dict(models_of(site.get_app_list(request)))
    sections = [Section(title, list(links(entries, models, request))) for title, entries in SECTIONS]
    sections.append(Section(OTHERS, [Link(label, url, "lock") for label, url in models.values()]))
    return [section for section in sections if section.links]


def models_of(apps: Iterable[dict[str, Any]]) -> Iterable[tuple[str, tuple[str, str]]]:
    """("app.model", (label, address)) of each list that the person may open."""
    for app in apps:
        for model in app["models"]:
            if url := model["admin_url"]:
                yield model["model"]._meta.label_lower, (model["name"], url)


def links(
    entries: Iterable[tuple[str, str]], models: dict[str, tuple[str, str]], request: HttpRequest
) -> Iterable[Link]:
    """Those of the entries that the person may open, in their order; models are taken out of `models`."""
    for entry, icon in entries:
        if entry in PAGES:
            label, url, permission = PAGES[entry]
            if request.user.has_perm(permission):
                yield Link(label, url, icon)
        elif entry in models:
            yield Link(*models.pop(entry), icon)
