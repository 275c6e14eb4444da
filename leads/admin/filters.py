"""What a list of requests is narrowed by: the values of the reports, so that each figure opens the list it counts."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any, ClassVar, cast
from urllib.parse import quote

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from leads.choices import (
    ABROAD,
    NONE,
    UNKNOWN,
    AgeBand,
    Came,
    FileStatus,
    FollowUpKind,
    LeadKind,
    Outcome,
    Posting,
    Stage,
    Step,
)
from leads.models import ContestSession
from leads.names import named_by
from leads.weeks import WEEK, monday_of
from recruitment import geography
from recruitment.text import clean_line, without_accents

Choices = list[tuple[str, Any]]


class ValueFilter(admin.SimpleListFilter):
    """One dimension of the counts. Choices are fixed or few: no DISTINCT over all rows."""

    choices_of: ClassVar[Callable[[], Choices]]
    opens: ClassVar[bool] = False  # whether its choices stand open before one is taken
    is_counted: ClassVar[bool] = True

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return type(self).choices_of()

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet:
        value = clean_line(self.value() or "")
        return queryset.with_value(self.parameter_name, value) if value else queryset

    def choices(self, changelist: Any) -> Iterator[Any]:
        """Each with the rows that it would leave, where the list has them counted.

        As Django's own, but what the other filters say is written once and not for each of a hundred départements.
        """
        counts, chosen = changelist.facets.get(self.parameter_name), self.value()
        others = changelist.get_query_string(remove=[self.parameter_name])
        own = f"{others}{'&' if len(others) > 1 else ''}{self.parameter_name}="
        yield {"selected": chosen is None, "query_string": others, "display": _("All")}
        for key, title in self.lookup_choices:
            choice = {"selected": chosen == str(key), "query_string": f"{own}{quote(str(key))}", "display": title}
            yield choice if counts is None else {**choice, "rows": counts.get(str(key), 0)}

    def has_output(self) -> bool:
        return True


class NamedFilter(ValueFilter):
    """Contests, sources and colleagues, read in one query for all."""

    not_said: ClassVar[tuple[str, Any]]

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        found = names_of(request, model_admin.opts.model_name, str(self.parameter_name))
        return [*found, self.not_said]


class SourceFilter(NamedFilter):
    parameter_name = "source"
    title = _("source")
    not_said = (UNKNOWN, _("unknown"))


class ContestFilter(NamedFilter):
    parameter_name = "contest"
    title = _("contest")
    not_said = (NONE, _("none"))


class OwnerFilter(NamedFilter):
    parameter_name = "owner"
    title = _("followed by")
    not_said = (NONE, _("nobody"))


def names_of(request: HttpRequest, list_name: str, kind: str) -> Choices:
    """(key, name) of each `contest`, `source`, `view` of the list, colleague as `owner`; read once a request."""
    if not hasattr(request, "named"):
        request.named = named_by(cast(User, request.user), list_name)  # type: ignore[attr-defined]
    return [(key, name) for known, key, name in request.named if known == kind]  # type: ignore[attr-defined]


def _filter(name: str, label: Any, choices: Callable[[], Choices], *, opens: bool = False) -> type[ValueFilter]:
    members = {"parameter_name": name, "title": label, "choices_of": staticmethod(choices), "opens": opens}
    return type(f"{name.title()}Filter", (ValueFilter,), members)


def _regions() -> Choices:
    return sorted(geography.regions().items(), key=lambda region: without_accents(region[1]))


KindFilter = _filter("kind", _("asked for"), lambda: list(LeadKind.choices), opens=True)
AgeFilter = _filter("age_band", _("age"), lambda: list(AgeBand.choices))
RegionFilter = _filter(
    "region",
    _("region"),
    lambda: [*_regions(), (ABROAD, _("abroad")), (UNKNOWN, _("unknown"))],
    opens=True,
)
DepartmentFilter = _filter(
    "department",
    _("département"),
    lambda: [*geography.departments().items(), (ABROAD, _("abroad")), (UNKNOWN, _("unknown"))],
)
StageFilter = _filter("stage", _("stage"), lambda: list(Stage.choices), opens=True)
StatusFilter = _filter("status", _("status"), lambda: list(FileStatus.choices), opens=True)
SessionFilter = _filter(
    "session",
    _("contest"),
    lambda: [
        (str(s.pk), str(s)) for s in ContestSession.objects.select_related("contest").order_by("-year", "contest")
    ],
)


FollowUpKindFilter = _filter("kind", _("kind"), lambda: list(FollowUpKind.choices), opens=True)
CallFilter = _filter("outcome", _("what came of the call"), lambda: list(Outcome.choices))


class FigureFilter(ValueFilter):
    """Not offered here: a figure of the reports that opens this list names it in its link."""

    is_counted = False

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        chosen = clean_line(request.GET.get(str(self.parameter_name), ""))
        return [(chosen, dict(self.words()).get(chosen, chosen))] if chosen else []

    def words(self) -> Choices:
        return []

    def has_output(self) -> bool:
        return bool(self.used_parameters)


class RoomFilter(FigureFilter):
    parameter_name = "room"
    title = _("room")


class CampaignFilter(FigureFilter):
    parameter_name = "campaign"
    title = _("campaign")


class ContestSessionFilter(FigureFilter):
    parameter_name = "session"
    title = _("session")

    def words(self) -> Choices:
        return [(str(s.pk), str(s)) for s in ContestSession.objects.select_related("contest")]


class PostingFilter(FigureFilter):
    parameter_name = "posting"
    title = _("first posting")

    def words(self) -> Choices:
        return list(Posting.choices)


class CameFilter(FigureFilter):
    parameter_name = "came"
    title = _("when, of a room")

    def words(self) -> Choices:
        return list(Came.choices)


class ReachedFilter(FigureFilter):
    parameter_name = "reached"
    title = _("how far it got")

    def words(self) -> Choices:
        return list(Step.choices)


class PeopleFilter(FigureFilter):
    """One request a person: of all, or of those who never asked before. The last of a list's filters."""

    parameter_name = "people"
    title = _("one request a person")

    def words(self) -> Choices:
        return [("all", _("the first of each")), ("new", _("of who never asked before"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet:
        value = self.value()
        if value == "new":
            queryset = queryset.of_newcomers(_first_day(request))
        return queryset.one_a_person() if value else queryset


def _first_day(request: HttpRequest) -> date:
    try:
        return monday_of(request.GET.get("from", ""))
    except ValueError as error:
        raise IncorrectLookupParameters(error) from error


class WeekFilter(admin.SimpleListFilter):
    """The weeks from `from` to `to`, as the reports' addresses have them."""

    title = _("weeks")
    parameter_name = "from"

    def __init__(self, request: HttpRequest, params: dict[str, Any], model: Any, model_admin: Any):
        self.last = (params.pop("to", None) or [""])[-1]
        self.until = (params.pop("until", None) or [""])[-1]
        super().__init__(request, params, model, model_admin)

    def expected_parameters(self) -> list[str | None]:
        return ["from", "to", "until"]

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        chosen = request.GET.get("from")
        return [(chosen, f"{chosen} – {self.last}" if self.last not in ("", chosen) else chosen)] if chosen else []

    def has_output(self) -> bool:
        return bool(self.used_parameters)

    def queryset(self, request: HttpRequest, queryset: Any) -> QuerySet:
        if not self.value():
            return queryset
        try:
            first, last = monday_of(self.value() or ""), monday_of(self.last or self.value() or "")
        except ValueError as error:
            raise IncorrectLookupParameters(error) from error
        weeks = queryset.between(first, last + WEEK - (WEEK / 7))
        return weeks.filter(at__lt=self._moment()) if self.until else weeks

    def _moment(self) -> datetime:
        """Until when a week is compared with one in progress."""
        try:
            return datetime.fromisoformat(self.until)
        except ValueError as error:
            raise IncorrectLookupParameters(error) from error
