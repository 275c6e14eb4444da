"""The questions of the eligibility page, one at a time; answers travel in hidden fields and are kept nowhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from leads import texts
from leads.choices import DiplomaLevel
from leads.eligibility import Answers, Rule
from leads.forms import OLDEST_BIRTH
from recruitment.days import day_in_words
from recruitment.text import clean_line

PARTS = ("birth_day", "birth_month", "birth_year")
YEAR_DIGITS = 4
Words = str | Promise


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: Words
    help: Words = ""
    is_chosen: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """A question as its page shows it. `error`: empty where there is none, else with the `faulty` field."""

    name: str
    legend: Words
    help: Words
    label: Words  # in the summary
    back: Words
    choices: tuple[Choice, ...] = ()
    error: str = ""
    faulty: str = ""


LEGENDS: Mapping[str, tuple[Words, Words, Words, Words]] = {
    "birth_date": (
        gettext_lazy("What is your birth date?"),
        gettext_lazy("For instance 12 3 2007. We work out your age, then we forget the date."),
        gettext_lazy("Born on"),
        gettext_lazy("Back to the birth date"),
    ),
    "diploma": (
        gettext_lazy("What is your highest diploma?"),
        gettext_lazy("Or the one that you prepare."),
        gettext_lazy("Diploma"),
        gettext_lazy("Back to the diploma"),
    ),
    "nationality": (
        gettext_lazy("Do you have French nationality?"),
        gettext_lazy("It is asked for on the day of the appointment, not at registration."),
        gettext_lazy("French nationality"),
        gettext_lazy("Back to the nationality"),
    ),
    "service": (
        gettext_lazy("How long have you served?"),
        gettext_lazy("In full years."),
        gettext_lazy("Service"),
        gettext_lazy("Back to the service"),
    ),
    "citizenship_day": (
        gettext_lazy("Have you done your citizenship day?"),
        gettext_lazy("Or another duty of national service that holds for you."),
        gettext_lazy("Citizenship day"),
        gettext_lazy("Back to the citizenship day"),
    ),
}
DIPLOMAS = (
    Choice(DiplomaLevel.LEVEL_4, gettext_lazy("I have the baccalauréat, or its equivalent")),
    Choice(
        DiplomaLevel.IN_PROGRESS,
        gettext_lazy("I am in the last year before the baccalauréat"),
        gettext_lazy("You must hold it when the results of the contest come out."),
    ),
    Choice(DiplomaLevel.LEVEL_5, gettext_lazy("I have a diploma above the baccalauréat"), "BTS, licence, master…"),
    Choice(DiplomaLevel.LEVEL_3, gettext_lazy("I have a CAP or a BEP")),
    Choice(DiplomaLevel.NONE, gettext_lazy("None of these")),
)
UNSAID = Choice("", gettext_lazy("I prefer not to answer"), gettext_lazy("The result will say “to check”."))
YES, NO = Choice("yes", gettext_lazy("Yes")), Choice("no", gettext_lazy("No"))
NATIONALITY = (YES, Choice("pending", gettext_lazy("My application is under way")), NO, UNSAID)
CITIZENSHIP = (YES, Choice("no", gettext_lazy("Not yet")), UNSAID)


class AnswersForm:
    """What a page sent, read leniently: an answer that cannot be understood counts as not given."""

    def __init__(self, data: Mapping[str, Any], asked: list[str], rules: list[dict[str, Any]], today: date):
        self.asked, self.today = asked, today
        self.service_rule: Rule = next((rule for rule in rules if rule["kind"] == "prior_service"), {})
        self.raw = {name: clean_line(str(data.get(name, "")))[:20] for name in self._fields()}
        self.given = {name for name in asked if name == "birth_date" or name in data}

    def _fields(self) -> list[str]:
        return [field for name in self.asked for field in self.fields_of(name)]

    @staticmethod
    def fields_of(name: str) -> tuple[str, ...]:
        return PARTS if name == "birth_date" else (name,)

    def answers(self) -> Answers:
        service = self._chosen("service")
        return Answers(
            birth_date=self._birth_date(),
            diploma=self._chosen("diploma"),
            nationality=self._chosen("nationality"),
            service={self.service_rule["status"]: int(service)} if service else {},
            citizenship_day=self._chosen("citizenship_day"),
        )

    def _birth_date(self) -> date | None:
        if "birth_date" not in self.asked or self._birth_error()[0]:
            return None
        return self._date()

    def _date(self) -> date:
        day, month, year = (int(self.raw[part]) for part in PARTS)
        return date(year, month, day)

    def _chosen(self, name: str) -> str:
        value = self.raw.get(name, "")
        return value if value in {str(choice.value) for choice in self._choices(name)} else ""

    def _choices(self, name: str) -> tuple[Choice, ...]:
        if name == "service":
            return self._services()
        return {"diploma": DIPLOMAS, "nationality": NATIONALITY, "citizenship_day": CITIZENSHIP}.get(name, ())

    def _services(self) -> tuple[Choice, ...]:
        """Enough or not: no more is needed, so no more is asked."""
        years = self.service_rule.get("years", 0)
        if self.service_rule.get("status") == texts.PUBLIC_SERVICE:
            enough = _("%d years or more in the public service") % years
            return Choice("0", _("Less than %d years in the public service, or none") % years), Choice(
                str(years), enough
            )
        if not years:
            return ()
        words = {"years": years, "job": texts.job_words(self.service_rule)}
        less = ngettext("Less than a year as %(job)s, or none", "Less than %(years)d years as %(job)s, or none", years)
        enough = ngettext("A year or more as %(job)s", "%(years)d years or more as %(job)s", years)
        return Choice("0", less % words), Choice(str(years), enough % words)

    # what is wrong
    def error_of(self, name: str) -> tuple[str, str]:
        """What to say about the answer to this question, and the field that it is about; empty where it is in order."""
        if name == "birth_date":
            return self._birth_error()
        if name not in self.given or (self.raw[name] and not self._chosen(name)):
            return _("Choose an answer."), name
        return "", ""

    def _birth_error(self) -> tuple[str, str]:
        for part, missing in _MISSING.items():
            if not (self.raw[part].isascii() and self.raw[part].isdecimal()):
                return str(missing), part
        if len(self.raw["birth_year"]) != YEAR_DIGITS:
            return _("The year has four digits: 2007 for instance."), "birth_year"
        try:
            born = self._date()
        except ValueError:
            return _("This day does not exist: check the day and the month."), "birth_day"
        return ("", "") if OLDEST_BIRTH <= born <= self.today else (_("This year cannot be right."), "birth_year")

    # what the page shows
    def step(self, name: str, *, is_checked: bool) -> Step:
        legend, help_text, label, back = LEGENDS[name]
        error, faulty = self.error_of(name) if is_checked else ("", "")
        chosen = self.raw.get(name) if name in self.given else None
        choices = tuple(
            Choice(str(c.value), c.label, c.help, is_chosen=str(c.value) == chosen) for c in self._choices(name)
        )
        return Step(name, legend, help_text, label, back, choices, error, faulty)

    def hidden(self, but: str = "") -> list[tuple[str, str]]:
        """The answers to carry along: all that were given to other questions than this one."""
        names = [name for name in self.asked if name != but and name in self.given]
        return [(field, self.raw[field]) for name in names for field in self.fields_of(name)]

    def summary(self, but: str = "") -> list[dict[str, Words]]:
        """What was said so far, in words."""
        return [
            {"name": name, "label": LEGENDS[name][2], "said": self._said(name)}
            for name in self.asked
            if name != but and self._said(name)
        ]

    def _said(self, name: str) -> Words:
        if name == "birth_date":
            born = self._birth_date()
            return day_in_words(born, _("j F Y")) if born else ""
        if name not in self.given:
            return ""
        chosen = self._chosen(name)
        return next((choice.label for choice in self._choices(name) if str(choice.value) == chosen), _("not said"))


_MISSING: Mapping[str, Words] = {
    "birth_day": gettext_lazy("The day is missing, in digits: 12 for instance."),
    "birth_month": gettext_lazy("The month is missing, in digits: 3 for instance."),
    "birth_year": gettext_lazy("The year is missing, in digits: 2007 for instance."),
}
