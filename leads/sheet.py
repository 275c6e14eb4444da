"""A candidate's sheet as recruiters read it: what happened, what is there, what is to do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.contrib.auth.models import User
from django.db.models import Q
from django.utils import timezone

from leads import policies, stages, texts
from leads.checklists import Item, checklists
from leads.choices import OPEN_STAGES, FileStatus, FollowUpKind, Purpose, Stage
from leads.identity import age_on, name_of
from leads.lines import Known, Line, line_of, line_of_export, line_of_mail
from leads.models import Candidate, Consent, Export, FollowUp, Lead, Organisation, RegistrationFile
from leads.retention import retain_until
from leads.wording import field_label, shown

LINES_SHOWN = 200
ORDER = tuple(stage for stage in Stage if stage not in (Stage.WAITING, Stage.CLOSED))


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    is_today: bool
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Word:
    """What holds on one purpose: the newest consent or refusal, None where nothing was ever said."""

    purpose: Purpose
    newest: Consent | None
    holds: bool


@dataclass(frozen=True, slots=True)
class Step:
    """A stage in the bar above the sheet."""

    stage: Stage
    is_here: bool
    is_past: bool
    is_open: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a later request said otherwise, and nobody has decided on: (field, label, now, proposed) each."""

    row: FollowUp
    fields: list[tuple[str, str, str, str]]


@dataclass(frozen=True, slots=True)
class Sheet:
    candidate: Candidate
    age: int | None
    is_minor: bool
    can_be_called: bool
    is_open: bool
    is_soon_late: bool
    steps: list[Step]
    days: list[Day]
    has_calls: bool
    is_cut: bool
    requests: list[Lead]
    files: list[tuple[RegistrationFile, list[Item]]]
    consents: list[Word]
    proposals: list[Proposal]
    members: list[User]
    retain_until: date


def sheet(candidate: Candidate, now: datetime, *, calls_only: bool = False) -> Sheet:
    """All of one candidate that a page shows: a fixed number of queries, the newest `LINES_SHOWN` lines."""
    today = timezone.localdate(now)
    rows = candidate.follow_ups.filter(kind=FollowUpKind.CALL) if calls_only else candidate.follow_ups
    lines = list(rows.select_related("actor").order_by("-at", "-pk")[: LINES_SHOWN + 1])
    requests = _requests(candidate)
    files = list(candidate.files.select_related("contest_session__contest").order_by("-requested_at"))
    lists = checklists(files)
    people = _people(candidate, lines)
    known = Known(
        {lead.pk: lead for lead in requests},
        {file.pk: file for file in files},
        {person.pk: name_of(person) for person in people},
        {item.asked.pk: texts.plain(item.asked, "label") for items in lists.values() for item in items},
    )
    words = _consents(candidate, now)
    agreed = any(word.holds for word in words if word.purpose == Purpose.RECONTACT)
    return Sheet(
        candidate=candidate,
        age=age_on(candidate.birth_date, today) if candidate.birth_date else None,
        is_minor=policies.is_minor(candidate.birth_date, today),
        can_be_called=policies.can_be_called(candidate, now),
        is_open=candidate.stage in OPEN_STAGES,
        is_soon_late=stages.is_soon_late(candidate.stage, candidate.next_action_at, now),
        steps=list(_steps(candidate)),
        days=_days(_lines(candidate, lines[:LINES_SHOWN], known, calls_only=calls_only), today),
        has_calls=any(row.kind == FollowUpKind.CALL for row in lines),
        is_cut=len(lines) > LINES_SHOWN,
        requests=requests,
        files=[(file, lists[file.pk]) for file in files],
        consents=words,
        proposals=open_proposals(candidate),
        members=[person for person in people if person.is_member],  # type: ignore[attr-defined]
        retain_until=retain_until(candidate, Organisation.objects.current(), agreed=agreed),
    )


def _requests(candidate: Candidate) -> list[Lead]:
    leads = candidate.leads.select_related("contest_session__contest", "source", "room")
    return list(leads.prefetch_related("receipts").order_by("-at", "-pk"))


def _people(candidate: Candidate, lines: Iterable[FollowUp]) -> list[User]:
    """The members of the team, and whoever the assignments name; `is_member` tells the first."""
    named = {row.data.get("to") for row in lines if row.kind == FollowUpKind.ASSIGNMENT} - {None}
    members = set(candidate.team.members.filter(is_active=True).values_list("pk", flat=True))
    people = list(User.objects.filter(Q(pk__in=members) | Q(pk__in=named)).order_by("last_name", "username"))
    for person in people:
        person.is_member = person.pk in members  # type: ignore[attr-defined]
    return people


def _steps(candidate: Candidate) -> Iterable[Step]:
    place = ORDER.index(Stage(candidate.stage)) if candidate.stage in ORDER else -1
    for number, stage in enumerate(ORDER):
        yield Step(stage, stage == candidate.stage, number < place, stages.may_move(candidate.stage, stage))


def _lines(candidate: Candidate, rows: Iterable[FollowUp], known: Known, *, calls_only: bool) -> list[Line]:
    """Mails and exports stand among what was done."""
    lines = [line_of(row, known) for row in rows if not _is_told_by_its_mail(row)]
    if calls_only:
        return lines
    sheets = [candidate.pk, *candidate.merged.values_list("pk", flat=True)]
    lines += [line_of_export(export) for export in Export.objects.of_candidates(sheets)]
    mails = candidate.messages.select_related("written_by").order_by("-created_at")[:LINES_SHOWN]
    return lines + [line_of_mail(mail) for mail in mails]


def _days(lines: list[Line], today: date) -> list[Day]:
    """Newest first, under their days."""
    lines.sort(key=lambda line: line.at, reverse=True)  # stable: of one moment the later row comes first
    grouped = groupby(lines, lambda line: timezone.localdate(line.at))
    return [Day(day, day == today, list(of_day)) for day, of_day in grouped]


def _is_told_by_its_mail(row: FollowUp) -> bool:
    """The mail itself is a line, with what became of it."""
    return row.kind == FollowUpKind.MESSAGE and bool(row.data.get("message") or row.data.get("posted"))


def _consents(candidate: Candidate, now: datetime) -> list[Word]:
    newest = {consent.purpose: consent for consent in candidate.consents.holding()}
    return [_word(Purpose(purpose), newest.get(purpose), now) for purpose in Purpose.values]


def _word(purpose: Purpose, newest: Consent | None, now: datetime) -> Word:
    holds = newest is not None and newest.given and (newest.expires_at is None or newest.expires_at > now)
    return Word(purpose, newest, holds)


def open_proposals(candidate: Candidate) -> list[Proposal]:
    """Newest first; what the record says meanwhile itself is no proposal any more."""
    rows = list(candidate.follow_ups.filter(kind=FollowUpKind.PROPOSAL).order_by("-at", "-pk"))
    decided = {row.data["decides"] for row in rows if "decides" in row.data}
    proposals = (Proposal(row, _differing(candidate, row)) for row in rows if row.pk not in decided)
    return [proposal for proposal in proposals if proposal.fields]


def _differing(candidate: Candidate, row: FollowUp) -> list[tuple[str, str, str, str]]:
    fields = row.data.get("fields", {})
    return [
        (name, field_label(name), shown(name, str(getattr(candidate, name) or "")), shown(name, proposed))
        for name, (_before, proposed) in fields.items()
        if str(getattr(candidate, name) or "") != proposed
    ]


def file_moves(file: RegistrationFile) -> list[FileStatus]:
    """Where a file may go from here, in the order of its way."""
    return [status for status in FileStatus if stages.may_move_file(file.status, status)]
