"""Who is in which team."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from leads.models import Candidate, Team
from leads.services.candidates import assign_candidates


@transaction.atomic
def set_members(*, team_id: int, members: Iterable[User], actor: User, now: datetime) -> int:
    """Make these the members of a team; how many candidates went back to it from those who left."""
    team = Team.objects.select_for_update().get(pk=team_id)
    staying = {member.pk for member in members}
    left = Candidate.objects.current().filter(team=team, owner__isnull=False).exclude(owner__in=staying)
    ids = list(left.order_by("pk").values_list("pk", flat=True))
    team.members.set(staying)
    return assign_candidates(candidate_ids=ids, to=None, actor=actor, now=now)
