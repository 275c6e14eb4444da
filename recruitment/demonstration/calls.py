"""Evenings on which the demonstration's teams call back at the candidates' choice."""

from datetime import datetime, time, timedelta

from django.contrib.auth.models import User
from django.utils import timezone

from leads.models import Team
from leads.public import open_call_slots

AHEAD = timedelta(days=60)


def open_calls(now: datetime, recruiter: User) -> None:
    """Of each team, for two months from tomorrow on; those that are open already stay."""
    tomorrow = timezone.localdate(now) + timedelta(days=1)
    for team in Team.objects.all():
        open_call_slots(
            team=team,
            first=tomorrow,
            last=tomorrow + AHEAD,
            start=time(17, 0),
            end=time(19, 0),
            minutes=20,
            capacity=2,
            actor=recruiter,
        )
