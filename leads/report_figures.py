"""What a week came to besides its leads: people, how far requests got, how soon they were answered."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from leads.choices import LeadKind, Posting, Step
from leads.cohorts import ANSWERABLE, WAIT, posted, reached
from leads.freezing import count_newcomers
from leads.querysets import LeadQuerySet
from leads.reports import leads_of
from leads.weeks import DAY, WEEK, Span, year_before
from recruitment.days import day_in_words

IDF = "11"  # the region of `Posting.IDF`


@dataclass(frozen=True, slots=True)
class Figures:
    """Of the leads of one week. `residing`: who live in the region aimed at, by their own code; `posted`: requests for
    a file of a contest whose first posting is there. `steps`: leads that came to each of `Step` by now.
    `first_answer`: the time within which half of the requests were answered, None while fewer were.
    """

    monday: date
    total: int
    information: int
    registration_file: int
    people: int
    newcomers: int | None  # of the compared weeks nobody asks, and of a frozen one they are kept
    residing: int
    posted: int
    steps: Mapping[str, int]
    first_answer: timedelta | None
    answerable: int  # of how many it is the median

    @property
    def residing_share(self) -> float | None:
        return share(self.residing, self.total)

    @property
    def posted_share(self) -> float | None:
        return share(self.posted, self.registration_file)


def share(part: int, whole: int) -> float | None:
    """In hundredths; None of nothing."""
    return 100 * part / whole if whole else None


def week_figures(
    spans: Sequence[Span], filters: Mapping[str, str], *, aim: str = "", newcomers_of: Collection[date] = ()
) -> list[Figures]:
    """The figures of ISO weeks, or of the parts of them that are compared. `aim`: where `residing` live.

    A query for each week: together they would be sorted for the people, and read from the rows and not from the index
    alone. Another where half have their first answer, and one for each Monday of `newcomers_of`.
    """
    return [_figures(span, filters, aim, with_newcomers=span.monday in newcomers_of) for span in spans]


def _figures(span: Span, filters: Mapping[str, str], aim: str, *, with_newcomers: bool) -> Figures:
    leads = leads_of([span], filters).order_by()
    counted = leads.by_person().aggregate(  # of days: they are in the index, ids are not
        total=Count("day"),
        information=Count("day", filter=Q(kind=LeadKind.INFORMATION)),
        residing=Count("day", filter=Q(region=aim or None)),
        posted=Count("day", filter=posted(Posting.IDF)),
        people=Count("person", distinct=True),
        answerable=Count("day", filter=ANSWERABLE),
        **{step.value: Count("day", filter=reached(step)) for step in Step},
    )
    return Figures(
        monday=span.monday,
        registration_file=counted["total"] - counted["information"],
        **{name: counted[name] for name in ("total", "information", "residing", "posted", "people")},
        newcomers=count_newcomers(leads, span.monday) if with_newcomers else None,
        steps={step.value: counted[step.value] for step in Step},
        answerable=counted["answerable"],
        first_answer=_median_wait(leads, counted["answerable"], counted[Step.ANSWERED.value]),
    )


def _median_wait(leads: LeadQuerySet, answerable: int, answered: int) -> timedelta | None:
    """Until the first answer, of all who can be answered; who waits counts as waiting longest.

    The lower one of two middles, so that nobody who still waits is half of a median.
    """
    middle = (answerable - 1) // 2
    if not 0 <= middle < answered:
        return None
    waits = leads.filter(reached(Step.ANSWERED)).annotate(wait=WAIT).order_by("wait")
    return waits.values_list("wait", flat=True)[middle]


# --- how weeks are named --------------------------------------------------------------------------------------------
def compared_with(monday: date) -> list[date]:
    """The week itself, the one before, and the same one a year before."""
    return [monday, monday - WEEK, year_before(monday)]


def week_heading(monday: date) -> str:
    """As "Week 47, 16 to 22 November 2026": the month is named once where it is one."""
    sunday = monday + 6 * DAY
    first = day_in_words(monday, _("j") if monday.month == sunday.month else _("j F"))
    words = {"number": monday.isocalendar().week, "first": first, "last": day_in_words(sunday, _("j F Y"))}
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

COLUMNS = {
    "region": lambda: _("Region"),
    "source": lambda: _("Source"),
    "contest": lambda: _("Contest"),
    "kind": lambda: _("Asked for"),
    "room": lambda: _("Room"),
    "department": lambda: _("Département"),
    "age_band": lambda: pgettext("of people", "Age"),
}
