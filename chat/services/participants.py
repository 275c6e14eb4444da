"""Who asks and votes in a room: known by a nickname or a number, and by nothing else."""

from collections.abc import Iterable, Sequence

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from chat.forms import is_usable_nickname
from chat.models import Participant, Room
from recruitment.text import skeleton


def find_participants(room: Room, keys: Iterable[str]) -> dict[str, Participant]:
    """Those of the room who have asked or voted before, by `you.id`."""
    return {person.key: person for person in room.participants.filter(key__in=set(keys))}


def newcomer(room: Room, key: str) -> Participant:
    """One more participant under the room's next number, to be kept by `save_newcomers`."""
    room.participant_count += 1
    number = room.participant_count
    return Participant(room=room, key=key, number=number, nickname=_default_nickname(number))


def save_newcomers(room: Room, people: Sequence[Participant]) -> None:
    if people:
        Room.objects.filter(pk=room.pk).update(participant_count=room.participant_count)
        Participant.objects.bulk_create(people)


def _default_nickname(number: int) -> str:
    with translation.override(settings.LANGUAGE_CODE):  # it is shown to everybody, not to its owner alone
        return gettext("Candidate %d") % number


def usable(room: Room, nicknames: Iterable[str]) -> set[str]:
    """Those under which somebody may be shown in the room."""
    given = {name for name in nicknames if name}
    taken = reserved_names(room) if given else frozenset()
    return {name for name in given if is_usable_nickname(name, taken)}


def reserved_names(room: Room) -> frozenset[str]:
    """Skeletons of the names that a visitor may not take: the house's, and those of the room's staff."""
    staff = list(room.speakers.values_list("name", flat=True))
    staff += [user.get_full_name() for user in room.moderators.all()]
    return frozenset(skeleton(name) for name in [*settings.RESERVED_NICKNAMES, *staff])
