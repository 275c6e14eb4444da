"""What candidates type on the pages behind their link."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from leads.choices import MESSAGE_LENGTH
from leads.forms import FIELD_TEMPLATE, Email, Prose, dress


class FollowForm(forms.Form):
    """One field, its error told above the form and beside it."""

    autocomplete = ""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            dress(field.widget, self.autocomplete)
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.form_show_errors = False  # `_errors.html` says above the form what is wrong with the whole
        self.helper.field_template = FIELD_TEMPLATE


class WriteForm(FollowForm):
    """A message to whoever follows them up."""

    autocomplete = "off"
    text = Prose(
        label=_("Your message"),
        max_length=MESSAGE_LENGTH,
        help_text=_("Nothing on your health or your family: we do not need it."),
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Write your message first.")},
    )


class LostLinkForm(FollowForm):
    autocomplete = "email"
    email = Email(label=_("E-mail"), max_length=254, help_text=_("The address you gave us."))
