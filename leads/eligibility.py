"""Who may present themselves: answers held against dated rules. Pure: nothing is read, nothing kept.

Rules are those of a contest (`contests.json` of an employer's folder). Health, criminal record and family are never
asked here; what depends on them is "to check" or comes "later".
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from leads import texts
from leads.choices import DiplomaLevel
from leads.identity import age_on

Rule = Mapping[str, Any]
TO_CHECK = "to_check"


class Verdict(StrEnum):
    """`LATER`: nothing to answer here; it is for information."""

    YES = "yes"
    NO = "no"
    CHECK = "check"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Answers:
    """What somebody said; an empty one was not said. `service`: full years by status, as the rules name it."""

    birth_date: date | None = None
    diploma: str = ""  # of DiplomaLevel
    nationality: str = ""  # yes, pending, no
    service: Mapping[str, int] = field(default_factory=dict)
    citizenship_day: str = ""  # yes, no


@dataclass(frozen=True, slots=True)
class Finding:
    """The verdict on one rule: `reason` is a key of `leads.eligibility_words`, `numbers` what its sentence needs."""

    rule: Rule
    verdict: Verdict
    reason: str
    numbers: Mapping[str, Any] = field(default_factory=dict)


def evaluate(answers: Answers, rules: Iterable[dict[str, Any]], on_date: date) -> list[Finding]:
    """A finding per rule in force on `on_date` (of a kind, the one with the latest `valid_from` by then).

    Ages count on `on_date`: 1 January of the contest's year, says décret 2004-1439, art. 6. What is for later comes
    last.
    """
    found = [_judge(answers, rule, on_date) for rule in texts.in_force(rules, on_date.isoformat())]
    return sorted(found, key=lambda finding: finding.verdict == Verdict.LATER)


def unrecorded(rules: Iterable[dict[str, Any]], on_date: date) -> set[str]:
    """Kinds of rules whose version of `on_date` is not recorded: all that is known of them began later."""
    known = list(rules)
    return {rule["kind"] for rule in known} - {r["kind"] for r in texts.in_force(known, on_date.isoformat())}


def questions(rules: Iterable[dict[str, Any]], on_date: date) -> list[str]:
    """The answers (fields of `Answers`) that the rules in force need, in the order of asking."""
    asked = {name for rule in texts.in_force(rules, on_date.isoformat()) for name in _asks(rule, on_date)}
    return [name for name in Answers.__dataclass_fields__ if name in asked]


def _asks(rule: Rule, on_date: date) -> tuple[str, ...]:
    if _is_repealed(rule, on_date):
        return ()
    needs_nothing = {
        "age_range": rule.get("min") is None and rule.get("max") is None,
        "diploma_level": rule.get("min_level") is None,
    }
    return () if needs_nothing.get(rule["kind"]) else _NEEDS.get(rule["kind"], ())


def fits(findings: Iterable[Finding]) -> bool:
    """Whether a contest is worth a look: nothing against it, and something for it."""
    verdicts = {finding.verdict for finding in findings}
    return Verdict.NO not in verdicts and Verdict.YES in verdicts


def _is_repealed(rule: Rule, on_date: date) -> bool:
    return bool(rule.get("valid_to")) and rule["valid_to"] <= on_date.isoformat()


def _judge(answers: Answers, rule: Rule, on_date: date) -> Finding:
    if _is_repealed(rule, on_date):
        return Finding(rule, Verdict.LATER, "repealed")
    verdict, reason, numbers = _JUDGES[rule["kind"]](answers, rule, on_date)
    return Finding(rule, verdict, reason, numbers)


# --- one rule -------------------------------------------------------------------------------------------------------
Judged = tuple[Verdict, str, dict[str, Any]]


def _age(answers: Answers, rule: Rule, on_date: date) -> Judged:
    low, high = rule.get("min"), _last_age(rule, "max")
    if low is None and high is None:
        return Verdict.CHECK, "age_open", {}
    if answers.birth_date is None:
        return Verdict.CHECK, "age_unsaid", {}
    age = age_on(answers.birth_date, on_date)
    said = {"age": age, "day": on_date, "low": low, "high": high}
    if low is not None and age < low:
        return Verdict.NO, "age_under", said | {"years": low - age}
    if high is None or age <= high:
        return Verdict.YES, "age_fits", said
    extended = _last_age(rule, "extends_to")
    if extended is not None and age <= extended:
        return Verdict.CHECK, "age_extended", said | {"extended": extended}
    return Verdict.NO, "age_over", said


def _last_age(rule: Rule, name: str) -> int | None:
    """The last age that is let in: "up to 35" and "under 35" differ by a year."""
    limit = rule.get(name)
    return limit if limit is None or rule.get("max_inclusive", True) else limit - 1


def _diploma(answers: Answers, rule: Rule, on_date: date) -> Judged:
    asked = rule.get("min_level")
    if asked is None:
        is_open = rule.get("severity") == TO_CHECK
        return (Verdict.CHECK, "diploma_open", {}) if is_open else (Verdict.YES, "diploma_free", {})
    if not answers.diploma:
        return Verdict.CHECK, "diploma_unsaid", {}
    if _level(answers.diploma) >= asked:
        return Verdict.YES, "diploma_enough", {}
    if answers.diploma == DiplomaLevel.IN_PROGRESS and asked == texts.BACCALAUREAT and rule.get("in_progress_allowed"):
        return Verdict.CHECK, "diploma_in_time", {}
    return _experience(answers, rule)


def _experience(answers: Answers, rule: Rule) -> Judged:
    """Experience may stand for a diploma, for fewer years where the level just below is held."""
    is_just_below = _level(answers.diploma) == rule["min_level"] - 1
    years = rule.get("experience_years_just_below" if is_just_below else "experience_years")
    if years is None:
        return Verdict.NO, "diploma_under", {"level": rule["min_level"]}
    return Verdict.CHECK, "diploma_experience", {"years": years}


def _level(diploma: str) -> int:
    if diploma == DiplomaLevel.NONE:
        return 0
    return texts.BACCALAUREAT - 1 if diploma == DiplomaLevel.IN_PROGRESS else int(diploma)


def _nationality(answers: Answers, rule: Rule, on_date: date) -> Judged:
    verdicts = {"yes": Verdict.YES, "no": Verdict.NO}
    return verdicts.get(answers.nationality, Verdict.CHECK), f"nationality_{answers.nationality or 'unsaid'}", {}


def _service(answers: Answers, rule: Rule, on_date: date) -> Judged:
    years = answers.service.get(rule["status"])
    said = {"years": rule["years"]}
    if years is None:
        return Verdict.CHECK, "service_unsaid", said
    return (Verdict.YES, "service_enough", said) if years >= rule["years"] else (Verdict.NO, "service_short", said)


def _citizenship(answers: Answers, rule: Rule, on_date: date) -> Judged:
    said = {"age": rule["under_age"]}
    if answers.birth_date and age_on(answers.birth_date, on_date) >= rule["under_age"]:
        return Verdict.YES, "citizenship_past", said
    if answers.citizenship_day == "yes":
        return Verdict.YES, "citizenship_done", said
    return Verdict.CHECK, "citizenship_missing" if answers.citizenship_day == "no" else "citizenship_unsaid", said


def _declaration(answers: Answers, rule: Rule, on_date: date) -> Judged:
    return Verdict.LATER, "declaration", {}


def _stated(answers: Answers, rule: Rule, on_date: date) -> Judged:
    """In the employer's own words: people read it, nothing here can judge it."""
    is_to_check = rule.get("severity") == TO_CHECK
    return (Verdict.CHECK, "stated", {}) if is_to_check else (Verdict.LATER, "stated_for_information", {})


def _height(answers: Answers, rule: Rule, on_date: date) -> Judged:
    return Verdict.LATER, "height", {"height": rule["min_cm"]}


_NEEDS = {
    "age_range": ("birth_date",),
    "diploma_level": ("diploma",),
    "nationality": ("nationality",),
    "prior_service": ("service",),
    "national_service": ("birth_date", "citizenship_day"),
}
_JUDGES: dict[str, Callable[[Answers, Rule, date], Judged]] = {
    "age_range": _age,
    "diploma_level": _diploma,
    "height_min": _height,
    "nationality": _nationality,
    "prior_service": _service,
    "national_service": _citizenship,
    "declaration": _declaration,
    "stated": _stated,
}
