"""Which weeks, of which leads, in which form: the shape of a report's address."""

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.apps import apps
from django.utils.translation import gettext_lazy as _

from leads.choices import AgeBand, LeadKind
from leads.models import Contest, Source, Team
from leads.reports import BY
from leads.weeks import WEEK, last_weeks, monday_of, week_name
from recruitment import geography

LONGEST = 520  # weeks: ten years, and no address makes a page of a century
FORMATS = ("html", "csv", "xlsx", "json")
FILTERS = ("contest", "source", "team", "kind", "region", "department", "age_band", "room")
MORE = FILTERS[3:]


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
    kind = forms.ChoiceField(label=_("Asked for"), required=False)
    region = forms.ChoiceField(label=_("Region"), required=False)
    department = forms.ChoiceField(label=_("Département"), required=False)
    age_band = forms.ChoiceField(label=_("Age"), required=False)
    room = forms.ChoiceField(label=_("Room"), required=False)
    contest = forms.ChoiceField(label=_("Contest"), required=False)
    source = forms.ChoiceField(label=_("Source"), required=False)
    team = forms.ChoiceField(label=_("Team"), required=False)

    def __init__(self, data: Any, *, now: datetime):
        data = dict(data.items())
        if not data.get("from") and not data.get("to"):
            first, last = last_weeks(now)
            data.update({"from": week_name(first), "to": week_name(last)})
        super().__init__(data)
        self.now = now
        self.fields["from"] = WeekField(label=_("From"), required=False)
        self.fields["to"] = WeekField(label=_("To"), required=False)
        places = (("abroad", _("abroad")), ("unknown", _("unknown")))
        contests = [(c.slug, c.title) for c in Contest.objects.all()]
        sources = [(s.key, s.label) for s in Source.objects.all()]
        self._offer("contest", _("All contests"), *contests, ("none", _("none")))
        self._offer("source", _("All sources"), *sources, ("unknown", _("unknown")))
        self._offer("team", _("All teams"), *((str(team.pk), team.name) for team in Team.objects.all()))
        self._offer("kind", _("Everything"), *LeadKind.choices)
        self._offer("region", _("All regions"), *geography.regions().items(), *places)
        self._offer("department", _("All départements"), *geography.departments().items(), *places)
        self._offer("age_band", _("All ages"), *AgeBand.choices)
        rooms = apps.get_model("chat.Room")._default_manager.order_by("-opens_at").values_list("slug", "title")
        self._offer("room", _("All rooms"), *rooms, ("none", _("none")))

    def _offer(self, name: str, everything: Any, *choices: tuple[str, Any]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", everything), *choices]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("from"), cleaned.get("to")
        if self.errors:
            return cleaned
        newest = last or max(last_weeks(self.now)[1], first or date.min)
        cleaned["to"] = newest
        cleaned["from"] = first or newest - 7 * WEEK
        shown = {name: week_name(cleaned[name]) for name in ("from", "to")}
        self.data = {**self.data, **shown}  # what is counted shows
        self._require_range(cleaned["from"], newest)
        return cleaned

    def _require_range(self, first: date, last: date) -> None:
        if first > last:
            self.add_error("to", _("The last week is before the first: change one of them."))
        elif last - first > timedelta(weeks=LONGEST):
            self.add_error("from", _("Ten years at most: choose a later first week."))

    def filters(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in FILTERS if self.cleaned_data.get(name)}

    def narrowed(self) -> list[tuple[str, str, str]]:
        """(name of the filter, its choice, the query without it) of each that is set."""
        return [self._narrowed(name, key) for name, key in self.filters().items()]

    def _narrowed(self, name: str, key: str) -> tuple[str, str, str]:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        choices = {str(value): label for value, label in field.choices}  # type: ignore[union-attr, misc]
        others = {other: value for other, value in self.data.items() if other != name and value}
        return str(field.label), str(choices.get(key, key)), urlencode(others)

    @property
    def has_more(self) -> bool:
        """Whether one of the filters that are folded away is set."""
        return any(self.data.get(name) for name in MORE)
