"""What may be done on a sheet: each act's form, the one service it calls, what is said afterwards."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from django.contrib.auth.models import User
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from leads import services
from leads.choices import FileStatus, Stage
from leads.sheet_forms import (
    ActForm,
    AssignForm,
    CloseForm,
    CorrectForm,
    FileForm,
    NoteForm,
    OutcomeForm,
    PlanForm,
    ProposalForm,
    StageForm,
    WaitForm,
)


class Act(NamedTuple):
    form: type[ActForm]
    do: Callable[[Any, User, datetime], object]
    done: Promise | str


def _sheet(form: ActForm, actor: User, now: datetime) -> dict[str, Any]:
    """What every service on a candidate is told."""
    return {
        "candidate_id": form.candidate.pk,
        "expected_version": form.cleaned_data["expected_version"],
        "actor": actor,
        "now": now,
    }


def log_outcome(form: OutcomeForm, actor: User, now: datetime) -> object:
    values = form.values()
    values["next_action"] = values["next_action"] or None
    return services.log_outcome(**_sheet(form, actor, now), **values)


def plan(form: PlanForm, actor: User, now: datetime) -> object:
    return services.plan_next_action(**_sheet(form, actor, now), **form.values())


def move(form: StageForm, actor: User, now: datetime) -> object:
    return services.move_candidate(**_sheet(form, actor, now), to=Stage(form.cleaned_data["to"]))


def wait(form: WaitForm, actor: User, now: datetime) -> object:
    return services.move_candidate(**_sheet(form, actor, now), to=Stage.WAITING, until=form.cleaned_data["until"])


def close(form: CloseForm, actor: User, now: datetime) -> object:
    return services.move_candidate(**_sheet(form, actor, now), to=Stage.CLOSED, reason=form.cleaned_data["reason"])


def assign(form: AssignForm, actor: User, now: datetime) -> object:
    to = form.cleaned_data["to"]
    return services.assign_candidate(**_sheet(form, actor, now), to=to)


def write_note(form: NoteForm, actor: User, now: datetime) -> object:
    return services.add_note(candidate_id=form.candidate.pk, text=form.cleaned_data["text"], actor=actor, now=now)


def correct(form: CorrectForm, actor: User, now: datetime) -> object:
    return services.correct_candidate(**_sheet(form, actor, now), **form.values())


def decide(form: ProposalForm, actor: User, now: datetime) -> object:
    if form.cleaned_data["decision"] == "refuse":
        return services.refuse_proposal(follow_up_id=form.proposal.pk, actor=actor, now=now)
    return services.accept_proposal(
        follow_up_id=form.proposal.pk,
        fields=form.cleaned_data["fields_taken"],
        actor=actor,
        expected_version=form.cleaned_data["expected_version"],
        now=now,
    )


def move_file(form: FileForm, actor: User, now: datetime) -> object:
    return services.move_file(
        file_id=form.file.pk,
        to=FileStatus(form.cleaned_data["to"]),
        actor=actor,
        expected_version=form.cleaned_data["expected_version"],
        now=now,
    )


ACTS = {
    "outcome": Act(OutcomeForm, log_outcome, done=""),  # `calling.tell_of_call` says it, with the way back
    "plan": Act(PlanForm, plan, _("The next action is planned.")),
    "stage": Act(StageForm, move, _("The stage is changed.")),
    "wait": Act(WaitForm, wait, _("The sheet waits and comes back by itself.")),
    "close": Act(CloseForm, close, _("The sheet is closed.")),
    "assign": Act(AssignForm, assign, _("It is noted who follows up.")),
    "note": Act(NoteForm, write_note, _("The note is written.")),
    "correct": Act(CorrectForm, correct, _("The data are corrected.")),
}
PROPOSAL = Act(ProposalForm, decide, _("The proposal is settled."))
FILE = Act(FileForm, move_file, _("The file is moved on."))
