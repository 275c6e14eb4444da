"""Who may be one person: groups by key, brought up with each writing of a row, never when a page is read."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import chain, combinations
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from leads.bulk import day_set, id_set, text_set, update_rows
from leads.choices import SharedKey
from leads.errors import NotAllowed, NotFound
from leads.models import Candidate, DuplicateGroup, ToldApart
from leads.querysets import CandidateQuerySet

MANY = 20  # of a group: more are one line, and nobody compares them two by two
COUNTED_TO = 1_000
AT_ONCE = 200
EVERYBODY = None  # the team of those who see all


class Key(NamedTuple):
    kind: str
    key: str


_COLUMNS: Mapping[str, tuple[str, ...]] = {
    SharedKey.PHONE: ("phone",),
    SharedKey.MAIL: ("mail_key",),
    SharedKey.PERSON: ("birth_date", "name_key"),
}


def keys_of(candidate: Candidate) -> set[Key]:
    """What a row may share with others; a name counts with both its parts and a birth date alone."""
    names = ("phone", "mail_key", "birth_date", "name_key")
    return keys_of_row({name: getattr(candidate, name) for name in names})


def keys_of_row(row: Mapping[str, Any]) -> set[Key]:
    """The same of the attributes of a candidate."""
    keys = {Key(SharedKey.PHONE, row["phone"]), Key(SharedKey.MAIL, row["mail_key"])}
    if row["birth_date"] and " " in row["name_key"]:
        keys.add(Key(SharedKey.PERSON, f"{row['birth_date'].isoformat()} {row['name_key']}"))
    return {key for key in keys if key.key}


def held_among(keys: Iterable[Key]) -> set[Key]:
    """Those of `keys` that somebody has. A query for each kind, whatever the number."""
    wanted = set(keys)
    held = ((kind, people.values_list(*_COLUMNS[kind]).distinct()) for kind, people in _having(wanted))
    return wanted & {_key(kind, values) for kind, rows in held for values in rows}


def _key(kind: str, values: Iterable[Any]) -> Key:
    return Key(kind, " ".join(map(str, values)))


def _having(keys: Iterable[Key]) -> Iterator[tuple[str, CandidateQuerySet]]:
    """Of each kind, who has one of its keys; who has the birth date of one and the name of another is among them."""
    by_kind: dict[str, set[str]] = defaultdict(set)
    for kind, key in keys:
        by_kind[kind].add(key)
    people = Candidate.objects.current().order_by()
    if phones := by_kind[SharedKey.PHONE]:
        yield SharedKey.PHONE, people.filter(phone__in=text_set(phones))
    if mails := by_kind[SharedKey.MAIL]:
        yield SharedKey.MAIL, people.exclude(mail_key="").filter(mail_key__in=text_set(mails))  # as its index is
    if persons := by_kind[SharedKey.PERSON]:
        days, names = zip(*(person.split(" ", 1) for person in persons), strict=True)
        born = people.filter(birth_date__in=day_set(set(days)), name_key__in=text_set(set(names)))
        yield SharedKey.PERSON, born


def grouped_among(keys: Iterable[Key]) -> set[Key]:
    """Those of `keys` that have a group. One query."""
    wanted = set(keys)
    kinds, texts = {key.kind for key in wanted}, {key.key for key in wanted}
    groups = DuplicateGroup.objects.filter(team__isnull=True, kind__in=kinds, key__in=text_set(texts))
    return wanted & {Key(*named) for named in groups.values_list("kind", "key")}


def look_again(keys: Iterable[Key], *, now: datetime) -> None:
    """Bring up the groups of these keys: what each service that writes a row calls last, in its transaction.

    Writers of one key wait for each other until they commit, or two who come at once would not see each other. A few
    statements for each kind, whatever the number.
    """
    if wanted := sorted(set(keys)):
        _take_turns(wanted)
        _bring_up(wanted, now)


def forget_keys(keys: Iterable[Key], *, now: datetime) -> None:
    """Bring up the groups of an erased person's keys; a key that nobody has any more goes, ignored or not."""
    wanted = set(keys)
    look_again(wanted, now=now)
    for key in wanted - held_among(wanted):
        DuplicateGroup.objects.filter(**key._asdict()).delete()


def _take_turns(keys: list[Key]) -> None:
    if connection.vendor != "postgresql" or not keys:
        return  # SQLite has one writer at a time
    turns = sorted(_number(key) for key in keys)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(turn) FROM unnest(%s::bigint[]) AS turn", [turns])


def _number(key: Key) -> int:
    return int.from_bytes(hashlib.sha256(f"{key.kind} {key.key}".encode()).digest()[:8], signed=True)


def _bring_up(keys: list[Key], now: datetime) -> None:
    people, known = _people_of(keys), _groups_of(keys)
    apart = told_apart(pk for found in people.values() if 1 < len(found) <= MANY for pk, _team in found)
    fitted: list[DuplicateGroup] = []
    gone: list[int] = []
    for key in keys:
        seen = dict(_by_team(people[key])) if len(people[key]) > 1 else {}
        groups = known[key]
        ignored_at = next((group.ignored_at for group in groups.values() if group.ignored_at), None)
        for team, members in seen.items():
            blank = DuplicateGroup(**key._asdict(), team_id=team, at=now, ignored_at=ignored_at)
            group = groups.pop(team, blank)
            group.size = len(members)
            _open(group, ignored_at is None and not _all_apart(members, apart), now)
            fitted.append(group)
        gone += [group.pk for group in groups.values() if seen or not group.ignored_at]
    _write(fitted)
    DuplicateGroup.objects.filter(pk__in=gone)._raw_delete("default")


def _people_of(keys: Iterable[Key]) -> Mapping[Key, list[tuple[int, int]]]:
    """Key -> (id, team) of those who have it, of one more than is counted at most."""
    found: dict[Key, list[tuple[int, int]]] = defaultdict(list)
    for kind, people in _having(keys):
        nth = Window(RowNumber(), partition_by=[F(name) for name in _COLUMNS[kind]])
        some = people.annotate(nth=nth).filter(nth__lte=COUNTED_TO + 1)
        for pk, team, *values in some.values_list("pk", "team", *_COLUMNS[kind]):
            found[_key(kind, values)].append((pk, team))
    return found


def _groups_of(keys: Iterable[Key]) -> Mapping[Key, dict[int | None, DuplicateGroup]]:
    """Key -> team -> its group. Two queries: each has an index."""
    kinds, texts = zip(*keys, strict=True)
    of_keys = DuplicateGroup.objects.filter(kind__in=set(kinds), key__in=text_set(set(texts)))
    found: dict[Key, dict[int | None, DuplicateGroup]] = defaultdict(dict)
    for group in chain(of_keys.filter(team__isnull=True), of_keys.filter(team__isnull=False)):
        found[Key(group.kind, group.key)][group.team_id] = group
    return found


def _open(group: DuplicateGroup, is_open: bool, now: datetime) -> None:
    if is_open and not group.is_open:
        group.at = now
    group.is_open = is_open


def _write(groups: list[DuplicateGroup]) -> None:
    changed = ((group.pk, group.size, group.is_open, group.at) for group in groups if group.pk)
    update_rows(DuplicateGroup, ("size", "is_open", "at"), changed)
    DuplicateGroup.objects.bulk_create([group for group in groups if not group.pk], batch_size=AT_ONCE)


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
    if not people:
        return set()
    pairs = ToldApart.objects.filter(first__in=id_set(people), second__in=id_set(people))
    return set(pairs.values_list("first", "second"))


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
