"""Which weeks, of which leads, in which form: the shape of a report's address."""

from datetime import date, datetime, timedelta
from html import escape
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.apps import apps
from django.forms.utils import flatatt
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from leads.choices import AgeBand, LeadKind
from leads.models import Contest, Source, Team
from leads.reports import BY
from leads.steering_forms import WeekField
from leads.weeks import WEEK, last_weeks, week_name
from recruitment import geography

LONGEST = 520  # weeks: ten years, and no address makes a page of a century
FORMATS = ("html", "csv", "xlsx", "json", "ics")
FILTERS = ("contest", "source", "team", "kind", "region", "department", "age_band", "room")
MORE = FILTERS[3:]


class PlainSelect(forms.Select):
    """The same as Django's, which includes a template for each of a hundred départements."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = self.format_value(value)
        choices = [(str(key), str(label)) for key, label in self.choices]
        options = [
            f'<option value="{escape(key)}"{" selected" if key in chosen else ""}>{escape(label)}</option>'
            for key, label in choices
        ]
        attributes = flatatt(self.build_attrs(self.attrs, attrs) | {"name": name})
        return mark_safe(f"<select{attributes}>{''.join(options)}</select>")  # noqa: S308 (each part is escaped)


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
        contests = Contest.objects.values_list("slug", "title")
        sources = Source.objects.values_list("key", "label")
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
        field.widget = PlainSelect(attrs=field.widget.attrs)
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
