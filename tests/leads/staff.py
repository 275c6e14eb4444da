"""Members of staff in their groups and teams, and what they see."""

from django.contrib.auth.models import Group

from leads.models import Team
from tests.factories import UserFactory


def staff(*groups, teams=(), **fields):
    user = UserFactory(**fields)
    user.groups.set(Group.objects.filter(name__in=groups))
    for team in teams:
        team.members.add(user)
    return user


def recruiter(*teams, **fields):
    """Of the default team, or of those given."""
    return staff("recruiters", teams=teams or [Team.objects.default()], **fields)
