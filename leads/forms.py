"""The shape of what people type, and what to say where it does not fit."""

import uuid
from datetime import date, datetime
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.signing import BadSignature, Signer
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from leads.choices import (
    HEARD_FROM_LENGTH,
    MESSAGE_LENGTH,
    NAME_LENGTH,
    DiplomaLevel,
    Purpose,
    Situation,
)
from leads.identity import normalised_email, normalised_phone
from recruitment.text import clean_line, clean_text

MINIMUM_SECONDS = 2
POSTAL_CODE_DIGITS = 5
FOREIGN_CODE_LENGTH = 10
OLDEST_BIRTH = date(1900, 1, 1)
FIELD_TEMPLATE = "leads/_field.html"
_served_signer = Signer(salt="leads.served")


class Line(forms.CharField):
    """One line, cleaned as every text of this site."""

    def to_python(self, value: Any) -> str:
        return clean_line(super().to_python(value) or "")


class Prose(forms.CharField):
    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return clean_text(super().to_python(value) or "")


class Email(forms.EmailField):
    default_error_messages = {"required": _("We need an e-mail address to write to.")}

    def to_python(self, value: Any) -> str:
        return normalised_email(clean_line(super().to_python(value) or ""))

    def run_validators(self, value: str) -> None:
        try:
            super().run_validators(value)
        except ValidationError as error:
            raise ValidationError(_email_fix(value)) from error


def _email_fix(typed: str) -> Any:
    name, at, domain = typed.rpartition("@")
    if not at:
        return _("The @ is missing: name@example.org for instance.")
    if name and domain and "." not in domain:
        return _("The end of the address is missing, “.fr” for instance: %(typed)s.fr") % {"typed": typed}
    return _("This is no e-mail address: name@example.org is how one looks.")


class Phone(Line):
    def to_python(self, value: Any) -> str:
        typed = super().to_python(value)
        if not typed:
            return ""
        try:
            return normalised_phone(typed)
        except ValueError as error:
            raise ValidationError(_("This number is not complete: 06 39 98 12 40 for instance.")) from error


def _given(choices: Any) -> list[tuple[str, Any]]:
    return [("", _("Not said")), *choices]


