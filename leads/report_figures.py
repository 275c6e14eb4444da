"""What a week came to besides its leads: people, how far requests got, how soon they were answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q
from django.utils import formats
from django.utils.translation import gettext as _

from leads.choices import LeadKind, Posting, Step
from leads.cohorts import first_answer_at, posted, reached
from leads.freezing import people_of
from leads.querysets import LeadQuerySet
from leads.reports import leads_of
from leads.weeks import DAY, WEEK, year_before

AIM = "11"  # Île-de-France


@dataclass(frozen=True, slots=True)
class Figures:
    """Of the leads of one week. `residing`: who live in Île-de-France, by their own postal code; `posted`: requests for
    a file of a contest whose first posting is there. `steps`: leads that came to each of `Step` by now.
    `first_answer`: the time within which half of the requests were answered, None while fewer were.
    """

    monday: date
    total: int
    information: int
    registration_file: int
    people: int
    newcomers: int
    residing: int
    posted: int
    steps: Mapping[str, int]
    first_answer: timedelta | None

    @property
    def residing_share(self) -> float | None:
        return share(self.residing, self.total)

    @property
    def posted_share(self) -> float | None:
        return share(self.posted, self.registration_file)


def share(part: int, whole: int) -> float | None:
    """In hundredths; None of nothing."""
    return 100 * part / whole if whole else None


def week_figures(monday: date, filters: Mapping[str, str]) -> Figures:
    """The figures of the ISO week that begins on `monday`. Three queries."""
    leads = leads_of([(monday, monday + 6 * DAY)], filters).order_by()
    counted = leads.aggregate(
        total=Count("pk"),
        information=Count("pk", filter=Q(kind=LeadKind.INFORMATION)),
        residing=Count("pk", filter=Q(region=AIM)),
        posted=Count("pk", filter=posted(Posting.IDF)),
        **{step: Count("pk", filter=reached(step)) for step in Step.values},
    )
    steps = {step: counted.pop(step) for step in Step.values}
    return Figures(
        monday=monday,
        registration_file=counted["total"] - counted["information"],
        **counted,
        **people_of(leads, monday),
        steps=steps,
        first_answer=first_answer(leads),
    )


def first_answer(leads: LeadQuerySet) -> timedelta | None:
    """The median over all who can be answered; who waits counts as waiting longest."""
    times = leads.filter(candidate__isnull=False).annotate(answered_at=first_answer_at())
    waits = [_wait(*row) for row in times.values_list("at", "answered_at")]
    return _median(waits)


def _wait(asked_at: datetime, answered_at: datetime | None) -> timedelta:
    return answered_at - asked_at if answered_at else timedelta.max


def _median(waits: list[timedelta]) -> timedelta | None:
    """The lower one of two middles, so that nobody who still waits is half of a median."""
    if not waits:
        return None
    middle = sorted(waits)[(len(waits) - 1) // 2]
    return None if middle == timedelta.max else middle


# --- how weeks are named --------------------------------------------------------------------------------------------
def compared_with(monday: date) -> list[date]:
    """The week itself, the one before, and the same one a year before."""
    return [monday, monday - WEEK, year_before(monday)]


def week_heading(monday: date) -> str:
    """As "Week 47, 16 to 22 November 2026": the month is named once where it is one."""
    sunday = monday + 6 * DAY
    first = formats.date_format(monday, _("j") if monday.month == sunday.month else _("j F"))
    words = {"number": monday.isocalendar().week, "first": first, "last": formats.date_format(sunday, _("j F Y"))}
    return _("Week %(number)s, %(first)s to %(last)s") % words


def short_name(week: date, beside: date) -> str:
    """As `W47`; with its year where it is another than the week's beside it."""
    year, number, _weekday = week.isocalendar()
    name = _("W%(number)s") % {"number": f"{number:02}"}
    return name if year == beside.isocalendar().year else _("%(week)s %(year)s") % {"week": name, "year": year}


HEADINGS = {
    "region": lambda: _("By region of residence"),
    "source": lambda: _("By source"),
    "contest": lambda: _("By contest"),
    "kind": lambda: _("By what they asked for"),
    "room": lambda: _("By room"),
    "department": lambda: _("By département"),
    "age_band": lambda: _("By age"),
}
