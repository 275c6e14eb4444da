"""What forms of reference data check beyond their columns."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leads.forms import dress
from leads.models import Organisation, Team
from leads.pictures import name_for_logo
from recruitment import geography


class OrganisationForm(forms.ModelForm):
    class Meta:
        model = Organisation
        exclude = ()  # noqa: DJ006  the page lists them

    aim_region = forms.ChoiceField(
        label=gettext_lazy("region aimed at"),
        help_text=gettext_lazy("The weekly counts tell how many live there."),
        choices=lambda: [("", gettext_lazy("none")), *geography.regions().items()],
        required=False,
    )

    def clean_logo(self) -> Any:
        logo = self.cleaned_data["logo"]
        if isinstance(logo, UploadedFile):  # else the one that is there, or its removal
            logo.name = name_for_logo(logo, logo.size or 0)
        return logo


class TeamForm(forms.ModelForm):
    """A team with the départements that it has: nobody else's."""

    departments = forms.CharField(
        label=gettext_lazy("départements"),
        help_text=gettext_lazy("Their codes, such as 75, 92, 93; who lives elsewhere goes to the default team."),
        required=False,
    )

    class Meta:
        model = Team
        fields = ("name", "members")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["departments"] = ", ".join(t.department for t in self.instance.territories.all())

    def clean_departments(self) -> list[str]:
        codes = sorted({code.upper() for code in re.findall(r"\w+", self.cleaned_data["departments"])})
        unknown = [code for code in codes if code not in geography.departments()]
        if unknown:
            raise ValidationError(_("There is no département %s.") % ", ".join(unknown))
        others = Team.objects.exclude(pk=self.instance.pk).filter(territories__department__in=codes)
        if taken := others.values_list("territories__department", "name").first():
            words = dict(zip(("department", "team"), taken, strict=True))
            raise ValidationError(_("%(department)s is the team %(team)s’s: take it from them first.") % words)
        return codes


class WhereForm(forms.Form):
    code = forms.RegexField(
        r"^[0-9]{5}$",
        label=gettext_lazy("Postal code"),
        help_text=gettext_lazy("Five digits, such as 93100."),
        error_messages={
            "required": gettext_lazy("Type a postal code."),
            "invalid": gettext_lazy("A French postal code has five digits."),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        dress(self.fields["code"].widget, "postal-code")
