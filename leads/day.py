"""A recruiter's day: whom to act on, in one order, and why each of them."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.contrib.auth.models import User
from django.db.models import IntegerField, Prefetch, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from leads.before_call import before_call
from leads.choices import WAITING_COUNTED_TO, ActionKind, Stage
from leads.identity import age_on
from leads.lines import request_title
from leads.models import Candidate, DuplicateGroup, FollowUp, Lead, Organisation
from leads.querysets import CandidateQuerySet
from leads.services.claims import end_of_day, next_offered
from leads.stages import ALERT_BEFORE, is_soon_late

SHOWN = 50
VIEWS = ("all", "late", "soon", "call", "write", "check_file", "new")


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody to act on: `reason` says what for, `about` what they asked, `age` is given under 18 alone.

    `in_vain`: when they were called without being reached since they last were; `is_soon`: their first answer is late
    within `ALERT_BEFORE`.
    """

    candidate: Candidate
    is_late: bool
    is_soon: bool
    reason: str
    about: str
    age: int | None
    in_vain: list[datetime]
    may_be_called: bool


@dataclass(frozen=True, slots=True)
class Day:
    """`counts` of each of `VIEWS`, exact to `WAITING_COUNTED_TO`; `goes_on`: there are more.

    `held`: whom they are calling; `following`: where that is nobody, whom they would be given next; `known`: what to
    know of either before the call.
    """

    entries: list[Entry]
    counts: dict[str, int]
    goes_on: bool
    held: Entry | None
    following: Entry | None
    known: list[str]


def plate_of(user: User, now: datetime) -> CandidateQuerySet:
    return Candidate.objects.on_plate_of(user, end_of_day(now))


class CountOf(Subquery):
    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()
    empty_result_set_value = 0  # of whom is in no team


class Work(NamedTuple):
    """How much waits for a user, each counted to `WAITING_COUNTED_TO` and one more, which stands for more.

    `plate`: whom to act on today; `soon`: of these, new people whose first answer is late within `ALERT_BEFORE`.
    """

    plate: int
    soon: int
    duplicates: int


def count_work(user: User, now: datetime) -> Work:
    """One query, for the menu of each page."""
    plate = plate_of(user, now)
    soon = plate.filter(stage=Stage.NEW, next_action_at__range=(now, now + ALERT_BEFORE))
    duplicates = DuplicateGroup.objects.open().in_scope_of(user)
    bounded = [rows.order_by().values("pk")[: WAITING_COUNTED_TO + 1] for rows in (plate, soon, duplicates)]
    return Work(*Organisation.objects.values_list(*map(CountOf, bounded)).get(pk=1))


def day_of(user: User, now: datetime, view: str = "all") -> Day:
    """Late ones first, then by the hour; ten queries. `view` narrows the entries to one of `VIEWS`."""
    marks = (
        plate_of(user, now).order_by("next_action_at", "pk").values_list("pk", "next_action", "next_action_at", "stage")
    )
    plate = [(pk, _views(action, at, stage, now)) for pk, action, at, stage in marks[: WAITING_COUNTED_TO + 1] if at]
    counts = Counter(name for _pk, names in plate for name in names)
    shown = [pk for pk, names in plate if view in names][:SHOWN]
    held = Candidate.objects.claimed_by_at(user, now).values_list("pk", flat=True).first()
    following = None if held else next_offered(actor=user, now=now)
    others = {pk for pk in (held, following.pk if following else None) if pk}
    entries = _entries({*shown, *others}, now)
    on_top = next((entries[pk] for pk in others if pk in entries), None)
    return Day(
        entries=[entries[pk] for pk in shown if pk in entries],
        counts={name: min(counts[name], WAITING_COUNTED_TO) for name in VIEWS},
        goes_on=len(plate) > WAITING_COUNTED_TO,
        held=entries.get(held) if held else None,
        following=entries.get(following.pk) if following else None,
        known=before_call(on_top.candidate, on_top.in_vain, now) if on_top else [],
    )


def _views(action: str, at: datetime, stage: str, now: datetime) -> set[str]:
    names = {"all", action}
    if at < now:
        names.add("late")
    if is_soon_late(stage, at, now):
        names.add("soon")
    if stage == Stage.NEW:
        names.add("new")
    return names


def _entries(ids: set[int], now: datetime) -> dict[int, Entry]:
    newest = Lead.objects.select_related("contest_session__contest", "source", "room").order_by("-at", "-pk")
    people = Candidate.objects.filter(pk__in=ids).select_related("owner", "claimed_by")
    attempts = _attempts(ids)
    callable_ids = set(Candidate.objects.filter(pk__in=ids).callable_at(now).values_list("pk", flat=True))
    found = people.prefetch_related(Prefetch("leads", newest, to_attr="requests"))
    return {
        person.pk: _entry(person, attempts.get(person.pk, []), now, may_be_called=person.pk in callable_ids)
        for person in found
    }


def _attempts(ids: set[int]) -> dict[int, list[datetime]]:
    calls = FollowUp.objects.failed_attempts().filter(candidate__in=ids)
    of_person: dict[int, list[datetime]] = {}
    for pk, at in calls.order_by().values_list("candidate", "at"):
        of_person.setdefault(pk, []).append(at)
    return of_person


def _entry(person: Candidate, attempts: list[datetime], now: datetime, *, may_be_called: bool) -> Entry:
    in_vain = [at for at in attempts if person.reached_at is None or at > person.reached_at]
    age = age_on(person.birth_date, timezone.localdate(now)) if person.birth_date else None
    return Entry(
        candidate=person,
        is_late=person.next_action_at is not None and person.next_action_at < now,
        is_soon=is_soon_late(person.stage, person.next_action_at, now),
        reason=person.next_action_note or _reason(person, len(in_vain)),
        about=_about(person),
        age=age if age is not None and age < 18 else None,
        in_vain=in_vain,
        may_be_called=may_be_called,
    )


def _reason(person: Candidate, in_vain: int) -> str:
    match person.next_action:
        case ActionKind.CALL if in_vain:
            return _("call again, attempt %d") % (in_vain + 1)
        case ActionKind.CALL:
            return _("first contact") if person.stage == Stage.NEW else _("to call")
        case ActionKind.WRITE:
            return _("to answer") if person.stage == Stage.NEW else _("to write to")
        case ActionKind.CHECK_FILE:
            return _("file to check")
        case ActionKind.MEET:
            return _("to meet")
    return _("comes back from waiting")


def _about(person: Candidate) -> str:
    place = _("abroad") if person.is_abroad else person.department
    lead = next(iter(person.requests), None)  # type: ignore[attr-defined]
    asked = request_title(lead) if lead else ""
    return ", ".join(part for part in (place, asked[:1].lower() + asked[1:]) if part)
