"""What forms of reference data check beyond their columns."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from leads.models import Organisation
from leads.pictures import name_for_logo


class OrganisationForm(forms.ModelForm):
    class Meta:
        model = Organisation
        exclude = ()  # noqa: DJ006  the page lists them

    def clean_logo(self) -> Any:
        logo = self.cleaned_data["logo"]
        if isinstance(logo, UploadedFile):  # else the one that is there, or its removal
            logo.name = name_for_logo(logo, logo.size or 0)
        return logo
