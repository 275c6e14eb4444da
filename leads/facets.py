"""How many rows each choice of a list's filters would leave, all filters in one query."""

from collections import defaultdict
from collections.abc import Mapping

from django.db.models import CharField, Count, QuerySet, Value
from django.db.models.functions import Cast

COUNTED_TO = 10_000
Counts = dict[str, int]


def count_facets(rows: Mapping[str, QuerySet]) -> dict[str, Counts]:
    """{filter: {choice: rows}}, of the rows that each filter's choices narrow.

    Where there are more than `COUNTED_TO` of them, that filter is left out: nothing counts a million rows.
    """
    first, *others = [_counted(name, found) for name, found in rows.items()]
    counts: dict[str, Counts] = defaultdict(dict)
    for name, choice, number in first.union(*others, all=True):
        counts[name][choice] = number
    return {name: of_choices for name, of_choices in counts.items() if sum(of_choices.values()) <= COUNTED_TO}


def _counted(name: str, found: QuerySet) -> QuerySet:
    bounded = found.model._default_manager.filter(pk__in=found.order_by().values("pk")[: COUNTED_TO + 1])
    keyed = bounded.with_keys(name)
    return (
        keyed.order_by()
        .values_list(Value(name), Cast("facet_key", CharField()))
        .annotate(rows=Count("pk", distinct=True))
    )
