"""Before the hour: who moderates a room, and when it is."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from chat.models import PreparedAnnouncement, Room

IN_CALENDARS = ("title", "title_en", "opens_at", "closes_at")


@transaction.atomic
def plan_room(*, room: Room) -> None:
    """Keep a room as its form has cleaned it; its state goes on following its times.

    Where what a calendar shows of it has changed, `calendar_sequence` rises: that copy is the newer one (RFC 5545).
    """
    before = Room.objects.filter(pk=room.pk).values(*IN_CALENDARS).first()
    if before and any(getattr(room, name) != value for name, value in before.items()):
        room.calendar_sequence += 1
    room.save()


@transaction.atomic
def keep_moderator(*, room: Room, user_id: int, is_new: bool) -> None:
    """Who adds a room moderates it; and a room is never left without anybody who does."""
    if is_new or not room.moderators.exists():
        room.moderators.add(user_id)


@transaction.atomic
def prepare_announcements(*, room: Room, texts: Iterable[tuple[str, str]]) -> None:
    """Keep these (title, text) for the hour, in their order, in place of what was prepared."""
    room.prepared.all().delete()
    title_length = PreparedAnnouncement._meta.get_field("title").max_length
    PreparedAnnouncement.objects.bulk_create(
        PreparedAnnouncement(room=room, title=title[:title_length], text=text, position=position)
        for position, (title, text) in enumerate(texts)
    )


def readiness(room: Room, now: datetime) -> list[tuple[bool, str]]:
    """What a room needs before it opens: (done, key) in the order in which one sees to it."""
    speakers = list(room.speakers.select_related("user"))
    return [
        (bool(room.intro), "intro"),
        (room.closes_at > now, "times"),
        (room.moderators.filter(is_active=True).count() > 1, "moderators"),
        (bool(speakers), "speakers"),
        (bool(speakers) and all(who.user and who.user.is_active for who in speakers), "accounts"),
        (bool(speakers) and all(who.user and who.user.last_login for who in speakers), "logins"),
    ]
