"""The list of candidates as a file: its ids are given, its rows are read a page at a time and written at once."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Case, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from leads.bulk import id_set
from leads.cells import csv_line, csv_lines, day, harmless, minute, months_after, named, text
from leads.choices import ActionKind, ClosedReason, DiplomaLevel, Purpose, Situation, Stage
from leads.exports import BOM
from leads.exports import harmless as harmless_text
from leads.identity import name_of
from leads.models import Candidate, Consent, ContestSession, Lead, Organisation
from leads.readers import may_read_at_once, pages_in_order
from leads.retention import months_kept
from recruitment import geography

Ids = Sequence[int]
PAGE = 2_000
# Places of the columns that hold no text.
NUMBERS, DAYS, MINUTES = frozenset({0}), frozenset({9, 21}), frozenset({16, 17, 18})


def header() -> list[str]:
    return [
        *(_("Number"), _("Last name"), _("First name"), _("E-mail"), _("Phone"), _("Postal code"), _("Département")),
        *(_("Region"), _("Lives abroad"), _("Birth date"), _("Diploma"), _("Situation"), _("Stage"), _("Why closed")),
        *(_("Followed by"), _("Next action"), _("Next action on"), _("Last request"), _("Known since")),
        *(_("Contest"), _("Source"), _("Kept until")),
    ]


async def csv_of(ids: Ids, words: Words) -> AsyncIterator[bytes]:
    """The file, a page of `PAGE` rows at a time, in the order of `ids`; who is gone meanwhile is left out.

    The database writes the lines, so two connections get through more of them, and between two pages others are served.
    """
    yield BOM.encode() + csv_line(words.header)
    pages = (ids[start : start + PAGE] for start in range(0, len(ids), PAGE))
    async for lines in pages_in_order(words.page, pages, at_once=words.read_at_once):
        yield lines


class Words:
    """What columns and codes are called in the reader's language, read once a file, before it begins.

    `guarded`: no cell begins like a formula, as a CSV needs it; a workbook says of each cell that it is text.
    """

    def __init__(self, now: datetime, *, guarded: bool = True) -> None:
        self.header, self.now, self.guarded = header(), now, guarded
        self.read_at_once = may_read_at_once()
        self.text = harmless if guarded else text
        self.organisation = Organisation.objects.current()
        self.cells = self._cells()

    def page(self, ids: Ids) -> bytes:
        """Lines of CSV, in the order of `ids`."""
        lines = dict(csv_lines(self._rows(ids)))
        return b"".join(lines[pk] for pk in ids if pk in lines)

    def rows(self, ids: Ids) -> list[tuple]:
        """The same as rows of cells; days and moments as text, an empty cell is None."""
        found = {row[0]: row for row in self._rows(ids)}
        return [found[pk] for pk in ids if pk in found]

    def _rows(self, ids: Ids) -> Any:
        return Candidate.objects.filter(pk__in=id_set(ids)).order_by().values_list("pk", *self.cells)

    def _cells(self) -> list[Any]:
        return [
            *(self.text(name) for name in ("last_name", "first_name", "email", "phone", "postal_code")),
            *(_place("department", geography.departments()), _place("region", geography.regions())),
            *(Case(When(is_abroad=True, then=Value(_("yes")))), day("birth_date")),
            *(_chosen("diploma_level", DiplomaLevel), _chosen("situation", Situation)),
            *(_chosen("stage", Stage), _chosen("closed_reason", ClosedReason), self._owner()),
            *(_chosen("next_action", ActionKind), minute("next_action_at"), minute("asked_at"), minute("created_at")),
            *(self._contest(), self._source(), self._kept_until()),
        ]

    def _owner(self) -> Any:
        return named("owner", {user.pk: self._said(name_of(user)) for user in User.objects.all()})

    def _contest(self) -> Any:
        """Of the newest request that names one."""
        contests = {s.pk: self._said(str(s)) for s in ContestSession.objects.select_related("contest")}
        return named(Subquery(_asked(contest_session__isnull=False).values("contest_session")[:1]), contests)

    def _source(self) -> Any:
        """Of the newest request, as the list shows it."""
        told = _asked().annotate(told=Coalesce(self.text("room__title"), self.text("source__label")))
        return Subquery(told.values("told")[:1])

    def _said(self, text: str) -> str:
        return str(harmless_text(text)) if self.guarded else text

    def _kept_until(self) -> Any:
        said = Consent.objects.filter(candidate=OuterRef("pk"), purpose=Purpose.RECONTACT)
        registered, longer, shorter = (
            Value(months_kept(stage, self.organisation, agreed=is_agreed))
            for stage, is_agreed in ((Stage.REGISTERED, False), (Stage.NEW, True), (Stage.NEW, False))
        )
        is_registered = When(stage=Stage.REGISTERED, then=registered)
        has_agreed = When(said.still_given(self.now), then=longer)
        return months_after("last_contact_at", Case(is_registered, has_agreed, default=shorter))


def _place(field: str, names: Mapping[str, str]) -> Any:
    """A word rather than nothing: a reader takes an empty cell for a fault of the file."""
    return Case(
        When(is_abroad=True, then=Value(_("abroad"))), default=Coalesce(named(field, names), Value(_("unknown")))
    )


def _chosen(field: str, choices: Any) -> Any:
    return named(field, {key: str(label) for key, label in choices.choices})


def _asked(**which: Any) -> Any:
    """The requests of each one, the newest first."""
    return Lead.objects.filter(candidate=OuterRef("pk"), **which).order_by("-at", "-pk")
