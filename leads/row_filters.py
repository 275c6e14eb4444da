"""What a value in an address stands for: the condition that finds its rows, for each filter of leads and candidates.

A value that names nothing finds nobody; it is never an error.
"""

from typing import Any

from django.apps import apps
from django.db.models import Exists, OuterRef, Q

from leads.choices import ABROAD, ANY, NONE, UNKNOWN, Posting, SharedKey, Step
from leads.cohorts import ANSWERABLE, CAME, posted, reached

NOBODY = Q(pk__in=[])
LONGEST_ID = 18  # digits: what fits into the column


def _region(key: str) -> Q:
    return _place("region", key)


def _department(key: str) -> Q:
    return _place("department", key)


def _place(field: str, key: str) -> Q:
    if key == ABROAD:
        return Q(is_abroad=True)
    return Q(is_abroad=False, **{field: ""}) if key == UNKNOWN else Q(**{field: key})  # who is abroad has neither


def _source(key: str) -> Q:
    return Q(source__isnull=True) if key == UNKNOWN else Q(source__key=key)


def _contest(key: str) -> Q:
    return Q(contest_session__isnull=True) if key == NONE else Q(contest_session__contest__slug=key)


def _room(key: str) -> Q:
    if key == ANY:
        return Q(room__isnull=False, room__rehearsal_of__isnull=True)
    return Q(room__isnull=True) if key == NONE else Q(room__slug=key)


LEAD_FILTERS: dict[str, Any] = {
    "region": _region,
    "department": _department,
    "source": _source,
    "contest": _contest,
    "room": _room,
    "kind": lambda key: Q(kind=key),
    "age_band": lambda key: Q(age_band=key),
    "team": lambda key: Q(team=id_in(key)),
    "session": lambda key: Q(contest_session=id_in(key)),
    "campaign": lambda key: Q(campaign=key),
    "posting": lambda key: posted(key) if key in Posting.values else NOBODY,
    "reached": lambda key: reached(key) if key in Step.values else NOBODY,
    "wait": lambda key: ANSWERABLE if key == ANY else NOBODY,
    "came": lambda key: Q(room__isnull=False) & CAME[key] if key in CAME else NOBODY,
}


def _asked(**lead: Any) -> Q:
    """Whether one of their requests was like that."""
    lead_model = apps.get_model("leads.Lead")
    return Q(Exists(lead_model._default_manager.filter(candidate=OuterRef("pk"), **lead)))


def _followed_by(key: str) -> Q:
    return Q(owner__isnull=True) if key == NONE else Q(owner=id_in(key))


def id_in(key: str) -> int:
    """The id that an address names; 0, which no row has, for anything else."""
    return int(key) if key.isascii() and key.isdecimal() and len(key) <= LONGEST_ID else 0


CANDIDATE_FILTERS: dict[str, Any] = {
    "stage": lambda key: Q(stage=key),
    "region": _region,
    "department": _department,
    "owner": _followed_by,
    "kind": lambda key: _asked(kind=key),
    "contest": lambda key: (
        _asked(contest_session__isnull=True) if key == NONE else _asked(contest_session__contest__slug=key)
    ),
    "source": lambda key: _asked(source__isnull=True) if key == UNKNOWN else _asked(source__key=key),
}


def _person(key: str) -> dict[str, str]:
    birth_date, _blank, name = key.partition(" ")
    return {"name_key": name, "birth_date": birth_date}


SHARED: dict[str, Any] = {
    SharedKey.PHONE: lambda key: {"phone": key},
    SharedKey.PERSON: _person,
    SharedKey.MAIL: lambda key: {"mail_key": key},
}
