"""Texts that are data, in the reader's language."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Model
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from leads.choices import Posting
from recruitment.days import day_in_words

BACCALAUREAT = 4
PUBLIC_SERVICE = "public service"  # a `status` of `prior_service`; any other is a job that the rule names
TO_CONFIRM = "to be confirmed"  # in the data, where sources are missing or disagree


def said(row: Model, field: str) -> str | SafeString:
    """The row's text; where it has no English one for an English reader, the French one, marked as French."""
    french = getattr(row, field)
    if not (get_language() or "").startswith("en"):
        return french
    english = getattr(row, f"{field}_en")
    return english or (format_html('<span lang="fr">{}</span>', french) if french else "")


def plain(row: Model, field: str) -> str:
    """The same without mark-up, for titles, attributes, mails and files."""
    english = getattr(row, f"{field}_en") if (get_language() or "").startswith("en") else ""
    return english or getattr(row, field)


# --- conditions -----------------------------------------------------------------------------------------------------
def in_force(rules: Iterable[dict[str, Any]], day: str) -> list[dict[str, Any]]:
    """Of each kind the rule with the latest `valid_from` on or before `day` (ISO); repealed ones stay, marked so."""
    latest: dict[str, dict[str, Any]] = {}
    for rule in rules:
        name = f"{rule['kind']}:{rule.get('key', '')}"
        since = rule.get("valid_from") or ""
        if since <= day and since >= (latest.get(name, {}).get("valid_from") or ""):
            latest[name] = rule
    return list(latest.values())


def source_words(rule: dict[str, Any]) -> str:
    """The source of a rule as cited; where there is none, that it is to be confirmed."""
    source = rule.get("source", "")
    return _("to be confirmed by the employer") if TO_CONFIRM in source else source


def rule_words(rule: Mapping[str, Any], name: str) -> str:
    """What an employer wrote of a rule in its own words, in the reader's language."""
    english = rule.get(f"{name}_en") if (get_language() or "").startswith("en") else ""
    return english or rule[name]


def job_words(rule: Mapping[str, Any]) -> str:
    """As what somebody must have served; a rule that has no words for it says its `status`."""
    return rule_words(rule, "job") if "job" in rule else rule["status"]


def day_words(day: date) -> str:
    return day_in_words(day, _("j F Y"))


def fact(rules: Iterable[dict[str, Any]], kind: str) -> dict[str, Any]:
    """The rule of this kind, or the one in the employer's own words standing for it; empty where there is neither."""
    return next((rule for rule in rules if kind in (rule["kind"], rule.get("stands_for"))), {})


def age_words(rule: dict[str, Any]) -> str:
    """Such as "17 to 45"; empty where no source says."""
    low, high = rule.get("min"), rule.get("max")
    if high is not None and not rule.get("max_inclusive", True):
        high -= 1
    if low is not None and high is not None:
        return _("%(low)d to %(high)d years") % {"low": low, "high": high}
    if high is not None:
        return _("up to %d years") % high
    return _("from %d years on") % low if low is not None else ""


def diploma_words(rule: dict[str, Any]) -> str:
    """Such as "baccalauréat", or what the employer calls it in `short`; empty where no source says."""
    if not rule or "short" in rule:
        return rule_words(rule, "short") if rule else ""
    level = rule.get("min_level")
    if level is None:
        return "" if rule.get("severity") == "to_check" else _("none")
    return _("baccalauréat") if level == BACCALAUREAT else _("level %d") % level


def condition(rule: dict[str, Any]) -> tuple[str, str]:
    """Title and sentence of a rule, for the contest's page. What no source says is "to be confirmed"."""
    return _CONDITIONS[rule["kind"]](rule)


def _age(rule: dict[str, Any]) -> tuple[str, str]:
    words = age_words(rule)
    if not words:
        return _("Age"), _("To be confirmed.")
    text = _("%s, on 1 January of the year of the contest.") % words.capitalize()
    if rule.get("extends_to"):
        text += " " + _("The limit may go up to %d in some cases.") % rule["extends_to"]
    return _("Age"), text


def _diploma(rule: dict[str, Any]) -> tuple[str, str]:
    words = diploma_words(rule)
    if not words:
        return _("Diploma"), _("To be confirmed.")
    if rule.get("min_level") is None:
        return _("Diploma"), _("None is asked for.")
    if rule.get("in_progress_allowed"):
        return _("Diploma"), _("%s, at the latest when the results come out.") % words.capitalize()
    return _("Diploma"), f"{words.capitalize()}."


def _height(rule: dict[str, Any]) -> tuple[str, str]:
    if not rule.get("valid_to"):
        return _("Height"), _("%d cm at least.") % rule["min_cm"]
    since = day_words(date.fromisoformat(rule["valid_to"]))
    return _("Height"), _("There has been no minimum height since %s.") % since


def _nationality(rule: dict[str, Any]) -> tuple[str, str]:
    return _("Nationality"), _("French.")


def _service(rule: dict[str, Any]) -> tuple[str, str]:
    years = rule["years"]
    if rule.get("status") == PUBLIC_SERVICE:
        return _("Service"), _("%d years in the public service.") % years
    words = {"years": years, "job": job_words(rule)}
    return _("Service"), ngettext("One year as %(job)s.", "%(years)d years as %(job)s.", years) % words


def _national_service(rule: dict[str, Any]) -> tuple[str, str]:
    return _("Citizenship day"), _("Under %d, you must have met the duties of national service.") % rule["under_age"]


def _declaration(rule: dict[str, Any]) -> tuple[str, str]:
    if rule["key"] == "medical_fitness":
        return _("Health"), _("Checked later, by a doctor. We ask you nothing here.")
    return _("Criminal record"), _("The administration asks for it after the contest. We ask you nothing here.")


def _stated(rule: dict[str, Any]) -> tuple[str, str]:
    return rule_words(rule, "title"), rule_words(rule, "text")


_CONDITIONS = {
    "age_range": _age,
    "diploma_level": _diploma,
    "height_min": _height,
    "nationality": _nationality,
    "prior_service": _service,
    "national_service": _national_service,
    "declaration": _declaration,
    "stated": _stated,
}


def posting_words(posting: str) -> str:
    return str(Posting(posting).label)
