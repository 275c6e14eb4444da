"""How each number is made, in the words that go along with the files."""

from django.utils.translation import gettext as _


def method() -> list[tuple[str, str]]:
    """(what, how it is counted)."""
    return [
        (
            _("Week"),
            _("ISO week, Monday to Sunday, in the site's time zone; weeks without requests are zero."),
        ),
        (
            _("Requests"),
            _("Each request for information or for a registration file, once; what was marked as spam is left out."),
        ),
        (
            _("Rows"),
            _("Each breakdown adds up to its week's total; unknown, abroad and none are rows too."),
        ),
        (
            _("Source"),
            _(
                "The last way by which the visitor came, unless they typed the address; else the first; else what they "
                "said; else unknown."
            ),
        ),
        (
            _("Region"),
            _("By the postal code of the request itself; abroad wins over a postal code."),
        ),
        (
            _("Frozen weeks"),
            _("A week is frozen on the Monday after at 06:00. What changes it later is a new version, which counts."),
        ),
        (
            _("People"),
            _("Each person once a week, so that weeks do not add up; of a frozen week as counted then."),
        ),
        (
            _("First answer"),
            _(
                "Until somebody was talked to, written to by a person or counted as contacted; who still waits counts "
                "as waiting longest, and while fewer than half have theirs there is no median. By now."
            ),
        ),
        (
            _("Visits"),
            _(
                "Arrivals on a public page from outside the site, as sums by hour and source; of who came nothing is "
                "kept. Empty where none were counted."
            ),
        ),
        (
            _("How far they have come"),
            _("Of the requests of each week, how many came to a step by now: older weeks have had more time."),
        ),
        (
            _("Costs"),
            _(
                "In cents, spread in equal parts over the days that were paid for; of a week in progress, the days "
                "until today. A cost per request, file or registered is rounded to the cent."
            ),
        ),
        (
            _("Registered"),
            _("Of the requests of these weeks, those whose file is registered by now: older weeks have had more time."),
        ),
    ]
