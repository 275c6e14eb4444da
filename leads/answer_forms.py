"""What a room offers of this app: an answer by mail, a reminder."""

from datetime import datetime
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from leads.forms import FIELD_TEMPLATE, Email, HumanForm, RequestForm, dress

TOPIC_LENGTH = 50


class AnswerForm(RequestForm):
    """The question, the address, and consent to use it for this one answer."""

    agreed = forms.BooleanField(
        label=_("Use this address for this one answer, and for nothing else."),
        error_messages={"required": _("We need your word to write to this address: tick the box.")},
    )
    topic = forms.SlugField(required=False, max_length=TOPIC_LENGTH, widget=forms.HiddenInput)

    title: ClassVar[Any] = _("Receive the answer by mail")
    button: ClassVar[Any] = _("Receive the answer by mail")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **{"auto_id": "answer_%s", **kwargs})
        self.fields["message"].required = self.fields["email"].required = True
        self.fields["message"].label = _("Your question")
        self.fields["message"].error_messages["required"] = _("Write your question first.")
        self.fields["message"].widget.attrs["rows"] = 3

    def layout(self) -> Layout:
        return Layout("message", "email", "agreed", "topic")


class ReminderForm(HumanForm):
    """An address for one mail before a room opens. To send it is the consent; nothing else is done with it."""

    email = Email(label=_("Your e-mail"), max_length=254)

    def __init__(self, *args: Any, now: datetime, **kwargs: Any):
        self.now = now
        super().__init__(*args, **{"auto_id": "reminder_%s", **kwargs})
        dress(self.fields["email"].widget, "email")
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.form_show_errors = False  # `_errors.html` says above the form what is wrong with the whole
        self.helper.field_template = FIELD_TEMPLATE

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        self.require_read()
        return values
