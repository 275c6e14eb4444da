"""What is asked before many rows are acted on, or a file is read: each form gives the options of a batch."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from leads.batch_words import BatchKind
from leads.choices import ActionKind, ClosedReason, LeadKind, SourceKey, Stage
from leads.columns import Column, is_never_read
from leads.forms import Line, dress
from leads.models import Batch, ContestSession, Source
from leads.sheet_forms import ACTION_NOTE_LENGTH, Moment
from leads.tables import MOST_BYTES

MOVED_TO = [(stage.value, stage.label) for stage in Stage if stage not in (Stage.CLOSED, Stage.WAITING)]
Named = Iterable[tuple[str, Any]]


class OptionsForm(forms.Form):
    """`options()`: as a batch keeps them, which is JSON. `people`, `teams`: (id, name) of whom it may be given to."""

    def __init__(self, *args: Any, now: datetime, people: Named = (), teams: Named = (), **kwargs: Any):
        self.now = now
        super().__init__(*args, **kwargs)
        self.offer(people, teams)
        for field in self.fields.values():
            dress(field.widget, "")

    def offer(self, people: Named, teams: Named) -> None:
        """For the forms that name somebody."""

    def options(self) -> dict[str, Any]:
        return {name: _as_json(value) for name, value in self.cleaned_data.items()}


def _as_json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


class StageForm(OptionsForm):
    to = forms.ChoiceField(label=_("Stage"), choices=MOVED_TO)


class CloseForm(OptionsForm):
    reason = forms.ChoiceField(
        label=_("Why"),
        choices=[("", "—"), *ClosedReason.choices],
        error_messages={"required": _("Say why it is closed.")},
    )


class AssignForm(OptionsForm):
    owner = forms.TypedChoiceField(label=_("To whom"), coerce=int, empty_value=None, required=False)

    def offer(self, people: Named, teams: Named) -> None:
        self.fields["owner"].choices = [("", _("nobody: back to the team")), *people]  # type: ignore[attr-defined]


class TeamForm(OptionsForm):
    team = forms.TypedChoiceField(label=_("To which team"), coerce=int)

    def offer(self, people: Named, teams: Named) -> None:
        self.fields["team"].choices = list(teams)  # type: ignore[attr-defined]


class PlanForm(OptionsForm):
    action = forms.ChoiceField(label=_("What to do"), choices=ActionKind.choices)
    at = Moment(label=_("When"), error_messages={"required": _("Say when.")})
    note = Line(label=_("What for"), max_length=ACTION_NOTE_LENGTH, required=False)

    def clean_at(self) -> datetime:
        at: datetime = self.cleaned_data["at"]
        if timezone.localdate(at) < timezone.localdate(self.now):
            raise ValidationError(_("This day has passed."))
        return at


class NothingToAsk(OptionsForm):
    pass


ACT_FORMS: Mapping[str, type[OptionsForm]] = {
    BatchKind.STAGE: StageForm,
    BatchKind.CLOSE: CloseForm,
    BatchKind.ASSIGN: AssignForm,
    BatchKind.TEAM: TeamForm,
    BatchKind.PLAN: PlanForm,
    BatchKind.DEAL: NothingToAsk,
    BatchKind.SPAM: NothingToAsk,
    BatchKind.NO_SPAM: NothingToAsk,
}


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("CSV or XLSX file"),
        max_length=150,
        help_text=_("A line of headings, then a line a request; 20 MiB and 100,000 lines at most."),
        error_messages={
            "required": _("Choose a file."),
            "empty": _("The file is empty."),
            "invalid": _("Choose a file."),
            "max_length": _("The file's name is too long: shorten it."),
        },
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        dress(self.fields["file"].widget, "")

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise ValidationError(_("The file is larger than %d MiB: split it.") % (MOST_BYTES >> 20))
        return file


class ColumnsForm(forms.Form):
    """What each column of the file is, and what holds for lines that do not say it."""

    kind = forms.ChoiceField(label=_("What they ask for"), choices=LeadKind.choices)
    session = forms.ModelChoiceField(
        label=_("Contest"),
        queryset=ContestSession.objects.select_related("contest").order_by("-year", "contest"),
        required=False,
        empty_label=_("none"),
    )
    source = forms.ChoiceField(label=_("Source of all lines"))

    def __init__(self, *args: Any, batch: Batch, examples: Mapping[int, str], **kwargs: Any):
        options = batch.options
        kwargs.setdefault("initial", {name: options[name] for name in ("kind", "session", "source")})
        super().__init__(*args, **kwargs)
        self.headings, self.examples = options["headings"], examples
        known = Source.objects.exclude(key=SourceKey.IMPORT).values_list("key", "label")
        self.fields["source"].choices = [  # type: ignore[attr-defined]
            (SourceKey.IMPORT.value, SourceKey.IMPORT.label),
            *known,
        ]
        for place, heading in enumerate(self.headings):
            chosen = "" if is_never_read(heading) else options["columns"][place]
            column = forms.ChoiceField(label=heading or "—", choices=Column.choices, required=False, initial=chosen)
            column.disabled = is_never_read(heading)
            self.fields[f"column_{place}"] = column
        for field in self.fields.values():
            dress(field.widget, "")

    def columns(self) -> list[tuple[Any, str, bool]]:
        """(field, what its first cells hold, whether it is never read), in the order of the file."""
        return [
            (
                self[f"column_{place}"],
                "" if is_never_read(heading) else self.examples.get(place, ""),
                is_never_read(heading),
            )
            for place, heading in enumerate(self.headings)
        ]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        chosen = [values.get(f"column_{place}", "") for place in range(len(self.headings))]
        for place, name in enumerate(chosen):
            if name and chosen.index(name) != place:
                self.add_error(f"column_{place}", _("Another column is this one already."))
        if not {Column.EMAIL, Column.PHONE} & set(chosen):
            raise ValidationError(_("Which column holds the e-mail, or the phone? Without either nobody is known."))
        return values

    def options(self) -> dict[str, Any]:
        values, session = self.cleaned_data, self.cleaned_data["session"]
        return {
            "columns": [values[f"column_{place}"] for place in range(len(self.headings))],
            "kind": values["kind"],
            "session": session.pk if session else None,
            "source": values["source"],
        }
