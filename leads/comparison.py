"""Two sheets side by side, and what one of them will be: what a recruiter reads before merging."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.contrib.auth.models import User
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from leads.choices import Purpose, SharedKey, Stage
from leads.identity import name_of
from leads.models import Candidate, Consent, DuplicateGroup, Merge
from leads.policies import can_be_called
from leads.row_filters import SHARED
from leads.services.duplicates import MANY, Key, keys_of
from leads.services.merges import UNDONE_WITHIN, Merged, is_given, merged_values, newest_words, strictest, undoable
from leads.wording import shown
from recruitment.days import day_in_words
from recruitment.text import without_accents

LABELS = {
    "name": gettext_lazy("Name"),
    "email": gettext_lazy("E-mail"),
    "phone": gettext_lazy("Phone"),
    "place": gettext_lazy("Postal code"),
    "birth_date": gettext_lazy("Birth date"),
    "diploma_level": gettext_lazy("Diploma"),
    "situation": gettext_lazy("Situation"),
    "stage": gettext_lazy("Stage"),
}
ALWAYS_SHOWN = ("name", "email", "phone", "place", "birth_date", "stage")
SHORT = {
    Purpose.RECONTACT: gettext_lazy("New contests"),
    Purpose.PHONE: gettext_lazy("Calls"),
    Purpose.NEWSLETTER: gettext_lazy("Monthly letter"),
    Purpose.SURVEY: gettext_lazy("Survey"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the comparison; `choice` is empty where there is nothing to choose."""

    choice: str
    label: str
    kept: str
    gone: str
    after: str
    is_taken: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    """A consent: what each was told, and whether what will hold is stricter than one of them."""

    label: str
    kept: str
    gone: str
    holds: bool
    is_stricter: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    kept: Candidate
    gone: Candidate
    rows: list[Row]
    words: list[Word]
    requests: int
    files: int
    lines: int
    mails: int
    loses_calls: bool
    undone_until: datetime


def compare(kept: Candidate, gone: Candidate, taken: Collection[str], now: datetime) -> Comparison:
    """A fixed number of queries. `taken` of `services.merges.CHOICES` comes from the one that goes."""
    values = merged_values(kept, gone, taken)
    both = (kept.pk, gone.pk)
    holds = strictest(kept, gone, now)
    may = can_be_called(kept, now) or can_be_called(gone, now)
    return Comparison(
        kept=kept,
        gone=gone,
        rows=list(_rows(kept, gone, values, taken)),
        words=list(_words(kept, gone, holds, now)),
        requests=kept.leads.count() + gone.leads.count(),
        files=len({*kept.files.values_list("contest_session"), *gone.files.values_list("contest_session")}),
        lines=kept.follow_ups.count() + gone.follow_ups.count(),
        mails=kept.messages.count() + gone.messages.count(),
        loses_calls=may and not _may_be_called(both, values, holds[Purpose.PHONE]),
        undone_until=now + UNDONE_WITHIN,
    )


def _rows(kept: Candidate, gone: Candidate, values: Merged, taken: Collection[str]) -> Iterator[Row]:
    after = Candidate(**values)
    for choice, label in LABELS.items():
        mine, others = _said(choice, kept), _said(choice, gone)
        if not (mine or others) and choice not in ALWAYS_SHOWN:
            continue
        differs = bool(mine and others) and mine != others
        unknown = pgettext("of a person", "unknown")
        said = _said(choice, after) or unknown
        yield Row(choice if differs else "", str(label), mine or unknown, others or unknown, said, choice in taken)
    owners = {person.pk: name_of(person) for person in (kept.owner, gone.owner) if person}
    nobody = _("nobody")
    mine, others, then = (owners.get(pk or 0, nobody) for pk in (kept.owner_id, gone.owner_id, values["owner_id"]))
    yield Row("", _("Followed by"), mine, others, then)


def _said(choice: str, candidate: Candidate) -> str:
    match choice:
        case "name":
            return candidate.full_name
        case "place":
            return " ".join(filter(None, (candidate.postal_code, _("abroad") if candidate.is_abroad else "")))
        case "stage":
            return _stage(candidate)
        case _:
            value = getattr(candidate, choice)
            return shown(choice, str(value)) if value else ""


