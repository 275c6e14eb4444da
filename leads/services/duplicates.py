"""Who may be one person: groups by key, brought up with each writing of a row, never when a page is read."""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import combinations
from typing import NamedTuple

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from leads.choices import SharedKey
from leads.errors import NotAllowed, NotFound
from leads.models import Candidate, DuplicateGroup, ToldApart

MANY = 20  # of a group: more are one line, and nobody compares them two by two
COUNTED_TO = 1_000
AT_ONCE = 200
EVERYBODY = None  # the team of those who see all


class Key(NamedTuple):
    kind: str
    key: str


def keys_of(candidate: Candidate) -> set[Key]:
    """What a row may share with others; a name counts with both its parts and a birth date alone."""
    keys = {Key(SharedKey.PHONE, candidate.phone), Key(SharedKey.MAIL, candidate.mail_key)}
    if candidate.birth_date and " " in candidate.name_key:
        keys.add(Key(SharedKey.PERSON, f"{candidate.birth_date.isoformat()} {candidate.name_key}"))
    return {key for key in keys if key.key}


def look_again(keys: Iterable[Key], *, now: datetime) -> None:
    """Bring up the groups of these keys: what each service that writes a row calls last, in its transaction.

    Writers of one key wait for each other until they commit, or two who come at once would not see each other.
    """
    wanted = sorted(set(keys))
    _take_turns(wanted)
    for key in wanted:
        _bring_up(key, now)


def forget_keys(keys: Iterable[Key], *, now: datetime) -> None:
    """Bring up the groups of an erased person's keys; a key that nobody has any more goes, ignored or not."""
    wanted = set(keys)
    look_again(wanted, now=now)
    for key in wanted:
        if not Candidate.objects.sharing(*key).exists():
            DuplicateGroup.objects.filter(**key._asdict()).delete()


def _take_turns(keys: list[Key]) -> None:
    if connection.vendor != "postgresql" or not keys:
        return  # SQLite has one writer at a time
    turns = sorted(_number(key) for key in keys)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(turn) FROM unnest(%s::bigint[]) AS turn", [turns])


def _number(key: Key) -> int:
    return int.from_bytes(hashlib.sha256(f"{key.kind} {key.key}".encode()).digest()[:8], signed=True)


def _bring_up(key: Key, now: datetime) -> None:
    people = list(Candidate.objects.sharing(*key).order_by().values_list("pk", "team")[: COUNTED_TO + 1])
    groups = DuplicateGroup.objects.filter(**key._asdict())
    if len(people) < 2:
        groups.filter(ignored_at__isnull=True).delete()
        return
    known = {group.team_id: group for group in groups}
    ignored_at = next((group.ignored_at for group in known.values() if group.ignored_at), None)
    apart = told_apart([pk for pk, _team in people]) if len(people) <= MANY else set()
    seen = dict(_by_team(people))
    for team, members in seen.items():
        group = known.get(team) or DuplicateGroup(**key._asdict(), team_id=team, at=now, ignored_at=ignored_at)
        group.size = len(members)
        was_open, group.is_open = group.is_open, ignored_at is None and not _all_apart(members, apart)
        if group.is_open and not was_open:
            group.at = now
        group.save()
    groups.exclude(pk__in=[known[team].pk for team in known if team in seen]).filter(team__in=known).delete()


def _by_team(people: list[tuple[int, int]]) -> Iterator[tuple[int | None, list[int]]]:
    """Everybody, and each team that has two of them."""
    yield EVERYBODY, [pk for pk, _team in people]
    for team in {team for _pk, team in people}:
        members = [pk for pk, of in people if of == team]
        if len(members) > 1:
            yield team, members


def told_apart(ids: Iterable[int]) -> set[tuple[int, int]]:
    """The pairs of these people of whom somebody said that they are two, the lower id first."""
    people = list(ids)
    return set(ToldApart.objects.filter(first__in=people, second__in=people).values_list("first", "second"))


def _all_apart(members: list[int], apart: set[tuple[int, int]]) -> bool:
    return len(members) <= MANY and all(pair in apart for pair in combinations(sorted(members), 2))


def members_of(group: DuplicateGroup) -> list[Candidate]:
    """Whom a group holds, the best known first: who has verified an address, who has one, who asked last."""
    people = Candidate.objects.sharing(group.kind, group.key).select_related("owner", "team")
    if group.team_id:
        people = people.filter(team=group.team_id)
    found = people.order_by("-asked_at", "-pk")[: MANY + 1]
    return sorted(found, key=lambda person: (person.verified_at is None, person.email == ""))


@transaction.atomic
def tell_apart(*, group_id: int, candidate_ids: Iterable[int], actor: User, now: datetime) -> int:
    """Remember that these people of a group are not one another; how many pairs were news.

    Raises `NotFound` (no such group, or somebody left it meanwhile).
    """
    group = _group(group_id, actor)
    ids = sorted(set(candidate_ids))
    members = {person.pk: person for person in members_of(group)}
    if len(ids) < 2 or not set(ids) <= set(members):
        raise NotFound(_("These people are no longer in this group: have another look."))
    known = told_apart(ids)
    pairs = [pair for pair in combinations(ids, 2) if pair not in known]
    rows = [ToldApart(first_id=first, second_id=second, by=actor, at=now) for first, second in pairs]
    ToldApart.objects.bulk_create(rows, ignore_conflicts=True)
    look_again({key for pk in ids for key in keys_of(members[pk])}, now=now)
    return len(pairs)


@transaction.atomic
def ignore_key(*, group_id: int, actor: User, now: datetime) -> None:
    """Say that what a large group shares tells nothing, such as the phone of a school. Raises `NotFound`,
    `NotAllowed` (a group that can be compared two by two).
    """
    group = _group(group_id, actor)
    if group.size <= MANY:
        raise NotAllowed(_("This group is small enough to be compared two by two."))
    _take_turns([Key(group.kind, group.key)])
    DuplicateGroup.objects.filter(kind=group.kind, key=group.key).update(ignored_at=now, is_open=False)


def _group(group_id: int, actor: User) -> DuplicateGroup:
    found = DuplicateGroup.objects.open_to(actor).filter(pk=group_id).first()
    if found is None:
        raise NotFound(_("There is no such group."))
    return found


# --- all of them ----------------------------------------------------------------------------------------------------
def rebuild_duplicates(*, now: datetime) -> int:
    """Bring up the groups of every key that two people share, or shared: what bulk loads leave to be done; how many."""
    keys = {Key(kind, key) for kind, key in DuplicateGroup.objects.values_list("kind", "key")}
    keys.update(_shared_keys())
    wanted = sorted(keys)
    for start in range(0, len(wanted), AT_ONCE):
        with transaction.atomic():
            look_again(wanted[start : start + AT_ONCE], now=now)
    return len(keys)


def _shared_keys() -> Iterator[Key]:
    people = Candidate.objects.current().order_by()
    for kind, column in ((SharedKey.PHONE, "phone"), (SharedKey.MAIL, "mail_key")):
        shared = people.exclude(**{column: ""}).values_list(column).annotate(people=Count("pk")).filter(people__gt=1)
        yield from (Key(kind, key) for key, _people in shared.iterator())
    born = people.filter(birth_date__isnull=False, name_key__contains=" ").values_list("birth_date", "name_key")
    for day, name, _people in born.annotate(people=Count("pk")).filter(people__gt=1).iterator():
        yield Key(SharedKey.PERSON, f"{day.isoformat()} {name}")
