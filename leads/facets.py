"""How many rows each choice of a list's filters would leave, and how many each view has: all in one query."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import Case, F, QuerySet, Value, When
from django.db.models.functions import Cast, Coalesce

from leads.choices import ABROAD, NONE, UNKNOWN, WAITING_COUNTED_TO
from leads.models import Candidate, FollowUp, Lead, RegistrationFile

COUNTED_TO = 5_000
VIEWS_COUNTED_TO = WAITING_COUNTED_TO
VIEW = "view"
Counts = dict[str, int]
TEXT = models.CharField()


def _place(field: str) -> Case:
    return Case(When(is_abroad=True, then=Value(ABROAD)), When(**{field: ""}, then=Value(UNKNOWN)), default=F(field))


def _asked(path: str, otherwise: str) -> Case:
    """Somebody without a request is counted nowhere."""
    told = Coalesce(f"leads__{path}", Value(otherwise), output_field=TEXT)
    return Case(When(leads__isnull=True, then=Value("")), default=told)


# The value of each filter that finds a row, by the model of the rows. `leads.row_filters` has the filters themselves.
KEYS: dict[type[models.Model], dict[str, Any]] = {
    Candidate: {
        "stage": F("stage"),
        "region": _place("region"),
        "department": _place("department"),
        "owner": Coalesce(Cast("owner", TEXT), Value(NONE)),
        "kind": _asked("kind", ""),
        "contest": _asked("contest_session__contest__slug", NONE),
        "source": _asked("source__key", UNKNOWN),
    },
    Lead: {
        "region": _place("region"),
        "department": _place("department"),
        "source": Coalesce("source__key", Value(UNKNOWN)),
        "contest": Coalesce("contest_session__contest__slug", Value(NONE), output_field=TEXT),
        "kind": F("kind"),
        "age_band": F("age_band"),
    },
    RegistrationFile: {"status": F("status"), "session": Cast("contest_session", TEXT)},
    FollowUp: {"kind": F("kind"), "outcome": F("outcome")},
}
SEVERAL_A_ROW = {Candidate: {"kind", "contest", "source"}}


def count_facets(rows: Mapping[str, QuerySet], views: Mapping[str, QuerySet] | None = None) -> dict[str, Counts]:
    """{filter: {choice: rows}}, of the rows that each filter's choices narrow.

    Where there are more than `COUNTED_TO` of them, that filter is left out: nothing counts a million rows. Filters
    over the same rows read them once. `views`: the rows of each of them, counted to one more than `VIEWS_COUNTED_TO`
    under the key `VIEW`.
    """
    if not rows and not views:
        return {}
    groups: dict[tuple[int, bool], list[str]] = defaultdict(list)
    for name, found in rows.items():
        groups[id(found), name in SEVERAL_A_ROW.get(found.model, ())].append(name)
    tables: list[str] = []
    branches: list[str] = []
    params: list[Any] = []
    for number, names in enumerate(groups.values()):
        inner, values = _keyed(rows[names[0]], names)
        tables.append(f"t{number} AS MATERIALIZED ({inner})")
        params += values
        branches += [_branch(f"t{number}", name) for name in names]
    for number, (query, found) in enumerate((views or {}).items()):
        branch, values = _view(f"v{number}", found)
        branches.append(branch)
        params += [query, *values]
    read_once = f"WITH {', '.join(tables)} " if tables else ""
    with connection.cursor() as cursor:
        cursor.execute(read_once + " UNION ALL ".join(branches), params)
        counted = cursor.fetchall()
    return _by_filter(counted)


def _keyed(found: QuerySet, names: list[str]) -> tuple[str, tuple]:
    """The rows with their keys, and one more than is counted, in SQL."""
    keys = KEYS[found.model]
    bounded = found.model._default_manager.filter(pk__in=found.order_by().values("pk")[: COUNTED_TO + 1])
    keyed = bounded.order_by().annotate(**{f"key_{name}": keys[name] for name in names})
    return keyed.values("pk", *(f"key_{name}" for name in names)).query.sql_with_params()


def _branch(table: str, name: str) -> str:
    return f"SELECT '{name}', key_{name}, COUNT(DISTINCT pk) FROM {table} GROUP BY key_{name}"  # noqa: S608  own names


def _view(table: str, found: QuerySet) -> tuple[str, tuple]:
    try:
        bounded, values = found.order_by().values("pk")[: VIEWS_COUNTED_TO + 1].query.sql_with_params()
    except EmptyResultSet:  # of whom is in no team
        return f"SELECT '{VIEW}', CAST(%s AS text), 0", ()
    return f"SELECT '{VIEW}', CAST(%s AS text), COUNT(*) FROM ({bounded}) {table}", values  # noqa: S608  own names


def _by_filter(counted: list[tuple[str, str, int]]) -> dict[str, Counts]:
    counts: dict[str, Counts] = defaultdict(dict)
    for name, choice, number in counted:
        counts[name][choice] = number
    return {
        name: of_choices
        for name, of_choices in counts.items()
        if name == VIEW or sum(of_choices.values()) <= COUNTED_TO
    }
