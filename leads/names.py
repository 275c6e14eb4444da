"""What lists and forms of the back office call contests, sources and colleagues."""

from django.contrib.auth.models import User
from django.db.models import Case, CharField, QuerySet, Value, When
from django.db.models.functions import Cast, Coalesce, Concat, NullIf, Trim

from leads.models import Contest, KeptView, Source, Team
from leads.scope import keep_team_ids

FULL_NAME = Coalesce(
    NullIf(Trim(Concat("first_name", Value(" "), "last_name")), Value("")), "username", output_field=CharField()
)


def named_by(user: User, list_name: str) -> list[tuple[str, str, str]]:
    """("contest" | "source" | "owner" | "team" | "view" | "own view", key, name) by name, the user first: one query.

    `owner`: the members of the user's teams. The key of a view of this list is its id and its query, `7?stage=new`.
    """
    contests = Contest.objects.order_by().values_list(Value("contest"), "slug", "title")
    sources = Source.objects.order_by().values_list(Value("source"), "key", "label")
    people = colleagues_of(user).order_by().values_list(Value("owner"), Cast("pk", CharField()), FULL_NAME)
    kept = KeptView.objects.visible_to(user).filter(list_name=list_name)
    whose = Case(When(owner=user.pk, then=Value("own view")), default=Value("view"))
    views = kept.values_list(whose, Concat(Cast("pk", CharField()), Value("?"), "query"), "name")
    teams = Team.objects.of(user).order_by().values_list(Value("team"), Cast("pk", CharField()), "name")
    found = list(contests.union(sources, people, views, teams))
    keep_team_ids(user, (int(key) for kind, key, _name in found if kind == "team"))
    return sorted(found, key=lambda row: (row[:2] != ("owner", str(user.pk)), row[2]))


def colleagues_of(user: User) -> QuerySet[User]:
    """The active members of the user's teams; of all teams for a superuser."""
    people = User.objects.filter(is_active=True, teams__isnull=False)
    return (people if user.is_superuser else people.filter(teams__members=user.pk)).distinct()
