"""One act on many candidates: the rules of one by one, asked of all, and written in a few statements."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from leads.batch_words import BatchKind, RowOutcome, Verdict, Why
from leads.bulk import copy_rows, id_set, update_rows
from leads.choices import OPEN_STAGES, ActionKind, ClosedReason, FollowUpKind, Stage
from leads.models import Batch, BatchRow, Candidate, FollowUp, Lead, Team
from leads.progress import keep_progress
from leads.querysets import CandidateQuerySet
from leads.services.assignment import JUDGED, Dealer, Judged
from leads.services.candidates import OF_ACTION, OF_STAGE, set_action, set_stage
from leads.services.claims import is_held_by_another
from leads.services.duplicates import grouped_among, keys_of, look_again
from leads.services.timeline import LINE, as_json, give_back
from leads.stages import why_not_move, why_not_plan

ROW = ("batch_id", "number", "candidate_id", "verdict", "why", "detail", "outcome", "version", "before")
LEFT = ("pk", "candidate_id", "version", "before")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be done to each, as the options of a batch say it; who and when."""

    actor: User
    now: datetime
    to: str = ""
    reason: str = ""
    until: datetime | None = None
    owner_id: int | None = None
    owner_teams: Collection[int] = ()
    team: Team | None = None
    members: Collection[int] = ()
    action: str = ""
    at: datetime | None = None
    note: str = ""
    attempts: Mapping[int, list[datetime]] = field(default_factory=dict)
    dealer: Dealer | None = None
    callable_ids: Collection[int] = ()


class Act(NamedTuple):
    """`why_not`: what speaks against it; `change`: in memory, `fields` alone; `line`: kind and data for the timeline,
    of the values before and the candidate as changed.
    """

    why_not: Callable[[Judged, Asked], Why | None]
    change: Callable[[Candidate, Asked], None]
    fields: tuple[str, ...]
    line: Callable[[Mapping[str, Any], Candidate], tuple[FollowUpKind, dict[str, Any]]]


# --- the acts -------------------------------------------------------------------------------------------------------
def _may_move(candidate: Judged, asked: Asked) -> Why | None:
    if candidate.stage == asked.to:
        return Why.THERE
    return why_not_move(
        candidate.stage,
        asked.to,
        reason=asked.reason,
        until=asked.until,
        now=asked.now,
        attempts=lambda: asked.attempts.get(candidate.pk, ()),
    )


def _move(candidate: Candidate, asked: Asked) -> None:
    set_stage(candidate, asked.to, reason=asked.reason, until=asked.until, now=asked.now)


def _moved(before: Mapping[str, Any], candidate: Candidate) -> tuple[FollowUpKind, dict[str, Any]]:
    since = before["stage_at"]
    seconds = max(0, round((candidate.stage_at - since).total_seconds()))
    said = {"start": before["stage"], "to": candidate.stage, "reason": candidate.closed_reason, "seconds": seconds}
    return FollowUpKind.STAGE, said


def _may_entrust(candidate: Judged, asked: Asked) -> Why | None:
    if candidate.owner_id == asked.owner_id:
        return Why.THEIRS if asked.owner_id else Why.IN_TEAM
    return Why.NO_MEMBER if asked.owner_id and candidate.team_id not in asked.owner_teams else None


def _entrust(candidate: Candidate, asked: Asked) -> None:
    candidate.owner_id = asked.owner_id


def _entrusted(before: Mapping[str, Any], candidate: Candidate) -> tuple[FollowUpKind, dict[str, Any]]:
    return FollowUpKind.ASSIGNMENT, {"from": before["owner_id"], "to": candidate.owner_id}


def _may_give(candidate: Judged, asked: Asked) -> Why | None:
    return Why.IN_TEAM if asked.team and candidate.team_id == asked.team.pk else None


def _give(candidate: Candidate, asked: Asked) -> None:
    assert asked.team is not None
    candidate.team_id = asked.team.pk
    if candidate.owner_id not in asked.members:
        candidate.owner_id = None


def _given(before: Mapping[str, Any], candidate: Candidate) -> tuple[FollowUpKind, dict[str, Any]]:
    teams = {"team_from": before["team_id"], "team": candidate.team_id}
    return FollowUpKind.ASSIGNMENT, {"from": before["owner_id"], "to": candidate.owner_id, **teams}


