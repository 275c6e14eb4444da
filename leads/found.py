"""How the rows of a list are found by what was typed into its search box."""

from typing import TypeVar

from django.db import models
from django.db.models import Q

from leads.search import read_wanted

HITS_BY_ID = 2_000  # of a search; more than these are found sooner by walking the list
Rows = TypeVar("Rows", bound=models.QuerySet)


def found_in(rows: Rows, typed: str, receipts: str) -> Rows:
    """Those of `rows` that a search box finds; `receipts`: the way from a row to its own.

    The ids first, and the rows by them: a planner that has both the order of a list and a rare word to heed may walk
    the whole list for it. Two queries at most, three where words read like a reference and are none.
    """
    wanted = read_wanted(typed)
    if wanted.reference:
        return _by_id(rows, _ids(rows.filter(**{f"{receipts}__reference": wanted.reference})))
    if wanted.tail and (ids := _ids(rows.filter(**{f"{receipts}__tail": wanted.tail}))):
        return _by_id(rows, ids)
    if wanted.whole and (ids := _ids(rows.filter(**wanted.whole))):
        return _by_id(rows, ids)
    held = rows.filter(*(Q(search__contains=pattern) for pattern in wanted.patterns))
    ids = _ids(held)
    return _by_id(rows, ids) if len(ids) <= HITS_BY_ID else held


def _ids(rows: models.QuerySet) -> list[int]:
    return list(dict.fromkeys(rows.order_by().values_list("pk", flat=True)[: HITS_BY_ID + 1]))


def _by_id(rows: Rows, ids: list[int]) -> Rows:
    return rows.filter(pk__in=ids) if ids else rows.none()
