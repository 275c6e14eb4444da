"""Where work on the list of candidates starts: piles, and lists that are kept; each shows how many it holds."""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl

from django.contrib import admin
from django.contrib.admin.views.main import ORDER_VAR
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from leads.admin.filters import Choices, names_of
from leads.admin.lists import actor_of
from leads.facets import VIEW, VIEWS_COUNTED_TO
from leads.models import Candidate
from leads.querysets import CandidateQuerySet

PILES = {
    "": pgettext_lazy("view", "All"),
    "due": _("To do today"),
    "new": pgettext_lazy("view", "New"),
    "mine": _("Mine"),
    "waiting": pgettext_lazy("view", "Waiting"),
}
CHEAP = {VIEW, "stage", "region", "department", "owner"}  # columns of the row itself, with an index each
KEPT_COUNTED = 5


class ViewFilter(admin.SimpleListFilter):
    """The piles as chips above the list. Each shows its pile alone, whatever the list was narrowed to."""

    title = _("view")
    parameter_name = VIEW
    template = "admin/_chips.html"
    as_chips = True

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [(key, title) for key, title in PILES.items() if key]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet[Candidate]:
        return queryset.in_view(self.value() or "", actor_of(request), timezone.now())

    def choices(self, changelist: Any) -> Iterator[Any]:
        counts, is_narrowed = changelist.facets.get(VIEW, {}), set(changelist.params) - {ORDER_VAR}
        for key, title in PILES.items():
            query = _query_of(key)
            yield {
                "query_string": f"?{query}",
                "display": title,
                "selected": self.value() == key if key else not is_narrowed,
                "rows": counts.get(query),
                "counted_to": VIEWS_COUNTED_TO,
            }


def counted_views(rows: CandidateQuerySet, request: HttpRequest) -> Mapping[str, QuerySet[Candidate]]:
    """By the query that shows them: the piles, and the first of the views that are kept which cost little to count."""
    kept = [*names_of(request, "candidate", "own view"), *names_of(request, "candidate", "view")]
    asked = dict.fromkeys(key.partition("?")[2] for key, _name in kept)
    cheap = [query for query in asked if {name for name, _key in parse_qsl(query)} <= CHEAP]
    queries = [*map(_query_of, PILES), *cheap[:KEPT_COUNTED]]
    return {query: _narrowed(rows, query, request) for query in queries}


def _query_of(pile: str) -> str:
    return f"{VIEW}={pile}" if pile else ""


def _narrowed(rows: CandidateQuerySet, query: str, request: HttpRequest) -> CandidateQuerySet:
    for name, key in parse_qsl(query):
        rows = rows.in_view(key, actor_of(request), timezone.now()) if name == VIEW else rows.with_value(name, key)
    return rows
