"""What is typed beside a list of the back office."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from leads.forms import Line, dress
from leads.models.exports import REASON_LENGTH
from leads.models.kept import QUERY_LENGTH, VIEW_NAME_LENGTH

OF_A_PAGE = ("p", "e", "_popup")  # parameters that say nothing of what a list is narrowed to


MYSELF = 0  # which no team's id is


class KeepForm(forms.Form):
    name = Line(
        label=_("Name of the view"), max_length=VIEW_NAME_LENGTH, error_messages={"required": _("Give it a name.")}
    )
    team = forms.TypedChoiceField(label=_("For"), coerce=int, initial=MYSELF)
    query = forms.CharField(max_length=QUERY_LENGTH, widget=forms.HiddenInput)

    def __init__(self, *args: Any, teams: Sequence[tuple[str, str]], **kwargs: Any):
        kwargs["auto_id"] = "keep_%s"
        super().__init__(*args, **kwargs)
        self.fields["team"].choices = [(str(MYSELF), _("myself alone")), *teams]  # type: ignore[attr-defined]
        for name in ("name", "team"):
            dress(self.fields[name].widget, "")

    def clean_query(self) -> str:
        """As the address of a list has it, without what belongs to one page of it."""
        query = QueryDict(self.cleaned_data["query"], mutable=True)
        for name in OF_A_PAGE:
            query.pop(name, None)
        if not query:
            raise ValidationError(_("Narrow the list first: nothing is to be kept of the whole one."))
        return query.urlencode()


class FileFormat(TextChoices):
    CSV = "csv", _("CSV, at once")
    XLSX = "xlsx", _("Excel (XLSX), written in the background")


class ExportForm(forms.Form):
    format = forms.ChoiceField(
        label=_("As"), choices=FileFormat, widget=forms.RadioSelect, initial=FileFormat.CSV, required=False
    )
    reason = Line(
        label=_("Reason"),
        max_length=REASON_LENGTH,
        help_text=_("It stands on the sheet of each person, with your name."),
        error_messages={"required": _("Say what the list is for.")},
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        dress(self.fields["reason"].widget, "")