def _stage(candidate: Candidate) -> str:
    words = str(Stage(candidate.stage).label).lower()
    if candidate.stage != Stage.WAITING or candidate.next_action_at is None:
        return words
    day = day_in_words(timezone.localtime(candidate.next_action_at), _("j F"))
    return _("%(stage)s until %(day)s") % {"stage": words, "day": day}


def _words(kept: Candidate, gone: Candidate, holds: dict[str, bool], now: datetime) -> Iterator[Word]:
    mine, others = newest_words(kept), newest_words(gone)
    for purpose in Purpose:
        own, other = mine.get(purpose.value), others.get(purpose.value)
        is_stricter = not holds[purpose] and (is_given(own, now) or is_given(other, now))
        yield Word(str(SHORT[purpose]), _word(own, now), _word(other, now), holds[purpose], is_stricter)


def _word(word: Consent | None, now: datetime) -> str:
    if word is None:
        return _("no")
    yes_or_no = _("yes") if is_given(word, now) else _("no")
    return f"{yes_or_no}, {day_in_words(timezone.localtime(word.at), _('j F Y'))}"


def _may_be_called(both: tuple[int, int], values: Merged, agreed: bool) -> bool:
    """`policies.can_be_called`, of the sheet that the two will be."""
    if not values["phone"] or values["reached_at"] is None:
        return bool(values["phone"])
    asked = Candidate.objects.filter(
        pk__in=both, leads__phone=values["phone"], leads__at__gt=values["reached_at"]
    ).exists()
    return asked or (agreed and not (values["email"] and values["verified_at"] is None))


# --- groups ---------------------------------------------------------------------------------------------------------
def with_people(groups: Iterable[DuplicateGroup]) -> list[DuplicateGroup]:
    """Groups with their `people` and in words `why`: one query. Of a group over `MANY` nobody is read."""
    rows = list(groups)
    small = [group for group in rows if group.size <= MANY]
    people = _people_of(small) if small else []
    for group in rows:
        group.people = [person for person in people if group in small and _belongs(person, group)]
        group.why = _why(group)
    return rows


def _people_of(groups: list[DuplicateGroup]) -> list[Candidate]:
    shared = reduce(or_, (Q(**SHARED[group.kind](group.key)) for group in groups))
    return list(Candidate.objects.current().filter(shared).order_by("-asked_at", "-pk"))


def _belongs(person: Candidate, group: DuplicateGroup) -> bool:
    return Key(group.kind, group.key) in keys_of(person) and group.team_id in (None, person.team_id)


def _why(group: DuplicateGroup) -> str:
    """What they share; a family's phone is told from a person's, whose first name may be an initial."""
    words = str(group.get_kind_display())
    initials = {without_accents(person.first_name[0]) for person in group.people if person.first_name}
    last_names = {person.name_key.partition(" ")[0] for person in group.people}
    if group.kind == SharedKey.PHONE and len(initials) > 1 and len(last_names) == 1:
        return _("%s, perhaps of one family") % words
    return words


def duplicates_of(candidate: Candidate, user: User) -> list[DuplicateGroup]:
    """The open groups that a sheet is in, as its keys were written: one query."""
    keys = keys_of(candidate)
    if not keys:
        return []
    shared = reduce(or_, (Q(**key._asdict()) for key in keys))
    return list(DuplicateGroup.objects.open().in_scope_of(user).filter(shared))


@dataclass(frozen=True, slots=True)
class Merges:
    """What was merged into a sheet and stands; `undoable` until `until`, where the last of them is."""

    done: list[Merge]
    undoable: Merge | None
    until: datetime | None


def merges_of(candidate: Candidate, now: datetime) -> Merges:
    done = list(candidate.merges.filter(undone_at__isnull=True).select_related("gone").order_by("-at", "-pk"))
    last = undoable(done, now)
    return Merges(done, last, last.at + UNDONE_WITHIN if last else None)