class PersonForm(forms.Form):
    """Who somebody is, all of it optional here."""

    first_name = Line(label=_("First name"), max_length=NAME_LENGTH, required=False)
    last_name = Line(label=_("Last name"), max_length=NAME_LENGTH, required=False)
    phone = Phone(label=_("Phone"), max_length=40, required=False)
    postal_code = Line(
        label=_("Postal code"),
        max_length=20,
        required=False,
        help_text=_("So that a recruiter of your département takes care of you."),
    )
    abroad = forms.BooleanField(label=_("I live abroad"), required=False)
    birth_date = forms.DateField(
        label=_("Birth date"),
        required=False,
        input_formats=["%Y-%m-%d", "%d/%m/%Y"],
        help_text=_("Day, month, year: 12/03/2007 for instance."),
        error_messages={"invalid": _("This is no date: 12/03/2007 is how one looks.")},
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    diploma_level = forms.ChoiceField(label=_("Diploma"), choices=_given(DiplomaLevel.choices), required=False)
    situation = forms.ChoiceField(label=_("Situation"), choices=_given(Situation.choices), required=False)

    autocomplete: ClassVar[dict[str, str]] = {
        "email": "email",
        "phone": "tel",
        "first_name": "given-name",
        "last_name": "family-name",
        "postal_code": "postal-code",
        "birth_date": "bday",
    }

    def __init__(self, *args: Any, today: date, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.today = today
        for name, field in self.fields.items():
            dress(field.widget, self.autocomplete.get(name, ""))
        self.fields["phone"].widget.input_type = "tel"
        self.fields["postal_code"].widget.attrs["inputmode"] = "numeric"
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.form_show_errors = False  # `_errors.html` says above the form what is wrong with the whole
        self.helper.field_template = FIELD_TEMPLATE
        self.helper.layout = self.layout()

    def layout(self) -> Layout:
        return Layout(
            Div("first_name", "last_name", css_class="grid-2"),
            *("phone", "postal_code", "abroad", "birth_date", "diploma_level", "situation"),
        )

    def in_page_order(self) -> list[BoundField]:
        """The fields as the page shows them: the order of the summary's links."""
        return [self[pointer.name] for pointer in self.helper.layout.get_field_names()]

    def clean_birth_date(self) -> date | None:
        born = self.cleaned_data["birth_date"]
        if born is not None and not OLDEST_BIRTH <= born <= self.today:
            raise ValidationError(_("This year cannot be right."))
        return born

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if "postal_code" in values:
            self._check_postal_code(values)
        return values

    def _check_postal_code(self, values: dict[str, Any]) -> None:
        code = values["postal_code"] if values.get("abroad") else values["postal_code"].replace(" ", "")
        values["postal_code"] = code
        if values.get("abroad"):
            if len(code) > FOREIGN_CODE_LENGTH:
                self.add_error("postal_code", _("A postal code has 10 signs at most."))
        elif code and not (code.isascii() and code.isdecimal() and len(code) == POSTAL_CODE_DIGITS):
            self.add_error("postal_code", _postal_code_fix(code))

    def values(self) -> dict[str, Any]:
        """As the services take them."""
        typed = {name: value for name, value in self.cleaned_data.items() if name in PersonForm.base_fields}
        typed["is_abroad"] = typed.pop("abroad")
        return typed


def _postal_code_fix(code: str) -> Any:
    if not (code.isascii() and code.isdecimal()):
        return _("A French postal code has five digits, 93100 for instance. Do you live abroad? Tick the box below.")
    if len(code) == POSTAL_CODE_DIGITS - 1:
        return _("A digit is missing: 93100 for instance.")
    return _("A postal code has five digits: 93100 for instance.")


def dress(widget: forms.Widget, autocomplete: str) -> None:
    if isinstance(widget, forms.Select):
        widget.attrs["class"] = "form-select"
    elif not isinstance(widget, forms.CheckboxInput):
        widget.attrs["class"] = "form-control"
    if autocomplete:
        widget.attrs["autocomplete"] = autocomplete


class HumanForm(forms.Form):
    """A public form's two hidden fields: `served`, against machines, and `request_id`, against a second press."""

    now: datetime

    def was_read(self) -> bool:
        """Whether the form was out for as long as a person needs; false too where `served` is missing or forged."""
        served = self._served()
        return served is not None and self.now.timestamp() - served >= MINIMUM_SECONDS

    def _served(self) -> float | None:
        try:
            return float(_served_signer.unsign(self.data.get("served", "")))
        except (BadSignature, ValueError):
            return None

    @property
    def served(self) -> str:
        """What the form carries: when it was first served, kept over the times it is shown again."""
        served = self._served() if self.is_bound else None
        return _served_signer.sign(f"{self.now.timestamp() if served is None else served:.3f}")

    @property
    def request_id(self) -> str:
        """The same one as long as the same form is sent; a new one where none came along."""
        typed = clean_line(self.data.get("request_id", "")) if self.is_bound else ""
        if not hasattr(self, "_request_id"):
            self._request_id = typed[:64] or str(uuid.uuid4())
        return self._request_id

    def require_read(self) -> None:
        """Where all else is right, it must have been out for as long as a person needs."""
        if not self.errors and not self.was_read():
            self.add_error(
                None, ValidationError(_("That was very quick. Press once more to send it."), code="too_soon")
            )

    @property
    def is_too_soon(self) -> bool:
        return self.has_error(NON_FIELD_ERRORS, "too_soon")


class RequestForm(HumanForm, PersonForm):
    """A request, with what both kinds have. `now`: when it is served, or came back."""

    email = Email(label=_("E-mail"), max_length=254, required=False)
    message = Prose(
        label=_("What you want to know"),
        max_length=MESSAGE_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    heard_from = Line(label=_("How did you hear of us?"), max_length=HEARD_FROM_LENGTH, required=False)
    consent_recontact = forms.BooleanField(label=Purpose.RECONTACT.label, required=False)
    consent_phone = forms.BooleanField(label=Purpose.PHONE.label, required=False)
    consent_newsletter = forms.BooleanField(label=Purpose.NEWSLETTER.label, required=False)
    consent_survey = forms.BooleanField(label=Purpose.SURVEY.label, required=False)

    purposes: ClassVar[tuple[Purpose, ...]] = tuple(Purpose)  # that the form asks about
    title: ClassVar[Any] = _("Ask for information")
    button: ClassVar[Any] = _("Send my request")
    more: ClassVar[tuple[Any, ...]] = (
        Div("first_name", "last_name", css_class="grid-2"),
        *("abroad", "birth_date", "diploma_level", "situation", "heard_from"),
    )

    def __init__(self, *args: Any, now: datetime, **kwargs: Any):
        self.now = now
        super().__init__(*args, **kwargs)
        for purpose in set(Purpose) - set(self.purposes):
            del self.fields[f"consent_{purpose}"]
        self.fields["email"].widget.attrs["spellcheck"] = "false"

    def layout(self) -> Layout:
        return Layout(*self.first_fields(), self._more(), self._consents())

    def first_fields(self) -> tuple[Any, ...]:
        return ("message", "email", "phone", "postal_code")

    @property
    def consents(self) -> list[str]:
        """The names of the fields."""
        return [f"consent_{purpose}" for purpose in self.purposes]

    def _more(self) -> Div:
        return Div(*self.more, template="leads/_more.html")

    def _consents(self) -> Div:
        return Div(*self.consents, template="leads/_consents.html")

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        self.check_reachable(values)
        self.require_read()
        return values

    def check_reachable(self, values: dict[str, Any]) -> None:
        if not values.get("email") and not values.get("phone") and not {"email", "phone"} & set(self.errors):
            self.add_error("email", _("Give an e-mail address or a phone number, so that we can answer."))

    @property
    def opens_more(self) -> bool:
        """Whether something folded away is to be corrected, or was given."""
        folded = ("abroad", "birth_date", "diploma_level", "situation", "heard_from")
        return self.is_bound and any(name in self.errors or self.data.get(name) for name in folded)

    @property
    def has_errors(self) -> bool:
        """Whether a field is to be corrected: then the summary stands on top."""
        return any(name in self.fields for name in self.errors)

    def typed(self) -> dict[str, Any]:
        """As `leads.services.Typed` takes it, but for the language."""
        said = {name: self.cleaned_data[name] for name in ("email", "message", "heard_from")}
        ticked = tuple(p.value for p in self.purposes if self.cleaned_data[f"consent_{p}"])
        return {**self.values(), **said, "consents": ticked}


class InformationForm(RequestForm):
    """An e-mail or a phone number is what it takes."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in ("email", "phone"):
            self.fields[name].is_one_of_two = True  # type: ignore[attr-defined]
        self.fields["email"].help_text = _("An e-mail address or a phone number, as you like.")


class ShortForm(InformationForm):
    """The front page's: what is asked first, and the whole form where something is to be corrected."""

    def layout(self) -> Layout:
        return Layout("message", "email", "postal_code")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["message"].widget.attrs["rows"] = 3
        self.fields["email"].help_text = ""


class FileForm(RequestForm):
    """For a contest's registration file: name and e-mail are what it takes."""

    title = _("Ask for the registration file")
    button = _("Receive the file")
    more = ("phone", "abroad", "birth_date", "diploma_level", "situation", "message", "heard_from")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name, missing in _NEEDED.items():
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = missing
        self.fields["email"].help_text = _("We send the file and your follow-up link there.")
        self.fields["message"].label = _("A question?")

    def first_fields(self) -> tuple[Any, ...]:
        return (Div("first_name", "last_name", css_class="grid-2"), "email", "postal_code")


_NEEDED = {
    "first_name": _("Your first name is missing."),
    "last_name": _("Your last name is missing."),
    "email": _("We need an e-mail address to send the file to."),
}
