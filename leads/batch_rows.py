"""A batch as its page and its files tell it: figures, rows with the reason beside, whom each is about."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Case, Count, IntegerField, Value, When
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from leads.batch_words import TO_BE_DONE, BatchKind, RowOutcome, Verdict, Why
from leads.columns import Column
from leads.models import Batch, BatchRow, Candidate, Lead
from leads.services.imports import FileIsGone, lines_of
from recruitment.days import day_in_words

LOOKS = {
    Verdict.REFUSED: "bad",
    Verdict.UPDATED: "accent",
    Verdict.NEW: "ok",
    Verdict.TODO: "accent",
    RowOutcome.DONE: "ok",
    RowOutcome.KEPT: "warn",
}
FIRST = (Verdict.REFUSED, Verdict.DUPLICATE, Verdict.SKIPPED, Verdict.UPDATED, Verdict.NEW, Verdict.TODO)
MASKED = (Why.ERASED, Why.TOO_YOUNG)  # of whom nothing is shown either
EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Shown:
    """One row. `candidate`: the id of a sheet that the reader may open, else None."""

    number: int
    label: str
    look: str
    person: str
    candidate: int | None
    why: str


def counts_of(batch: Batch) -> dict[tuple[str, str], int]:
    """{(verdict, outcome): rows}."""
    found = batch.rows.order_by().values_list("verdict", "outcome").annotate(rows=Count("pk"))
    return {(verdict, outcome): rows for verdict, outcome, rows in found}


def piles_of(batch: Batch) -> list[tuple[str, str, str, int]]:
    """(key, name, look, rows): what the rows are told apart by, the outcome where it has run, else the verdict."""
    counts = counts_of(batch)
    piles: dict[str, int] = {}
    for (verdict, outcome), rows in counts.items():
        key = f"outcome-{outcome}" if outcome else verdict
        piles[key] = piles.get(key, 0) + rows
    order = [*(f"outcome-{o}" for o in ("kept", "skipped", "undone", "done")), *FIRST]
    return [(key, *_named(key), piles[key]) for key in order if key in piles]


def _named(key: str) -> tuple[str, str]:
    outcome = key.removeprefix("outcome-")
    word: Any = Verdict(key) if outcome == key else RowOutcome(outcome)
    return str(word.label), LOOKS.get(word, "")


def rows_in(batch: Batch, pile: str) -> Any:
    """The rows of a pile, of all of them where it is none; refusals first."""
    rank = Case(*(When(verdict=v, then=Value(n)) for n, v in enumerate(FIRST)), output_field=IntegerField())
    rows = batch.rows.order_by(rank, "number")
    if pile.startswith("outcome-"):
        return rows.filter(outcome=pile.removeprefix("outcome-"))
    return rows.filter(verdict=pile, outcome="") if pile in Verdict.values else rows


def shown(batch: Batch, rows: Sequence[BatchRow], reader: User) -> list[Shown]:
    """At most three queries, and once through the file of an import."""
    sheets = _sheets({row.candidate_id for row in rows if row.candidate_id}, reader)
    names = names_in_file(batch, {row.number for row in rows}) if batch.kind == BatchKind.IMPORT else {}
    requests = _of_leads({row.lead_id for row in rows if row.lead_id}) if batch.kind != BatchKind.IMPORT else {}
    return [_shown(row, sheets, names.get(row.number) or requests.get(row.lead_id or 0, "")) for row in rows]


def _shown(row: BatchRow, sheets: dict[int, str], name: str) -> Shown:
    word: Any = RowOutcome(row.outcome) if row.outcome else Verdict(row.verdict)
    person = _("masked") if row.why in MASKED else name or sheets.get(row.candidate_id or 0, "")
    candidate = row.candidate_id if row.candidate_id in sheets else None
    return Shown(row.number, str(word.label), LOOKS.get(word, ""), person, candidate, why_in_words(row))


def why_in_words(row: BatchRow) -> str:
    if not row.why:
        return ""
    detail = dict(row.detail)
    if day := parse_date(detail.get("day", "")):
        detail["day"] = day_in_words(day, _("j F Y"))
    if "column" in detail:
        detail["column"] = Column(detail["column"]).label
    words = str(Why(row.why).label)
    return words % detail if detail else words


def _sheets(ids: Iterable[int], reader: User) -> dict[int, str]:
    people = Candidate.objects.current().in_scope_of(reader).filter(pk__in=list(ids)).defer("search")
    return {person.pk: str(person) for person in people}


def _of_leads(ids: Iterable[int]) -> dict[int, str]:
    leads = Lead.objects.filter(pk__in=list(ids)).values_list("pk", "first_name", "last_name", "email", "phone")
    return {pk: f"{first} {last}".strip() or email or phone for pk, first, last, email, phone in leads}


def names_in_file(batch: Batch, numbers: set[int]) -> dict[int, str]:
    """Whom these lines name, while the file is kept."""
    wanted = (Column.FIRST_NAME, Column.LAST_NAME, Column.EMAIL, Column.PHONE)
    columns = batch.options.get("columns", [])
    places = [columns.index(column) if column in columns else None for column in wanted]
    found: dict[int, str] = {}
    try:
        for number, row in lines_of(batch):
            if number in numbers:
                first, last, email, phone = (row[p] if p is not None and p < len(row) else "" for p in places)
                found[number] = (f"{first} {last}".strip() or email or phone)[:80]
            if len(found) == len(numbers):
                break
    except FileIsGone:
        pass
    return found


def examples_of(batch: Batch) -> dict[int, str]:
    """What the first lines hold, by column."""
    cells: dict[int, list[str]] = {}
    try:
        for _number, row in lines_of(batch):
            for place, cell in enumerate(row):
                known = cells.setdefault(place, [])
                if cell and cell not in known and len(known) < EXAMPLES:
                    known.append(cell[:24])
            if _number > 20:
                break
    except FileIsGone:
        return {}
    return {place: ", ".join(known) for place, known in cells.items()}


def to_do(batch: Batch) -> int:
    return batch.rows.filter(verdict__in=TO_BE_DONE, outcome="").count()
