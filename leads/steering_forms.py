"""What forms of campaigns, costs and goals read: euros as people write them, weeks by their names."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.validators import MinValueValidator
from django.utils.translation import gettext_lazy as _

from leads.attribution import key_of
from leads.campaign_rules import new_code
from leads.models import Campaign, Cost, Goal, HeardMapping, LinkMapping, PressLine
from leads.services.sources import said
from leads.weeks import monday_of, week_name
from recruitment import geography

CENT = Decimal("0.01")


class EuroField(forms.DecimalField):
    """Euros with a comma or a point, read as cents."""

    def __init__(self, **options: Any) -> None:
        options = {"max_digits": 10, "decimal_places": 2, "localize": True} | options
        super().__init__(validators=[MinValueValidator(CENT)], **options)

    def to_python(self, value: Any) -> Any:
        typed = value.replace("€", "").strip() if isinstance(value, str) else value
        return super().to_python(typed)

    def clean(self, value: Any) -> int | None:
        euros = super().clean(value)
        return None if euros is None else int(euros * 100)

    def prepare_value(self, value: Any) -> Any:
        return Decimal(value) / 100 if isinstance(value, int) else value


class WeekField(forms.Field):
    """An ISO week as `2026-W47`, or as the French write it, `2026-S47`, read as its Monday."""

    default_error_messages = {"invalid": _("Write a week like this: 2026-W47.")}

    def to_python(self, value: Any) -> date | None:
        if not value:
            return None
        try:
            return monday_of(str(value).strip().upper().replace("-S", "-W"))
        except ValueError:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None

    def prepare_value(self, value: Any) -> Any:
        return week_name(value) if isinstance(value, date) else value


def _regions() -> list[tuple[str, Any]]:
    return [("", _("anywhere")), *geography.regions().items()]


class CampaignForm(forms.ModelForm):
    class Meta:
        model = Campaign
        exclude = ()  # noqa: DJ006  the page lists them

    def clean_code(self) -> str:
        """Lower case, as addresses are compared; one that nobody chose is drawn, of 700 million."""
        return self.cleaned_data["code"].lower() or new_code()


class CostForm(forms.ModelForm):
    cents = EuroField(label=_("amount in euros"))

    class Meta:
        model = Cost
        exclude = ()  # noqa: DJ006  the page lists them


class PressLineForm(forms.ModelForm):
    per_lead = EuroField(label=_("euros per request"))
    per_file = EuroField(label=_("euros per file"), required=False)
    per_registered = EuroField(label=_("euros per registered"), required=False)

    class Meta:
        model = PressLine
        exclude = ()  # noqa: DJ006


class GoalForm(forms.ModelForm):
    monday = WeekField(label=_("week"), help_text=_("As 2026-W47."))
    region = forms.ChoiceField(label=_("region"), required=False, choices=_regions)

    class Meta:
        model = Goal
        exclude = ()  # noqa: DJ006


class LinkMappingForm(forms.ModelForm):
    class Meta:
        model = LinkMapping
        exclude = ()  # noqa: DJ006

    def clean(self) -> dict[str, Any]:
        """The words as a touch holds them: what is compared is written the same way."""
        cleaned = super().clean() or {}
        for name in ("utm_source", "utm_medium", "utm_campaign"):
            cleaned[name] = key_of(cleaned.get(name, ""))
        return cleaned


class HeardMappingForm(forms.ModelForm):
    class Meta:
        model = HeardMapping
        exclude = ()  # noqa: DJ006

    def clean_text(self) -> str:
        text = said(self.cleaned_data["text"])
        if not text:
            raise forms.ValidationError(_("Write at least one word."))
        return text
