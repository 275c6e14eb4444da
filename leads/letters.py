"""Texts with fields in braces: which there are, what they stand for in front of one person, what is wrong with a text.

A field is a word in braces, such as `{first_name}`; other braces stay as they are typed.
"""

import re
from collections.abc import Iterable, Mapping

from django.contrib.auth.models import User
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leads import texts
from leads.errors import MailError
from leads.identity import name_of
from leads.models import Candidate, Letter, Organisation
from recruitment.days import day_in_words

FIELD = re.compile(r"\{([a-z_]+)\}")
# field -> what it stands for, as who writes a letter reads it
FIELDS: dict[str, Promise] = {
    "first_name": gettext_lazy("their first name"),
    "last_name": gettext_lazy("their last name"),
    "reference": gettext_lazy("the reference of their latest request"),
    "asked_on": gettext_lazy("the day of their latest request"),
    "contest": gettext_lazy("the contest of their latest file"),
    "deadline": gettext_lazy("the last day of that contest’s registrations"),
    "recruiter": gettext_lazy("the name of who writes"),
    "service": gettext_lazy("the service in charge"),
    "service_phone": gettext_lazy("its phone"),
    "hours": gettext_lazy("its hours"),
}


def fields_of(text: str) -> list[str]:
    """The fields that a text names, each once, in its order."""
    return list(dict.fromkeys(FIELD.findall(text)))


def unknown_fields(*parts: str) -> list[str]:
    return [name for part in parts for name in fields_of(part) if name not in FIELDS]


def known_of(candidate: Candidate, writer: User, organisation: Organisation) -> dict[str, str]:
    """What each field stands for in a letter to this person, in the language that is active; empty: not known.

    Two queries.
    """
    lead = candidate.leads.prefetch_related("receipts").order_by("-at").first()
    receipts = list(lead.receipts.all()) if lead else []
    file = candidate.files.select_related("contest_session__contest").order_by("-requested_at").first()
    session = file.contest_session if file else None
    return {
        "first_name": candidate.first_name,
        "last_name": candidate.last_name,
        "reference": receipts[0].reference if receipts else "",
        "asked_on": _day(lead.at) if lead else "",
        "contest": f"{texts.plain(session.contest, 'title')} {session.year}" if session else "",
        "deadline": _day(session.closes_on) if session and session.closes_on else "",
        "recruiter": name_of(writer),
        "service": texts.plain(organisation, "service") or organisation.name,
        "service_phone": organisation.phone,
        "hours": texts.plain(organisation, "hours"),
    }


def _day(day: object) -> str:
    return day_in_words(day, _("j F Y"))  # type: ignore[arg-type]


def fill(text: str, known: Mapping[str, str]) -> str:
    """The text with what is known put in; a field of which nothing is known stays as it is."""
    return FIELD.sub(lambda found: known.get(found[1]) or found[0], text)


def require_whole(*parts: str) -> None:
    """Raises `MailError` where a text is empty or still has a field in it."""
    if not all(part.strip() for part in parts):
        raise MailError(_("The letter is empty: write a subject and a text."))
    if left := [name for part in parts for name in fields_of(part)]:
        fields = ", ".join(f"{{{name}}}" for name in dict.fromkeys(left))
        raise MailError(_("Nothing is known for %s: write it yourself, or take it out.") % fields)


def drafts(letters: Iterable[Letter], known: Mapping[str, str]) -> list[tuple[Letter, str, str]]:
    """Each letter with its subject and text as this person would get them."""
    return [
        (letter, fill(texts.plain(letter, "subject"), known), fill(texts.plain(letter, "body"), known))
        for letter in letters
    ]
