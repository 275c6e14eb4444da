"""What recruiters type on a candidate's sheet, a form for each act."""

from datetime import date, datetime, time
from typing import Any, ClassVar

from crispy_forms.layout import Div, Layout
from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from leads.choices import NOTE_LENGTH, ActionKind, ClosedReason, FileStatus, LeadKind, Outcome, Purpose, Stage
from leads.errors import VersionConflict
from leads.forms import Email, Line, PersonForm, Prose, RequestForm, dress
from leads.models import Candidate, ContestSession, FollowUp, RegistrationFile
from leads.stages import FILE_MOVES, MOVES

START_OF_DAY = time(9, 0)
ACTION_NOTE_LENGTH = 120
NOTHING_ON_HEALTH = _("Nothing on health or family.")
RUNNING_ACTIONS = [(kind.value, kind.label) for kind in ActionKind if kind != ActionKind.RESUME]


class Moment(forms.DateTimeField):
    """A day and an hour, in the browser's own field; to be typed as 2026-11-24 17:00 where it has none."""

    widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
    default_error_messages = {"invalid": _("This is no day and hour: 2026-11-24 17:00 is how one looks.")}


class ActForm(forms.Form):
    """An act on a sheet that was read at some version; `conflict` is set where somebody was faster."""

    name: ClassVar[str]
    expected_version = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    conflict: VersionConflict | None = None

    def __init__(self, *args: Any, candidate: Candidate, now: datetime, **kwargs: Any):
        self.candidate, self.now = candidate, now
        kwargs.setdefault("auto_id", f"{self.name}_%s")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if not isinstance(field.widget, forms.HiddenInput | forms.RadioSelect):
                dress(field.widget, "")

    @property
    def version(self) -> int:
        """What the form carries: the version that its reader has seen."""
        if self.conflict:
            return self.conflict.current_version
        return self._typed_version() or self.current_version

    def _typed_version(self) -> int:
        typed = self.data.get("expected_version", "") if self.is_bound else ""
        return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 10 else 0

    @property
    def current_version(self) -> int:
        return self.candidate.version

    def values(self) -> dict[str, Any]:
        """As the services take them."""
        return {name: value for name, value in self.cleaned_data.items() if name != "expected_version"}

    def require_coming(self, name: str) -> None:
        at = self.cleaned_data.get(name)
        if at is not None and timezone.localdate(at) < timezone.localdate(self.now):
            self.add_error(name, _("This day has passed."))


