"""Frozen weeks as iCalendar (RFC 5545), each at the moment of its freezing, with the site's VTIMEZONE."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, Timezone

from leads.report_figures import week_heading
from leads.weeks import freezes_at, monday_of

LENGTH = timedelta(minutes=30)


def calendar_of(data: Mapping[str, Any], now: datetime) -> bytes:
    """Of the weekly JSON, exact or masked. A week keeps its UID; its SEQUENCE is the version of its figures."""
    calendar = Calendar()
    calendar.add("prodid", "-//recruitment//weeks//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(Timezone.from_tzid(settings.TIME_ZONE))  # RFC 5545 wants a component where no week is frozen
    for week in data["weeks"]:
        if "frozen" in week:
            calendar.add_component(_event(week, now))
    return calendar.to_ical()


def _event(week: Mapping[str, Any], now: datetime) -> Event:
    starts = timezone.localtime(freezes_at(monday_of(week["week"])))
    address = f"{settings.SITE_URL}{reverse('admin:weekly_report')}?to={week['week']}"
    event = Event()
    event.add("uid", f"week-{week['week']}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("sequence", week["frozen"]["version"])
    event.add("dtstamp", now)
    event.add("dtstart", starts)
    event.add("dtend", starts + LENGTH)
    event.add("summary", _summary(week))
    event.add("description", _description(week))
    event.add("url", address)
    return event


def _summary(week: Mapping[str, Any]) -> str:
    words = {"week": week_heading(monday_of(week["week"])), "total": _told(week["total"])}
    return _("%(week)s: %(total)s requests") % words


def _description(week: Mapping[str, Any]) -> str:
    words = {name: _told(week[name]) for name in ("information", "registration_file")}
    words["version"] = str(week["frozen"]["version"])
    return _("%(information)s for information, %(registration_file)s for a file; version %(version)s.") % words


def _told(count: int | None) -> str:
    return "< 5" if count is None else number_format(count, force_grouping=True)