def _may_deal(candidate: Judged, asked: Asked) -> Why | None:
    """Takes a place for whoever is to be given somebody, so that the trial run counts as the run will."""
    assert asked.dealer is not None
    if candidate.stage not in OPEN_STAGES:
        return Why.IS_CLOSED
    if asked.dealer.is_followed(candidate):
        return Why.FOLLOWED
    to = asked.dealer.place(candidate)
    return Why.NOBODY_FREE if to is None and candidate.owner_id is None else None


def _deal(candidate: Candidate, asked: Asked) -> None:
    assert asked.dealer is not None
    candidate.owner_id = asked.dealer.place(candidate)


def _may_plan(candidate: Judged, asked: Asked) -> Why | None:
    if why := why_not_plan(candidate.stage, asked.action):
        return why
    return Why.NO_CALLS if asked.action == ActionKind.CALL and candidate.pk not in asked.callable_ids else None


def _plan(candidate: Candidate, asked: Asked) -> None:
    set_action(candidate, asked.action, asked.at, asked.note)


def _planned(before: Mapping[str, Any], candidate: Candidate) -> tuple[FollowUpKind, dict[str, Any]]:
    at = candidate.next_action_at
    return FollowUpKind.NEXT_ACTION, {"action": candidate.next_action, "due_at": at.isoformat() if at else ""}


_STAGE = Act(_may_move, _move, OF_STAGE, _moved)
ACTS = {
    BatchKind.STAGE: _STAGE,
    BatchKind.CLOSE: _STAGE,
    BatchKind.ASSIGN: Act(_may_entrust, _entrust, ("owner_id",), _entrusted),
    BatchKind.TEAM: Act(_may_give, _give, ("team_id", "owner_id"), _given),
    BatchKind.DEAL: Act(_may_deal, _deal, ("owner_id",), _entrusted),
    BatchKind.PLAN: Act(_may_plan, _plan, OF_ACTION, _planned),
}


def asked_of(batch: Batch, actor: User, now: datetime, ids: Collection[int]) -> Asked:
    options = {name: value for name, value in batch.options.items() if value}
    for name in ("until", "at"):
        if name in options:
            options[name] = parse_datetime(options[name])
    if owner := options.pop("owner", None):
        options |= {
            "owner_id": owner,
            "owner_teams": set(Team.objects.filter(members=owner).values_list("pk", flat=True)),
        }
    if team_id := options.pop("team", None):
        team = Team.objects.get(pk=team_id)
        options |= {"team": team, "members": set(team.members.values_list("pk", flat=True))}
    if options.get("reason") == ClosedReason.UNREACHABLE:
        options["attempts"] = _attempts(ids)
    if options.get("action") == ActionKind.CALL:
        callable_people = Candidate.objects.filter(pk__in=id_set(ids)).callable_at(now)
        options["callable_ids"] = set(callable_people.values_list("pk", flat=True))
    if batch.kind == BatchKind.CLOSE:
        options["to"] = Stage.CLOSED
    if batch.kind == BatchKind.DEAL:
        options["dealer"] = Dealer(timezone.localdate(now))
    return Asked(actor=actor, now=now, **options)


def _attempts(ids: Collection[int]) -> Mapping[int, list[datetime]]:
    """When somebody tried to call each of them in vain, since they were last reached."""
    calls = FollowUp.objects.failed_attempts().filter(candidate__in=id_set(ids))
    found: dict[int, list[datetime]] = defaultdict(list)
    for pk, at, reached_at in calls.values_list("candidate", "at", "candidate__reached_at"):
        if reached_at is None or at > reached_at:
            found[pk].append(at)
    return found


# --- the trial run --------------------------------------------------------------------------------------------------
def try_act(batch: Batch, ids: Collection[int], *, actor: User, now: datetime) -> None:
    act, asked = ACTS[BatchKind(batch.kind)], asked_of(batch, actor, now, ids)
    people = {person.pk: person for person in _people(actor, ids).values_list(*JUDGED, named=True)}
    copy_rows(BatchRow, ROW, (_tried(batch, n, pk, people.get(pk), act, asked) for n, pk in enumerate(ids, 1)))


