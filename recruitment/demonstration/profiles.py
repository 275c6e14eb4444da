"""What invented visitors say of themselves in three taps, in the rooms of today: of those of 2004 nothing was known."""

from random import Random

from chat.models import Profile, Room
from recruitment.demonstration.people import SITUATIONS, departments_by_weight, drawn
from recruitment.geography import region_of
from recruitment.people import AgeBand

SAY_SO = 0.4  # of who takes part
LEFT_OUT = 0.15  # of the taps: each may be
AGES = {AgeBand.UNDER_18: 9, AgeBand.FROM_18: 52, AgeBand.FROM_25: 30, AgeBand.FROM_35: 9}


def tell_profiles(room: Room) -> None:
    """Who of a room's people say who they are. It is new: nobody has said so yet."""
    random = Random(room.slug)  # noqa: S311 (nothing secret)
    who = (number for number in range(room.participant_count) if random.random() < SAY_SO)
    Profile.objects.bulk_create([Profile(room=room, key=f"invented-{number}", **_said(random)) for number in who])


def _said(random: Random) -> dict[str, str]:
    codes, weights = departments_by_weight()
    taps = {
        "age_band": str(drawn(AGES, random)),
        "situation": str(drawn(SITUATIONS, random)),
        "region": region_of(random.choices(codes, weights)[0]) or "",
    }
    return {tap: "" if random.random() < LEFT_OUT else said for tap, said in taps.items()}
