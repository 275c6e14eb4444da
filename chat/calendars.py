"""Rooms as iCalendar (RFC 5545): hours in the site's zone with its VTIMEZONE, without which Outlook shifts them."""

from collections.abc import Iterable
from datetime import date, datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from icalendar import Calendar, Event, Timezone

from chat.models import Room
from chat.programme import said


def calendar_of(rooms: Iterable[Room], now: datetime) -> bytes:
    """Each room is an event under a UID that stays; of two copies the one with the higher SEQUENCE is newer."""
    calendar = Calendar()
    calendar.add("prodid", "-//recruitment//rooms//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    for room in rooms:
        calendar.add_component(_event(room, now))
    first, last = date(now.year - 25, 1, 1), date(now.year + 3, 1, 1)
    zone = Timezone.from_tzid(settings.TIME_ZONE, first_date=first, last_date=last)
    calendar.add_component(zone)  # also where no room is planned: RFC 5545 wants a component
    return calendar.to_ical()


def _event(room: Room, now: datetime) -> Event:
    event = Event()
    event.add("uid", f"room-{room.pk}@{urlsplit(settings.SITE_URL).hostname}")
    event.add("sequence", room.calendar_sequence)
    event.add("dtstamp", now)
    event.add("dtstart", timezone.localtime(room.opens_at))
    event.add("dtend", timezone.localtime(room.closes_at))
    event.add("summary", said(room, "title"))
    event.add("description", said(room, "intro"))
    event.add("url", f"{settings.SITE_URL}{room.get_absolute_url()}")
    event.add("location", f"{settings.SITE_URL}{room.get_absolute_url()}")
    return event