def _people(actor: User, ids: Collection[int]) -> CandidateQuerySet:
    return Candidate.objects.current().in_scope_of(actor).filter(pk__in=id_set(ids)).defer("search").order_by("pk")


def _tried(batch: Batch, number: int, pk: int, person: Judged | None, act: Act, asked: Asked) -> tuple:
    why = _why_not(person, act, asked)
    verdict = Verdict.SKIPPED if why else Verdict.TODO
    known, version = (person.pk, person.version) if person else (None, None)
    return (batch.pk, number, known, verdict, why or "", {}, "", version, {})


def _why_not(person: Judged | None, act: Act, asked: Asked) -> Why | None:
    if person is None:
        return Why.GONE
    if is_held_by_another(person, asked.actor, asked.now):
        return Why.HELD
    return act.why_not(person, asked)


# --- the act --------------------------------------------------------------------------------------------------------
def run_part(batch: Batch, rows: list[tuple], *, actor: User, now: datetime) -> None:
    """Act on those of `rows` (of `LEFT`) of which nothing has changed since they were tried. In a transaction."""
    ids = [pk for _row, pk, _version, _before in rows]
    act, asked = ACTS[BatchKind(batch.kind)], asked_of(batch, actor, now, ids)
    people = {person.pk: person for person in _people(actor, ids).select_for_update(no_key=True, of=("self",))}
    told: list[tuple] = []
    changed: list[tuple[dict[str, Any], Candidate]] = []
    for row, pk, version, _before in rows:
        person = people.get(pk)
        why = Why.CHANGED if person and person.version != version else _why_not(person, act, asked)
        if why or person is None:
            told.append((row, RowOutcome.SKIPPED, why or Why.GONE, version, {}))
            continue
        before = {name: getattr(person, name) for name in act.fields}
        act.change(person, asked)
        person.version += 1
        changed.append((before, person))
        told.append((row, RowOutcome.DONE, "", person.version, as_json(before)))
    _write(act, changed, actor=actor, now=now, text=asked.note)
    update_rows(BatchRow, ("outcome", "why", "version", "before"), told)


def undo_part(batch: Batch, rows: list[tuple], *, actor: User, now: datetime) -> None:
    """Give back what it was to those whom nobody has changed since. In a transaction."""
    act, ids = ACTS[BatchKind(batch.kind)], [pk for _row, pk, _version, _before in rows]
    people = {person.pk: person for person in _people(actor, ids).select_for_update(no_key=True, of=("self",))}
    told: list[tuple] = []
    changed: list[tuple[dict[str, Any], Candidate]] = []
    for row, pk, version, kept in rows:
        person = people.get(pk)
        if person is None or person.version != version:
            told.append((row, RowOutcome.KEPT, Why.CHANGED_AFTER if person else Why.GONE))
            continue
        before = {name: getattr(person, name) for name in act.fields}
        give_back(person, kept)
        person.version += 1
        changed.append((before, person))
        told.append((row, RowOutcome.UNDONE, ""))
    _write(act, changed, actor=actor, now=now)
    update_rows(BatchRow, ("outcome", "why"), told)


def _write(
    act: Act, changed: list[tuple[dict[str, Any], Candidate]], *, actor: User, now: datetime, text: str = ""
) -> None:
    fields = (*act.fields, "version")
    update_rows(Candidate, fields, ((p.pk, *(getattr(p, name) for name in fields)) for _before, p in changed))
    lines = ((person, *act.line(before, person)) for before, person in changed)
    copy_rows(FollowUp, LINE, ((p.pk, kind, "", text, data, actor.pk, now, p.version) for p, kind, data in lines))
    if "stage" in act.fields:
        keep_progress([person.pk for _before, person in changed])
    if "team_id" in act.fields:
        _change_team([person for _before, person in changed], now)


def _change_team(people: list[Candidate], now: datetime) -> None:
    """Their requests go with them, and groups of duplicates are looked at by other teams."""
    by_team: dict[int, list[int]] = defaultdict(list)
    for person in people:
        by_team[person.team_id].append(person.pk)
    for team, ids in by_team.items():
        Lead.objects.filter(candidate__in=id_set(ids)).update(team=team)
    look_again(grouped_among(key for person in people for key in keys_of(person)), now=now)
