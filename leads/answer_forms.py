"""A question from a room, to be answered by mail."""

from typing import Any, ClassVar

from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from leads.forms import RequestForm

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
