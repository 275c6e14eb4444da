"""Lists that somebody keeps under a name."""

from datetime import datetime

from django.contrib.auth.models import User
from django.utils.translation import gettext as _

from leads.errors import NotAllowed, NotFound
from leads.models import KeptView, Team

MOST_KEPT = 20  # of one person on one list


def keep_view(*, list_name: str, name: str, query: str, team_id: int | None, actor: User, now: datetime) -> KeptView:
    """Keep a list's `query` (as its address has it) for the actor, or for one of their teams; the same name anew
    replaces what it held. Raises `NotAllowed` (not their team, or too many are kept).
    """
    if team_id is not None and not Team.objects.of(actor).filter(pk=team_id).exists():
        raise NotAllowed(_("You are no member of this team."))
    mine = KeptView.objects.filter(owner=actor, list_name=list_name)
    if mine.exclude(name=name).count() >= MOST_KEPT:
        raise NotAllowed(_("You keep %d views of this list already: take one away first.") % MOST_KEPT)
    values = {"query": query, "team_id": team_id, "at": now}
    return KeptView.objects.update_or_create(owner=actor, list_name=list_name, name=name, defaults=values)[0]


def forget_view(*, view_id: int, actor: User) -> None:
    """Take away a view of one's own. Raises `NotFound`."""
    if not KeptView.objects.filter(pk=view_id, owner=actor).delete()[0]:
        raise NotFound(_("You keep no such view."))
