"""What recruiters type to write to somebody, and to open times to be called."""

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from leads.choices import LETTER_LENGTH, SUBJECT_LENGTH
from leads.forms import Line, Prose, dress
from leads.letters import unknown_fields
from leads.models import Letter, Team
from leads.services import Written
from leads.sheet_forms import NOTHING_ON_HEALTH, RUNNING_ACTIONS, ActForm, Moment

SEND, NOTE, LOOK = "send", "note", "look"
MINUTES = ((10, _("10 minutes")), (15, _("15 minutes")), (20, _("20 minutes")), (30, _("30 minutes")))


class LetterForm(ActForm):
    """A letter to one candidate. `step`: look at it, send it, or note that it went another way."""

    name = "write"
    request_id = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    letter = forms.ModelChoiceField(queryset=Letter.objects.in_use(), required=False, widget=forms.HiddenInput)
    subject = Line(
        label=_("Subject"), max_length=SUBJECT_LENGTH, error_messages={"required": _("The subject is missing.")}
    )
    body = Prose(
        label=_("Text"),
        max_length=LETTER_LENGTH,
        help_text=NOTHING_ON_HEALTH,
        widget=forms.Textarea(attrs={"rows": 12}),
        error_messages={"required": _("The letter is empty.")},
    )
    next_action = forms.ChoiceField(
        label=_("Then"), choices=[("", _("As usual, in five working days")), *RUNNING_ACTIONS], required=False
    )
    next_action_at = Moment(label=_("When"), required=False)
    step = forms.ChoiceField(choices=[(SEND, SEND), (NOTE, NOTE), (LOOK, LOOK)], widget=forms.HiddenInput)

    @property
    def shown_request_id(self) -> str:
        return self.data.get("request_id", "") if self.is_bound else uuid.uuid4().hex

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        self.require_coming("next_action_at")
        return values

    @property
    def written(self) -> Written:
        values = self.cleaned_data
        return Written(values["subject"], values["body"], values["letter"])

    def plan(self) -> dict[str, Any]:
        values = self.cleaned_data
        return {"next_action": values["next_action"] or None, "next_action_at": values["next_action_at"]}


class LetterTextForm(forms.ModelForm):
    """The letter itself, whose fields must be ones that are known."""

    class Meta:
        model = Letter
        fields = (
            *("title", "purpose", "offers_call", "is_active", "position"),
            *("subject", "body", "subject_en", "body_en"),
        )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        for name in ("subject", "body", "subject_en", "body_en"):
            if unknown := unknown_fields(values.get(name, "")):
                named = ", ".join(f"{{{field}}}" for field in unknown)
                self.add_error(name, _("There is no field %s: choose one of the list.") % named)
        if bool(values.get("subject_en")) != bool(values.get("body_en")):
            self.add_error("body_en", _("In English give both, subject and text, or neither."))
        return values


class OpenSlotsForm(forms.Form):
    """A run of times to be called, on every working day between two."""

    team = forms.ModelChoiceField(label=_("Team"), queryset=Team.objects.none(), empty_label=None)
    first = forms.DateField(label=_("First day"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    last = forms.DateField(label=_("Last day"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
    start = forms.TimeField(label=_("From"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}))
    end = forms.TimeField(label=_("To"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}))
    minutes = forms.TypedChoiceField(label=_("Length of each"), choices=MINUTES, coerce=int, initial=20)
    capacity = forms.IntegerField(label=_("Calls at a time, at most"), min_value=1, max_value=50, initial=1)

    def __init__(self, *args: Any, teams: Any, today: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.today = today
        field: Any = self.fields["team"]
        field.queryset = teams
        for each in self.fields.values():
            dress(each.widget, "")

    def clean_first(self) -> Any:
        if self.cleaned_data["first"] < self.today:
            raise ValidationError(_("This day has passed."))
        return self.cleaned_data["first"]
