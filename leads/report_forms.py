"""Which weeks, of which leads, in which form: the shape of a report's address."""

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leads.models import Contest, Source, Team
from leads.reports import BY, WEEK, last_weeks, monday_of, week_name

LONGEST = 520  # weeks: ten years, and no address makes a page of a century
FORMATS = ("html", "csv", "xlsx", "json")


class WeekField(forms.Field):
    """An ISO week as `2026-W47`, read as its Monday."""

    default_error_messages = {"invalid": _("Write a week like this: 2026-W47.")}

    def to_python(self, value: Any) -> date | None:
        if not value:
            return None
        try:
            return monday_of(str(value).strip().upper())
        except ValueError:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None


class WeeklyForm(forms.Form):
    """Of an address nobody typed (`from`, `to` left out): the eight weeks that end with the current one."""

    by = forms.ChoiceField(required=False, choices=[("", ""), *((value, value) for value in BY)])
    kind = forms.CharField(required=False, max_length=40)
    region = forms.CharField(required=False, max_length=40)
    department = forms.CharField(required=False, max_length=40)
    room = forms.CharField(required=False, max_length=80)
    age_band = forms.CharField(required=False, max_length=40)
    contest = forms.ChoiceField(label=_("Contest"), required=False)
    source = forms.ChoiceField(label=_("Source"), required=False)
    team = forms.ChoiceField(label=_("Team"), required=False)

    def __init__(self, data: Any, *, now: datetime):
        data = data.copy()
        if not data.get("from") and not data.get("to"):
            first, last = last_weeks(now)
            data.update({"from": week_name(first), "to": week_name(last)})
        super().__init__(data)
        self.now = now
        self.fields["from"] = WeekField(label=_("From"), required=False)
        self.fields["to"] = WeekField(label=_("To"), required=False)
        contests = [(c.slug, c.title) for c in Contest.objects.all()]
        sources = [(s.key, s.label) for s in Source.objects.all()]
        self._offer("contest", ("", _("All contests")), *contests, ("none", _("none")))
        self._offer("source", ("", _("All sources")), *sources, ("unknown", _("unknown")))
        self._offer("team", ("", _("All teams")), *((str(team.pk), team.name) for team in Team.objects.all()))

    def _offer(self, name: str, *choices: tuple[str, Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("from"), cleaned.get("to")
        if self.errors:
            return cleaned
        newest = last or max(last_weeks(self.now)[1], first or date.min)
        cleaned["to"] = newest
        cleaned["from"] = first or newest - 7 * WEEK
        self._require_range(cleaned["from"], newest)
        return cleaned

    def _require_range(self, first: date, last: date) -> None:
        if first > last:
            self.add_error("to", _("The last week is before the first: change one of them."))
        elif last - first > timedelta(weeks=LONGEST):
            self.add_error("from", _("Ten years at most: choose a later first week."))

    def filters(self) -> dict[str, str]:
        names = ("kind", "region", "department", "room", "age_band", "contest", "source", "team")
        return {name: self.cleaned_data[name] for name in names if self.cleaned_data.get(name)}
