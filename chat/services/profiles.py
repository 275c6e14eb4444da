"""What visitors say of themselves, if they like: counted, never linked to a question or a person."""

from django.utils.translation import gettext_lazy as _

from chat.errors import BadMessage
from chat.models import Profile, Room
from recruitment import geography
from recruitment.people import AgeBand, Situation

AGE_BANDS = [choice for choice in AgeBand.choices if choice[0] != AgeBand.UNKNOWN]


def tell_profile(*, room: Room, key: str, age_band: str = "", region: str = "", situation: str = "") -> None:
    """Keep what is said under `key` in a room; all of it empty, nothing is kept. Raises `BadMessage`."""
    if (age_band and age_band not in dict(AGE_BANDS)) or (situation and situation not in Situation.values):
        raise BadMessage(_("Choose one of the answers shown."))
    if region and region not in geography.regions():
        raise BadMessage(_("Choose one of the answers shown."))
    said = {"age_band": age_band, "region": region, "situation": situation}
    if any(said.values()):
        Profile.objects.update_or_create(room=room, key=key, defaults=said)
    else:
        Profile.objects.filter(room=room, key=key).delete()
