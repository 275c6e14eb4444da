"""How a person is recognised: one spelling of an e-mail, a phone, a name; their age."""

import hashlib
import re
import unicodedata
from datetime import date
from functools import lru_cache

import phonenumbers
from django.conf import settings
from django.contrib.auth.models import User
from django.utils.crypto import salted_hmac

from leads.choices import AgeBand
from recruitment.text import clean_text, without_accents

ADULT_AGE = 18
MINIMUM_AGE = 15
GMAIL = ("gmail.com", "googlemail.com")
_NATIONAL = re.compile(r"0[1-9](?:[ .-]?[0-9]{2}){4}")  # as nearly everybody writes it: read without the library
_NO_SIGNS = str.maketrans("", "", " .-")
_NO_LETTERS = re.compile(r"[\W_]")
_ADULT_BANDS = ((ADULT_AGE, AgeBand.UNDER_18), (25, AgeBand.FROM_18), (35, AgeBand.FROM_25))


def normalised_email(typed: str) -> str:
    """Trimmed, Unicode-normalised, in lower case; dots and plus parts stay: two people may own the variants."""
    return unicodedata.normalize("NFKC", typed).strip().lower()


def normalised_phone(typed: str, region: str = "FR") -> str:
    """E.164 of a number in any spelling, read as French without a country code. Raises ValueError."""
    if region == "FR" and _NATIONAL.fullmatch(typed):
        return "+33" + typed.translate(_NO_SIGNS)[1:]
    try:
        number = phonenumbers.parse(typed, region)
    except phonenumbers.NumberParseException as error:
        raise ValueError(typed) from error
    if not phonenumbers.is_possible_number(number):
        raise ValueError(typed)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def shown_phone(e164: str) -> str:
    """A stored number as its country writes it: 06 39 98 12 40 at home, +32 … from elsewhere."""
    if not e164:
        return ""
    number = phonenumbers.parse(e164)
    style = (
        phonenumbers.PhoneNumberFormat.NATIONAL
        if number.country_code == 33
        else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
    return phonenumbers.format_number(number, style)


def name_key(first_name: str, last_name: str) -> str:
    """Last and first name without accents, case, hyphens or spaces; two empty names are the same."""
    return f"{_name_part(last_name)} {_name_part(first_name)}".strip()


@lru_cache(20_000)
def _name_part(name: str) -> str:
    return _NO_LETTERS.sub("", without_accents(name))


def mail_key(email: str) -> str:
    """One spelling of a mailbox at Gmail, where dots, plus parts and the second name of the host change nothing.

    Empty for all other hosts. It suggests a duplicate and never joins two people.
    """
    name, _at, host = email.rpartition("@")
    if host not in GMAIL:
        return ""
    return f"{name.partition('+')[0].replace('.', '')}@{GMAIL[0]}"


@lru_cache(5_000)
def text_digest(text: str) -> str:
    """Equal for texts that say the same but for case, accents, blanks and punctuation."""
    words = re.findall(r"\w+", without_accents(clean_text(text)))
    return hashlib.sha256(" ".join(words).encode()).hexdigest()


def search_text(*parts: str) -> str:
    """What a search column holds: words in lower case without accents, phones as digits in both spellings.

    A blank stands before each word, the first too: so a word of one or two letters is found at the beginning of one.
    """
    return "".join(f" {_searchable(part)}" for part in parts if part)


def _searchable(part: str) -> str:
    if part.startswith("+33"):
        return f"{part[1:]} 0{part[3:]}"
    return part[1:] if part.startswith("+") else without_accents(part)


def age_on(birth_date: date, day: date) -> int:
    """Full years; who is born on 29 February has their birthday on 1 March in other years."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def age_band(birth_date: date | None, day: date) -> AgeBand:
    if birth_date is None:
        return AgeBand.UNKNOWN
    age = age_on(birth_date, day)
    return next((band for limit, band in _ADULT_BANDS if age < limit), AgeBand.FROM_35)


def suppression_hash(email: str) -> str:
    """What stays of an address that wants no mail; keyed apart from `SECRET_KEY`, which may be changed."""
    digest = salted_hmac("leads.suppression", normalised_email(email), settings.SUPPRESSION_KEY, algorithm="sha256")
    return digest.hexdigest()


def person_hash(email: str, phone: str, key: str) -> str:
    """What stays of a person who was erased, to be known again: of the e-mail, else of the phone and `name_key`."""
    return suppression_hash(email or f"{phone}|{key}")


def name_of(person: User) -> str:
    """A member of staff, as others read it."""
    return person.get_full_name() or person.get_username()
