"""The week in a mail and on one printed page: masked under five, with three sentences that are computed.

What is told can be passed on: no cell under five, and none that the others give away.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils import translation
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from leads import mail, reports
from leads.choices import LeadKind, Step
from leads.exports import PEOPLE
from leads.masking import masked_funnel, masked_rows
from leads.models import FrozenWeek, Message, Organisation
from leads.report_figures import COLUMNS, HEADINGS, compared_with, share, short_name, week_heading
from leads.report_funnel import FILES, REQUESTS, VISITS, funnel_names, steps_of, visits_of
from leads.weeks import Span, alike, freezes_at, last_frozen, week_name
from recruitment import geography
from recruitment.masking import Shown, hidden_if_few

GOES_FOR = timedelta(days=2)  # a mail about Monday that did not go by Wednesday is no news
NONE = "–"
TOLD = ("region", "source", "contest", "room", "age_band")


@dataclass(frozen=True, slots=True)
class Table:
    """One breakdown: (label, what is told of each compared week) as texts; `shown`: the same, None where masked."""

    by: str
    heading: str
    column: str  # what its rows are
    shown: list[tuple[str, list[int | None]]]

    @property
    def lines(self) -> list[tuple[str, list[str]]]:
        return [(label, [told(cell) for cell in cells]) for label, cells in self.shown]


@dataclass(frozen=True, slots=True)
class Digest:
    """`figures`, `steps`: (label, what is told of each compared week) as texts; `names`: those weeks, shortly."""

    week: str
    heading: str
    names: list[str]
    figures: list[tuple[str, list[str]]]
    steps: list[tuple[str, list[str]]]
    sentences: list[str]
    tables: list[Table]


def digest(monday: date, now: datetime) -> Digest:
    """Of the ISO week that begins on `monday`, beside the week before and the same one a year before.

    Of a week in progress the others are counted as far as it has come.
    """
    mondays = compared_with(monday)
    names, spans = [short_name(week, monday) for week in mondays], alike(mondays, now)
    tables = reports.broken_down(TOLD, spans, {})
    weeks = tables["region"]
    totals = [hidden_if_few(week.total) for week in weeks]
    aim = Organisation.objects.current().aim_region
    shares = [_share_of(aim, week, total) for week, total in zip(weeks, totals, strict=True)]
    masked_tables = [_table(by, weeks, totals) for by, weeks in tables.items()]
    sentences = [
        _on_all(totals, names),
        _on_sources(masked_tables[TOLD.index("source")], names),
        _on_aim(aim, shares, names) if aim else _on_regions(masked_tables[TOLD.index("region")], names),
    ]
    kinds = [_kinds(week, total) for week, total in zip(weeks, totals, strict=True)]
    figures = _figures(totals, kinds, aim, shares)
    steps = _steps(spans, totals, kinds)
    return Digest(week_name(monday), week_heading(monday), names, figures, steps, sentences, masked_tables)


def _figures(
    totals: list[int | None], kinds: list[Shown], aim: str, shares: list[float | None]
) -> list[tuple[str, list[str]]]:
    figures = [
        (_("Requests"), [told(total) for total in totals]),
        (_("Information"), [told(kind[LeadKind.INFORMATION]) for kind in kinds]),
        (_("Files"), [told(kind[LeadKind.REGISTRATION_FILE]) for kind in kinds]),
    ]
    if aim:
        live_there = _("Live %(where)s") % {"where": geography.in_region(aim)}
        figures.append((live_there, [_percent(part) for part in shares]))
    return figures


def _steps(spans: Sequence[Span], totals: list[int | None], kinds: list[Shown]) -> list[tuple[str, list[str]]]:
    """From the visits to the registered; without those whose way is known, which the table by source tells."""
    counted, visits = steps_of(spans, {}), visits_of(spans, {})
    columns = [
        {VISITS: NONE if seen is None else told(hidden_if_few(seen)), REQUESTS: told(total), FILES: told(kind[FILES])}
        | {step: told(n) for step, n in masked_funnel(counted[span.monday], total, kind[FILES]).items()}
        for span, seen, total, kind in zip(spans, visits, totals, kinds, strict=True)
    ]
    return [
        (label, [column[key] for column in columns])
        for key, label in funnel_names().items()
        if key not in (PEOPLE, Step.WAY_KNOWN)
    ]


# --- what may be told -----------------------------------------------------------------------------------------------
def _kinds(week: reports.Week, total: int | None) -> Shown:
    return masked_rows("kind", {kind: week.kinds[kind] for kind in LeadKind.values}, total)


def _share_of(region: str, week: reports.Week, total: int | None) -> float | None:
    residing = masked_rows("region", week.values, total).get(region, 0)
    return None if total is None or residing is None else share(residing, total)


def _table(by: str, weeks: Iterable[reports.Week], totals: list[int | None]) -> Table:
    labels = {row.key: row.label for week in weeks for row in week.rows or []}
    columns = [
        masked_rows(by, {row.key: row.total for row in week.rows or []}, total)
        for week, total in zip(weeks, totals, strict=True)
    ]
    lines = [(label, [column.get(key, 0) for column in columns]) for key, label in labels.items()]
    return Table(by, HEADINGS[by](), COLUMNS[by](), lines)


def told(count: int | None) -> str:
    return _("masked") if count is None else number_format(count, use_l10n=True, force_grouping=True)


def _percent(part: float | None) -> str:
    return NONE if part is None else _("%(share)s %%") % {"share": number_format(round(part, 1), 1)}


# --- three sentences ------------------------------------------------------------------------------------------------
def _on_all(totals: list[int | None], names: list[str]) -> str:
    now, *others = totals
    if now is None:
        return _("Fewer than 5 requests came in.")
    beside = [_difference(now, then, name) for then, name in zip(others, names[1:], strict=True)]
    return _("%(total)s requests came in: %(beside)s.") % {"total": told(now), "beside": ", ".join(beside)}


def _difference(now: int, then: int | None, name: str) -> str:
    if then is None:
        return _("fewer than 5 in %(week)s") % {"week": name}
    if now == then:
        return _("as many as in %(week)s") % {"week": name}
    words = {"count": told(abs(now - then)), "week": name}
    return (_("%(count)s more than in %(week)s") if now > then else _("%(count)s fewer than in %(week)s")) % words


def _on_sources(table: Table, names: list[str]) -> str:
    if most := _changed_most(table, names):
        return _("The source that changed most is “%(label)s”: %(now)s, and %(before)s in %(week)s.") % most
    return _("No source changed that may be told.")


def _on_regions(table: Table, names: list[str]) -> str:
    if most := _changed_most(table, names):
        return _("The region that changed most is %(label)s: %(now)s, and %(before)s in %(week)s.") % most
    return _("No region changed that may be told.")


def _changed_most(table: Table, names: list[str]) -> dict[str, str]:
    """The row that changed most since the week before, of those whose two figures may be told; empty: none did."""
    changes = [
        (now - before, label, now, before)
        for label, (now, before, _year) in table.shown
        if now is not None and before is not None
    ]
    change, label, now, before = max(changes, key=lambda row: (abs(row[0]), row[1]), default=(0, "", 0, 0))
    return {"label": label, "now": told(now), "before": told(before), "week": names[1]} if change else {}


def _on_aim(aim: str, shares: list[float | None], names: list[str]) -> str:
    now, before, _year = shares
    where = geography.in_region(aim)
    if now is None:
        return _("How many live %(where)s may not be told: too few.") % {"where": where}
    if before is None:
        return _("%(now)s live %(where)s.") % {"now": _percent(now), "where": where}
    words = {"now": _percent(now), "before": _percent(before), "week": names[1], "where": where}
    return _("%(now)s live %(where)s, and %(before)s in %(week)s.") % words


# --- the mail -------------------------------------------------------------------------------------------------------
@transaction.atomic
def post_weekly_mails(now: datetime) -> int:
    """Write the Monday mail of the week frozen last to each manager with an address; how many were written.

    Once per person and week, whoever runs it and how often: the outbox has one row for each intent.
    """
    monday = last_frozen(now)
    if now - freezes_at(monday) > GOES_FOR or not FrozenWeek.objects.filter(monday=monday).exists():
        return 0
    intents = {f"weekly:{week_name(monday)}:{manager.pk}": manager for manager in managers()}
    written = set(Message.objects.filter(intent__in=intents).values_list("intent", flat=True))
    missing = {intent: manager for intent, manager in intents.items() if intent not in written}
    if missing:
        with translation.override(settings.LANGUAGE_CODE):
            context = _context(digest(monday, now))
        for intent, manager in missing.items():
            _post(intent, manager, context, now)
    return len(missing)


def managers() -> list[User]:
    """Who reads the weekly report as their work, and has an address."""
    may = Q(groups__permissions__codename="view_weekly_report") | Q(user_permissions__codename="view_weekly_report")
    return list(User.objects.filter(may, is_active=True, is_staff=True).exclude(email="").distinct().order_by("pk"))


def _context(told: Digest) -> dict[str, Any]:
    return {
        "week": told.week,
        "heading": told.heading,
        "names": told.names,
        "figures": [[label, *cells] for label, cells in told.figures],
        "steps": [[label, *cells] for label, cells in told.steps],
        "sentences": told.sentences,
    }


def _post(intent: str, manager: User, context: dict[str, Any], now: datetime) -> None:
    mail.post(
        Message(
            intent=intent,
            recipient=manager.email,
            template="weekly",
            language=settings.LANGUAGE_CODE,
            context=context | {"first_name": manager.first_name},
            created_at=now,
            due_at=now,
        )
    )
