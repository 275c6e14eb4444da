"""Speakers who come for a room: invited by its moderators, gone a day after it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import Group, User
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chat.errors import Conflict
from chat.identity import Actor
from chat.models import Speaker
from chat.policies import require_moderator
from chat.services.once import lock_room

STAYS = timedelta(days=1)
Mailer = Callable[..., Any]

_mailers: list[Mailer] = []


def send_invitations_by(mailer: Mailer) -> None:
    """Let another app send the mail: `mailer(user=…, room=…, language=…, now=…)`, in the caller's transaction."""
    _mailers[:] = [mailer]


@transaction.atomic
def invite_speaker(
    *, room_id: int, actor: Actor, name: str, title: str, email: str, language: str, now: datetime
) -> Speaker:
    """Put somebody on a room's staff list as speaker, under an account that ends a day after the room.

    A new account has no password: the mail holds a link, good once, to set one. Somebody invited before comes again
    with the account they have. Raises `Conflict` where the address is a colleague's, whom the room's form offers.
    """
    room = lock_room(room_id)
    require_moderator(actor, room)
    speaker = _guest(name, title, email.lower(), room.closes_at + STAYS)
    room.speakers.add(speaker)
    if not _has_come(speaker):
        for mailer in _mailers:
            mailer(user=speaker.user, room=room, language=language, now=now)
    return speaker


def _guest(name: str, title: str, email: str, until: datetime) -> Speaker:
    user = User.objects.filter(username=email).first()
    if user is None:
        return _new_guest(name, title, email, until)
    speaker = Speaker.objects.filter(user=user, guest_until__isnull=False).first()
    if speaker is None:
        raise Conflict(_("This address has an account already: choose the speaker in the room's form."))
    _extend(speaker, until)
    return speaker


def _new_guest(name: str, title: str, email: str, until: datetime) -> Speaker:
    first, _blank, last = name.partition(" ")
    user = User.objects.create_user(username=email, email=email, first_name=first, last_name=last, is_staff=True)
    user.groups.add(Group.objects.get(name="speakers"))
    return Speaker.objects.create(name=name, title=title, user=user, guest_until=until)


def _extend(speaker: Speaker, until: datetime) -> None:
    speaker.guest_until = max(speaker.guest_until or until, until)
    speaker.save(update_fields=["guest_until"])
    User.objects.filter(speaker=speaker).update(is_active=True)


def _has_come(speaker: Speaker) -> bool:
    return speaker.user is not None and speaker.user.has_usable_password()


@transaction.atomic
def end_guest_access(now: datetime) -> int:
    """Close the accounts of guests whose room was more than a day ago; how many."""
    over = Speaker.objects.filter(guest_until__lt=now, user__is_active=True)
    return User.objects.filter(speaker__in=over).update(is_active=False)
