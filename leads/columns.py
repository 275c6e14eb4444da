"""What a column of an uploaded table means, and what its cells say: guessed from headings, read line by line."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property, lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from leads.batch_words import Why
from leads.choices import (
    HEARD_FROM_LENGTH,
    KEY_LENGTH,
    MESSAGE_LENGTH,
    NAME_LENGTH,
    NOTE_LENGTH,
    DiplomaLevel,
    LeadKind,
    Situation,
)
from leads.forms import FOREIGN_CODE_LENGTH, OLDEST_BIRTH
from leads.identity import MINIMUM_AGE, age_on, normalised_email, normalised_phone
from leads.tables import MOST_SIGNS
from recruitment.text import clean_line, clean_text, without_accents


class Column(TextChoices):
    LEAVE = "", _("Do not import")
    FIRST_NAME = "first_name", _("First name")
    LAST_NAME = "last_name", _("Last name")
    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Phone")
    POSTAL_CODE = "postal_code", _("Postal code")
    ABROAD = "abroad", _("Lives abroad")
    BIRTH_DATE = "birth_date", _("Birth date")
    DIPLOMA_LEVEL = "diploma_level", _("Diploma")
    SITUATION = "situation", _("Situation")
    AT = "at", _("Day of the request")
    KIND = "kind", _("What they ask for")
    CONTEST = "contest", _("Contest")
    MESSAGE = "message", _("What they want to know")
    SOURCE = "source", _("Source")
    HEARD_FROM = "heard_from", _("How they heard of us")
    NOTE = "note", _("Note")


# Words of a heading, without accents; the first column that fits takes it.
_GUESSES: tuple[tuple[Column, str], ...] = (
    (Column.FIRST_NAME, r"prenom|first ?name|given name"),
    (Column.EMAIL, r"e?mail|courriel"),
    (Column.PHONE, r"tel(ephone)?|portable|mobile|phone|gsm"),
    (Column.POSTAL_CODE, r"cp|code ?postal|postal|zip"),
    (Column.ABROAD, r"etranger|abroad"),
    (Column.BIRTH_DATE, r"naissance|ne e? le|nee? le|birth"),
    (Column.DIPLOMA_LEVEL, r"diplome|diploma|niveau"),
    (Column.SITUATION, r"situation|statut"),
    (Column.KIND, r"type|objet|kind|demande de"),
    (Column.AT, r"date|le jour|recue?"),
    (Column.CONTEST, r"concours|contest|session"),
    (Column.MESSAGE, r"message|question|demande"),
    (Column.SOURCE, r"source|origine|provenance|campagne"),
    (Column.HEARD_FROM, r"connu|entendu|heard"),
    (Column.NOTE, r"note|commentaire|remarque|observation"),
    (Column.LAST_NAME, r"nom|last ?name|surname|name"),
)
# What is never asked nor kept, whatever is chosen: its cells are not even shown.
_NEVER = re.compile(
    r"secu|nir|insee|sante|handicap|maladie|casier|judiciaire|religi|syndic|opinion|sexe|genre|civilite|famil"
    r"|marital|enfant|conjoint|photo|nationalite"
)
_DAY = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})(?:[ T](\d{1,2})[:h](\d{2}).*)?")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T](\d{1,2}):(\d{2}).*)?")
_USUAL_EMAIL = re.compile(r"[a-z0-9_%+-]+(?:\.[a-z0-9_%+-]+)*@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
_YES = {"oui", "yes", "x", "1", "vrai", "true", "o", "y"}
_KINDS = {
    **dict.fromkeys(("information", "renseignement", "renseignements", "info", "infos"), LeadKind.INFORMATION),
    **dict.fromkeys(("registration_file", "dossier", "file", "dossier d'inscription"), LeadKind.REGISTRATION_FILE),
}
_NOON = time(12)
_LENGTHS = {
    Column.FIRST_NAME: NAME_LENGTH,
    Column.LAST_NAME: NAME_LENGTH,
    Column.EMAIL: 254,
    Column.MESSAGE: MESSAGE_LENGTH,
    Column.HEARD_FROM: HEARD_FROM_LENGTH,
    Column.SOURCE: KEY_LENGTH,
    Column.NOTE: NOTE_LENGTH,
}


def guess(headings: Iterable[str]) -> list[Column]:
    """What each column is likely to be; none twice."""
    taken: list[Column] = []
    for heading in headings:
        plain = " ".join(re.findall(r"[a-z0-9]+", without_accents(heading)))
        fits = (c for c, words in _GUESSES if c not in taken and re.search(rf"\b(?:{words})s?\b", plain))
        taken.append(Column.LEAVE if is_never_read(heading) else next(fits, Column.LEAVE))
    return taken


def is_never_read(heading: str) -> bool:
    return bool(_NEVER.search(without_accents(heading)))


class Refused(Exception):
    def __init__(self, why: Why, **detail: Any):
        super().__init__(why)
        self.why, self.detail = why, detail


@dataclass(slots=True)
class Line:
    """What one line says, cleaned."""

    kind: str
    session_id: int | None
    source: str
    at: datetime
    day: date  # of `at`, in the site's time zone
    email: str = ""
    phone: str = ""
    first_name: str = ""
    last_name: str = ""
    postal_code: str = ""
    is_abroad: bool = False
    birth_date: date | None = None
    diploma_level: str = ""
    situation: str = ""
    message: str = ""
    heard_from: str = ""
    note: str = ""

    def profile(self) -> dict[str, Any]:
        """What a sheet and a request hold both."""
        return {
            "first_name": self.first_name,
            "last_name": self.last_name,
            "phone": self.phone,
            "postal_code": self.postal_code,
            "birth_date": self.birth_date,
            "diploma_level": self.diploma_level,
            "situation": self.situation,
        }


Reader = Callable[["Reading", Line, str], None]


@dataclass(frozen=True)
class Reading:
    """How the lines of a file are read: its columns, and what holds where a line says nothing.

    `sessions`: the contests' names in lower case without accents, and their slugs, to the id of a session.
    """

    columns: Sequence[str]
    kind: str
    session_id: int | None
    source: str
    at: datetime
    sessions: Mapping[str, int]

    @cached_property
    def places(self) -> list[tuple[int, tuple[Column, int, Reader]]]:
        """Place of each cell; its column, how long it may be, what reads it."""
        columns = [(place, Column(name)) for place, name in enumerate(self.columns) if name]
        return [(place, (column, _LENGTHS.get(column, MOST_SIGNS), _READ[column])) for place, column in columns]

    @cached_property
    def today(self) -> date:
        return timezone.localdate(self.at)

    def read(self, row: Sequence[str]) -> Line:
        """Raises `Refused`."""
        if len(row) > len(self.columns):
            raise Refused(Why.TOO_WIDE)
        said = [(row[place], *how) for place, how in self.places if place < len(row) and row[place]]
        for cell, column, most, _read in said:
            if len(cell) > most:
                raise Refused(Why.TOO_LONG, column=str(column))
        line = Line(kind=self.kind, session_id=self.session_id, source=self.source, at=self.at, day=self.today)
        for cell, _column, _most, read in said:
            read(self, line, cell)
        self._check(line)
        return line

    def _check(self, line: Line) -> None:
        if not line.email and not line.phone:
            raise Refused(Why.NO_ADDRESS)
        if line.postal_code and not line.is_abroad and not _is_code(line.postal_code):
            raise Refused(Why.BAD_CODE, value=line.postal_code[:12])
        if line.is_abroad and len(line.postal_code) > FOREIGN_CODE_LENGTH:
            raise Refused(Why.TOO_LONG, column=str(Column.POSTAL_CODE))
        if line.kind == LeadKind.REGISTRATION_FILE and line.session_id is None:
            raise Refused(Why.NO_SESSION)
        if line.at > self.at:
            raise Refused(Why.IN_FUTURE)
        if line.birth_date:
            self._check_age(line.birth_date)

    def _check_age(self, born: date) -> None:
        if not OLDEST_BIRTH <= born <= self.today:
            raise Refused(Why.BAD_BIRTH)
        if age_on(born, self.today) < MINIMUM_AGE:
            raise Refused(Why.TOO_YOUNG)


def _is_code(code: str) -> bool:
    return len(code) == 5 and code.isascii() and code.isdecimal()


@lru_cache(20_000)
def _line(cell: str) -> str:
    return clean_line(cell)


def _plain(cell: str) -> str:
    return without_accents(_line(cell))


def _email(reading: Reading, line: Line, cell: str) -> None:
    email = normalised_email(cell)
    if not _USUAL_EMAIL.fullmatch(email):
        try:
            validate_email(email)
        except ValidationError:
            raise Refused(Why.BAD_EMAIL) from None
    line.email = email


def _phone(reading: Reading, line: Line, cell: str) -> None:
    try:
        line.phone = normalised_phone(cell)
    except ValueError:
        raise Refused(Why.BAD_PHONE) from None


def _postal_code(reading: Reading, line: Line, cell: str) -> None:
    line.postal_code = cell if _is_code(cell) else _line(cell).replace(" ", "")


def _birth_date(reading: Reading, line: Line, cell: str) -> None:
    line.birth_date = _day_of(cell).date()


def _at(reading: Reading, line: Line, cell: str) -> None:
    local = _day_of(cell)
    line.at, line.day = timezone.make_aware(local), local.date()


@lru_cache(20_000)
def _day_of(cell: str) -> datetime:
    """French or ISO; a day without an hour is noon of it."""
    if found := _ISO.fullmatch(cell):
        year, month, day, hour, minute = found.groups()
    elif found := _DAY.fullmatch(cell):
        day, month, year, hour, minute = found.groups()
    else:
        raise Refused(Why.BAD_DATE, value=_line(cell)[:20])
    try:
        moment = time(int(hour), int(minute)) if hour else _NOON
        return datetime.combine(date(int(year), int(month), int(day)), moment)
    except ValueError:
        raise Refused(Why.BAD_DATE, value=_line(cell)[:20]) from None


def _abroad(reading: Reading, line: Line, cell: str) -> None:
    line.is_abroad = _plain(cell) in _YES


def _kind(reading: Reading, line: Line, cell: str) -> None:
    found = _KINDS.get(_plain(cell))
    if found is None:
        raise Refused(Why.BAD_KIND, value=_line(cell)[:30])
    line.kind = found


def _contest(reading: Reading, line: Line, cell: str) -> None:
    found = reading.sessions.get(_plain(cell))
    if found is None:
        raise Refused(Why.NO_SESSION)
    line.session_id = found


def _choice(column: Column, choices: type[TextChoices]) -> Reader:
    def read(reading: Reading, line: Line, cell: str) -> None:
        plain = _plain(cell)
        found = next((value for value, label in choices.choices if plain in (value, without_accents(str(label)))), None)
        if found is None:
            raise Refused(Why.BAD_CHOICE, value=_line(cell)[:30])
        setattr(line, column.value, found)

    return read


def _source(reading: Reading, line: Line, cell: str) -> None:
    line.source = slugify(_line(cell))[:KEY_LENGTH] or reading.source


def _words(column: Column, clean: Callable[[str], str] = _line) -> Reader:
    name = column.value

    def read(reading: Reading, line: Line, cell: str) -> None:
        setattr(line, name, clean(cell))

    return read


_READ = {
    Column.FIRST_NAME: _words(Column.FIRST_NAME),
    Column.LAST_NAME: _words(Column.LAST_NAME),
    Column.EMAIL: _email,
    Column.PHONE: _phone,
    Column.POSTAL_CODE: _postal_code,
    Column.ABROAD: _abroad,
    Column.BIRTH_DATE: _birth_date,
    Column.DIPLOMA_LEVEL: _choice(Column.DIPLOMA_LEVEL, DiplomaLevel),
    Column.SITUATION: _choice(Column.SITUATION, Situation),
    Column.AT: _at,
    Column.KIND: _kind,
    Column.CONTEST: _contest,
    Column.MESSAGE: _words(Column.MESSAGE, clean_text),
    Column.SOURCE: _source,
    Column.HEARD_FROM: _words(Column.HEARD_FROM),
    Column.NOTE: _words(Column.NOTE, clean_text),
}
