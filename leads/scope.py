"""Whose rows somebody sees: those of their teams. One condition for lists, search, autocomplete, export and counts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.apps import apps

if TYPE_CHECKING:
    from django.contrib.auth.models import User

KEPT = "_ids_of_teams"


def team_ids_of(user: User) -> list[int]:
    """The teams that the user is in, read once an instance, as Django does with permissions.

    Their ids and not a subquery for them: of these PostgreSQL knows how many rows each has. Else it reads a million to
    find the first thousand of a big team, or all in their order for the three hundred of a small one.
    """
    if not hasattr(user, KEPT):
        members = apps.get_model("leads.Team").members.through._default_manager
        keep_team_ids(user, members.filter(user=user.pk).values_list("team", flat=True))
    return getattr(user, KEPT)


def keep_team_ids(user: User, ids: Iterable[int]) -> None:
    """Of whoever has read the user's teams anyhow."""
    setattr(user, KEPT, sorted(ids))
