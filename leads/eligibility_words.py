"""What is said about a verdict of `leads.eligibility`, and what to do about it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leads import texts
from leads.eligibility import Finding, Verdict


@dataclass(frozen=True, slots=True)
class Said:
    """A finding as the page shows it."""

    verdict: Verdict
    label: str
    title: str
    text: str
    todo: str
    source: str


LABELS: Mapping[str, Promise] = {
    Verdict.YES: gettext_lazy("Yes."),
    Verdict.NO: gettext_lazy("No."),
    Verdict.CHECK: gettext_lazy("To check."),
    Verdict.LATER: gettext_lazy("Later."),
}
TITLES: Mapping[str, Promise] = {
    "age_range": gettext_lazy("Your age"),
    "diploma_level": gettext_lazy("Your diploma"),
    "nationality": gettext_lazy("French nationality"),
    "prior_service": gettext_lazy("Your years of service"),
    "national_service": gettext_lazy("The citizenship day"),
    "height_min": gettext_lazy("The minimum height"),
    "medical_fitness": gettext_lazy("Health"),
    "criminal_record_bulletin_2": gettext_lazy("The criminal record"),
}
TEXTS: Mapping[str, Promise] = {
    "age_open": gettext_lazy("The limits of age are not confirmed yet."),
    "age_unsaid": gettext_lazy("You did not give your birth date."),
    "age_under": gettext_lazy("You will be %(age)d on %(day)s; at least %(low)d is asked for."),
    "age_over": gettext_lazy("You will be %(age)d on %(day)s; the limit is %(high)d."),
    "age_extended": gettext_lazy(
        "You will be %(age)d on %(day)s; the limit is %(high)d, or %(extended)d in some cases."
    ),
    "age_fits": gettext_lazy("You will be %(age)d on %(day)s, within the limits of this contest."),
    "diploma_open": gettext_lazy("The diploma asked for is not confirmed yet."),
    "diploma_free": gettext_lazy("No diploma is asked for."),
    "diploma_unsaid": gettext_lazy("You did not say which diploma you have."),
    "diploma_enough": gettext_lazy("Your diploma reaches the level asked for."),
    "diploma_in_time": gettext_lazy("You take the baccalauréat this year: that is possible."),
    "diploma_experience": gettext_lazy("Your diploma alone is not enough, but experience can stand for it."),
    "diploma_under": gettext_lazy("Your diploma is under the level asked for."),
    "nationality_yes": gettext_lazy("You answered that you have it."),
    "nationality_pending": gettext_lazy("Your application for it is being examined."),
    "nationality_no": gettext_lazy("This contest is for people who have it."),
    "nationality_unsaid": gettext_lazy("You preferred not to answer."),
    "service_enough": gettext_lazy("You have the years that are asked for."),
    "service_short": gettext_lazy("You do not have the years that are asked for yet."),
    "service_unsaid": gettext_lazy("You did not say how long you have served."),
    "citizenship_past": gettext_lazy("It is no longer asked for from the age of %(age)d on."),
    "citizenship_done": gettext_lazy("You answered that you are in order."),
    "citizenship_missing": gettext_lazy("Under %(age)d, you must have met the duties of national service."),
    "citizenship_unsaid": gettext_lazy("Under %(age)d, you must have met the duties of national service."),
    "height": gettext_lazy("A minimum of %(height)d cm holds for this session. We ask you nothing here."),
}
REMEDIES: Mapping[str, Promise] = {
    "age_open": gettext_lazy("Ask us before you prepare: a recruiter tells you what holds for this session."),
    "age_unsaid": gettext_lazy("Go back to the question, or compare your age with the limits of the contest."),
    "age_under": gettext_lazy("You can prepare now and present yourself at a later session."),
    "age_over": gettext_lazy("Look at the other contests: their limits differ."),
    "age_extended": gettext_lazy("Ask us whether your case is one of them; you need not say more here."),
    "diploma_open": gettext_lazy("Ask us before you prepare: a recruiter tells you what holds for this session."),
    "diploma_unsaid": gettext_lazy("Go back to the question, or compare your diploma with the level asked for."),
    "diploma_in_time": gettext_lazy("You must hold it when the results of the contest come out."),
    "diploma_experience": gettext_lazy("Gather proof of %(years)d years of work at this level, and ask us about it."),
    "diploma_under": gettext_lazy("Look at the contests that ask for no diploma."),
    "nationality_pending": gettext_lazy("You can register; you must have it on the day of the appointment."),
    "nationality_no": gettext_lazy("It must be there on the day of the appointment: ask us if that may come in time."),
    "nationality_unsaid": gettext_lazy("Check that you will have it on the day of the appointment."),
    "stated": gettext_lazy("Check that it is so; a recruiter answers if you are not sure."),
    "service_short": gettext_lazy("Look at the external contests: they ask for no service."),
    "service_unsaid": gettext_lazy("Count your full years of service, or ask your personnel office."),
    "citizenship_missing": gettext_lazy("Register for the citizenship day, and keep the certificate for your file."),
    "citizenship_unsaid": gettext_lazy("Look for your certificate: it goes with the file."),
}


def said(finding: Finding) -> Said:
    """The finding in the reader's language."""
    rule = finding.rule
    return Said(
        verdict=finding.verdict,
        label=_("Removed.") if finding.reason == "repealed" else str(LABELS[finding.verdict]),
        title=texts.rule_words(rule, "title") if "title" in rule else title_of(rule["kind"], rule.get("key", "")),
        text=_text(finding),
        todo=_filled(REMEDIES[finding.reason], finding) if finding.reason in REMEDIES else "",
        source=texts.source_words(dict(rule)),
    )


def title_of(kind: str, key: str = "") -> str:
    title = TITLES.get(kind) or TITLES.get(key)
    return str(title) if title else key.replace("_", " ").capitalize()


def _text(finding: Finding) -> str:
    if finding.reason in TEXTS:
        return _filled(TEXTS[finding.reason], finding)
    return texts.condition(dict(finding.rule))[1]


def _filled(words: Promise, finding: Finding) -> str:
    numbers = dict(finding.numbers)
    if "day" in numbers:
        numbers["day"] = texts.day_words(numbers["day"])
    return str(words) % numbers


def headline(findings: Iterable[Finding]) -> str:
    """The result in one sentence."""
    verdicts = [finding.verdict for finding in findings]
    if Verdict.NO in verdicts:
        return _("Not for this session, as things stand.")
    if Verdict.CHECK in verdicts:
        return _("You may be able to present yourself: check what is marked.")
    return _("You can present yourself.")