class OutcomeForm(ActForm):
    name = "outcome"
    outcome = forms.ChoiceField(
        label=_("What came of the call"),
        choices=Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Say what came of the call.")},
    )
    text = Prose(
        label=_("Note"),
        max_length=NOTE_LENGTH,
        required=False,
        help_text=NOTHING_ON_HEALTH,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    agrees = forms.BooleanField(label=_("Agrees to be called again, for a year at most"), required=False)
    next_action = forms.ChoiceField(
        label=_("Then"), choices=[("", _("As usual, on the next working day")), *RUNNING_ACTIONS], required=False
    )
    next_action_at = Moment(label=_("When"), required=False)

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        self.require_coming("next_action_at")
        if values.get("agrees") and values.get("outcome") not in ("", None, Outcome.REACHED):
            self.add_error("agrees", _("Only who was reached can agree."))
        return values


class PlanForm(ActForm):
    name = "plan"
    kind = forms.ChoiceField(label=_("What to do"), choices=ActionKind.choices)
    at = Moment(label=_("When"), error_messages={"required": _("Say when.")})
    note = Line(label=_("What for"), max_length=ACTION_NOTE_LENGTH, required=False)

    def __init__(self, *args: Any, candidate: Candidate, **kwargs: Any):
        kwargs.setdefault(
            "initial",
            {
                "kind": candidate.next_action,
                "at": candidate.next_action_at,
                "note": candidate.next_action_note,
            },
        )
        super().__init__(*args, candidate=candidate, **kwargs)
        waits = candidate.stage == Stage.WAITING
        resume = [(ActionKind.RESUME.value, ActionKind.RESUME.label)]
        self.fields["kind"].choices = resume if waits else RUNNING_ACTIONS  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        self.require_coming("at")
        return values


class StageForm(ActForm):
    """To a stage that needs no further word: a button each."""

    name = "stage"
    to = forms.ChoiceField(choices=Stage.choices)

    def __init__(self, *args: Any, candidate: Candidate, **kwargs: Any):
        super().__init__(*args, candidate=candidate, **kwargs)
        allowed = MOVES[candidate.stage] - {Stage.WAITING, Stage.CLOSED}
        self.fields["to"].choices = [(s.value, s.label) for s in Stage if s in allowed]  # type: ignore[attr-defined]
        self.fields["to"].error_messages["invalid_choice"] = _("There is no way from this stage to that one.")


class WaitForm(ActForm):
    name = "wait"
    until = forms.DateField(
        label=_("Take up again on"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        help_text=_("The sheet comes back by itself that morning."),
        error_messages={"required": _("Say until which day to wait."), "invalid": _("This is no date.")},
    )

    def clean_until(self) -> datetime:
        day: date = self.cleaned_data["until"]
        if day <= timezone.localdate(self.now):
            raise ValidationError(_("Choose a day to come."))
        return timezone.make_aware(datetime.combine(day, START_OF_DAY))


class CloseForm(ActForm):
    name = "close"
    reason = forms.ChoiceField(
        label=_("Why"),
        choices=[("", _("Choose")), *ClosedReason.choices],
        error_messages={"required": _("Say why it is closed.")},
    )


class AssignForm(ActForm):
    name = "assign"
    to = forms.ModelChoiceField(
        label=_("Followed by"), queryset=User.objects.none(), required=False, empty_label=_("nobody: the whole team")
    )

    def __init__(self, *args: Any, candidate: Candidate, **kwargs: Any):
        kwargs.setdefault("initial", {"to": candidate.owner_id})
        super().__init__(*args, candidate=candidate, **kwargs)
        members = User.objects.filter(is_active=True, teams=candidate.team_id).order_by("last_name", "username")
        field: Any = self.fields["to"]
        field.queryset = members
        field.label_from_instance = lambda user: user.get_full_name() or user.get_username()


class NoteForm(ActForm):
    name = "note"
    text = Prose(
        label=_("Note"),
        max_length=NOTE_LENGTH,
        help_text=NOTHING_ON_HEALTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("The note is empty.")},
    )


class CorrectForm(ActForm, PersonForm):
    """The record itself; nobody is left without a way to be reached."""

    name = "correct"
    email = Email(label=_("E-mail"), max_length=254, required=False)

    def __init__(self, *args: Any, candidate: Candidate, now: datetime, **kwargs: Any):
        kwargs.setdefault("initial", _record(candidate))
        super().__init__(*args, candidate=candidate, now=now, today=timezone.localdate(now), **kwargs)
        self.fields["abroad"].label = _("Lives abroad")
        for field in self.fields.values():
            field.help_text = ""
            field.widget.attrs.pop("autocomplete", None)  # it is somebody else's data

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if not values.get("email") and not values.get("phone") and not {"email", "phone"} & set(self.errors):
            self.add_error("email", _("An e-mail address or a phone number is needed to reach them."))
        return values

    def values(self) -> dict[str, Any]:
        typed = PersonForm.values(self)
        return {"values": typed | {"email": self.cleaned_data["email"]}}


def _record(candidate: Candidate) -> dict[str, Any]:
    same = ("first_name", "last_name", "email", "postal_code", "birth_date", "diploma_level", "situation", "phone")
    return {name: getattr(candidate, name) for name in same} | {"abroad": candidate.is_abroad}


class ProposalForm(ActForm):
    """Accept what is ticked, or refuse: two buttons."""

    name = "proposal"
    decision = forms.ChoiceField(choices=[("accept", _("Accept")), ("refuse", _("Refuse"))])
    fields_taken = forms.MultipleChoiceField(required=False)

    def __init__(self, *args: Any, proposal: FollowUp, **kwargs: Any):
        self.proposal = proposal
        super().__init__(*args, **kwargs)
        names = proposal.data.get("fields", {})
        self.fields["fields_taken"].choices = [(name, name) for name in names]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("decision") == "accept" and not values.get("fields_taken"):
            self.add_error("fields_taken", _("Tick what is right, or refuse."))
        return values


class FileForm(ActForm):
    name = "file"
    to = forms.ChoiceField(label=_("The file is now"), choices=FileStatus.choices)

    def __init__(self, *args: Any, file: RegistrationFile, **kwargs: Any):
        self.file = file
        kwargs.setdefault("auto_id", f"file_{file.pk}_%s")
        super().__init__(*args, **kwargs)
        allowed = FILE_MOVES[file.status]
        self.fields["to"].choices = [(s.value, s.label) for s in FileStatus if s in allowed]  # type: ignore[attr-defined]
        self.fields["to"].error_messages["invalid_choice"] = _("There is no way from this status to that one.")

    @property
    def current_version(self) -> int:
        return self.file.version


class PhoneRequestForm(RequestForm):
    """A request as somebody tells it on the phone; consents as they were read out and answered.

    Two purposes alone are read out: who is on the phone agrees to being called or written to again; the letter and
    the survey go to an address, whose owner ticks them on the follow page.
    """

    purposes = (Purpose.PHONE, Purpose.RECONTACT)

    kind = forms.ChoiceField(
        label=_("What they ask for"), choices=LeadKind.choices, widget=forms.RadioSelect, initial=LeadKind.INFORMATION
    )
    contest_session = forms.ModelChoiceField(
        label=_("Contest"), queryset=ContestSession.objects.none(), required=False, empty_label=_("none in particular")
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        sessions: Any = self.fields["contest_session"]
        sessions.queryset = ContestSession.objects.open_at(self.now).select_related("contest")
        for name, words in _SAID_BY_PHONE.items():
            self.fields[name].label = words
        for field in self.fields.values():
            field.help_text = ""
            field.widget.attrs.pop("autocomplete", None)
        self.fields["email"].help_text = _("An e-mail address or a phone number is needed to answer.")

    def layout(self) -> Layout:
        names = ("first_name", "last_name")
        return Layout(
            "kind", "contest_session", Div(*names), "phone", "email", "postal_code", "message", *self.consents
        )

    def was_read(self) -> bool:
        return True  # a member of staff, not a machine

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if values.get("kind") == LeadKind.REGISTRATION_FILE:
            self._check_file(values)
        return values

    def _check_file(self, values: dict[str, Any]) -> None:
        if not values.get("contest_session") and "contest_session" not in self.errors:
            self.add_error("contest_session", _("Which contest is the file for?"))
        for name, missing in (
            ("first_name", _("The first name is missing.")),
            ("last_name", _("The last name is missing.")),
        ):
            if not values.get(name) and name not in self.errors:
                self.add_error(name, missing)


_SAID_BY_PHONE = {
    "abroad": _("Lives abroad"),
    "message": _("What they want to know"),
    "heard_from": _("How they heard of us"),
    **{f"consent_{purpose.value}": purpose.label for purpose in PhoneRequestForm.purposes},
}
