"""The list of candidates as a file: its ids are given, its rows are read a page at a time and written at once."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime
from typing import Any

from asgiref.sync import sync_to_async
from django.contrib.auth.models import User
from django.utils import timezone
from django.utils.translation import gettext as _

from leads.choices import ActionKind, ClosedReason, DiplomaLevel, Situation, Stage
from leads.exports import BOM, harmless
from leads.identity import name_of
from leads.models import Candidate, Lead
from recruitment import geography

Ids = Sequence[int]
PAGE = 2_000
FIELDS = (
    *("pk", "last_name", "first_name", "email", "phone", "postal_code", "department", "region", "is_abroad"),
    *("birth_date", "diploma_level", "situation", "stage", "closed_reason", "owner"),
    *("next_action", "next_action_at", "asked_at", "created_at"),
)


def header() -> list[str]:
    return [
        *(_("Number"), _("Last name"), _("First name"), _("E-mail"), _("Phone"), _("Postal code"), _("Département")),
        *(_("Region"), _("Lives abroad"), _("Birth date"), _("Diploma"), _("Situation"), _("Stage"), _("Why closed")),
        *(_("Followed by"), _("Next action"), _("Next action on"), _("Last request"), _("Known since")),
        *(_("Contest"), _("Source")),
    ]


async def csv_of(ids: Ids, words: Words) -> AsyncIterator[bytes]:
    """The file, a page of `PAGE` rows at a time, in the order of `ids`; who is gone meanwhile is left out.

    Pages are read in the request's own database thread: between two of them others are served.
    """
    yield _lines([words.header], BOM)
    for start in range(0, len(ids), PAGE):
        yield await sync_to_async(words.page)(ids[start : start + PAGE])


def _lines(rows: Iterable[Iterable[Any]], before: str = "") -> bytes:
    text = io.StringIO()
    text.write(before)
    csv.writer(text, delimiter=";", lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()


class Words:
    """What columns and codes are called in the reader's language, read once a file, before it begins."""

    def __init__(self) -> None:
        self.header = header()
        self.people = {user.pk: name_of(user) for user in User.objects.filter(is_staff=True)}
        self.departments, self.regions = geography.departments(), geography.regions()
        kinds: tuple[Any, ...] = (DiplomaLevel, Situation, Stage, ClosedReason, ActionKind)
        self.names = [{key: str(label) for key, label in kind.choices} for kind in kinds]
        self.zone = timezone.get_current_timezone()
        self.yes = _("yes")

    def page(self, ids: Ids) -> bytes:
        rows = {row[0]: row for row in Candidate.objects.filter(pk__in=list(ids)).values_list(*FIELDS)}
        asked = self._asked(ids)
        return _lines(self._row(rows[pk], asked.get(pk, ("", ""))) for pk in ids if pk in rows)

    def _asked(self, ids: Ids) -> dict[int, tuple[str, str]]:
        """Contest and source of each one's newest request, as the list shows them."""
        newest = Lead.objects.filter(candidate__in=list(ids)).order_by("at", "pk")
        columns = (
            "candidate",
            "contest_session__contest__title",
            "contest_session__year",
            "source__label",
            "room__title",
        )
        found: dict[int, tuple[str, str]] = {}
        for pk, contest, year, source, room in newest.values_list(*columns):
            found[pk] = (f"{contest}, {year}" if contest else found.get(pk, ("",))[0], room or source or "")
        return found

    def _row(self, row: tuple, asked: tuple[str, str]) -> list[Any]:
        number, last, first, email, phone, code, department, region, abroad, born = row[:10]
        diploma, situation, stage, reason, owner, action, action_at, asked_at, created_at = row[10:]
        diplomas, situations, stages, reasons, actions = self.names
        return [
            *(number, harmless(last), harmless(first), harmless(email), harmless(phone), harmless(code)),
            *(self.departments.get(department, department), self.regions.get(region, region)),
            *(self.yes if abroad else "", born.isoformat() if born else ""),
            *(diplomas.get(diploma, diploma), situations.get(situation, situation), stages.get(stage, stage)),
            *(reasons.get(reason, reason), harmless(self.people.get(owner, "")), actions.get(action, action)),
            *(self._minute(action_at), self._minute(asked_at), self._minute(created_at)),
            *map(harmless, asked),
        ]

    def _minute(self, at: datetime | None) -> str:
        return at.astimezone(self.zone).isoformat(" ", "minutes")[:16] if at else ""
